"""The menu bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from studio.ui.theme import Choice
from studio.ui.window import MainWindow

Act = Callable[[], object]
Keys = QKeySequence.StandardKey


@dataclass(frozen=True)
class Commands:
    """What the menus do."""

    new: Act
    open: Act
    sample: Act
    recent: Callable[[Path], object]
    close: Act
    import_photos: Act
    export: Act
    pack: Act
    unpack: Act
    check: Act
    quit: Act
    theme: Callable[[Choice], object]
    generate: Act
    batch: Act
    pause_all: Act
    plugins: Act
    log: Act
    diagnostics: Act
    about: Act


class Menus:
    """Builds the menus of a window; `needs_project` and `needs_writing` list what is off without one."""

    def __init__(self, window: MainWindow, commands: Commands, theme: Choice) -> None:
        self._window = window
        self._commands = commands
        self.needs_project: list[QAction] = []
        self.needs_writing: list[QAction] = []
        self.themes: dict[Choice, QAction] = {}
        self._file()
        self._edit()
        self._mask()
        self._view(theme)
        self._generate()
        self._help()
        self.set_project(open=False, writable=False)

    def set_project(self, *, open: bool, writable: bool) -> None:
        for action in self.needs_project:
            action.setEnabled(open)
        for action in self.needs_writing:
            action.setEnabled(writable)

    def set_recent(self, folders: list[Path]) -> None:
        self.recent.clear()
        for folder in folders:
            action = self.recent.addAction(folder.name.removesuffix(".studio"))
            action.setToolTip(str(folder))
            action.triggered.connect(lambda _=False, one=folder: self._commands.recent(one))
        self.recent.setEnabled(bool(folders))

    def _file(self) -> None:
        c = self._commands
        menu = self._window.menuBar().addMenu("&File")
        self._add(menu, "&New project…", c.new, Keys.New)
        self._add(menu, "&Open project…", c.open, Keys.Open)
        self.recent = menu.addMenu("Open &recent")
        self.recent.setToolTipsVisible(True)
        self._add(menu, "Open &sample project", c.sample)
        menu.addSeparator()
        # Without a project a photo begins one, so that this is always possible.
        self._add(menu, "&Import photos…", c.import_photos, "Ctrl+I")
        self.needs_project.append(self._add(menu, "&Export…", c.export, "Ctrl+E"))
        menu.addSeparator()
        self.needs_project.append(self._add(menu, "&Pack for sharing…", c.pack))
        self._add(menu, "&Unpack…", c.unpack)
        self.needs_project.append(self._add(menu, "Chec&k project…", c.check))
        menu.addSeparator()
        self.needs_project.append(self._add(menu, "&Close project", c.close, Keys.Close))
        self._add(menu, "&Quit", c.quit, "Ctrl+Q")

    def _edit(self) -> None:
        groups = self._window.workspace.canvas.commands.groups
        menu = self._window.menuBar().addMenu("&Edit")
        menu.addActions(groups["Edit"])
        menu.addSeparator()
        menu.addActions(groups["Brush"])

    def _mask(self) -> None:
        groups = self._window.workspace.canvas.commands.groups
        menu = self._window.menuBar().addMenu("&Mask")
        menu.addActions(groups["Tools"])
        menu.addSeparator()
        menu.addActions(groups["Mask"])

    def _view(self, theme: Choice) -> None:
        window, workspace = self._window, self._window.workspace
        menu = window.menuBar().addMenu("&View")
        self._add(menu, "&Canvas", lambda: workspace.show_view(0), "Ctrl+1")
        self._add(menu, "C&ompare", lambda: workspace.result and workspace.show_view(1), "Ctrl+2")
        menu.addSeparator()
        menu.addActions(workspace.canvas.commands.groups["View"])
        menu.addSeparator()
        panels = menu.addMenu("&Panels")
        for number, panel in enumerate(window.panels.values(), start=1):
            action = panel.toggleViewAction()
            action.setShortcut(QKeySequence(f"Ctrl+Shift+{number}"))
            panels.addAction(action)
        panels.addSeparator()
        self._add(panels, "&Reset layout", window.reset_layout)
        themes = menu.addMenu("&Theme")
        group = QActionGroup(window)
        choices: tuple[tuple[Choice, str], ...] = (
            ("system", "Like the &system"),
            ("light", "&Light"),
            ("dark", "&Dark"),
        )
        for choice, words in choices:
            action = themes.addAction(words)
            action.setCheckable(True)
            action.setChecked(choice == theme)
            action.triggered.connect(lambda _=False, one=choice: self._commands.theme(one))
            group.addAction(action)
            self.themes[choice] = action
        self._add(menu, "&Full screen", self._full_screen, Keys.FullScreen)

    def _generate(self) -> None:
        c = self._commands
        menu = self._window.menuBar().addMenu("&Generate")
        action = self._add(menu, "&Generate", c.generate)
        action.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self.needs_writing.append(action)
        self.needs_writing.append(self._add(menu, "Generate from &folders…", c.batch, "Ctrl+Shift+Return"))
        menu.addSeparator()
        self.needs_writing.append(self._add(menu, "&Pause or go on with all", c.pause_all, "Ctrl+P"))

    def _help(self) -> None:
        c = self._commands
        menu = self._window.menuBar().addMenu("&Help")
        self._add(menu, "&Plugins…", c.plugins)
        self._add(menu, "&Log…", c.log)
        self._add(menu, "&Copy diagnostics", c.diagnostics)
        menu.addSeparator()
        self._add(menu, "&About Studio", c.about)

    def _full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def _add(self, menu: QMenu, text: str, act: Act, keys: str | Keys | None = None) -> QAction:
        action = menu.addAction(text)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _=False: act())
        return action
