"""What is unfinished on the stages of rooms, kept on the disk by project and room.

Kept beside the settings, not in the project: it is no item yet, and goes to nobody with a packed project. It
stays while a room's plugin is missing.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from studio.ui.context import WindowContext
from studio.ui.kit.room import MOST_SAVED, Room
from studio.ui.shell.room_host import RoomHost
from studio.user_files import read

KEEP_MS = 300
"""After the last change."""
_HEAD = b"studio room "

log = logging.getLogger(__name__)


class KeptStages(QObject):
    """Writes what `Room.save` gives soon after each change, and gives it back at the next start."""

    def __init__(self, context: WindowContext, rooms: RoomHost, folder: Path) -> None:
        super().__init__()
        self._context, self._rooms, self._folder = context, rooms, folder
        self._project = ""
        """Whose stages are shown now."""
        self._changed: set[str] = set()
        self._timer = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._timer.timeout.connect(self.keep)
        rooms.loaded.connect(self._bring_back)

    def note(self, room: str) -> None:
        """The stage of this room has changed."""
        self._changed.add(room)
        self._timer.start()

    def keep(self) -> None:
        """Writes what has changed, now."""
        self._timer.stop()
        changed, self._changed = self._changed, set()
        for id in changed if self._project else ():
            format, state = self._rooms.call(id, lambda room: (room.FORMAT, room.save()), (0, b""))
            if len(state) > MOST_SAVED:
                log.error("The room %s gave %d bytes to keep, which is too much", id, len(state))
            elif format:
                self._write(self._file(id), _HEAD + b"%d\n" % format + state if state else b"")

    def show_project(self) -> None:
        """A project is open: its stages come back. Rooms that have nothing there are not loaded for that."""
        project = self._context.project
        self._project = project.uuid if project is not None and not project.read_only else ""
        for id in self._rooms.infos:
            if self._rooms.is_loaded(id):
                self._bring_back(id)
            elif self._project and self._file(id).exists():
                self._rooms.get(id)  # it is brought back when it is loaded

    def leave_project(self) -> None:
        """The project is about to be closed, or the window."""
        self.keep()
        self._project = ""

    def _bring_back(self, id: str) -> None:
        if not self._project:
            return
        try:
            data = read(self._file(id), MOST_SAVED + 64)
        except OSError:
            return
        head, _, state = data.partition(b"\n")
        if head.startswith(_HEAD) and head[len(_HEAD) :].isdigit() and state:
            format = int(head[len(_HEAD) :])
            self._rooms.call(id, lambda room: _restore(room, state, format), None)

    def _file(self, room: str) -> Path:
        return self._folder / self._project / room

    def _write(self, file: Path, data: bytes) -> None:
        try:
            if not data:
                file.unlink(missing_ok=True)
                return
            file.parent.mkdir(parents=True, exist_ok=True)
            fresh = file.with_name(f"{file.name}.{os.getpid()}")
            fresh.write_bytes(data)
            fresh.replace(file)
        except OSError as error:
            log.warning("The stage of the room %s was not kept: %s", file.name, error)


def _restore(room: Room, state: bytes, format: int) -> None:
    room.restore(state, format)
