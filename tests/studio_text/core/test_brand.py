from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_text.core.brand import (
    Rules,
    chosen,
    count_words,
    exact_words,
    faults,
    holds,
    items_of,
    list_of,
    plain,
)
from studio_text.core.naming import title_of


@pytest.mark.parametrize(
    ("text", "term", "there"),
    [
        ("A Fjord lamp", "Fjord", True),
        ("A fjord lamp", "Fjord", False),
        ("Fjords are deep", "Fjord", False),
        ("the **Fjord** lamp", "Fjord", True),
        ("Made by C++.", "C++", True),
        ("Only 249 €!", "249 €", True),
        ("Only 1249 €!", "249 €", False),
        ("snake_case", "snake_case", True),
        ("a snake_case, and", "snake_case", True),
        ("the Cafe\u0301.", "Café", True),
        ("the Café.", "Cafe\u0301", True),
        ("Größe", "Gr", False),
    ],
)
def test_terms_count_as_they_are_written_and_as_words_of_their_own(text: str, term: str, there: bool) -> None:
    assert holds(text, term) is there


def test_limits_count_what_is_read() -> None:
    assert plain("# A **title**\n\n- one\n- `two`\n1. three") == "A title\n\none\ntwo\nthree"
    assert count_words("## Two *words*\n") == 2
    assert count_words("折叠灯 and 灯") == 5
    rules = Rules(characters=7, words=1)
    assert [fault.words for fault in faults("**A lamp!**", rules)] == ["it has 2 words; the limit is 1"]


def test_what_is_wrong_is_said_to_people_and_to_models() -> None:
    (fault,) = faults("A lamp.", Rules(keep=("Fjord", "lamp")))
    assert fault.words == "it does not hold “Fjord”" and '"Fjord"' in fault.request


def test_lists() -> None:
    assert items_of("- a\n* b\n3. c\n\n• d\ne") == ["a", "b", "c", "d", "e"]
    assert list_of(["a", "b"]) == "- a\n- b\n"
    assert chosen(["a", "A.", "long", "b", "c"], 2, 3) == ["a", "b"]
    assert chosen(["The lamp that folds", "The lamp, again", "The light"], 3, None) == [
        "The lamp that folds",
        "The light",
    ]
    assert chosen(["Nib: small", "Nib: tiny", "Nib & Co: both"], 3, None) == ["Nib: small", "Nib & Co: both"]


@given(st.text(max_size=200))
def test_names_are_short_and_in_one_line(text: str) -> None:
    name = title_of(text)
    assert len(name) <= 61 and "\n" not in name


def test_a_text_is_named_after_its_heading() -> None:
    assert title_of("Intro\n\n## The *lamp*\n") == "The lamp"
    assert title_of("```python\nx = 1\n```") == "x = 1"
    assert title_of("word " * 40) == "word word word word word word word word word word word word…"


def test_names_and_numbers_are_exact() -> None:
    assert exact_words("Fjord, a folding desk lamp") == ("Fjord",)
    assert exact_words("Folds flat to 2 cm.\n40 hours of light\nIP54, USB-C\nMade in Porto") == (
        "Folds", "2", "40", "IP54", "USB-C", "Porto",
    )  # fmt: skip
    assert exact_words("it weighs 1,250.5 g. It costs €49") == ("1,250.5", "49")
    assert exact_words("") == exact_words("quiet light") == ()
