"""A room and the comparison get only files that the service has decoded once; the others are named."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from studio.core.item import Item
from studio.core.kind import Kind
from studio.plugins.media import Media
from studio.project.store import Project
from studio.service.lane import Limits
from studio.service.service import Service
from studio.ui.kit.dialogs import ErrorDialog
from studio.ui.kit.room import Given, Room
from studio.ui.shell.room_host import RoomInfo
from studio.ui.shell.studio_window import StudioWindow
from tests.service.conftest import make_plugin
from tests.ui.builders import Sample, catalog_of, describe, picture
from tests.ui.pictures import decode, photo_of

HOSTILE = {
    "dies": "it ended unexpectedly",
    "hangs": "it took longer than 1 seconds",
    "swells": "it needed more than 300 MB of memory",
    "raises": "ZeroDivisionError: it was zero",
}
"""What a thumbnail's function does, and the reason that the user reads."""


class Careful(Room):
    """Notes what it is given."""

    def stage(self) -> QWidget:
        self.given_items: list[tuple[str, list[str]]] = []
        return QWidget()

    def _note(self, what: str, items: Sequence[Item]) -> None:
        self.given_items.append((what, [item.name for item in items]))

    def open(self, items: Sequence[Item]) -> None:
        self._note("open", items)

    def edit(self, item: Item) -> None:
        self._note("edit", [item])

    def compare(self, items: Sequence[Item]) -> bool:
        self._note("compare", items)
        return True

    def reuse(self, inputs: Mapping[str, Item]) -> None:
        self._note("reuse", [*inputs.values()])

    def given(self, generator: object) -> Mapping[str, Given]:
        return {"image": Given("On the stage")}


class Bench:
    """A window with a room for kinds whose files are hostile."""

    def __init__(self, studio: StudioWindow, until: Callable[..., None]) -> None:
        self.studio, self.until = studio, until
        self.items = {item.name: item for item in studio.context.project.items()}  # type: ignore[union-attr]

    @property
    def room(self) -> Careful:
        room = self.studio.parts.rooms.get("careful")
        assert isinstance(room, Careful)
        return room

    @property
    def given(self) -> list[tuple[str, list[str]]]:
        return self.room.given_items

    @property
    def told(self) -> str:
        said = self.studio.workspace.cover.said
        return f"{said.title.text()}\n{said.text.text()}"

    def is_refused(self, name: str) -> bool:
        return self.studio.workspace.is_covered and f"“{name}” cannot be opened." in self.told

    def know(self, name: str) -> None:
        """The service has made its thumbnail."""
        decode(self.studio, self.items[name])


HANGS = 1.0
"""Seconds for a thumbnail, where one shall take too long."""


@pytest.fixture
def seconds() -> float:
    """For a thumbnail: more than any here takes on a machine that is busy with other things."""
    return 60.0


@pytest.fixture
def odd_service(seconds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.setenv("PYTHONPATH", ":".join([str(site), *filter(None, sys.path)]))
    media = Media([make_plugin(site, "a", distribution="studio")])
    limits = Limits(tick=0.02, thumbnail_seconds=seconds, memory=300 * 2**20)
    made = Service(media, tmp_path / "cache", limits=limits)
    yield made
    made.close()


@pytest.fixture
def bench(
    studio: StudioWindow, odd_service: Service, tmp_path: Path, until, monkeypatch: pytest.MonkeyPatch
) -> Bench:
    """An item of each odd kind, named after what its reader does, and another good one."""
    monkeypatch.setattr(studio.context, "service", odd_service)
    rooms, workspace = studio.parts.rooms, studio.workspace
    names = ("good", "better", "page", *HOSTILE)
    kinds = {name: f"a-{'good' if name == 'better' else name}" for name in names}
    rooms.infos["careful"] = RoomInfo(  # type: ignore[index]
        id="careful",
        title="Careful",
        icon="file",
        kinds=tuple(kinds.values()),
        generators=("careful/*",),
        plugin="careful",
        load=lambda: Careful,
    )
    workspace.rooms = (*workspace.rooms, "careful")
    monkeypatch.setattr(workspace.views, "choose", lambda number: None)  # it has no button
    with Project.create(tmp_path / "Odd.studio") as made:
        for name, kind in kinds.items():
            file = tmp_path / f"{name}.odd"
            file.write_text(name)
            made.add_asset(file, kind=kind)
    studio.projects.open(made.folder)
    until(lambda: studio.context.project is not None)
    studio.set_catalog(catalog_of(describe(Sample, "careful/one")))
    studio.items.show_room("careful")
    return Bench(studio, until)


def select(bench: Bench, name: str) -> None:
    bench.studio.gallery.select(bench.items[name].uid)
    bench.until(lambda: [item.name for item in bench.studio.gallery.selected()] == [name])


@pytest.mark.parametrize(
    ("name", "seconds"), [(name, HANGS if name == "hangs" else 60.0) for name in HOSTILE], ids=HOSTILE
)
def test_a_hostile_file_is_not_opened_and_named(bench: Bench, name: str) -> None:
    select(bench, name)
    bench.until(lambda: bench.is_refused(name))
    assert HOSTILE[name] in bench.told and bench.items[name].digest not in bench.told
    assert "Export it as it is, or move it to the trash." in bench.told
    assert bench.given == [] and bench.studio.workspace.name.whole_text() == name
    assert [item.name for item in bench.studio.gallery.selected()] == [name]

    select(bench, "good")  # the window goes on
    bench.until(lambda: bench.given == [("open", ["good"])])
    assert not bench.studio.workspace.is_covered


def test_the_second_time_the_stage_says_that_it_failed_before(bench: Bench) -> None:
    for told in ("it ended unexpectedly", "reading it failed badly before"):
        bench.studio.items.look(bench.items["dies"])
        bench.until(lambda told=told: bench.is_refused("dies") and told in bench.told)
        bench.studio.items.show_room("careful")
        assert not bench.studio.workspace.is_covered
    assert bench.given == []


def test_what_is_known_opens_at_once(bench: Bench) -> None:
    bench.know("good")
    bench.know("better")
    items = bench.studio.items
    items.look(bench.items["good"])
    assert bench.given == [("open", ["good"])]
    items.go_on_with(bench.items["good"])
    items.compare([bench.items["good"], bench.items["better"]])
    items.use_as_input(bench.items["better"], "careful/one", "image")
    assert bench.given[1:] == [("edit", ["good"]), ("compare", ["good", "better"]), ("reuse", ["better"])]


@pytest.mark.parametrize("seconds", [HANGS])
def test_what_was_selected_meanwhile_stays(bench: Bench) -> None:
    bench.know("good")
    bench.studio.items.look(bench.items["hangs"])
    bench.until(lambda: bench.studio.workspace.is_covered)
    assert "Reading “hangs”…" in bench.told
    assert not bench.studio.workspace.cover.trash.isVisible()
    bench.studio.items.look(bench.items["good"])
    assert bench.given == [("open", ["good"])] and not bench.studio.workspace.is_covered
    bench.studio.items.decode([bench.items["hangs"]], heard := [].append)
    bench.until(lambda: heard.__self__ == [[]])  # the service has given it up
    assert bench.given == [("open", ["good"])] and not bench.studio.workspace.is_covered


def test_no_way_leads_a_hostile_file_into_a_room(bench: Bench) -> None:
    items, bad = bench.studio.items, bench.items["raises"]
    items.go_on_with(bad)
    bench.until(lambda: bench.is_refused("raises"))
    bench.studio.items.show_room("careful")
    items.compare([bad])
    bench.until(lambda: bench.is_refused("raises"))
    items.compare([bad, bench.items["good"], bench.items["better"]])
    bench.until(lambda: bench.studio.workspace.is_comparing)
    assert [item.name for item in items.state()] == ["good", "better"]
    assert "“raises” cannot be opened." in bench.studio.workspace.notice.text.whole_text()
    assert bench.given == []
    items.use_as_input(bad, "careful/one", "image")
    bench.until(lambda: bench.given)
    assert bench.given == [("reuse", [])]
    assert bench.studio.window.findChildren(ErrorDialog) == []


def test_the_stage_behind_gives_nothing_to_the_form(bench: Bench) -> None:
    rooms, catalog = bench.studio.parts.rooms, bench.studio.context.catalog
    assert catalog is not None
    generator = catalog.generators["careful/one"]
    assert "image" in rooms.given(generator)
    bench.studio.items.look(bench.items["raises"])
    bench.until(lambda: bench.is_refused("raises"))
    assert rooms.given(generator) == {}
    bench.studio.items.show_room("careful")
    assert "image" in rooms.given(generator)


def test_it_can_be_exported_and_thrown_away(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    exported: list[Sequence[Item]] = []
    monkeypatch.setattr(bench.studio.items.exporting, "export", exported.append)
    select(bench, "raises")
    bench.until(lambda: bench.is_refused("raises"))
    cover, project = bench.studio.workspace.cover, bench.studio.context.project
    assert project is not None
    cover.export.click()
    assert [[item.name for item in items] for items in exported] == [["raises"]]
    cover.trash.click()
    bench.until(lambda: project.item(bench.items["raises"].uid).trashed)
    bench.until(lambda: not bench.is_refused("raises"))


def test_a_room_asks_for_what_it_finds_by_itself(bench: Bench) -> None:
    heard: list[list[str]] = []
    found = [bench.items[name] for name in ("good", "dies", "page")]
    bench.room.context.decode(found, lambda items: heard.append([item.name for item in items]))
    bench.until(lambda: heard)
    assert heard == [["good", "page"]]
    assert "“dies” cannot be opened." in bench.studio.workspace.notice.text.whole_text()
    bench.room.context.decode(found[:1], lambda items: heard.append([item.name for item in items]))
    assert heard[1:] == [["good"]], "at once"


def test_a_full_disk_keeps_nothing_from_being_opened(
    bench: Bench, odd_service: Service, tmp_path: Path
) -> None:
    good = bench.items["good"]
    side = bench.studio.thumbnails.sides[0]
    place = odd_service.thumbnail_file(good.kind, good.digest, side).parent
    place.parent.mkdir(exist_ok=True)
    place.write_text("no folder")
    bench.studio.items.look(good)
    bench.until(lambda: bench.given == [("open", ["good"])])


def test_a_picture_that_is_none_is_not_put_on_the_canvas(studio: StudioWindow, tmp_path: Path, until) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(picture(tmp_path / "whole.png").read_bytes()[:40])
    with Project.create(tmp_path / "Beach.studio") as made:
        beach = made.add_asset(picture(tmp_path / "beach.png"), kind=Kind.IMAGE)
        bad = made.add_asset(broken, kind=Kind.IMAGE)
    studio.projects.open(made.folder)
    until(lambda: studio.context.project is not None)
    studio.items.open([bad])
    until(lambda: studio.workspace.is_covered and "“broken” cannot be opened." in _told(studio))
    studio.items.open([beach])
    until(lambda: photo_of(studio) == beach)
    assert not studio.workspace.is_covered


def test_what_the_window_never_reads_is_shown_as_before(studio: StudioWindow, tmp_path: Path, until) -> None:
    """The comparison shows a card of a sound, whatever is in its file."""
    sound = tmp_path / "song.mp3"
    sound.write_bytes(b"ID3 no sound that the studio draws")
    with Project.create(tmp_path / "Song.studio") as made:
        song = made.add_asset(sound, kind=Kind.AUDIO)
    studio.projects.open(made.folder)
    until(lambda: studio.context.project is not None)
    studio.items.open([song])
    assert studio.workspace.is_comparing and studio.workspace.result == song


def _told(studio: StudioWindow) -> str:
    return studio.workspace.cover.said.title.text()
