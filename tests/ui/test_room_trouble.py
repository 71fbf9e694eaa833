"""A room that raises, wherever it does: it is named with its plugin, its stage goes, and the window stays."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.core.item import Item
from studio.errors import PluginError, StudioError
from studio.project.store import Project
from studio.ui.kit.room import Room, RoomContext
from studio.ui.shell import app as studio_app
from studio.ui.shell.items import ItemFlow
from studio.ui.shell.room_host import RoomHost, RoomInfo
from studio.ui.shell.room_trouble import RoomStopped
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import Sample, catalog_of, describe


class Odd(Room):
    """Raises where it is asked to."""

    where = ""
    error: Exception | None = None

    def __init__(self, context: RoomContext) -> None:
        super().__init__(context)
        self.check("construction")

    def check(self, place: str) -> None:
        if place == Odd.where:
            raise Odd.error or ValueError(f"bad {place}")

    def stage(self) -> QWidget:
        self.check("stage")
        return OddStage(self)

    def open(self, items: Sequence[Item]) -> None:
        self.check("open")

    def edit(self, item: Item) -> None:
        self.check("edit")

    def compare(self, items: Sequence[Item]) -> bool:
        self.check("compare")
        return True

    def reuse(self, inputs: Mapping[str, Item]) -> None:
        self.check("reuse")

    def save(self) -> bytes:
        self.check("save")
        return b"unfinished"

    def restore(self, state: bytes, format: int) -> None:
        self.check("restore")

    def say_in_words(self) -> None:
        raise StudioError("The disk is full.")


class OddStage(QWidget):
    def __init__(self, room: Odd) -> None:
        super().__init__()
        self.room = room

    def paintEvent(self, event: QPaintEvent) -> None:
        self.room.check("paint")


@pytest.fixture
def told() -> list[BaseException]:
    return []


@pytest.fixture
def host(studio: StudioWindow, told: list[BaseException], monkeypatch) -> RoomHost:
    monkeypatch.setattr(Odd, "where", "")
    monkeypatch.setattr(Odd, "error", None)
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("threading.excepthook", None)
    made = studio.parts.rooms
    monkeypatch.setattr(made, "_report", told.append)
    studio.context.report = told.append  # type: ignore[method-assign]
    made.infos["odd"] = RoomInfo(  # type: ignore[index]
        id="odd", title="Odd", icon="file", kinds=(), generators=(), plugin="oddity", load=lambda: Odd
    )
    studio_app.catch_everything(studio.context, studio.session.blame)
    studio.window.show_welcome(False)
    studio.items.show_room("other")  # the stages are in front
    return made


def act(host: RoomHost, place: str) -> None:
    """What makes the room do what `place` names."""
    host.show("odd")
    if place in ("open", "save", "restore"):
        does: dict[str, Callable[[Room], object]] = {
            "open": lambda room: room.open([]),
            "save": lambda room: room.save(),
            "restore": lambda room: room.restore(b"", 1),
        }
        host.call("odd", does[place], None)


@pytest.mark.parametrize("place", ("construction", "stage", "paint", "open", "save", "restore"))
def test_a_room_that_raises_is_named_and_can_be_opened_again(
    host: RoomHost, told: list[BaseException], until, place: str
) -> None:
    Odd.where = place
    act(host, place)
    until(lambda: told)
    assert [type(error) for error in told] == [PluginError]
    assert str(told[0]).startswith("The room “Odd” of the plugin “oddity” has stopped.")
    page = host.stack.currentWidget()
    assert isinstance(page, RoomStopped) and not host.is_loaded("odd")

    host.show("other")  # the window goes on
    assert not isinstance(host.stack.currentWidget(), RoomStopped)
    host.show("odd")
    assert len(told) == 1, "it is told once"

    Odd.where = ""
    page.button.click()
    assert isinstance(host.stack.currentWidget(), OddStage)


def test_what_a_room_says_in_words_leaves_its_stage(host: RoomHost, told: list[BaseException], until) -> None:
    host.show("odd")
    room = host.get("odd")
    try:
        room.say_in_words()
    except StudioError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    until(lambda: told)
    assert [str(error) for error in told] == ["The disk is full."]
    assert host.is_loaded("odd")


ASKED: dict[str, Callable[[ItemFlow, Item], object]] = {
    "open": lambda items, item: items.look(item),
    "edit": lambda items, item: items.go_on_with(item),
    "compare": lambda items, item: items.compare([item]),
    "reuse": lambda items, item: items.use_as_input(item, "odd/one", "image"),
}
"""What the user does with an item, by the method of its room that is called."""


@pytest.fixture
def odd_item(
    host: RoomHost, studio: StudioWindow, told: list[BaseException], tmp_path: Path, until, monkeypatch
) -> Item:
    """An item of the odd room's kind in an open project, with a generator of that room."""
    info = msgspec.structs.replace(host.infos["odd"], kinds=("odd",), generators=("odd/*",))
    host.infos["odd"] = info  # type: ignore[index]
    studio.workspace.rooms = (*studio.workspace.rooms, "odd")
    monkeypatch.setattr(studio.workspace.views, "choose", lambda number: None)  # it has no button
    (tmp_path / "thing.odd").write_bytes(b"odd")
    with Project.create(tmp_path / "Odd.studio") as made:
        made.add_asset(tmp_path / "thing.odd", kind="odd")
    studio.projects.open(made.folder)
    until(lambda: studio.context.project is not None)
    studio.set_catalog(catalog_of(describe(Sample, "odd/one")))
    (item,) = studio.context.project.items()  # type: ignore[union-attr]
    return item


@pytest.mark.parametrize("place", ASKED)
def test_an_error_in_words_about_an_item_leaves_the_stage(
    host: RoomHost, odd_item: Item, studio: StudioWindow, told: list[BaseException], place: str
) -> None:
    host.show("odd")
    Odd.where, Odd.error = place, StudioError("It is not there any more.")
    ASKED[place](studio.items, odd_item)
    assert [str(error) for error in told] == ["It is not there any more."]
    assert host.is_loaded("odd") and isinstance(host.stack.currentWidget(), OddStage)


@pytest.mark.parametrize("place", ASKED)
def test_any_other_error_about_an_item_takes_the_stage_down(
    host: RoomHost, odd_item: Item, studio: StudioWindow, told: list[BaseException], place: str
) -> None:
    host.show("odd")
    Odd.where = place
    ASKED[place](studio.items, odd_item)
    assert [type(error) for error in told] == [PluginError]
    assert not host.is_loaded("odd") and isinstance(host.stack.currentWidget(), RoomStopped)
