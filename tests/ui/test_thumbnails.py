from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from studio.core.item import Item
from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.items import thumbnails as module
from studio.ui.items.thumbnail_kinds import decode
from studio.ui.items.thumbnails import SIDE, Key, ThumbnailReady, Thumbnails
from studio.ui.kit.bridge import Bridge
from tests.ui.builders import picture


@pytest.fixture
def thumbnails(bridge: Bridge, tmp_path: Path, project: Project) -> Iterator[Thumbnails]:
    made = Thumbnails(tmp_path / "cache", bridge)
    made.set_source(lambda item: project.blob_path(item.digest))
    yield made
    made.close()


def add(project: Project, file: Path) -> Item:
    return project.add_asset(file, kind=Kind.IMAGE)


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


def test_the_next_start_takes_it_from_the_cache(
    thumbnails, project, tmp_path, bridge, until, monkeypatch
) -> None:
    item = add(project, picture(tmp_path / "one.png", size=(400, 400)))
    thumbnails.get(item)
    until(lambda: thumbnails.get(item) is not None)
    again = Thumbnails(tmp_path / "cache", bridge)
    again.set_source(lambda item: project.blob_path(item.digest))
    monkeypatch.setattr(module, "draw", lambda *_: pytest.fail("it should be in the cache"))
    again.get(item)
    until(lambda: again.get(item) is not None)
    assert again.get(item).width() == SIDE
    again.close()


def test_what_is_no_picture_gets_none_once(thumbnails, project, tmp_path, until) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not a picture")
    item = add(project, broken)
    assert thumbnails.get(item) is None
    until(lambda: thumbnails.get(item) is not None)
    assert thumbnails.get(item).isNull()


def test_a_missing_file_gets_none(thumbnails, project, tmp_path) -> None:
    item = add(project, picture(tmp_path / "one.png"))
    project.blob_path(item.digest).unlink()
    assert thumbnails.get(item).isNull()


def test_memory_is_bounded(thumbnails, project, tmp_path, until, monkeypatch) -> None:
    monkeypatch.setattr(module, "MEMORY", 3 * SIDE * SIDE * 4)
    items = [add(project, picture(tmp_path / f"{n}.png", (n, n, n), (300, 300))) for n in range(6)]
    for item in items:
        thumbnails.get(item)
        until(lambda one=item: thumbnails.get(one) is not None)
    assert sum(1 for item in items if Key(item.digest, item.kind, SIDE) in thumbnails._pixmaps) == 3


def test_exif_turns_and_small_pictures_stay_small(tmp_path: Path) -> None:
    turned = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (600, 300)).save(turned, exif=exif)
    image = decode(turned, 100)
    assert (image.width(), image.height()) == (50, 100)
    small = decode(picture(tmp_path / "small.png", size=(20, 10)), 100)
    assert (small.width(), small.height()) == (20, 10)


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "CMYK", "I;16", "1", "P"])
def test_every_mode_becomes_a_thumbnail(mode: str, tmp_path: Path) -> None:
    file = tmp_path / ("picture.tiff" if mode == "CMYK" else "picture.png")
    Image.new(mode, (300, 200)).save(file)
    assert not decode(file, 100).isNull()
