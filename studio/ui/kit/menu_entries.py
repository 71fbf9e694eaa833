"""Menus whose entries and submenus are made here, not by Qt.

An object that Python has made stays usable for as long as it lives. One that Qt has made of a mere text is
"already deleted" for Python as soon as PySide takes it for the child of something that dies: see decision 32.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from studio.ui.kit.menu_keys import KeyMenu


def plain_text(name: str) -> str:
    """A name as a menu shows it: Qt takes a single & for the mark of a key."""
    return name.replace("&", "&&")


def entry(menu: QMenu, text: str, act: Callable[[], object], *, on: bool = True) -> QAction:
    """A new entry at the end; `act` is called without arguments."""
    action = QAction(text, menu)
    action.setEnabled(on)
    action.triggered.connect(lambda _checked=False: act())
    menu.addAction(action)
    return action


def submenu(menu: QMenu, title: str) -> QMenu:
    """A new, empty submenu at the end."""
    made = KeyMenu(title, menu)
    menu.addMenu(made)
    return made


def clear(menu: QMenu) -> None:
    """Without entries; those that belong to others live on."""
    menu.clear()
    for inner in menu.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
        inner.deleteLater()  # Qt would keep it for the life of the menu


def fill(menu: QMenu, entries: Sequence[tuple[str, str, Callable[[], object]]]) -> None:
    """A menu of changing entries anew: (text, tool tip, what it does) each."""
    clear(menu)
    for text, tip, act in entries:
        entry(menu, plain_text(text), act).setToolTip(tip)
    menu.setEnabled(bool(entries))
