"""The commands that no panel gives: files, windows, looks, panels, help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct

from studio.ui.kit.commands import Command
from studio.words import tr

Act = Callable[[], object]


class WindowActs(Struct, frozen=True):
    """What they do."""

    new: Act
    open: Act
    open_in_new_window: Act
    new_window: Act
    sample: Act
    close: Act
    close_window: Act
    manage_recent: Act
    import_photos: Act
    export: Act
    quit: Act
    undo: Act
    redo: Act
    preferences: Act
    shortcuts: Act
    palette: Act
    theme: Callable[[str], object]
    home: Act
    rooms: Sequence[tuple[str, str, str, Act]]
    """(id, title, icon, what shows it) of each."""
    compare: Act
    reset_layout: Act
    full_screen: Act
    plugins: Act
    log: Act
    diagnostics: Act
    about: Act


def themes() -> tuple[tuple[str, str], ...]:
    return (
        ("system", tr("Like the &system")),
        ("light", tr("&Light")),
        ("dark", tr("&Dark")),
        ("contrast", tr("&High contrast, like the system")),
        ("contrast-light", tr("High contrast, l&ight")),
        ("contrast-dark", tr("High contrast, d&ark")),
    )


def window_commands(do: WindowActs) -> list[Command]:
    return [*_file(do), *_edit(do), *_view(do), *_window(do), *_help(do)]


def _file(do: WindowActs) -> list[Command]:
    return [
        Command("file.new", tr("&New project…"), do.new, "file", "Ctrl+N", group="open", icon="new"),
        Command("file.open", tr("&Open project…"), do.open, "file", "Ctrl+O", group="open", icon="open"),
        Command(
            "file.open_in_window",
            tr("Open in new &window…"),
            do.open_in_new_window,
            "file",
            "Ctrl+Shift+O",
            group="open",
        ),
        Command("file.sample", tr("Open &sample project"), do.sample, "file", group="open"),
        Command("file.recent", tr("&Manage recent projects…"), do.manage_recent, "file", group="open"),
        # Without a project a photo begins one, so that this is always possible.
        Command(
            "file.import",
            tr("&Import…"),
            do.import_photos,
            "file",
            "Ctrl+I",
            group="in",
            words=tr("add bring in files photos pictures"),
        ),
        Command("file.export", tr("&Export…"), do.export, "file", "Ctrl+E", "project", "out"),
        Command("file.close", tr("&Close project"), do.close, "file", "Ctrl+W", "project", "close"),
        Command("file.quit", tr("&Quit"), do.quit, "file", "Ctrl+Q", group="quit", words=tr("exit end")),
    ]


def _edit(do: WindowActs) -> list[Command]:
    return [
        Command("edit.undo", tr("&Undo"), do.undo, "edit", "Ctrl+Z", group="undo", icon="undo"),
        Command("edit.redo", tr("&Redo"), do.redo, "edit", "Ctrl+Shift+Z; Ctrl+Y", group="undo", icon="redo"),
        Command(
            "edit.preferences",
            tr("Pr&eferences…"),
            do.preferences,
            "edit",
            "Ctrl+,",
            group="settings",
            words=tr("settings options language theme"),
        ),
        Command("edit.shortcuts", tr("&Keyboard shortcuts…"), do.shortcuts, "edit", group="settings"),
    ]


def _view(do: WindowActs) -> list[Command]:
    looks = "appearance/" + tr("&Theme")  # in an f-string the extractor would not see it
    return [
        Command(
            "view.palette",
            tr("&Find a command…"),
            do.palette,
            "view",
            "Ctrl+Shift+P; Ctrl+K",
            group="palette",
            icon="search",
            words=tr("palette search actions"),
        ),
        Command(
            "view.home",
            tr("&First page"),
            do.home,
            "view",
            "Ctrl+Shift+H",
            "project",
            group="views",
            icon="home",
            words=tr("home begin start welcome recent"),
        ),
        *(
            Command(
                f"view.room_{id}",
                title,
                act,
                "view",
                f"Ctrl+{number}" if number < 10 else "",
                group="views",
                icon=drawing,
            )
            for number, (id, title, drawing, act) in enumerate(do.rooms, start=1)
        ),
        Command("view.compare", tr("Com&pare"), do.compare, "view", "Ctrl+0", group="views", icon="compare"),
        *(
            Command(
                f"view.theme_{name}",
                title,
                partial(do.theme, name),
                "view",
                group=looks,
                checkable=True,
                words=tr("theme colors appearance"),
            )
            for name, title in themes()
        ),
        Command("view.full_screen", tr("F&ull screen"), do.full_screen, "view", "F11", group="screen"),
    ]


def _window(do: WindowActs) -> list[Command]:
    return [
        Command("window.new", tr("&New window"), do.new_window, "window", "Ctrl+Shift+N", group="windows"),
        Command(
            "window.close", tr("&Close window"), do.close_window, "window", "Ctrl+Shift+W", group="windows"
        ),
        Command("window.reset", tr("&Reset layout"), do.reset_layout, "window", group="layout"),
    ]


def _help(do: WindowActs) -> list[Command]:
    return [
        Command("help.plugins", tr("&Plugins…"), do.plugins, "help", group="plugins"),
        Command("help.log", tr("&Log…"), do.log, "help", group="problems"),
        Command("help.diagnostics", tr("Copy &diagnostics"), do.diagnostics, "help", group="problems"),
        Command("help.about", tr("&About Studio"), do.about, "help", group="about"),
    ]
