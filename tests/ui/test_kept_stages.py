"""What is unfinished on a room's stage is there again when its project is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from studio.project.edits import Edits
from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.ui.kit.room import MOST_SAVED, Room
from studio.ui.shell.kept_stages import KeptStages
from studio.ui.shell.room_host import RoomHost, RoomInfo


class Notes(Room):
    """A room with a line of words."""

    FORMAT = 3

    def __init__(self, context: object) -> None:
        super().__init__(context)  # type: ignore[arg-type]
        self.words = b""
        self.restored: list[tuple[bytes, int]] = []

    def stage(self) -> QWidget:
        return QWidget()

    def save(self) -> bytes:
        return self.words

    def restore(self, state: bytes, format: int) -> None:
        self.words = state
        self.restored.append((state, format))


Window = Callable[[], tuple[RoomHost, KeptStages]]


@pytest.fixture
def window(desk: WindowContext, project: Project) -> Iterator[Window]:
    """Makes windows, one after the other, for the same project."""
    desk.project = project
    info = RoomInfo(
        id="notes", title="Notes", icon="text", kinds=(), generators=(), plugin="x", load=lambda: Notes
    )

    def make() -> tuple[RoomHost, KeptStages]:
        host = RoomHost([info], lambda _: None, lambda _: "", pytest.fail)  # type: ignore[arg-type,return-value]
        if desk.edits is not None:
            desk.edits.close()
        desk.edits = Edits(desk.project.folder / "edits")
        return host, KeptStages(desk, host)

    yield make
    desk.edits.close()


def notes(host: RoomHost) -> Notes:
    room = host.get("notes")
    assert isinstance(room, Notes)
    return room


def left(window: Window, words: bytes) -> None:
    """A window with these words on its stage was there before."""
    host, stages = window()
    stages.show_project()
    notes(host).words = words
    stages.note("notes")
    stages.leave_project()


def test_a_room_with_something_unfinished_is_loaded_for_it(window: Window) -> None:
    left(window, b"Half a sentence")
    host, stages = window()
    stages.show_project()
    assert host.is_loaded("notes")
    assert notes(host).restored == [(b"Half a sentence", 3)]


def test_a_room_with_nothing_unfinished_waits(window: Window) -> None:
    left(window, b"words")
    left(window, b"")
    host, stages = window()
    stages.show_project()
    assert not host.is_loaded("notes")
    assert notes(host).restored == []


def test_it_is_kept_soon_after_a_change(window: Window, desk: WindowContext, qtbot) -> None:
    host, stages = window()
    stages.show_project()
    notes(host).words = b"words"
    stages.note("notes")
    qtbot.waitUntil(lambda: desk.edits.kept("notes:stage") == [b"studio room 3\nwords"], timeout=60_000)


def test_bytes_may_be_made_on_a_thread(window: Window, desk: WindowContext, monkeypatch) -> None:
    made: list[str] = []

    def save(room: Notes) -> Callable[[], bytes]:
        words = room.words

        def make() -> bytes:
            made.append(threading.current_thread().name)
            return words

        return make

    monkeypatch.setattr(Notes, "save", save)
    left(window, b"words")
    host, stages = window()
    stages.show_project()
    assert notes(host).restored == [(b"words", 3)]
    assert made == ["edits"]


@pytest.mark.parametrize("damage", [b"\n", b"words", b"studio room x\nwords", b"studio room 3\n"])
def test_what_cannot_be_read_is_left(window: Window, desk: WindowContext, damage: bytes) -> None:
    left(window, b"words")
    desk.edits.keep("notes:stage", damage)
    host, stages = window()
    stages.show_project()
    assert notes(host).restored == []


def test_too_much_is_not_kept(window: Window) -> None:
    left(window, b"x" * (MOST_SAVED + 1))
    host, stages = window()
    stages.show_project()
    assert notes(host).restored == []


def test_another_project_has_its_own(window: Window, desk: WindowContext, tmp_path: Path) -> None:
    left(window, b"words")
    with Project.create(tmp_path / "Other.studio") as other:
        desk.project = other
        host, stages = window()
        stages.show_project()
        assert notes(host).restored == []
