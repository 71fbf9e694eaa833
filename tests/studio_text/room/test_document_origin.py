"""Each letter of a document knows where it came from, through any edits and undo."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor
from studio_text.core.passages import Passage, text_of
from studio_text.room.editor import DocumentEditor
from studio_text.room.origin import Origins, spans_of, units

A, B = "a" * 64, "b" * 64
letters = st.text(st.sampled_from("ab \n🙂é漢*#"), max_size=12)
edits = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), letters, st.sampled_from(["", A, B])))


def test_typing_into_a_passage_parts_it() -> None:
    origins = Origins()
    origins.reset("Hello world", spans_of([Passage("Hello world", A)]))
    origins.replace(5, 0, 1, "Hello, world", "")
    assert origins.passages("Hello, world") == [Passage("Hello", A), Passage(",", ""), Passage(" world", A)]


def test_a_text_that_comes_back_has_its_origins_back() -> None:
    origins = Origins()
    origins.reset("one two", spans_of([Passage("one ", A), Passage("two", B)]))
    origins.replace(0, 7, 3, "six")
    assert origins.passages("six") == [Passage("six")]
    origins.replace(0, 3, 7, "one two")
    assert origins.passages("one two") == [Passage("one ", A), Passage("two", B)]


@given(letters, edits)
def test_passages_are_always_the_text(start: str, changes: list[tuple[int, int, str, str]]) -> None:
    origins = Origins()
    text = start
    origins.reset(text, [(units(text), A)])
    for at, removed, added, source in changes:
        at = min(at, len(text))
        gone = text[at : at + removed]
        place = units(text[:at])
        text = text[:at] + added + text[at + removed :]
        origins.replace(place, units(gone), units(added), text, source)
        passages = origins.passages(text)
        assert text_of(passages) == text
        assert {passage.source for passage in passages} <= {"", A, B}
        assert all(passage.text for passage in passages)


@settings(max_examples=60)
@given(letters, edits)
def test_the_editor_keeps_step(qapp, start: str, changes: list[tuple[int, int, str, str]]) -> None:
    editor = DocumentEditor()
    editor.load([Passage(start, A)])
    for at, removed, added, source in changes:
        text = editor.text()
        at = min(at, len(text))
        end = min(at + removed, len(text))
        if text[at:end] == added:
            continue
        cursor = QTextCursor(editor.document())
        cursor.setPosition(units(text[:at]))
        cursor.setPosition(units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        editor.put(added, source, cursor)
        assert text_of(editor.passages()) == editor.text() == text[:at] + added + text[end:]
        if source and added:
            found = "".join(
                passage.source[0] * len(passage.text) if passage.source else " " * len(passage.text)
                for passage in editor.passages()
            )
            assert found[at : at + len(added)] == source[0] * len(added)
    while editor.document().isUndoAvailable():
        editor.undo()
    assert editor.text() == start
    if start:
        assert {passage.source for passage in editor.passages()} == {A}
    editor.deleteLater()
