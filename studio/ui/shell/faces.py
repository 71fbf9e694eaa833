"""What the parts of a window may ask of it, and of the program: so that none of them imports the whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from studio.models.store import ModelStore
    from studio.plugins.catalog import Catalog
    from studio.plugins.media import Media
    from studio.ui.context import WindowContext
    from studio.ui.gallery.panel import GalleryPanel
    from studio.ui.generate.flow import GenerateFlow
    from studio.ui.generate.panel import GeneratePanel
    from studio.ui.items.thumbnails import Thumbnails
    from studio.ui.kit.actions import Actions
    from studio.ui.kit.shared_settings import SharedSettings
    from studio.ui.kit.theme import Theme
    from studio.ui.project.flow import ProjectFlow
    from studio.ui.queue.panel import QueuePanel
    from studio.ui.shell.help_flow import HelpFlow
    from studio.ui.shell.items import ItemFlow
    from studio.ui.shell.kept_window import KeptWindow
    from studio.ui.shell.looks import Looks
    from studio.ui.shell.parts import Parts
    from studio.ui.shell.undo_flow import UndoFlow
    from studio.ui.shell.window import MainWindow
    from studio.ui.shell.workspace import Workspace


class Program(Protocol):
    """The program behind all windows: `studio.ui.shell.session.Session`."""

    shared: SharedSettings
    looks: Looks
    used: list[str]
    media: Media
    models: ModelStore
    catalog: Catalog | None

    @property
    def windows(self) -> Sequence[Studio]: ...
    def note_use(self, id: str) -> None: ...
    def on_project(self) -> None: ...
    def open_in_window(self, folder: Path | None) -> Studio: ...
    def show_preferences(self, page: str = "") -> None: ...
    def quit(self) -> None: ...


class RecentMenu(Protocol):
    """The menu of recent projects."""

    def show_recent(self, folders: Sequence[Path]) -> None: ...


class Studio(Protocol):
    """A window with everything behind it: `studio.ui.shell.studio_window.StudioWindow`."""

    context: WindowContext
    projects: ProjectFlow
    thumbnails: Thumbnails
    help: HelpFlow
    parts: Parts
    window: MainWindow
    panel: GeneratePanel
    workspace: Workspace
    queue: QueuePanel
    gallery: GalleryPanel
    generating: GenerateFlow
    items: ItemFlow
    undo: UndoFlow
    actions: Actions
    kept: KeptWindow

    @property
    def session(self) -> Program: ...
    @property
    def menus(self) -> RecentMenu: ...
    @property
    def theme(self) -> Theme: ...
    def place(self) -> str: ...
    def to_front(self) -> None: ...
    def set_theme(self, choice: str) -> None: ...
    def show_palette(self) -> None: ...
    def show_preferences(self, page: str = "") -> None: ...
    def show_home(self) -> None: ...
    def manage_recent(self) -> None: ...
    def export_selected(self) -> None: ...
