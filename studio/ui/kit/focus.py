"""Rings around buttons are for those who work with keys: what was clicked is known, and needs none."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QMenuBar, QWidget

from studio.ui.kit.controls import restyle


class FocusRings(QObject):
    """Marks a button that the mouse gave the focus, or a window that opened, until a key brings it there."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._by_mouse = True
        """How the focus was moved last. At first no key has been pressed."""
        app.focusChanged.connect(self._on_focus)

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is None:
            return
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._by_mouse = True
        elif isinstance(old, QMenu | QMenuBar):
            return  # the menu gives back what it took
        elif old is not None:
            self._by_mouse = False
        elif new.property("byMouse") is not None:  # its window is at the front again
            return
        if isinstance(new, QAbstractButton):
            restyle(new, "byMouse", self._by_mouse)
