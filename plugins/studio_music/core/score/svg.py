"""Verovio's SVG as plain SVG Tiny 1.2, which Qt draws, and where notes and bars are on it.

Verovio nests `<svg>` elements, styles by CSS, divides texts into nested spans and writes musical signs in a
font of its own.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree

from studio_music.core.score.musicxml import note_of
from studio_music.core.score.pages import BarPlace, NotePlace, Page

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_SIGNS = {
    "\ue260": "♭", "\ue261": "♮", "\ue262": "♯", "\ue263": "𝄪", "\ue264": "𝄫", "\ued60": "♭", "\ued61": "♮",
    "\ued62": "♯", "\ue1d5": "♩", "\ue1d3": "𝅗𝅥", "\ue1d7": "♪", "\ue1e7": ".", "\uecb7": ".", "\ueca5": "♩",
    "\ueca3": "𝅗𝅥", "\ueca7": "♪", "\uea64": "♭", "\uea65": "♮", "\uea66": "♯",
    "\ue870": "°", "\ue871": "ø", "\ue872": "+", "\ue873": "Δ",
}  # fmt: skip
_BOLD, _ITALIC = frozenset(["tempo", "reh", "ending", "pgHead"]), frozenset(["dir", "dynam", "mNum"])
FONT = "Inter"
"""Of texts: the studio brings it. Qt takes one name only."""


class Unreadable(Exception):
    """It is no page as verovio writes them."""


def page_of(svg: str, first_bar: int) -> Page:
    """The page; its first bar has the number `first_bar`. Raises `Unreadable`."""
    Tree.register_namespace("", "http://www.w3.org/2000/svg")
    Tree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    try:
        root = Tree.fromstring(svg)  # written by verovio, of what we wrote
    except Tree.ParseError as error:
        raise Unreadable(str(error)) from error
    nested = root.find(f"{_SVG}svg")
    width, height = (float(root.get(side, "0").removesuffix("px")) for side in ("width", "height"))
    if nested is None or not width:
        raise Unreadable("no definition-scale")
    scale = width / float(nested.get("viewBox", "0 0 1 1").split()[2])
    body = Tree.Element(f"{_SVG}g", {"transform": f"scale({scale:.6g})", "stroke": "black", "fill": "black"})
    body.set("font-family", FONT)
    margin = nested.find(f"{_SVG}g")
    moved = _translation(margin) if margin is not None else (0.0, 0.0)
    body.extend(nested)
    for child in list(root):
        if child.tag in (f"{_SVG}style", f"{_SVG}svg", f"{_SVG}desc"):
            root.remove(child)
    root.append(body)
    root.attrib.pop("overflow", None)
    root.set("viewBox", f"0 0 {width:g} {height:g}")
    _simplify(body, "")

    def at(x: float, y: float) -> tuple[float, float]:
        return round((x + moved[0]) * scale, 2), round((y + moved[1]) * scale, 2)

    notes: list[NotePlace] = []
    bars: list[BarPlace] = []
    for system in body.iter(f"{_SVG}g"):
        if system.get("class") == "system":
            for bar in system.iter(f"{_SVG}g"):
                if bar.get("class", "").startswith("measure"):
                    bars.append(_bar(bar, first_bar + len(bars), at))
    for group in body.iter(f"{_SVG}g"):
        note = note_of(group.get("id", ""))
        head = group.find(f"{_SVG}g[@class='notehead']/{_SVG}use") if note else None
        if note is not None and head is not None and "p" not in group.get("id", ""):
            notes.append(NotePlace(*note, *at(*_translation(head))))
    return Page(Tree.tostring(root, "unicode"), width, height, notes, bars)


def _bar(bar: Tree.Element, number: int, at) -> BarPlace:  # type: ignore[no-untyped-def]
    lines: list[tuple[float, float, float]] = []
    for staff in bar.iter(f"{_SVG}g"):
        if staff.get("class", "").startswith("staff"):
            for path in staff.findall(f"{_SVG}path"):
                found = re.fullmatch(r"M([\d.-]+) ([\d.-]+) L([\d.-]+) ([\d.-]+)", path.get("d", ""))
                if found and found[2] == found[4]:
                    lines.append((float(found[1]), float(found[3]), float(found[2])))
    if not lines:
        raise Unreadable("a bar without staves")
    left, top = at(min(line[0] for line in lines), min(line[2] for line in lines))
    right, bottom = at(max(line[1] for line in lines), max(line[2] for line in lines))
    return BarPlace(number, left, right, top, bottom)


def _translation(element: Tree.Element) -> tuple[float, float]:
    found = re.match(r"translate\(([\d.-]+),? ([\d.-]+)\)", element.get("transform", ""))
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def _simplify(element: Tree.Element, kind: str) -> None:
    """Makes each text one run in one font; removes what draws nothing."""
    for child in list(element):
        below = (child.get("class") or "").split(" ")[0] or kind
        if child.tag == f"{_SVG}text":
            element[list(element).index(child)] = _text(child, kind)
        elif "placeholder" in (child.get("class") or "") or "placeholder" in child.get("class", ""):
            element.remove(child)
        else:
            _simplify(child, below)


def _text(text: Tree.Element, kind: str) -> Tree.Element:
    """A plain text with the size of its first letters."""
    spans = [span for span in text.iter(f"{_SVG}tspan") if span.get("font-size") and span.text]
    plain = [span for span in spans if span.get("font-family") is None] or spans
    placed = next((span for span in text.iter() if span.get("x") is not None), text)
    made = Tree.Element(f"{_SVG}text", {"stroke": "none", "fill": "black"})
    for name in ("x", "y", "text-anchor"):
        if placed.get(name) is not None:
            made.set(name, placed.get(name, ""))
    made.set("font-size", (plain[0].get("font-size", "405px") if plain else "405px").removesuffix("px"))
    if kind in _BOLD:
        made.set("font-weight", "bold")
    if kind in _ITALIC:
        made.set("font-style", "italic")
    words = "".join("".join(_SIGNS.get(sign, sign) for sign in span.text or "") for span in spans)
    if kind == "harm":
        words = re.sub(r"#(?=\d)", "♯", re.sub(r"b(?=\d)", "♭", words))
    made.text = " ".join(words.split()).replace(" .", ".")
    return made
