"""Rings are seen by those who work with keys, and only by them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from studio.ui.kit.focus import FocusRings


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
