"""What can be done with the queue, as commands, and the menu of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from studio.ui.kit.commands import Command
from studio.ui.kit.menu_entries import entry
from studio.ui.kit.menu_keys import KeyMenu
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.queue.acts import QueueActs
    from studio.ui.queue.model import Row

_MENU = (
    ("queue.open", "queue.show_result"),
    ("queue.pause", "queue.cancel", "queue.retry"),
    ("queue.up", "queue.down", "queue.top", "queue.bottom"),
    ("queue.pause_batch", "queue.cancel_batch"),
    ("queue.copy_error", "queue.log"),
)


def commands_of(acts: QueueActs) -> list[Command]:
    def one(
        id: str, title: str, act: object, keys: str = "", group: str = "job", words: str = "", icon: str = ""
    ) -> Command:
        return Command(
            f"queue.{id}",
            title,
            act,  # type: ignore[arg-type]
            menu="queue",
            keys=keys,
            needs="" if id in ("open", "show_result", "copy_error", "log") else "writing",
            group=group,
            icon=icon,
            scope="window" if group == "all" else "panel",
            words=words,
        )

    move = acts.move_selected
    return [
        one("pause_all", tr("&Pause or go on with all"), acts.toggle_all, "Ctrl+P", "all", tr("hold resume")),
        one("cancel_waiting", tr("&Cancel all that waits"), acts.cancel_waiting, "", "all", tr("clear stop")),
        one("retry_failed", tr("Try all &failed again"), acts.retry_failed, "", "all", tr("repeat")),
        one("open", tr("&Open"), acts.open_current, "Return; Enter", "show"),
        one("show_result", tr("Show &result"), acts.show_result, "", "show", icon="photo"),
        one("pause", tr("Pause or &go on"), acts.toggle_selected, "Space", icon="pause"),
        one("cancel", tr("Cance&l job"), acts.cancel_selected, "Del; Backspace", icon="cancel"),
        one("retry", tr("&Try again"), acts.retry_selected, "R", icon="retry"),
        one("up", tr("Move &up"), partial(move, "up"), "Alt+Up", "order", tr("earlier"), icon="up"),
        one("down", tr("Move &down"), partial(move, "down"), "Alt+Down", "order", tr("later"), icon="down"),
        one("top", tr("To t&he top"), partial(move, "top"), "Alt+Home", "order", tr("first next")),
        one("bottom", tr("To the botto&m"), partial(move, "bottom"), "Alt+End", "order", tr("last")),
        one("pause_batch", tr("Pause or go on with &batch"), acts.toggle_batch, "", "batch"),
        one("cancel_batch", tr("Cancel what is left of b&atch"), acts.cancel_batch, "", "batch"),
        one("copy_error", tr("Copy &error"), acts.copy_error, "", "about", icon="copy"),
        one("log", tr("Deta&ils and log…"), acts.open_log, "", "about", icon="log"),
    ]


def menu_of(parent: QWidget, acts: QueueActs, actions: Mapping[str, QAction], rows: list[Row]) -> QMenu:
    """The context menu for these rows: the window's own actions where it has attached them."""
    menu = KeyMenu(parent)
    known = {command.id: command for command in commands_of(acts)}
    for group in _MENU:
        wanted = [id for id in group if acts.can(id, rows)]
        if wanted and menu.actions():
            menu.addSeparator()
        for id in wanted:
            action = actions.get(id)
            if action is not None:
                menu.addAction(action)
                continue
            action = entry(menu, known[id].title, known[id].act)
            if known[id].keys:
                action.setShortcut(QKeySequence(known[id].keys.split("; ")[0]))
    return menu
