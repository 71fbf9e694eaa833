"""What was put together by hand: a recipe's value that says what each piece of it came from.

A field of the hint `pieces` holds a JSON list of `{text, source}`. The recipe panel tells of the pieces
instead of the list.
"""

from __future__ import annotations

import re

import msgspec

HINT = "pieces"
EXCERPT = 90
"""Characters that a piece is told by."""

_MARKS = re.compile(r"^[ \t]*(?:[#>]+|[-+*](?= ))|[*`]+", re.MULTILINE)
"""Of Markdown, which a reader of a line has no use for."""


class Piece(msgspec.Struct, frozen=True):
    text: str
    source: str = ""
    """The digest of the recipe that made it; "" where a person did."""

    @property
    def excerpt(self) -> str:
        """Its first words, on one line."""
        words = " ".join(_MARKS.sub("", self.text).split())
        return words if len(words) <= EXCERPT else words[:EXCERPT] + "…"


def pieces_of(value: object) -> list[Piece]:
    """Empty where the value is no list of pieces."""
    try:
        return msgspec.json.decode(value, type=list[Piece]) if isinstance(value, str) else []
    except (msgspec.DecodeError, RecursionError):
        return []
