"""What the palette finds first."""

from __future__ import annotations

import time
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.kit.fuzzy import match, rank

TITLES = (
    "New project",
    "Open project",
    "Open recent",
    "Close project",
    "Pack for sharing",
    "Export",
    "Generate",
    "Generate from folders",
    "Move to trash",
    "Theme: Dark",
    "Theme: Light",
    "Find a command",
    "Full screen",
)


def best(typed: str, recent: tuple[str, ...] = ()) -> list[str]:
    scores = [(title, found.score) for title in TITLES if (found := match(typed, title)) is not None]
    return rank(scores, recent)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("np", "New project"),
        ("open", "Open project"),
        ("pro", "New project"),
        ("generate", "Generate"),
        ("gff", "Generate from folders"),
        ("dark", "Theme: Dark"),
        ("trash", "Move to trash"),
        ("shar", "Pack for sharing"),
        ("proj cl", "Close project"),
        ("EXP", "Export"),
        ("fscr", "Full screen"),
        ("ll", "Full screen"),
    ],
)
def test_what_is_meant_comes_first(typed: str, wanted: str) -> None:
    assert best(typed)[0] == wanted


def test_every_word_must_fit() -> None:
    assert match("open xyz", "Open project") is None
    assert match("xyz", "Open project") is None
    assert best("zzz") == []


def test_letters_must_begin_at_a_word_when_they_are_scattered() -> None:
    assert match("pnp", "Open project") is None
    assert match("oprj", "Open project") is not None


def test_what_was_used_last_comes_first_among_equals() -> None:
    assert best("theme")[:2] == ["Theme: Dark", "Theme: Light"]
    assert best("theme", ("Theme: Light",))[:2] == ["Theme: Light", "Theme: Dark"]
    assert best("", ("Export", "Find a command"))[:3] == ["Export", "Find a command", "New project"]


def test_use_does_not_win_over_a_much_better_fit() -> None:
    assert best("export", ("Pack for sharing", "Move to trash"))[0] == "Export"


def test_other_words_find_it_but_later() -> None:
    beside = match("quit", "Leave", "quit exit")
    assert beside is not None
    assert beside.places == ()
    assert beside.score < match("quit", "Quit").score


def test_the_letters_that_fit_are_told() -> None:
    assert match("np", "New project").places == (0, 4)
    assert match("ject", "New project").places == (7, 8, 9, 10)
    assert match("pro new", "New project").places == (0, 1, 2, 4, 5, 6)


text = st.text(max_size=40)


@given(text, text, text)
def test_any_text_is_fine(typed: str, title: str, aside: str) -> None:
    found = match(typed, title, aside)
    if found is not None:
        assert list(found.places) == sorted(set(found.places))
        assert all(0 <= place < len(title) for place in found.places)
        assert found.score >= 0


@given(st.text("abcd efgh", min_size=1, max_size=30), st.data())
def test_a_part_of_the_title_always_fits(title: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(title) - 1))
    part = title[start : data.draw(st.integers(start + 1, len(title)))]
    assert match(part, title) is not None
    assert match(part.upper(), title) == match(part, title)


@given(
    st.lists(st.tuples(st.text(max_size=5), st.floats(0, 200)), unique_by=lambda pair: pair[0]),
    st.lists(text),
)
def test_ranking_loses_nothing(scores: list[tuple[str, float]], recent: list[str]) -> None:
    assert sorted(rank(scores, recent)) == sorted(id for id, _ in scores)


def test_a_key_costs_about_what_the_standard_library_needs() -> None:
    titles = [f"Open the {n}th project of a very long list of recent projects" for n in range(400)]
    began = time.thread_time()
    for title in titles:
        match("oproj rec", title, "File > Recent projects and some other words")
    ours = time.thread_time() - began
    began = time.thread_time()
    for title in titles:
        SequenceMatcher(None, "oproj rec", title).ratio()
    assert ours < 8 * (time.thread_time() - began)
