"""One window with everything behind it: its project, its panels, and how they speak to each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from studio import paths
from studio.backends.plan_words import device_words
from studio.jobs.events import ItemsAdded, WorkerChanged
from studio.plugins.catalog import Catalog
from studio.ui.items.handing import sweep
from studio.ui.items.thumbnails import Thumbnails
from studio.ui.kit.actions import Actions
from studio.ui.kit.tab_order import set_tab_order
from studio.ui.kit.theme import Theme
from studio.ui.project.flow import ProjectFlow
from studio.ui.project.lost_flow import LostFlow
from studio.ui.shell.extras import Extras
from studio.ui.shell.faces import Program
from studio.ui.shell.help_flow import HelpFlow
from studio.ui.shell.kept_window import KeptWindow
from studio.ui.shell.parts import Parts
from studio.ui.shell.project_view import ProjectView
from studio.ui.shell.room_host import LIBRARY
from studio.ui.shell.undo_flow import UndoFlow
from studio.ui.shell.window_menus import WindowMenus, build_actions
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.context import WindowContext

GET_READY_MS = 1000
"""After the start: when the window has been drawn, and before a hand has found the first photo."""


class Keeper(Program, Protocol):
    """The program, as it keeps its windows."""

    app: QApplication

    @property
    def windows(self) -> Sequence[StudioWindow]: ...
    def start(self, project: Path | None) -> None: ...
    def window_of(self, folder: Path) -> StudioWindow | None: ...
    def look_for_plugins(self) -> None: ...
    def tell_notices(self) -> None: ...
    def on_closing(self, window: StudioWindow) -> None: ...
    def on_ending(self, window: StudioWindow) -> None: ...
    def forget(self, window: StudioWindow) -> None: ...
    def end(self) -> None: ...
    def blame(self, error: BaseException) -> bool: ...


class StudioWindow(QObject):
    """Stays while its project and its queue do; its widgets (`Parts`) may be built anew underneath it."""

    def __init__(self, session: Keeper, context: WindowContext) -> None:
        super().__init__()
        self.session = session
        self.app = session.app
        self.context = context
        self.thumbnails = Thumbnails(context.service, context.bridge, scale=self.app.devicePixelRatio())
        self.projects = ProjectFlow(context, raise_other=self._raise_other)
        self.help = HelpFlow(context, session.look_for_plugins)
        self._lost = LostFlow(context, self.projects)
        self._ended = False
        self.extras = Extras(self)
        self.kept = KeptWindow(context)
        self._view = ProjectView(self, self)
        self._build()
        session.shared.changed.connect(self._on_setting)

    @property
    def theme(self) -> Theme:
        return self.session.looks.theme

    # Widgets -----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        with self.context.bridge.collect() as self._listeners:
            parts = Parts(self.context, self.projects, self.thumbnails, self.theme)
            self.context.bridge.listen(self.on_event)
        self.parts = parts
        self.kept.attach(parts)
        self.models, self.panel, self.workspace = parts.models, parts.panel, parts.workspace
        self.recipe, self.queue, self.gallery = parts.recipe, parts.queue, parts.gallery
        self.generating, self.items, self.exchange = parts.generating, parts.items, parts.exchange
        self.window = self.context.window = parts.window
        self.undo = UndoFlow(self.context, parts.workspace, parts.rooms, parts.window, self._show_changed)
        parts.access.history_changed = self.undo.refresh
        self.actions: Actions = build_actions(self, self.extras.commands())
        self.undo.attach(self.actions)
        self.context.bridge.listen(self.undo.on_event)
        self._listeners.append(self.undo.on_event)
        self.menus = WindowMenus(self)
        self._lost.attach(parts.window.lost_bar)
        self._wire()
        self.extras.attach(parts)
        self._view.show_recent()
        self.generating.refresh()

    def order_tabs(self) -> None:
        """Through all panels. It takes its time, which the first picture does not wait for."""
        panels = self.window.panels
        set_tab_order(
            panels["generate"], self.workspace, panels["gallery"], panels["recipe"], panels["queue"]
        )

    def _wire(self) -> None:
        window, projects = self.window, self.projects
        self.gallery.selection_changed.connect(self._on_selection)
        self.gallery.failed.connect(self.context.report)
        organizer, tags = self.gallery.organizer, self.recipe.tags
        organizer.tags_wanted.connect(self._edit_tags)
        tags.known = lambda: [tag for tag, _ in self.context.project.tags()] if self.context.project else []
        tags.added.connect(organizer.add_tags)
        tags.removed.connect(organizer.remove_tag)
        self.queue.details_wanted.connect(self.help.show_job)
        window.files_dropped.connect(self.items.drop)
        window.closing.connect(self._on_window_closing)
        welcome = window.welcome
        welcome.new_wanted.connect(projects.ask_new)
        welcome.open_wanted.connect(projects.ask_open)
        welcome.room_wanted.connect(self.begin_in)
        welcome.sample_wanted.connect(projects.open_sample)
        welcome.recent_wanted.connect(projects.open)
        welcome.pin_wanted.connect(self.context.shared.pin)
        welcome.forget_wanted.connect(self.context.shared.forget)
        welcome.back_wanted.connect(partial(window.show_welcome, on=False))
        welcome.item_wanted.connect(lambda item: self.items.open([item]))
        self.items.room_shown.connect(self._on_room_shown)
        self.workspace.home_wanted.connect(self.show_home)
        self.workspace.room_changed.connect(self._on_room_changed)

    def _on_room_changed(self, room: str) -> None:
        """The library has the gallery inside of the workspace: of two commands with one key none works."""
        self.actions["workspace.paste"].setEnabled(room != LIBRARY)

    def rebuild(self) -> None:
        """New widgets in place of those that are there, as they stand."""
        self.build_anew()()

    def build_anew(self) -> Callable[[], None]:
        """New widgets for the same project: in another language, size or direction, with their state.

        The window stays as it is until what this returns is called: that shows the new one in its place.
        """
        from studio.ui.kit.focus_place import focus_at, place_of_focus

        self._remember_form()
        self.kept.keep()
        is_home = self.window.shows_welcome
        old, undo, listeners, state = self.parts, self.undo, self._listeners, self.parts.state()
        focus = place_of_focus(old.window)
        error = self.context.take_dialog()
        for listener in listeners:
            self.context.bridge.unlisten(listener)
        self._build()
        self.parts.rooms.expect(state.pop("rooms"))  # type: ignore[arg-type]
        if self.context.catalog is not None:
            self.set_catalog(self.context.catalog)
        self.window.take_over(old.window)
        if self.context.project is not None:
            self._view.show_project()
        self._view.show_runner()
        self.parts.restore(state)
        if is_home and self.context.project is not None:
            self.show_home()
        old.workspace.notice.hand_over(self.workspace.notice)

        def show() -> None:
            if old.window.isVisible():
                self.window.show()
            focus_at(self.window, focus, self.parts.rooms.stack.currentWidget() or self.workspace)
            undo.close()
            old.dispose()
            QTimer.singleShot(0, self.window, self.order_tabs)
            if error is not None:
                self.context.report(error)

        return show

    # Life --------------------------------------------------------------------------------------------------

    def show(self, project: Path | None) -> None:
        """Starts the program with this window: see `Session.start`."""
        self.session.start(project)

    def appear(self, project: Path | None) -> None:
        """Shows the window, and opens a project in it on its thread, while the window is being drawn."""
        self.window.show_welcome(project is None)
        if project is not None:
            self.projects.open(project)
        self.window.show()
        QTimer.singleShot(0, self.session.tell_notices)
        QTimer.singleShot(GET_READY_MS, self._get_ready)

    def _get_ready(self) -> None:
        if not self._ended:
            self.order_tabs()
            loads = [room.load for room in self.parts.rooms.infos.values() if room.is_bundled]
            work = partial(_import_what_comes_next, loads)
            self.context.tasks.start(tr("Getting ready"), work, self._on_ready)

    def _on_ready(self, _: object) -> None:
        self.panel.check_remembered()

    def to_front(self) -> None:
        if self.window.isMinimized():
            self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()

    def place(self) -> str:
        """Where its project is."""
        return str(self.projects.folder or "")

    def leave(self) -> None:
        """One of several windows was closed: its project is closed in the background, then it ends."""
        self._remember_form()
        self.projects.leave(self.end)

    def end(self) -> None:
        """After the window was closed: what runs goes back to the queue, threads end, widgets go."""
        if self._ended:
            return
        self._remember_form()
        self.session.on_ending(self)
        self._ended = True
        self.context.tasks.finish(seconds=10)
        self.projects.close_now()
        self.thumbnails.close()
        self.context.bridge.close()
        self.session.forget(self)
        self.extras.close()
        self.undo.close()
        self.parts.dispose()

    def _on_window_closing(self) -> None:
        self.session.on_closing(self)

    def _remember_form(self) -> None:
        panel = self.panel
        if panel.generator is not None and not self._ended:
            self.context.change_settings("generating", **panel.kept())

    def set_catalog(self, catalog: Catalog) -> None:
        self.context.catalog = catalog
        generators = [one for one in catalog.generators.values() if one.listed]
        chosen = self.context.settings
        self.panel.set_catalog(generators, catalog.devices, self.kept.generating(), chosen.computer.device)
        if self.workspace.room not in ("", LIBRARY):
            self.items.offer(self.workspace.room)
        self.models.catalog_changed()
        broken = [plugin.name for plugin in catalog.plugins if plugin.failure is not None]
        if broken:
            words = tr("Not every plugin works: {names}.", names=", ".join(broken))
            self.workspace.notice.say(words, tr("Why?"), self.help.show_plugins)
        self.projects.start_runner()
        self.generating.refresh()
        self.items.show_selection(self.gallery.selected())

    # What happens ------------------------------------------------------------------------------------------

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if isinstance(event, ItemsAdded):
            self.gallery.items_added()
        elif isinstance(event, WorkerChanged):
            where = device_words(event.device)
            starting = tr("{device}: starting…", device=where) if event.state == "starting" else ""
            self.window.worker.setText(starting)

    def _show_changed(self, uids: frozenset[str]) -> None:
        """What was undone or done again is seen."""
        panel = self.window.panels["gallery"]
        if uids and not panel.isHidden():
            panel.set_folded(False)
            panel.raise_()
        self.items.show_changed(uids)

    def _on_selection(self, items: list[object]) -> None:
        self._view.tell_facts()
        self.generating.note_selection(items)  # type: ignore[arg-type]
        self.items.show_selection(items)  # type: ignore[arg-type]
        self.items.on_selection(items)  # type: ignore[arg-type]

    def _edit_tags(self) -> None:
        """In the recipe panel, wherever that is."""
        panel = self.window.panels["recipe"]
        panel.set_folded(False)
        panel.show()
        panel.raise_()
        self.recipe.tags.edit()

    def _on_setting(self, section: str) -> None:
        if self._ended:
            return
        if section == "projects":
            self._view.show_recent()
        elif section == "appearance":
            self.menus.show_theme(self.context.settings.appearance.theme)
        elif section == "plugins":
            self.parts.access.settings_changed.emit()
        elif section == "computer":
            self.panel.use_device(self.context.settings.computer.device)
        elif section == "backups":
            self.projects.set_backups(self.context.settings.backups)

    def _raise_other(self, folder: Path) -> bool:
        """Raises the window that has this project open, if it is another one."""
        other = self.session.window_of(folder)
        if other is None or other is self:
            return False
        other.to_front()
        return True

    # Commands ----------------------------------------------------------------------------------------------

    def set_theme(self, choice: str) -> None:
        self.context.change_settings("appearance", theme=choice)

    def dress(self, fresh: Theme) -> None:
        """Another theme, for all that is there."""
        self.parts.set_theme(fresh)
        self.actions.set_theme(fresh)
        self.extras.set_theme(fresh)

    def show_palette(self) -> None:
        from studio.ui.shell.palette import show_palette

        show_palette(self)

    def show_preferences(self, page: str = "") -> None:
        self.session.show_preferences(page)

    def begin_in(self, room: str) -> None:
        """A room's own first step, in a project of its own where none is open."""
        rooms = self.parts.rooms
        if rooms.get(room) is not None:
            rooms.act(room, lambda there: there.begin(), None)
        else:
            self.parts.access.new_project(lambda: self.items.show_room(room))

    def show_home(self) -> None:
        """The first page, with what is told of the open project."""
        self._view.show_home()

    def _on_room_shown(self) -> None:
        if self.context.project is not None:
            self.window.show_welcome(False)

    def manage_recent(self) -> None:
        from studio.ui.shell.recent import RecentDialog

        RecentDialog(self).open()

    def export_selected(self) -> None:
        self.items.export_shown()


def _import_what_comes_next(loads: Sequence[Callable[[], Any]], _: object) -> None:
    """The validator, the palette, the rooms (`loads` give their classes): their import would be felt at the
    first key. And tidies up."""
    import jsonschema  # noqa: F401

    import studio.settings
    import studio.ui.shell.palette
    from studio.ui.shell.heap import give_back_memory

    give_back_memory()
    studio.settings.schema()
    for load in loads:
        load().prepare()
    sweep(paths.handed_out_folder())
