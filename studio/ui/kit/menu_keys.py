"""Menus whose keys are their own.

For Qt a menu bar, with all its menus, is inside of every panel whose commands it lists, and a panel's menu is
inside of that panel. Where a single letter is the key of a panel's command, Qt would run that command while a
menu is open, instead of the entry that has the letter underlined.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QMenuBar

_KEYS = Qt.KeyboardModifier
_CHORD = _KEYS.ControlModifier | _KEYS.AltModifier | _KEYS.MetaModifier


class KeyMenu(QMenu):
    """A menu whose keys go to its entries before the window's shortcuts take them."""

    def event(self, event: QEvent) -> bool:
        return _took(event) or super().event(event)


class BarKeys(QObject):
    """Does the same for a window's menu bar while that has the keyboard."""

    def __init__(self, bar: QMenuBar) -> None:
        super().__init__(bar)
        bar.installEventFilter(self)

    def eventFilter(self, bar: QObject, event: QEvent) -> bool:
        return isinstance(bar, QMenuBar) and bar.hasFocus() and _took(event)


def _took(event: QEvent) -> bool:
    """Whether it asked if a plain key shall come as a key, not as a shortcut: it shall."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    if event.modifiers() & _CHORD:
        return False
    event.accept()
    return True
