"""Commands of rooms: there while their room is shown, and gone with it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QWidget

from studio.core.item import Item
from studio.ui.kit.actions import plain
from studio.ui.kit.commands import Command
from studio.ui.kit.room import Room, RoomContext
from studio.ui.shell.room_host import RoomInfo
from studio.ui.shell.studio_window import StudioWindow


class Swatches(Room):
    """Counts how often its command is given."""

    def __init__(self, context: RoomContext) -> None:
        super().__init__(context)
        self.mixed = 0

    def stage(self) -> QWidget:
        return QWidget()

    def open(self, items: Sequence[Item]) -> None:
        """Nothing is shown."""

    def commands(self) -> Sequence[Command]:
        return [
            Command("swatches.mix", "&Mix", self.mix, "room", "Ctrl+Alt+9"),
            Command("swatches.turn", "Turn", self.mix, keys="T", scope="panel"),
        ]

    def mix(self) -> None:
        self.mixed += 1


@pytest.fixture
def rooms(studio: StudioWindow) -> StudioWindow:
    """With two rooms more, of which one has commands."""
    host = studio.parts.rooms
    for id, load in (("swatches", lambda: Swatches), ("bare", lambda: Bare)):
        info = RoomInfo(
            id=id, title=id.title(), icon="file", kinds=(), generators=(), plugin="palette", load=load
        )
        host.infos[id] = info  # type: ignore[index]
    return studio


class Bare(Swatches):
    """A room without commands."""

    def commands(self) -> Sequence[Command]:
        return ()


def titles(studio: StudioWindow) -> list[str]:
    return [plain(action.text()) for action in studio.window.menuBar().actions()]


def test_a_room_has_its_menu_while_it_is_shown(rooms: StudioWindow) -> None:
    host = rooms.parts.rooms
    before = titles(rooms)
    host.show("swatches")
    assert titles(rooms)[titles(rooms).index("View") - 1] == "Swatches"
    assert rooms.menus.bar.menus["room"].title() == "&Swatches"
    assert [action.objectName() for action in rooms.menus.bar.menus["room"].actions()] == ["swatches.mix"]
    host.show("bare")
    assert titles(rooms) == before
    host.show("swatches")
    assert "Swatches" in titles(rooms)
    host.leave()
    assert titles(rooms) == before


def test_its_commands_do_nothing_while_another_room_is_shown(rooms: StudioWindow) -> None:
    host = rooms.parts.rooms
    host.show("swatches")
    room = host.get("swatches")
    assert isinstance(room, Swatches)
    rooms.actions["swatches.mix"].trigger()
    rooms.actions["swatches.turn"].trigger()
    assert room.mixed == 2
    host.show("bare")
    rooms.actions["swatches.mix"].trigger()
    assert room.mixed == 2
    assert not rooms.actions["swatches.mix"].isEnabled()


def test_a_room_that_is_opened_again_has_its_commands_once(rooms: StudioWindow) -> None:
    host = rooms.parts.rooms
    host.show("swatches")
    host.reopen("swatches")
    assert [id for id in rooms.actions if id.startswith("swatches.")] == ["swatches.mix", "swatches.turn"]


def test_a_menu_of_a_room_has_a_key_that_no_other_menu_has(rooms: StudioWindow) -> None:
    """V, I, E and W belong to menus that are always there."""
    menus = rooms.menus.bar
    menus.show_room("Views", [])
    assert menus.menus["room"].title() == "View&s"
    menus.show_room("Vie", [])
    assert menus.menus["room"].title() == "Vie"
