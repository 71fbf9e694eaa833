"""The window's thumbnails: asked for in a paint, made by the service process, kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QPainter, QPixmap

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.errors import ProjectClosed
from studio.plugins.media import Media
from studio.project.store import Project
from studio.service import wire
from studio.service.service import Service
from studio.service.wish import Outcome, Wish
from studio.ui.items import thumbnails as module
from studio.ui.items.thumbnails import SIDE, Key, ThumbnailReady, Thumbnails
from studio.ui.kit.bridge import Bridge
from tests.ui.builders import picture


@pytest.fixture
def thumbnails(bridge: Bridge, service: Service, project: Project) -> Iterator[Thumbnails]:
    made = Thumbnails(service, bridge)
    made.set_source(lambda item: project.blob_path(item.digest))
    yield made
    made.close()


def add(project: Project, file: Path, kind: str = Kind.IMAGE) -> Item:
    return project.add_asset(file, kind=kind)


def item(number: int, kind: str = Kind.IMAGE) -> Item:
    return Item(f"uid{number}", f"name{number}", kind, Origin.ASSET, f"{number:064}", ".png", 1, created=1.0)


def test_a_thumbnail_comes_later_and_stays(thumbnails, project, tmp_path, bridge, until) -> None:
    item = add(project, picture(tmp_path / "one.png", size=(900, 300)))
    ready: list[str] = []
    bridge.listen(lambda event: ready.append(event.digest) if isinstance(event, ThumbnailReady) else None)
    assert thumbnails.get(item) is None
    assert thumbnails.get(item) is None
    until(lambda: ready)
    pixmap = thumbnails.get(item)
    assert (pixmap.width(), pixmap.height()) == (SIDE, round(SIDE / 3))
    assert ready == [item.digest]


def test_transparent_pictures_stay_so(thumbnails, project, tmp_path, until) -> None:
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(tmp_path / "glass.png")
    item = add(project, tmp_path / "glass.png")
    thumbnails.get(item)
    until(lambda: thumbnails.get(item) is not None)
    assert thumbnails.get(item).toImage().pixelColor(20, 20).alpha() == 0


def test_a_text_is_drawn(thumbnails, project, tmp_path, until) -> None:
    (tmp_path / "text.md").write_text("# Title\n\nWords.")
    item = add(project, tmp_path / "text.md", Kind.TEXT)
    thumbnails.get(item)
    until(lambda: thumbnails.get(item) is not None)
    assert thumbnails.get(item).height() == SIDE


def test_the_next_start_takes_it_from_the_cache(
    thumbnails, project, tmp_path, bridge, service, until, monkeypatch
) -> None:
    item = add(project, picture(tmp_path / "one.png", size=(400, 400)))
    thumbnails.get(item)
    until(lambda: thumbnails.get(item) is not None)
    again = Thumbnails(service, bridge)
    again.set_source(lambda item: project.blob_path(item.digest))
    monkeypatch.setattr(service, "thumbnail", lambda *_: pytest.fail("it should be in the cache"))
    again.get(item)
    until(lambda: again.get(item) is not None)
    assert again.get(item).width() == SIDE
    again.close()


@pytest.mark.parametrize("damage", [b"", b"nothing", b"{", b"\xff\xd8\xff"])
def test_a_damaged_cache_is_made_again(thumbnails, service, project, tmp_path, until, damage: bytes) -> None:
    item = add(project, picture(tmp_path / "one.png", size=(400, 400)))
    kept = service.thumbnail_file(item.kind, item.digest, SIDE)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(damage)
    thumbnails.get(item)
    until(lambda: thumbnails.get(item) is not None)
    assert thumbnails.get(item).width() == SIDE


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.FILE, "never-heard-of"])
def test_what_cannot_be_shown_gets_none_once(thumbnails, project, tmp_path, until, kind: str) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not a picture")
    item = add(project, broken, kind)
    assert thumbnails.get(item) is None
    until(lambda: thumbnails.get(item) is not None)
    assert thumbnails.get(item).isNull()


def test_a_missing_file_gets_none(thumbnails, project, tmp_path, until) -> None:
    item = add(project, picture(tmp_path / "one.png"))
    project.blob_path(item.digest).unlink()
    thumbnails.get(item)
    until(lambda: thumbnails.get(item) is not None)
    assert thumbnails.get(item).isNull()


@pytest.mark.parametrize("error", [ProjectClosed("It was closed."), ZeroDivisionError(), OSError("pulled")])
def test_a_paint_survives_a_database_that_errs(bridge, service, until, error: Exception) -> None:
    """An exception out of a paint would leave its painter active, which kills Qt."""
    asked_on: list[str] = []

    def find(item: Item) -> Path:
        asked_on.append(threading.current_thread().name)
        raise error

    thumbnails = Thumbnails(service, bridge)
    thumbnails.set_source(find)
    canvas = QPixmap(10, 10)
    painter = QPainter(canvas)
    assert thumbnails.get(item(1)) is None
    painter.end()
    until(lambda: thumbnails.get(item(1)) is not None)
    assert thumbnails.get(item(1)).isNull()
    assert asked_on == ["thumbnails"]
    thumbnails.close()


class Held(Service):
    """A service that keeps what it is asked for until the test answers."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Media(), folder)
        self.asked: dict[str, tuple[Wish, Callable[[Outcome], object]]] = {}
        self.dropped: list[str] = []

    def thumbnail(self, kind, source, digest, side, done) -> Wish:  # type: ignore[no-untyped-def, override]
        work = wire.MakeThumbnail(
            id=len(self.asked), kind=kind, function="", source=source, side=side, target=Path(digest)
        )
        wish = Wish(work, done, plugin="")
        self.asked[digest] = (wish, done)
        return wish

    def drop(self, wish: Wish) -> None:
        self.dropped.append(wish.work.target.name)  # type: ignore[union-attr]


@pytest.fixture
def held(bridge: Bridge, tmp_path: Path) -> Iterator[tuple[Held, Thumbnails]]:
    service = Held(tmp_path / "held")
    made = Thumbnails(service, bridge)
    made.set_source(lambda item: tmp_path)
    yield service, made
    made.close()
    service.close()


def test_what_was_scrolled_away_is_dropped(held, until, monkeypatch) -> None:
    service, thumbnails = held
    monkeypatch.setattr(thumbnails, "WAITING", 3)
    for number in range(5):
        thumbnails.get(item(number))
        until(lambda number=number: item(number).digest in service.asked)
    assert service.dropped == [item(0).digest, item(1).digest]
    assert [key.digest for key in thumbnails._asked] == [item(number).digest for number in (2, 3, 4)]
    thumbnails.get(item(0))
    assert thumbnails._asked[Key(item(0).digest, Kind.IMAGE, SIDE)].wish is None, "it is asked for again"


def test_another_project_drops_what_the_last_one_wished(held, until, tmp_path, bridge) -> None:
    service, thumbnails = held
    ready: list[object] = []
    bridge.listen(lambda event: ready.append(event) if isinstance(event, ThumbnailReady) else None)
    thumbnails.get(item(1))
    until(lambda: service.asked)
    thumbnails.set_source(lambda item: tmp_path / "other")
    assert service.dropped == [item(1).digest]
    _, done = service.asked.pop(item(1).digest)
    thumbnails.get(item(1))
    until(lambda: service.asked)
    done(Outcome(error=ProjectClosed("of the last project")))
    thumbnails.get(item(2))
    until(lambda: item(2).digest in service.asked)
    assert ready == []
    assert thumbnails.get(item(1)) is None


def test_without_a_project_nothing_is_asked(held) -> None:
    _, thumbnails = held
    thumbnails.set_source(None)
    assert thumbnails.get(item(1)) is None
    assert not thumbnails._asked


def test_memory_is_bounded(thumbnails, project, tmp_path, until, monkeypatch) -> None:
    monkeypatch.setattr(module, "MEMORY", 3 * SIDE * SIDE * 4)
    items = [add(project, picture(tmp_path / f"{n}.png", (n, n, n), (300, 300))) for n in range(6)]
    for item in items:
        thumbnails.get(item)
        until(lambda one=item: thumbnails.get(one) is not None)
    assert sum(1 for item in items if Key(item.digest, item.kind, SIDE) in thumbnails._pixmaps) == 3


def test_the_window_decodes_no_file_of_an_item(
    thumbnails, service, project, tmp_path, until, monkeypatch
) -> None:
    read: list[Path] = []
    original = module._read
    monkeypatch.setattr(module, "_read", lambda file, side: (read.append(file), original(file, side))[1])
    item = add(project, picture(tmp_path / "one.png", size=(400, 400)))
    thumbnails.get(item)
    until(lambda: thumbnails.get(item) is not None)
    assert read == [service.thumbnail_file(item.kind, item.digest, SIDE)]
