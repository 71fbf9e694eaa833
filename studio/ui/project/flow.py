"""Opening, making and closing projects, without ever holding the window up."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from studio.errors import StudioError
from studio.given_paths import exists
from studio.paths import data_folder, projects_folder
from studio.project.edits import Edits
from studio.project.layout import EDITS
from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.ui.items.project_trouble import Trouble
from studio.ui.kit.choosers import choose_folder, choose_target
from studio.ui.kit.tasks import Later, Task
from studio.ui.project.lost import let_go
from studio.words import tr

if TYPE_CHECKING:
    from studio.jobs.runner import Runner
    from studio.settings import Backups

QUEUE_MS = 100
"""After a project was opened: a worker that starts takes a processor from the window being drawn."""
PROVE_MS = 2000
"""After a project was opened: when the gallery has been drawn."""
SUFFIX = ".studio"

log = logging.getLogger(__name__)


def free_folder(parent: Path, name: str) -> Path:
    """`name.studio` in this folder, with a number where that is taken."""
    number = 1
    while True:
        folder = parent / (f"{name}{SUFFIX}" if number == 1 else f"{name} {number}{SUFFIX}")
        if not exists(folder):
            return folder
        number += 1


def edits_of(project: Project) -> Edits:
    """The journal of its unfinished work: in its folder, or in the user's own if that is read-only."""
    if not project.read_only:
        return Edits(project.folder / EDITS)
    folder = data_folder() / EDITS
    with contextlib.suppress(OSError):  # then it is only kept as long as the window is open
        folder.mkdir(exist_ok=True)
    return Edits(folder / project.uuid)


class ProjectFlow(QObject):
    """Sets `WindowContext.project`, `edits` and `runner`, and tells when they changed."""

    opening = Signal(object)
    """The folder of the project that is being opened."""
    opened = Signal()
    closed = Signal()
    lost = Signal()
    """The folder of the open project cannot be read any more. What is typed and painted stays."""
    runner_changed = Signal()

    def __init__(self, context: WindowContext, raise_other: Callable[[Path], bool] = lambda _: False) -> None:
        """`raise_other` raises another window of ours that has this project open; False if none has."""
        super().__init__()
        self._context = context
        self._raise_other = raise_other
        self._trouble = Trouble(context, self._open_read_only, self._recover)
        self._busy = False
        self.folder: Path | None = None
        """Of the project that is open or being opened."""
        self._then: Callable[[], object] | None = None
        self._coming: Path | None = None
        self.lost_folder: Path | None = None
        """Of a project that is still this window's, but cannot be read: see `lose`."""
        self._opened: Later[tuple[Project, Edits]] | None = None
        self._started: Later[Runner] | None = None
        """What a thread makes just now: whoever leaves meanwhile waits for it, and ends it."""
        self.has_returned = False
        """Whether the project that was opened last is the one that was lost."""
        self._backup = QTimer(self)
        self._backup.timeout.connect(self.back_up)
        self.set_backups(context.settings.backups)

    # What the user asks for --------------------------------------------------------------------------------

    def ask_new(self) -> None:
        folder = projects_folder()
        folder.mkdir(parents=True, exist_ok=True)
        choose_target(
            self._context.window,
            tr("New project"),
            free_folder(folder, tr("Untitled")),
            self.create,
            words=tr("Create"),
        )

    def ask_open(self, chosen: Callable[[Path], object] | None = None) -> None:
        choose_folder(self._context.window, tr("Open project"), str(projects_folder()), chosen or self.open)

    def create(self, folder: Path, then: Callable[[], object] | None = None) -> None:
        """Makes a project and opens it, then calls `then`."""
        if folder.suffix != SUFFIX:
            folder = folder.with_name(folder.name + SUFFIX)
        self._start(folder, lambda: Project.create(folder), then)

    def create_unnamed(self, then: Callable[[], object] | None = None) -> None:
        """A project for who just begins: named after the day, in the usual place."""
        parent = projects_folder()
        self.create(free_folder(parent, time.strftime("%Y-%m-%d")), then)

    def open(self, folder: Path, *, read_only: bool = False) -> None:
        folder = folder.absolute()
        if self._raise_other(folder):
            return
        project = self._context.project
        if project is None or project.folder != folder or project.read_only != read_only:
            self._start(folder, lambda: Project.open(folder, read_only=read_only, prove=False))

    def lose(self) -> None:
        """The folder of the open project is gone: lets go of it, but not of what is typed and painted."""
        context = self._context
        project = context.project
        if project is None or self._busy:
            return
        self._busy = True
        self.lost_folder = project.folder
        runner = self._give_up_runner()
        context.project = None
        self.runner_changed.emit()
        self.lost.emit()
        context.tasks.start(
            tr("Letting go of the project"), lambda _: let_go(project, runner()), lambda _: self._set_idle()
        )

    def come_back(self) -> None:
        """Opens the project again whose folder was gone."""
        folder = self.lost_folder
        if folder is not None and self._busy:
            QTimer.singleShot(QUEUE_MS, self.come_back)
        elif folder is not None:
            self._start(folder, lambda: Project.open(folder, prove=False))

    def _open_read_only(self, folder: Path) -> None:
        self.open(folder, read_only=True)

    def open_sample(self) -> None:
        folder = projects_folder() / f"Sample{SUFFIX}"

        def work() -> Project:
            from studio.project.sample import create_sample

            return Project.open(folder) if folder.exists() else create_sample(folder)

        self._start(folder, work)

    def close(self) -> None:
        """Closes the project; the window then has none."""
        self.leave()

    def leave(self, then: Callable[[], object] | None = None) -> None:
        """Like `close`; then calls `then`, which comes also where there was nothing to close."""

        def left(_: object) -> None:
            self._set_idle()
            if then is not None:
                then()

        if self._context.project is not None and not self._busy:
            self._busy = True
            self._leave(left)
            return
        if self.lost_folder is not None and not self._busy:
            self.lost_folder = None
            self._set_idle()
            self._give_up_edits()()
        if then is not None:
            then()

    def close_now(self) -> None:
        """At the end of the program: waits until the running job is back in the queue."""
        context = self._context
        project = context.project
        if project is None and self._opened is not None:
            project, _ = self._opened.result() or (None, None)
        runner = self._give_up_runner()
        context.project = self.folder = None
        self.runner_changed.emit()
        self.closed.emit()
        self._give_up_edits()()
        running = runner()
        if running is not None:
            running.stop()
        try:
            if project is not None:
                project.close()
        except (StudioError, OSError) as error:
            log.warning("The project could not be closed well: %s", error)

    def back_up(self) -> None:
        project = self._context.project
        if project is not None and not project.read_only:
            keep = self._context.settings.backups.keep
            self._context.tasks.start(tr("Backing up"), lambda _: project.backup(keep), lambda _: None)

    def set_backups(self, wanted: Backups) -> None:
        """Backs up so often from now on; how many are kept counts at the next one, the days of the trash when
        the project is closed."""
        self._backup.start(wanted.minutes * 60_000)
        if self._context.project is not None:
            self._context.project.trash_days = wanted.trash_days

    def start_runner(self) -> None:
        """Once both are there: a project that can be written, and the plugins."""
        context = self._context
        project, catalog = context.project, context.catalog
        if project is None or catalog is None or project.read_only:
            return
        if context.runner is not None or self._started is not None:
            return

        def work() -> Runner:
            from studio.jobs.runner import Runner

            runner = Runner(
                project,
                catalog,
                context.models,
                on_event=context.bridge.post,
                devices=catalog.devices,
                side_lane=True,
            )
            runner.start()
            runner.warm_up()
            return runner

        later = self._started = Later(work)

        def started(runner: Runner) -> None:
            if self._started is later:
                self._started = None
                context.runner = runner
                self.runner_changed.emit()

        def failed(error: BaseException) -> None:
            if self._started is later:
                self._started = None
                context.report(error)

        context.tasks.start(tr("Starting the queue"), lambda _: later.run(), started, failed)

    # How it is done ----------------------------------------------------------------------------------------

    def _start(
        self, folder: Path, work: Callable[[], Project], then: Callable[[], object] | None = None
    ) -> None:
        if self._busy:
            return
        self._busy = True
        self._then = then
        self.folder = self._coming = folder
        self.opening.emit(folder)

        def open_both() -> tuple[Project, Edits]:
            project = work()
            return project, edits_of(project)

        def begin(_: object) -> None:
            later = self._opened = Later(open_both)
            self._context.tasks.start(
                tr("Opening {name}", name=folder.name.removesuffix(SUFFIX)),
                lambda _: later.run(),
                self._on_opened,
                lambda error: self._on_failed(folder, error),
            )

        if self._context.project is None:
            begin(None)
        else:
            self._leave(begin)

    def _leave(self, then: Callable[[object], object]) -> None:
        """Stops the runner and closes the project on a thread."""
        context = self._context
        project, runner = context.project, self._give_up_runner()
        context.project = None
        self.folder = self._coming
        self.runner_changed.emit()
        self.closed.emit()
        close_edits = self._give_up_edits()

        def work(_: Task) -> None:
            close_edits()
            running = runner()
            if running is not None:
                running.stop()
            if project is not None:
                project.close()

        def failed(error: BaseException) -> None:
            context.report(error)
            then(None)

        context.tasks.start(tr("Closing the project"), work, then, failed)

    def _give_up_runner(self) -> Callable[[], Runner | None]:
        """Takes the runner from the window; the result gives it, once it has started if it just does."""
        runner, later = self._context.runner, self._started
        self._context.runner = self._started = None
        return later.result if later is not None else lambda: runner

    def _give_up_edits(self) -> Callable[[], None]:
        """Takes the journal from the window; the result closes it, which waits for the disk."""
        edits, self._context.edits = self._context.edits, None
        return edits.close if edits is not None else lambda: None

    def _on_opened(self, opened: tuple[Project, Edits]) -> None:
        project, edits = opened
        self._busy = False
        self._opened = None
        self._coming = None
        self.has_returned = self.lost_folder == project.folder
        if self.lost_folder is not None and not self.has_returned:
            self.closed.emit()
            self._give_up_edits()()
        if self._context.edits is None:  # else it has what could not be written while the project was lost
            self._context.edits = edits
        self.lost_folder = None
        self.folder = project.folder
        self._context.project = project
        project.trash_days = self._context.settings.backups.trash_days
        kept = self._context.settings.projects.opened(project.folder, time.time())
        self._context.change_settings("projects", recent=kept.recent, times=kept.times)
        self.opened.emit()
        QTimer.singleShot(QUEUE_MS, self.start_runner)
        QTimer.singleShot(PROVE_MS, lambda: self._prove(project))
        then, self._then = self._then, None
        if then is not None:
            then()

    def _on_failed(self, folder: Path, error: BaseException) -> None:
        self._opened = None
        self._set_idle()
        self._trouble.tell(folder, error)

    def _prove(self, project: Project) -> None:
        """Reads the whole database once: here and not while opening, since nobody should wait for it."""
        if self._context.project is not project:
            return

        def failed(error: BaseException) -> None:
            if self._context.project is project:
                self._trouble.tell(project.folder, error)

        self._context.tasks.start(
            tr("Reading the project"), lambda _: project.prove(), lambda _: None, failed
        )

    def _recover(self, folder: Path) -> None:
        def work() -> Project:
            from studio.project.recovery import recover

            recover(folder, self._context.kinds)
            return Project.open(folder)

        self._start(folder, work)

    def _set_idle(self) -> None:
        self._busy = False
        self._then = self._coming = None
        project = self._context.project
        self.folder = project.folder if project is not None else self.lost_folder
        if self.folder is None:
            self.closed.emit()
