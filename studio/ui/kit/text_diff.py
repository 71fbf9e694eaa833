"""What differs between two texts, by lines and by words, without a widget."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Op = Literal["same", "removed", "added"]

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
"""Every character of a text is in exactly one of them."""
_ALIKE = 0.4
"""From this part of shared words on, two lines are shown as one that was changed."""


@dataclass(frozen=True)
class Piece:
    """A run of characters that is in both texts, or in one of them only."""

    op: Op
    text: str


@dataclass(frozen=True)
class Row:
    """One line of each text side by side. None: there is none on this side. Numbers count from 1."""

    left: tuple[Piece, ...] | None
    right: tuple[Piece, ...] | None
    left_number: int | None
    right_number: int | None

    @property
    def is_same(self) -> bool:
        sides = (self.left, self.right)
        return all(side is not None and all(piece.op == "same" for piece in side) for side in sides)


@dataclass(frozen=True)
class Counts:
    """How many words are in one text only."""

    removed: int
    added: int


def word_pieces(before: str, after: str) -> list[Piece]:
    """One text in which the removed and the added words stand side by side.

    The pieces that are not "added", joined, are `before`; those that are not "removed" are `after`.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            _append(pieces, "same", "".join(old[a:b]))
        else:
            _append(pieces, "removed", "".join(old[a:b]))
            _append(pieces, "added", "".join(new[c:d]))
    return pieces


def rows(before: str, after: str) -> list[Row]:
    """Both texts line by line, equal lines beside each other, changed ones with their words marked."""
    old, new = before.splitlines(), after.splitlines()
    made: list[Row] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            made += [_both(old[a + n], new[c + n], a + n, c + n) for n in range(b - a)]
            continue
        paired = min(b - a, d - c)
        for n in range(paired):
            made += _changed(old[a + n], new[c + n], a + n, c + n)
        made += [_alone(old[n], n, None) for n in range(a + paired, b)]
        made += [_alone(new[n], None, n) for n in range(c + paired, d)]
    return made


def counts(rows_: Sequence[Row]) -> Counts:
    def words(side: tuple[Piece, ...] | None, op: Op) -> int:
        return sum(len(re.findall(r"\w+", piece.text)) for piece in side or () if piece.op == op)

    return Counts(
        sum(words(row.left, "removed") for row in rows_), sum(words(row.right, "added") for row in rows_)
    )


def folded(rows_: Sequence[Row], around: int = 3) -> list[Row | int]:
    """The rows that differ, with some around them; a number stands for so many equal ones left out."""
    near = [False] * len(rows_)
    for place, row in enumerate(rows_):
        if not row.is_same:
            for close in range(max(0, place - around), min(len(rows_), place + around + 1)):
                near[close] = True
    made: list[Row | int] = []
    for place, row in enumerate(rows_):
        if near[place]:
            made.append(row)
        elif made and isinstance(made[-1], int):
            made[-1] += 1
        else:
            made.append(1)
    return made


def _both(left: str, right: str, left_at: int, right_at: int) -> Row:
    return Row((Piece("same", left),), (Piece("same", right),), left_at + 1, right_at + 1)


def _alone(text: str, left_at: int | None, right_at: int | None) -> Row:
    if left_at is not None:
        return Row((Piece("removed", text),), None, left_at + 1, None)
    assert right_at is not None
    return Row(None, (Piece("added", text),), None, right_at + 1)


def _changed(left: str, right: str, left_at: int, right_at: int) -> list[Row]:
    pieces = word_pieces(left, right)
    shared = sum(len(piece.text) for piece in pieces if piece.op == "same")
    if shared < _ALIKE * max(len(left), len(right)):
        return [_alone(left, left_at, None), _alone(right, None, right_at)]
    return [
        Row(
            tuple(piece for piece in pieces if piece.op != "added"),
            tuple(piece for piece in pieces if piece.op != "removed"),
            left_at + 1,
            right_at + 1,
        )
    ]


def _append(pieces: list[Piece], op: Op, text: str) -> None:
    if not text:
        return
    if pieces and pieces[-1].op == op:
        pieces[-1] = Piece(op, pieces[-1].text + text)
    else:
        pieces.append(Piece(op, text))
