"""Rings are seen by those who work with keys, and only by them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from studio.ui.kit.focus import FocusKeeper, FocusRings
from studio.ui.shell.studio_window import StudioWindow


def test_a_click_leaves_no_ring_and_a_key_does(qtbot, qapp: QApplication) -> None:
    if (elsewhere := qapp.focusWidget()) is not None:  # what an earlier test has left
        elsewhere.clearFocus()
    rings = FocusRings(qapp)
    window = QWidget()
    first, second = QPushButton("one"), QPushButton("two")
    column = QVBoxLayout(window)
    column.addWidget(first)
    column.addWidget(second)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    assert first.property("byMouse") is True, "nobody has pressed a key yet"
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus() and second.property("byMouse") is False
    QTest.keyClick(second, Qt.Key.Key_Backtab)
    assert first.property("byMouse") is False
    rings.deleteLater()


@pytest.fixture
def kept(qtbot, qapp: QApplication) -> Iterator[tuple[QWidget, QPushButton, QPushButton]]:
    """A panel with two buttons, of which the first has the focus."""
    keeper = FocusKeeper(qapp)
    panel = QWidget()
    panel.setProperty("role", "panel")
    first, second = QPushButton("one"), QPushButton("two")
    column = QVBoxLayout(panel)
    column.addWidget(first)
    column.addWidget(second)
    qtbot.addWidget(panel)
    panel.show()
    panel.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    yield panel, first, second
    keeper.deleteLater()


def test_a_button_that_is_off_for_a_while_has_the_focus_again(kept) -> None:
    panel, first, second = kept
    first.setEnabled(False)
    assert panel.hasFocus() and not second.hasFocus(), "a key must not press another button"
    first.setEnabled(True)
    assert first.hasFocus()


def test_who_went_on_meanwhile_is_left_alone(kept) -> None:
    _, first, second = kept
    first.setEnabled(False)
    second.setFocus()
    first.setEnabled(True)
    assert second.hasFocus()


def test_where_a_button_goes_the_place_before_it_has_the_focus(kept) -> None:
    panel, first, second = kept
    third = QPushButton("three")
    panel.layout().addWidget(third)
    second.setFocus()
    second.hide()
    assert first.hasFocus()


def test_generate_keeps_the_focus_with_the_keyboard_alone(studio: StudioWindow, qtbot) -> None:
    studio.window.show_welcome(False)
    studio.window.activateWindow()
    panel = studio.panel
    panel.foot.set_ready("", pressable=True)
    panel.button.setFocus()
    qtbot.waitUntil(panel.button.hasFocus)
    panel.foot.set_ready("Paint over what should change.", pressable=False)
    assert not panel.from_folders.hasFocus()
    assert panel.isAncestorOf(QApplication.focusWidget()) or QApplication.focusWidget() is panel
    panel.foot.set_ready("", pressable=True)
    assert panel.button.hasFocus()


def test_a_notice_gives_the_focus_back(studio: StudioWindow, qtbot) -> None:
    studio.window.show_welcome(False)
    studio.window.activateWindow()
    place = studio.queue.strip.rest
    place.setFocus()
    qtbot.waitUntil(place.hasFocus)
    studio.workspace.notice.say("Exported", "Open folder", lambda: None)
    studio.workspace.notice.action.setFocus()
    QTest.keyClick(studio.workspace.notice.action, Qt.Key.Key_Space)
    assert not studio.workspace.notice.isVisible()
    assert place.hasFocus()
