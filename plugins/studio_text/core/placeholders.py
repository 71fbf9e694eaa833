"""Texts with places in them: `{name}`, and sections `[[ … ]]` that vanish where a name in them is empty.

    Write about {product}.
    [[Its readers: {audience}.]]

A brace of its own is written twice. Sections do not nest. A line that held nothing but vanished sections
vanishes with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from studio.api.values import tr

_TOKEN = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*)\}|\[\[|\]\]|[{}]")
_GONE = "\0"
"""Stands where a section was, until the empty lines are taken out; no text that people fill in holds it."""


class PlaceholderError(ValueError):
    """A text cannot be read; the words say why and where."""


def names_in(text: str) -> frozenset[str]:
    """All names that a text has places for.

    Raises:
        PlaceholderError: a brace or a section is not closed, or a section could never vanish.
    """
    names: set[str] = set()
    inside: int | None = None
    found_inside = False
    for token in _TOKEN.finditer(text):
        line = text.count("\n", 0, token.start()) + 1
        match token[0]:
            case "{{" | "}}":
                continue
            case "{" | "}":
                raise PlaceholderError(
                    tr("line {line} has a single {brace}; write it twice", line=line, brace=token[0])
                )
            case "[[":
                if inside is not None:
                    raise PlaceholderError(tr("line {line} opens a section in a section", line=line))
                inside, found_inside = line, False
            case "]]":
                if inside is None:
                    raise PlaceholderError(tr("line {line} closes a section that is not open", line=line))
                if not found_inside:
                    raise PlaceholderError(
                        tr("the section in line {line} has no field that could be empty", line=inside)
                    )
                inside = None
            case _:
                names.add(token[1])
                found_inside = True
    if inside is not None:
        raise PlaceholderError(tr("the section that line {line} opens is not closed", line=inside))
    return frozenset(names)


def fill(text: str, values: Mapping[str, str], is_filled: Callable[[str], bool] | None = None) -> str:
    """The text with its places filled in. Values are taken as they are: braces in them mean nothing.

    `is_filled` says which names keep a section; those with a value by default.
    """
    stays = is_filled or (lambda name: bool(values.get(name, "").strip()))
    made: list[str] = []
    section: list[str] | None = None
    keep = True
    at = 0
    for token in _TOKEN.finditer(text):
        target = made if section is None else section
        target.append(text[at : token.start()])
        at = token.end()
        match token[0]:
            case "{{" | "}}":
                target.append(token[0][0])
            case "[[":
                section, keep = [], True
            case "]]":
                made += (section or []) if keep else [_GONE]
                section = None
            case _:
                keep = keep and stays(token[1])
                target.append(values.get(token[1], "").replace(_GONE, ""))
    made.append(text[at:])
    lines = "".join(made).split("\n")
    kept = [line.replace(_GONE, "") for line in lines if _GONE not in line or line.replace(_GONE, "").strip()]
    return "\n".join(kept)
