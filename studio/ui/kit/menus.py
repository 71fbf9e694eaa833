"""The menu bar, made of a window's commands: in the order that the desktop's habits give."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from studio.ui.kit.actions import Actions, Entry
from studio.ui.kit.menu_entries import submenu
from studio.ui.kit.menu_keys import BarKeys, KeyMenu
from studio.words import tr

GROUPS: dict[str, tuple[str, ...]] = {
    "file": ("open", "recent", "in", "out", "share", "close", "quit"),
    "edit": ("undo", "clipboard", "select", "", "settings"),
    "item": ("open", "again", "use", "rating", "out", "", "trash"),
    "room": (),
    "view": ("palette", "views", "zoom", "gallery", "", "appearance", "screen"),
    "generate": ("generate", "many", "seed", "form", "presets"),
    "queue": ("queue", "job", "batch"),
    "window": ("windows", "panels", "layout", "list"),
    "help": ("learn", "plugins", "problems", "", "about"),
}
"""Per menu the groups that have a place; others stand where "" is, or at the end, in the order they came."""

ROLES = {
    "help.about": QAction.MenuRole.AboutRole,
    "edit.preferences": QAction.MenuRole.PreferencesRole,
    "file.quit": QAction.MenuRole.QuitRole,
}
"""Where macOS wants them: in the program's own menu."""


def title_of(menu: str) -> str:
    """A menu's title, with the mark of its key."""
    return {
        "file": tr("&File"),
        "edit": tr("&Edit"),
        "item": tr("&Item"),
        "room": tr("&Room"),
        "view": tr("&View"),
        "generate": tr("&Generate"),
        "queue": tr("&Queue"),
        "window": tr("&Window"),
        "help": tr("&Help"),
    }[menu]


class Menus:
    """`extras` are submenus that somebody else fills: after the command with that id."""

    def __init__(self, window: QMainWindow, actions: Actions, extras: dict[str, Sequence[QMenu]]) -> None:
        self._bar = window.menuBar()
        BarKeys(self._bar)
        self.menus: dict[str, QMenu] = {}
        self._submenus: dict[tuple[str, str], QMenu] = {}
        for name, order in GROUPS.items():
            entries = [entry for entry in actions.entries() if entry.command.menu == name]
            if entries or name == "room":
                self._fill(name, _in_groups(entries, order), extras)
        self.show_room("", [])
        for id, role in ROLES.items():
            if id in actions:
                actions[id].setMenuRole(role)

    def show_room(self, title: str, entries: Sequence[Entry]) -> None:
        """Makes the menu of the room that is shown of its commands; no menu where there are none."""
        menu = self.menus["room"]
        for (name, place), inner in [*self._submenus.items()]:
            if name == "room":
                del self._submenus[name, place]
                inner.deleteLater()
        menu.clear()
        menu.setTitle(_with_key(title, [self.menus[name].title() for name in self.menus if name != "room"]))
        self._put("room", menu, _in_groups(entries, GROUPS["room"]), {})
        if entries:
            self._bar.insertMenu(self.menus["view"].menuAction(), menu)
        else:
            self._bar.removeAction(menu.menuAction())

    def _fill(self, name: str, groups: list[list[Entry]], extras: dict[str, Sequence[QMenu]]) -> None:
        menu = KeyMenu(title_of(name), self._bar)
        self._bar.addMenu(menu)
        menu.setToolTipsVisible(False)
        self.menus[name] = menu
        self._put(name, menu, groups, extras)

    def _put(
        self, name: str, menu: QMenu, groups: list[list[Entry]], extras: dict[str, Sequence[QMenu]]
    ) -> None:
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            for entry in group:
                self._place(name, menu, entry).addAction(entry.action)
                for extra in extras.get(entry.command.id, ()):
                    menu.addMenu(extra)

    def _place(self, name: str, menu: QMenu, entry: Entry) -> QMenu:
        """The menu itself, or the submenu that the command's group names after a slash."""
        _, _, title = entry.command.group.partition("/")
        if not title:
            return menu
        if (name, title) not in self._submenus:
            self._submenus[name, title] = submenu(menu, title)
        return self._submenus[name, title]


def _with_key(title: str, others: Sequence[str]) -> str:
    """A title with the mark of a key that no other menu has: its first letter that is free."""
    taken = {other[other.find("&") + 1].lower() for other in others if "&" in other}
    free = (at for at, letter in enumerate(title) if letter.isalnum() and letter.lower() not in taken)
    at = next(free, None)
    return title if at is None else f"{title[:at]}&{title[at:]}"


def _in_groups(entries: Sequence[Entry], order: Sequence[str]) -> list[list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.command.group.partition("/")[0], []).append(entry)
    known = [name for name in order if name]
    others = [name for name in groups if name not in known]
    at = order.index("") if "" in order else len(order)
    whole = [*order[:at], *others, *(name for name in order[at:] if name)]
    return [groups[name] for name in whole if name in groups]


def exclusive(actions: Sequence[QAction], parent: QMainWindow) -> QActionGroup:
    """Only one of them is checked at a time."""
    group = QActionGroup(parent)
    for action in actions:
        group.addAction(action)
    return group
