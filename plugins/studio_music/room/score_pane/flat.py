"""Verovio's drawings in the SVG that QtSvg knows: Tiny 1.2, which has no drawings within drawings.

Source: https://www.w3.org/TR/SVGTiny12/ and the drawings themselves (verovio 6.4).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

_SVG = "http://www.w3.org/2000/svg"
_TEXT, _SPAN, _GROUP = f"{{{_SVG}}}text", f"{{{_SVG}}}tspan", f"{{{_SVG}}}g"
_INK = "currentColor"

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def flat(svg: str, ink: str) -> str:
    """The same drawing with its inner one as a scaled group and texts of one level, in `ink` (#rrggbb).

    Raises:
        ValueError: it is no such drawing.
    """
    try:
        root = ET.fromstring(svg)
    except ET.ParseError as error:
        raise ValueError("no SVG") from error
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            if child.tag == f"{{{_SVG}}}svg":
                parent[place] = _group(root, child, ink)
            elif child.tag == _TEXT:
                parent[place] = _text(child)
    _color(root, ink)
    return ET.tostring(root, encoding="unicode")


def _group(root: ET.Element, inner: ET.Element, ink: str) -> ET.Element:
    outer_box, inner_box = _box(root), _box(inner)
    made = ET.Element(_GROUP, {"transform": f"scale({outer_box[2] / inner_box[2]:.6g})", "fill": ink})
    made.extend(list(inner))
    return made


def _box(svg: ET.Element) -> list[float]:
    box = [float(number) for number in svg.get("viewBox", "").split()]
    if len(box) != 4 or min(box[2:]) <= 0:
        raise ValueError("no view box")
    return box


def _text(text: ET.Element) -> ET.Element:
    """A text whose parts are all its own children."""
    attributes = {name: value for name, value in text.attrib.items() if name != "font-size"}
    parts = list(_parts(text, {}))
    if parts:  # what comes first says where it is
        for name in ("x", "y", "text-anchor"):
            if name in parts[0][0]:
                attributes[name] = parts[0][0].pop(name)
    made = ET.Element(_TEXT, attributes)
    for own, words in parts:
        part = ET.SubElement(made, _SPAN, own)
        part.text = words
    return made


def _parts(element: ET.Element, above: dict[str, str]) -> Iterator[tuple[dict[str, str], str]]:
    """(attributes, words) of everything that is written in it, in order."""
    own = {**above, **{name: value for name, value in element.attrib.items() if name not in ("id", "class")}}
    if element.text and element.text.strip():
        yield dict(own), element.text.strip("\n")
    for child in element:
        if child.tag == _SPAN:
            yield from _parts(child, own)


def _color(root: ET.Element, ink: str) -> None:
    for element in root.iter():
        for name in ("fill", "stroke", "color"):
            if element.get(name) in (_INK, "black", "#000000"):
                element.set(name, ink)
        if element.tag == f"{{{_SVG}}}style":
            element.text = (element.text or "").replace(_INK, ink)
