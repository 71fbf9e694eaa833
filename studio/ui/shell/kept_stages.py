"""What is unfinished on the stages of rooms, kept in the project's journal.

It is no item yet, and goes to nobody with a packed project. It stays while a room's plugin is missing.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.project.edits import Edits, Value
from studio.ui.context import WindowContext
from studio.ui.kit.room import MOST_SAVED, Room
from studio.ui.shell.room_host import RoomHost
from studio.ui.shell.soon import Soon

_HEAD = b"studio room "


class KeptStages(QObject):
    """Keeps what `Room.save` gives soon after each change, and gives it back at the next start."""

    def __init__(self, context: WindowContext, rooms: RoomHost) -> None:
        super().__init__()
        self._context, self._rooms = context, rooms
        self._edits: Edits | None = None
        """Of the project whose stages are shown now."""
        self._changed: set[str] = set()
        self._soon = Soon(self.keep)
        rooms.loaded.connect(self._bring_back)

    def note(self, room: str) -> None:
        """The stage of this room has changed."""
        self._changed.add(room)
        self._soon.note()

    def keep(self) -> None:
        """Keeps what has changed, now."""
        self._soon.stop()
        changed, self._changed = self._changed, set()
        nothing: tuple[int, Value] = (0, b"")
        for id in changed if self._edits is not None else ():
            format, state = self._rooms.call(id, lambda room: (room.FORMAT, room.save()), nothing)
            if format and self._edits is not None:
                self._edits.keep(_key(id), _packed(format, state))

    def show_project(self) -> None:
        """A project is open: its stages come back. Rooms that have nothing there are not loaded for that."""
        is_back = self._edits is not None and self._edits is self._context.edits
        self._edits = self._context.edits
        if self._edits is None or is_back:
            return
        for id in self._rooms.infos:
            if self._rooms.is_loaded(id):
                self._bring_back(id)
            elif not self._rooms.is_expected(id) and self._edits.has(_key(id)):
                self._rooms.get(id)  # it is brought back when it is loaded

    def leave_project(self) -> None:
        """The project is about to be closed, or the window."""
        self.keep()
        self._edits = None

    def _bring_back(self, id: str) -> None:
        if self._edits is None or not self._edits.has(_key(id)):
            return
        head, _, state = b"".join(self._edits.kept(_key(id))).partition(b"\n")
        if head.startswith(_HEAD) and head[len(_HEAD) :].isdigit() and state:
            format = int(head[len(_HEAD) :])
            self._rooms.call(id, lambda room: _restore(room, state, format), None)


def _key(room: str) -> str:
    return f"{room}:stage"


def _packed(format: int, state: Value) -> Value:
    """May be slow, where it is a function."""

    def pack() -> bytes:
        data = state if isinstance(state, bytes) else state()
        if len(data) > MOST_SAVED:
            raise ValueError(f"{len(data)} bytes are too much for a room to save")
        return _HEAD + b"%d\n" % format + data if data else b""

    return pack


def _restore(room: Room, state: bytes, format: int) -> None:
    room.restore(state, format)
