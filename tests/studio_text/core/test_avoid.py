from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_text.core.avoid import Sighting, Watch


def found(text: str, *words: str) -> list[str]:
    """What the watch sees first, from the place on, in a text that has ended."""
    sighting = Watch(words).look(text, 0, ended=True)
    return [] if sighting is None else [text[sighting.start :]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a cheap chair", ["cheap"]),
        ("CHEAP!", ["cheap"]),
        ("the cheap's", ["Cheap"]),
        ("in der STRASSE", ["straße"]),
        ("in der Straße", ["STRASSE"]),
        ("un cafe\u0301.", ["café"]),
        ("un café.", ["cafe\u0301"]),
        ("state  of\nthe art", ["state of the art"]),
        ("we use C++ here", ["c++"]),
        ("really?!", ["?!"]),
        ("ΟΔΥΣΣΕΥΣ", ["οδυσσευς"]),
        ("çok ucuz", [" ucuz "]),
    ],
)
def test_words_are_found(text, words):
    assert found(text, *words)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("cheaper", "cheap"),
        ("a cheapskate", "cheap"),
        ("dirt_cheap", "cheap"),
        ("cafe\u0301", "cafe"),
        ("uncheap", "cheap"),
        ("cheap2", "cheap"),
        ("Käse", "kase"),
        ("che ap", "cheap"),
        ("anything", ""),
        ("anything", "  "),
    ],
)
def test_other_words_are_not(text, word):
    assert not found(text, word)


def test_a_word_may_still_come():
    watch = Watch(["cheap", "cheap chair"])
    assert watch.look("a che", 0) == Sighting(2, is_complete=False)
    assert watch.look("a cheap", 0) == Sighting(2, is_complete=False)
    assert watch.look("a cheap", 0, ended=True) == Sighting(2, is_complete=True)
    assert watch.look("a cheap ", 0) == Sighting(2, is_complete=True)
    assert watch.look("a cheaper", 0) is None
    assert watch.look("a che", 0, ended=True) is None
    assert watch.look("uncheap", 2) is None  # what was before the place counts, though it is not looked at


texts = st.text(st.sampled_from("chea p\n.é\u0301ßsS"), max_size=30)


@given(texts, st.lists(st.text(st.sampled_from("chea pß"), min_size=1, max_size=6), max_size=3))
def test_a_text_that_grew_by_signs_shows_no_word(text, words):
    """Whatever is let out while the text grows has no word in it, and all is let out in the end."""
    watch, out = Watch(words), 0
    for end in range(1, len(text) + 1):
        sighting = watch.look(text[:end], out)
        if sighting is not None and sighting.is_complete:
            assert watch.look(text[:end], 0, ended=True) is not None
            return
        out = sighting.start if sighting else end
        shown = watch.look(text[:out], 0, ended=True)
        assert shown is None or shown.start + 1 >= out or not shown.is_complete
    if watch.look(text, 0, ended=True) is None:
        assert watch.look(text, out, ended=True) is None


@given(st.text(max_size=20), st.text(min_size=1, max_size=8))
def test_case_and_composition_make_no_difference(text, word):
    forms = {unicodedata.normalize(form, word) for form in ("NFC", "NFD")}
    assert len({bool(found(text + " " + word, form)) for form in forms}) == 1
    if word.strip():
        assert found(word, word)
