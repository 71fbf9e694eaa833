"""Unfinished work is kept when a gesture ends, or a while after the last key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from studio.ui.shell import soon as soon_module
from studio.ui.shell.soon import Soon

NEVER = 10_000_000


@pytest.fixture
def kept() -> list[int]:
    return []


@pytest.fixture
def soon(qapp: QApplication, kept: list[int]) -> Iterator[Soon]:
    made = Soon(lambda: kept.append(1))
    yield made
    made.stop()


def focus(qtbot, widget: QWidget) -> QWidget:
    """The widget, which lives as long as it is held."""
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is widget, timeout=60_000)
    return widget


def test_many_changes_at_once_are_kept_once(soon: Soon, kept: list[int], qtbot, monkeypatch) -> None:
    monkeypatch.setattr(soon_module, "KEYS_MS", NEVER)
    field = focus(qtbot, QPushButton())
    assert field.hasFocus()
    for _ in range(5):
        soon.note()
    assert not kept
    qtbot.waitUntil(lambda: kept == [1], timeout=60_000)


def test_keys_are_waited_for(soon: Soon, kept: list[int], qtbot, monkeypatch) -> None:
    monkeypatch.setattr(soon_module, "KEYS_MS", NEVER)
    monkeypatch.setattr(soon_module, "MOST_MS", NEVER)
    field = focus(qtbot, QLineEdit())
    assert field.hasFocus()
    soon.note()
    qtbot.wait(50)
    assert not kept
    soon.now()
    soon.now()
    assert kept == [1]


def test_keys_that_never_rest_are_kept_all_the_same(soon: Soon, kept: list[int], qtbot, monkeypatch) -> None:
    monkeypatch.setattr(soon_module, "KEYS_MS", NEVER)
    monkeypatch.setattr(soon_module, "MOST_MS", 50)
    field = focus(qtbot, QLineEdit())
    assert field.hasFocus()

    def type_on() -> bool:
        soon.note()
        return bool(kept)

    qtbot.waitUntil(type_on, timeout=60_000)


def test_a_drag_is_kept_when_the_button_is_let_go(soon: Soon, kept: list[int], qtbot, monkeypatch) -> None:
    held = [Qt.MouseButton.LeftButton]
    monkeypatch.setattr(QApplication, "mouseButtons", lambda: held[0])
    monkeypatch.setattr(soon_module, "MOST_MS", NEVER)
    soon.note()
    qtbot.wait(100)
    assert not kept
    held[0] = Qt.MouseButton.NoButton
    qtbot.waitUntil(lambda: kept == [1], timeout=60_000)


def test_what_is_stopped_is_not_kept(soon: Soon, kept: list[int], qtbot) -> None:
    soon.note()
    soon.stop()
    qtbot.wait(20)
    soon.now()
    assert not kept
