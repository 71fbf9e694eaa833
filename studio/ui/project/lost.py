"""A project whose drive was pulled: noticed, told once, and opened again when it is back."""

from __future__ import annotations

import logging
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from studio.errors import MissingBlob, ProjectError, StudioError
from studio.project.layout import DATABASE
from studio.ui.context import WindowContext

if TYPE_CHECKING:
    from studio.jobs.runner import Runner
    from studio.project.store import Project

log = logging.getLogger(__name__)

LOOK_MS = 2000


class Seen(Struct, frozen=True):
    """Whether a project's folder could be read just now."""

    folder: Path
    is_there: bool
    number: int
    """Of the look: what was asked later was answered later."""


class Watch(QObject):
    """Looks after the folder of the open project, on a thread: a drive that is gone may not answer soon."""

    lost = Signal()
    back = Signal()

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._folder: Path | None = None
        self._looking: threading.Thread | None = None
        self.is_lost = False
        self._asked = 0
        self._doubted: BaseException | None = None
        self._doubted_after = 0
        """A look up to this one began before the error, and says nothing of it."""
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        context.bridge.listen(self._on_event)

    def follow(self, folder: Path | None) -> None:
        """Looks after another folder from now on, or none."""
        self._folder = folder
        self.is_lost = False
        if folder is None:
            self._timer.stop()
        else:
            self._timer.start()

    def look(self) -> None:
        """Asks now; the answer comes later. A question that is still open is not asked twice."""
        folder = self._folder
        if folder is None or (self._looking is not None and self._looking.is_alive()):
            return
        self._asked += 1
        self._looking = threading.Thread(
            target=self._see, args=(folder, self._asked), name="project folder", daemon=True
        )
        self._looking.start()

    def _see(self, folder: Path, number: int) -> None:
        try:
            read_some(folder / DATABASE)
            is_there = True
        except OSError:
            is_there = False
        self._context.bridge.post(Seen(folder, is_there, number))

    def doubts(self, error: BaseException) -> bool:
        """Whether to keep this error back: it may only say that the drive is gone, which is told once."""
        if self._folder is None or not is_about_files(error):
            return False
        if not self.is_lost:
            self._doubted, self._doubted_after = error, self._asked
            self.look()
        return True

    def _on_event(self, event: object) -> None:
        if not isinstance(event, Seen) or event.folder != self._folder:
            return
        if self._looking is not None:
            self._looking.join()  # it has answered, so it ends now
        if event.number > self._doubted_after:
            error, self._doubted = self._doubted, None
            if event.is_there and error is not None:
                self._context.show_error(error)
        elif self._doubted is not None:
            self.look()
        if event.is_there == self.is_lost:
            self.is_lost = not event.is_there
            (self.lost if self.is_lost else self.back).emit()


def read_some(file: Path) -> None:
    """Raises OSError where the drive is gone: to ask for the folder alone may be answered from memory."""
    with file.open("rb") as opened:
        opened.read(16)


def is_about_files(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, came from a file or the database."""
    while error is not None:
        if isinstance(error, (OSError, sqlite3.Error, ProjectError, MissingBlob)):
            return True
        error = error.__cause__
    return False


def let_go(project: Project | None, runner: Runner | None) -> None:
    """Stops and closes what belongs to a folder that may be gone; what cannot be written any more is not."""
    stop = runner.stop if runner is not None else None
    leave = project.abandon if project is not None else None
    for close in (stop, leave):
        try:
            if close is not None:
                close()
        except (StudioError, OSError, sqlite3.Error) as error:
            log.warning("While letting go of a project that is gone: %s", error)
