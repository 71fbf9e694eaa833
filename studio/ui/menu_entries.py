"""Menus whose entries and submenus are made here, not by Qt.

What Qt makes of a mere text it also deletes without a word to Python. The wrapper that is left then stands
for whatever comes to lie at the same address, and makes that unusable when it dies itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu


def plain_text(name: str) -> str:
    """A name as a menu shows it: Qt takes a single & for the mark of a key."""
    return name.replace("&", "&&")


def entry(menu: QMenu, text: str, act: Callable[[], object] | None = None, *, on: bool = True) -> QAction:
    """A new entry at the end; `act` is called without arguments."""
    action = QAction(text, menu)
    action.setEnabled(on)
    if act is not None:
        action.triggered.connect(lambda _checked=False: act())
    menu.addAction(action)
    return action


def submenu(menu: QMenu, title: str) -> QMenu:
    """A new, empty submenu at the end."""
    made = QMenu(title, menu)
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
