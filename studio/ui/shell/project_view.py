"""What a window shows of its project: when it is opened, closed, lost, and when its queue starts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from studio.core.kind import Kind
from studio.errors import StudioError
from studio.project.layout import sync_warning
from studio.ui.items.words import subtitle
from studio.ui.kit.actions import Facts
from studio.ui.project.welcome import WORK, Work, recent_of
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.item import Item
    from studio.project.store import Project
    from studio.ui.shell.faces import Studio

BEGIN_MS = 150
"""After a project is there: what reads and shows a large picture is loaded once the gallery is drawn."""


class ProjectView(QObject):
    """Stays while the window's widgets are built anew: it asks the window for those that are there now."""

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        projects = studio.projects
        projects.opening.connect(self._on_opening)
        projects.opened.connect(self._on_opened)
        projects.closed.connect(self._on_closed)
        projects.lost.connect(self._on_lost)
        projects.runner_changed.connect(self.show_runner)

    def _on_opening(self, folder: Path) -> None:
        studio = self._studio
        studio.window.show_welcome(False)
        studio.window.say(tr("Opening {name}…", name=folder.name.removesuffix(".studio")))

    def _on_opened(self) -> None:
        studio = self._studio
        is_back = studio.projects.has_returned
        self.show_project(brings_back=not is_back)
        project = studio.context.project
        assert project is not None
        if not (is_back or studio.kept.room() or studio.workspace.is_begun or project.items(limit=1)):
            self.show_home()
        if not is_back:
            QTimer.singleShot(BEGIN_MS, self, partial(self._begin, project))
        studio.session.on_project()
        warning = "" if project.read_only else sync_warning(project.folder)
        if warning:
            what, _, advice = warning.partition(". ")
            told = StudioError(f"{what}.", advice)
            studio.workspace.notice.say(told.message, tr("What to do"), lambda: studio.context.report(told))

    def _begin(self, project: Project) -> None:
        """Unless there is another project by now, or the user has begun with something else.

        What was open the last time is open again; where a room has brought back something, that is selected.
        """
        studio, rooms = self._studio, self._studio.parts.rooms
        if studio.context.project is not project:
            return
        if studio.items.is_opening or studio.gallery.selected_ids():
            studio.kept.follow()
            return
        if studio.kept.show_place():
            return
        if not studio.workspace.is_begun:
            studio.items.begin()
            return
        studio.window.show_welcome(False)
        nothing: Sequence[Item] = ()
        shown = rooms.call(rooms.current, lambda room: room.shown(), nothing)
        if shown:
            studio.items.select(shown)

    def show_home(self) -> None:
        """The first page of the open project."""
        studio = self._studio
        project = studio.context.project
        if project is None:
            return
        kinds = studio.context.kinds
        found = [one for one in project.newest_of_stacks(4 * WORK) if one[0].kind != Kind.MASK]
        newest = found[:WORK]
        work = Work(
            name=project.name,
            folder=project.folder,
            going_on=studio.workspace.stage_name,
            items=tuple((item, subtitle(item, kinds, count)) for item, count in newest),
        )
        studio.window.welcome.show_work(work, studio.thumbnails.get)
        studio.window.show_welcome(True)
        studio.window.welcome.take_focus()

    def show_project(self, *, brings_back: bool = False) -> None:
        """With `brings_back` the form, and which room is in front, are as they were in this project."""
        studio = self._studio
        project = studio.context.project
        assert project is not None
        studio.thumbnails.set_source(lambda item: project.blob_path(item.digest))
        studio.gallery.set_project(project)
        name = project.name
        studio.window.setWindowTitle(tr("{name} (read-only)", name=name) if project.read_only else name)
        studio.window.say(str(project.folder))
        if not studio.workspace.room:
            studio.items.show_room(next(iter(studio.parts.rooms.infos)))
        studio.window.show_welcome(False)
        self.tell_facts()
        studio.undo.read()
        studio.parts.access.project_changed.emit()
        if brings_back:
            studio.kept.show_form()
        studio.parts.stages.show_project()
        room = studio.kept.room() if brings_back else ""
        if room:
            studio.items.show_room(room)
        studio.generating.refresh()

    def _on_closed(self) -> None:
        studio = self._studio
        if studio.context.project is not None:
            return
        studio.kept.leave()
        self._close_dialogs()
        studio.thumbnails.set_source(None)
        studio.gallery.set_project(None)
        studio.parts.stages.leave_project()
        studio.parts.rooms.wake()
        studio.parts.access.project_changed.emit()
        studio.workspace.clear()
        studio.window.welcome.show_work(None)
        studio.generating.forget()
        studio.window.setWindowTitle(tr("Studio"))
        studio.window.say("")
        studio.window.show_welcome(True)
        self.tell_facts()
        studio.undo.read()
        studio.session.on_project()

    def _on_lost(self) -> None:
        """Its folder is gone: what needs the project is off, what was typed and painted stays."""
        studio = self._studio
        self._close_dialogs()
        studio.thumbnails.set_source(None)
        studio.gallery.set_project(None)
        self.tell_facts()
        studio.undo.read()
        studio.generating.refresh()

    def _close_dialogs(self) -> None:
        from studio.ui.kit.dialogs import close_dialogs

        close_dialogs(self._studio.window)

    def show_runner(self) -> None:
        studio = self._studio
        studio.queue.set_runner(studio.context.runner)
        studio.generating.refresh()
        studio.items.show_selection(studio.gallery.selected())

    def tell_facts(self) -> None:
        studio = self._studio
        project = studio.context.project
        studio.actions.set_facts(
            Facts(
                project=project is not None,
                writing=project is not None and not project.read_only,
                selection=bool(studio.gallery.selected()),
            )
        )

    def show_recent(self) -> None:
        studio = self._studio
        known = studio.context.settings.projects
        studio.menus.show_recent([Path(entry) for entry in known.recent])
        studio.window.welcome.set_recent(
            recent_of(known.recent, known.pinned, known.times), studio.context.service
        )
