"""Stored titles follow the language, and a stranger's can do no harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import words
from studio.core.titles import stored, stored_row, told
from studio.paths import translation_folders


@pytest.fixture
def german(tmp_path: Path) -> Iterator[None]:
    words.use("de", translation_folders(), tmp_path)
    yield
    words.use(words.ENGLISH, [], tmp_path)


SEEDS = stored("{name}, other seeds", name=stored("Seed {seed}", seed=7))


def test_in_english() -> None:
    assert told(SEEDS) == "Seed 7, other seeds"


def test_in_the_language_of_now(german: None) -> None:
    assert told(SEEDS) == "Startwert 7, andere Startwerte"


def test_several_in_a_row(german: None) -> None:
    seeds = [stored("Seed {seed}", seed=seed) for seed in (1, 2)]
    assert told(stored_row(seeds)) == "Startwert 1, Startwert 2"
    assert stored_row(seeds[:1]) == seeds[0]
    assert stored("") == ""


@given(st.text())
def test_what_somebody_typed_stays(text: str) -> None:
    if not text.startswith("\x1f"):
        assert told(text) == text
    assert told(stored("{generator} – {item}", generator="Fill", item="x" + text)) == f"Fill – x{text}"


@pytest.mark.parametrize("text", ["{a.__class__}", "{a:>99999999}", "{a!r}", "{0}", "{", "{b}"])
def test_a_format_of_a_stranger_is_no_format(text: str) -> None:
    assert told(stored(text, a="x")) == text


@given(st.text().map(lambda text: "\x1f" + text))
def test_a_damaged_one_is_text(title: str) -> None:
    assert isinstance(told(title), str)
