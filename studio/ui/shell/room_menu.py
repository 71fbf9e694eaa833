"""The commands of rooms in one window: in the menu bar, the palette and by their shortcuts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from studio.ui.kit.actions import Actions
from studio.ui.kit.commands import Command
from studio.ui.kit.menus import Menus
from studio.ui.shell.room_host import RoomHost
from studio.words import tr


class RoomMenu(QObject):
    """A room's commands are there from when its stage is made, and work while the room is shown."""

    def __init__(self, rooms: RoomHost, actions: Actions, bar: Menus) -> None:
        super().__init__(rooms)
        self._rooms, self._actions, self._bar = rooms, actions, bar
        rooms.staged.connect(self._on_stage)
        rooms.shown.connect(self._show)

    def _on_stage(self, id: str, stage: QWidget) -> None:
        nothing: Sequence[Command] = ()
        self._actions.drop_room(id)
        commands = self._rooms.call(id, lambda room: room.commands(), nothing)
        self._actions.add(commands, stage, room=id)
        self._rooms.call(id, lambda room: room.attach_actions(self._actions), None)
        if self._rooms.current == id:
            self._show(id)

    def _show(self, id: str) -> None:
        entries = self._actions.show_room(id)
        title = tr(self._rooms.infos[id].title) if id else ""
        self._bar.show_room(title, [entry for entry in entries if entry.command.menu == "room"])
