"""A window's commands collected from all its parts, and its menu bar made of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from studio.ui.kit.actions import Actions
from studio.ui.kit.commands import Command
from studio.ui.kit.menu_entries import fill
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.menus import Menus, exclusive
from studio.ui.shell.room_host import LIBRARY
from studio.ui.shell.room_menu import RoomMenu
from studio.ui.shell.window_commands import WindowActs, themes, window_commands
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.shell.faces import Studio


class WindowMenus:
    """The menu bar of a window, with what changes in it."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        window = studio.window
        self.recent = KeyMenu(tr("Open &recent"), window)
        self.recent.setToolTipsVisible(True)
        self.windows = KeyMenu(tr("&Go to window"), window)
        self.windows.setToolTipsVisible(True)
        self.windows.aboutToShow.connect(self._show_windows)
        extras: dict[str, Sequence[QMenu]] = {
            "file.open_in_window": [self.recent],
            "window.close": [self.windows],
        }
        self.bar = Menus(window, studio.actions, extras)
        self.rooms = RoomMenu(studio.parts.rooms, studio.actions, self.bar)
        self._themes = [studio.actions[f"view.theme_{name}"] for name, _ in themes()]
        exclusive(self._themes, window)
        self.show_theme(studio.context.settings.appearance.theme)

    def show_theme(self, choice: str) -> None:
        for action in self._themes:
            action.setChecked(action.objectName() == f"view.theme_{choice}")

    def show_recent(self, folders: Sequence[Path]) -> None:
        open_it = self._studio.projects.open
        fill(
            self.recent,
            [(one.name.removesuffix(".studio"), str(one), partial(open_it, one)) for one in folders],
        )

    def _show_windows(self) -> None:
        fill(
            self.windows,
            [(one.window.windowTitle(), one.place(), one.to_front) for one in self._studio.session.windows],
        )


def build_actions(studio: Studio, more: Sequence[Command]) -> Actions:
    """The commands of the window, of its parts, and `more`. Parts that ask for it are given the actions."""
    window = studio.window
    actions = Actions(window, studio.theme, studio.context.settings.keys, studio.session.note_use)
    actions.add(window_commands(_acts(studio)))
    actions.add(more)
    for number, panel in enumerate(window.panels.values(), start=1):
        command = Command(
            f"window.panel_{panel.objectName()}",
            panel.windowTitle(),
            panel.toggle,
            "window",
            f"Ctrl+Shift+{number}",
            group="panels",
            checkable=True,
            words=tr("panel show hide"),
        )
        actions.add([command])
        panel.shown.connect(actions[command.id].setChecked)
    for _, part in studio.parts.named():
        commands = getattr(part, "commands", None)
        if callable(commands):
            actions.add(commands(), part if isinstance(part, QWidget) else studio.parts.home_of(part))
    for _, part in studio.parts.named():
        attach = getattr(part, "attach_actions", None)
        if callable(attach):
            attach(actions)
    return actions


def _acts(studio: Studio) -> WindowActs:
    projects, window, session, tell = studio.projects, studio.window, studio.session, studio.help
    return WindowActs(
        new=projects.ask_new,
        open=projects.ask_open,
        open_in_new_window=lambda: projects.ask_open(session.open_in_window),
        new_window=lambda: session.open_in_window(None),
        sample=projects.open_sample,
        close=projects.close,
        close_window=window.close,
        manage_recent=studio.manage_recent,
        import_photos=studio.items.ask_import,
        export=studio.export_selected,
        quit=session.quit,
        undo=studio.undo.undo,
        redo=studio.undo.redo,
        preferences=studio.show_preferences,
        shortcuts=partial(studio.show_preferences, "keys"),
        palette=studio.show_palette,
        theme=studio.set_theme,
        home=studio.show_home,
        reset_layout=window.reset_layout,
        rooms=[
            (LIBRARY, tr("Library"), "gallery", partial(studio.items.go_to, LIBRARY)),
            *(
                (info.id, tr(info.title), info.icon, partial(studio.items.go_to, info.id))
                for info in studio.parts.rooms.infos.values()
            ),
        ],
        compare=studio.workspace.head.compare.click,
        full_screen=window.toggle_full_screen,
        plugins=tell.show_plugins,
        log=tell.show_log,
        diagnostics=tell.copy_diagnostics,
        about=tell.show_about,
    )
