from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.kit.spelling import Speller, load, word_at


class Few:
    """A dictionary of a few words that counts how often it is asked."""

    def __init__(self, *words: str) -> None:
        self.words, self.asked = words, 0

    def check(self, word: str) -> bool:
        self.asked += 1
        return word in self.words

    def suggest(self, word: str) -> list[str]:
        return [known for known in self.words if known[0] == word[0]]


def test_any_dictionary_will_do(tmp_path: Path) -> None:
    speller = Speller([Few("ein", "See"), Few("a", "lake", "it's")], tmp_path / "words.txt")
    text = "ein See, a lakke 42 JPEG it’s x"
    assert [text[start : start + length] for start, length in speller.mistakes(text)] == ["lakke"]
    assert speller.suggest("lakke") == ["lake"]


def test_words_are_asked_for_once(tmp_path: Path) -> None:
    few = Few("lake")
    speller = Speller([few], tmp_path / "words.txt")
    for _ in range(3):
        assert list(speller.mistakes("lake lakke")) == [(5, 5)]
    assert few.asked == 2


def test_an_added_word_is_right_from_now_on(tmp_path: Path) -> None:
    file = tmp_path / "config" / "words.txt"
    speller = Speller([Few("a")], file)
    assert list(speller.mistakes("bokeh")) == [(0, 5)]
    speller.add("bokeh")
    assert list(speller.mistakes("bokeh Bokeh")) == []
    assert list(Speller([Few("a")], file).mistakes("bokeh")) == []


def test_the_word_under_the_cursor() -> None:
    assert word_at("a quiet lake", 4) == (2, "quiet")
    assert word_at("a, b", 2) == (2, "")
    assert word_at("", 0) == (0, "")


@given(st.text(max_size=60))
def test_mistakes_lie_within_any_text(text: str) -> None:
    speller = Speller([Few()], Path("/nonexistent/words.txt"))
    for start, length in speller.mistakes(text):
        assert 0 <= start < start + length <= len(text)
        assert word_at(text, start)[1] == text[start : start + length]


def test_without_the_library_there_is_no_complaint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "enchant", None)
    assert load(["de"], tmp_path / "words.txt") is None


def test_the_platforms_dictionaries(tmp_path: Path) -> None:
    pytest.importorskip("enchant")
    speller = load(["de"], tmp_path / "words.txt")
    if speller is None or not speller.knows("Haus"):
        pytest.skip("no German dictionary on this machine")
    assert speller.knows("lake")
    assert not speller.knows("lakke")
    assert "lake" in speller.suggest("lakee")
