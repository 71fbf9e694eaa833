"""Shortcuts as data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QKeySequence

from studio.ui.kit.shortcuts import Holder, collide, conflicts, meet, native, parse, portable, usable


def keys(text: str) -> tuple[QKeySequence, ...]:
    found = parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text", ["Ctrl+Shift+P", "Ctrl+K; F1", "Del", "Ctrl+,", "Shift+[; {; Shift+{", "Ctrl+K, Ctrl+S"]
)
def test_what_is_written_is_read(text: str) -> None:
    assert portable(keys(text)) == text


def test_no_text_is_no_shortcut() -> None:
    assert parse("") == parse("  ") == ()
    assert native(()) == ""


@pytest.mark.parametrize("text", ["nonsense", "Ctrl+", "Ctrl+Nothing", "; ", "Ctrl+A; what", "x" * 5000])
def test_what_makes_no_sense_is_none(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = parse(text)
    if found:
        assert parse(portable(found)) == found


def test_the_first_of_several_is_shown() -> None:
    assert native(keys("Ctrl+K; F1")) == keys("Ctrl+K")[0].toString(QKeySequence.SequenceFormat.NativeText)


def test_broken_entries_are_told_and_the_others_hold() -> None:
    good, broken = usable({"file.new": "Ctrl+J", "file.open": "gibberish", "edit.undo": ""})
    assert good == {"file.new": keys("Ctrl+J"), "edit.undo": ()}
    assert broken == ["file.open"]


def test_one_that_begins_another_stands_in_its_way() -> None:
    (short,), (long,) = keys("Ctrl+K"), keys("Ctrl+K, Ctrl+S")
    assert collide(short, long) and collide(long, short)
    assert not collide(short, keys("Ctrl+L")[0])


def test_the_window_is_heard_everywhere_and_panels_in_themselves() -> None:
    assert meet("", "") and meet("", "gallery") and meet("gallery", "gallery")
    assert not meet("gallery", "canvas")


def test_conflicts_name_both() -> None:
    holders = [
        Holder("a", keys("Ctrl+E")),
        Holder("b", keys("Ctrl+E; F2"), "gallery"),
        Holder("c", keys("F2"), "canvas"),
        Holder("d", keys("F2"), "gallery"),
        Holder("e", keys("Ctrl+K")),
        Holder("f", keys("Ctrl+K, Ctrl+S")),
    ]
    assert conflicts(holders) == {"a": {"b"}, "b": {"a", "d"}, "d": {"b"}, "e": {"f"}, "f": {"e"}}
    assert conflicts(holders[:2], lambda one, other: {one, other} == {"a", "b"}) == {}


def test_nobody_stands_in_his_own_way() -> None:
    assert conflicts([Holder("a", keys("Ctrl+E; Ctrl+E"))]) == {}
