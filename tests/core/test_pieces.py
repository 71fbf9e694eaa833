"""What a thing was put together from, as its recipe says it."""

from __future__ import annotations

import pytest

from studio.core.pieces import EXCERPT, Piece, pieces_of


def test_pieces_are_read_in_their_order() -> None:
    assert pieces_of('[{"text": "One", "source": "abc"}, {"text": "two"}]') == [
        Piece("One", "abc"),
        Piece("two"),
    ]


@pytest.mark.parametrize("value", [None, 3, "", "{", "[1]", '[{"source": "x"}]', "[" * 5000])
def test_what_is_no_list_of_pieces_has_none(value: object) -> None:
    assert pieces_of(value) == []


def test_an_excerpt_is_one_line_without_marks() -> None:
    assert Piece("# A **bold**\n\n- lamp - and `more`\n").excerpt == "A bold lamp - and more"
    assert Piece("snake_case 2 > 1").excerpt == "snake_case 2 > 1"
    assert len(Piece("word " * 100).excerpt) == EXCERPT + 1
