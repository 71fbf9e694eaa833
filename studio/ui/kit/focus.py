"""Rings around buttons are for those who work with keys: what was clicked is known, and needs none."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QMenuBar, QWidget
from shiboken6 import isValid

from studio.ui.kit.controls import restyle

_REMEMBERED = 5


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


class FocusKeeper(QObject):
    """Keeps the focus where the user works when a button is switched off or goes away under the hand.

    Qt gives it to whatever comes next, which may be a button that does something else. A button that is off
    has it again once it is on, unless the user has gone on; where one is gone, the place before it has it.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._before: list[QWidget] = []
        """What had the focus last, the newest at the end."""
        self._off: QAbstractButton | None = None
        self._home: QWidget | None = None
        self._is_moving = False
        app.focusChanged.connect(self._on_focus)

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._is_moving or new is None:
            return
        if isinstance(old, QAbstractButton) and isValid(old) and old.window() is new.window():
            if not old.isVisible():
                self._go_back(old)
                return
            if not old.isEnabled():
                self._wait(old)
                return
        self._off = self._home = None
        there = [one for one in self._before if isValid(one) and one is not old]  # a closed window is let go
        if isinstance(old, QWidget) and isValid(old):
            there.append(old)
        self._before = there[-_REMEMBERED:]

    def _go_back(self, gone: QAbstractButton) -> None:
        window = gone.window()
        places = [one for one in self._before if isValid(one) and one.isVisible() and one.isEnabled()]
        for place in reversed(places):
            if place is not gone and place.window() is window:
                self._move(place)
                return

    def _wait(self, off: QAbstractButton) -> None:
        """On its panel, where no key does anything, until it is on again."""
        home = off.parentWidget()
        while home is not None and home.property("role") != "panel":
            home = home.parentWidget()
        if home is None:
            return
        self._off, self._home = off, home
        off.installEventFilter(self)
        self._move(home)

    def _move(self, to: QWidget) -> None:
        self._is_moving = True
        to.setFocus(Qt.FocusReason.OtherFocusReason)
        self._is_moving = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_on = isinstance(watched, QAbstractButton) and watched.isEnabled()
        if event.type() is QEvent.Type.EnabledChange and is_on:
            watched.removeEventFilter(self)
            if watched is self._off and QApplication.focusWidget() is self._home:
                self._move(self._off)
                self._off = self._home = None
        return False
