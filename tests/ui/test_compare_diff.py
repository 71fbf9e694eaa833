from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio.ui.kit.text_diff import Piece, counts, folded, rows, word_pieces

words = st.lists(st.sampled_from(["a ", "lake ", "at ", "night", ", ", "\n", "é"]), max_size=20).map("".join)
texts = st.one_of(words, st.text(max_size=60))


def test_changed_words() -> None:
    assert word_pieces("a lake at dawn", "a lake at dusk, calm") == [
        Piece("same", "a lake at "),
        Piece("removed", "dawn"),
        Piece("added", "dusk, calm"),
    ]


def test_lines_beside_each_other() -> None:
    made = rows("one\ntwo words here\nthree", "one\ntwo words there\nthree\nfour")
    assert [(row.left_number, row.right_number, row.is_same) for row in made] == [
        (1, 1, True),
        (2, 2, False),
        (3, 3, True),
        (None, 4, False),
    ]
    assert made[1].left == (Piece("same", "two words "), Piece("removed", "here"))
    told = counts(made)
    assert (told.removed, told.added) == (1, 2)


def test_lines_that_share_nothing_are_no_pair() -> None:
    made = rows("alpha beta", "12345 67890")
    assert [(row.left is None, row.right is None) for row in made] == [(False, True), (True, False)]


def test_what_is_equal_is_folded() -> None:
    before = "\n".join(str(n) for n in range(100))
    made = folded(rows(before, before.replace("50", "fifty")), around=2)
    assert made[0] == 48 and made[-1] == 47
    assert len(made) > 2
    assert folded(rows("same", "same")) == [1]
    assert folded([]) == []


@given(texts, texts)
def test_no_word_is_lost(before: str, after: str) -> None:
    pieces = word_pieces(before, after)
    assert "".join(piece.text for piece in pieces if piece.op != "added") == before
    assert "".join(piece.text for piece in pieces if piece.op != "removed") == after
    assert all(piece.text for piece in pieces)
    assert (before == after) == all(piece.op == "same" for piece in pieces)


@given(texts, texts)
def test_no_line_is_lost_and_numbers_rise(before: str, after: str) -> None:
    made = rows(before, after)
    for side, number, text in (("left", "left_number", before), ("right", "right_number", after)):
        lines = [
            "".join(piece.text for piece in getattr(row, side))
            for row in made
            if getattr(row, side) is not None
        ]
        assert lines == text.splitlines()
        numbers = [getattr(row, number) for row in made if getattr(row, number) is not None]
        assert numbers == list(range(1, len(lines) + 1))
    left_out = sum(entry if isinstance(entry, int) else 1 for entry in folded(made))
    assert left_out == len(made)
