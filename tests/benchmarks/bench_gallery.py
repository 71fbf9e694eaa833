"""The gallery with 100,000 items: how long a frame takes while scrolling, how fast a search answers.

A frame is an event and all painting that follows from it. The named peer is a plain QListView over as many
empty rows, in the same window size, measured in the same run.
"""

from __future__ import annotations

import gc
import hashlib
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.models.store import ModelStore
from studio.plugins.media import Media
from studio.project.history import Changed
from studio.project.order import Group
from studio.project.store import Project
from studio.service.service import Service
from studio.ui.context import WindowContext
from studio.ui.gallery.actions import GalleryActions
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.items.thumbnails import Thumbnails
from studio.ui.kit import theme
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.shared_settings import SharedSettings
from studio.ui.kit.tasks import Tasks
from studio.ui.models.work import ModelWork
from tests.benchmarks.sizes import at_most, size

pytestmark = [pytest.mark.benchmark, pytest.mark.slow, pytest.mark.timeout(600)]

ITEMS = size(100_000, 1000)
AT_ONCE = ITEMS // 10
PICTURES = size(300, 10)
SIZE = QSize(1440, 900)
FRAMES = size(400, 10)
ROUNDS = size(3, 1)
"""The best of so many counts: other programs of this machine are in none of them for long."""
MAX_P99, MAX_SEARCH, MAX_SELECT = at_most(0.016), at_most(0.050), at_most(0.050)
WORDS = ("quiet", "harbor", "morning", "reed", "copper", "field", "slow", "lantern", "paper", "north")


class Rows(QAbstractListModel):
    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else ITEMS

    def data(self, index: QModelIndex, role: int = 0) -> object:
        return None


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("gallery")
    with Project.create(folder / "Many.studio") as made:
        blobs = []
        for n in range(PICTURES):
            file = folder / f"{n}.jpg"
            Image.effect_noise((320, 240), 30 + n % 90).convert("RGB").save(file)
            blobs.append(made.store_blob(file, extension=".jpg"))
        for begin in range(0, ITEMS, AT_ONCE):
            items = [_item(n, *blobs[n % PICTURES]) for n in range(begin, begin + AT_ONCE)]
            with made.db.transaction() as connection:
                made.insert_items(connection, items, prompt="a lake at dawn")
        yield made


def _item(n: int, digest: str, size: int) -> Item:
    mixed = int.from_bytes(hashlib.sha256(str(n).encode()).digest()[:4], "big")
    name = f"{WORDS[mixed % 10]} {WORDS[mixed // 10 % 10]} {n}"
    return Item(
        uuid.uuid4().hex,
        name,
        Kind.IMAGE,
        Origin.ASSET,
        digest,
        ".jpg",
        size,
        1.7e9 + n * 60.0,
        stars=mixed % 6,
    )


@pytest.fixture
def panel(qapp: QApplication, tmp_path: Path, project: Project, monkeypatch) -> Iterator[GalleryPanel]:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path))
    theme.apply(theme.LIGHT, qapp)
    service = Service(Media(), tmp_path / "thumbnails")
    bridge, models = Bridge(), ModelStore(tmp_path / "models")
    desk = WindowContext(
        bridge,
        SharedSettings(tmp_path),
        models,
        ModelWork(Tasks(bridge, lambda error: desk.report(error)), models),
        media=Media(),
        service=service,
    )
    thumbnails = Thumbnails(service, desk.bridge)
    thumbnails.set_source(lambda item: project.blob_path(item.digest))
    nothing = dict.fromkeys(GalleryActions.__struct_fields__, lambda *_: None)
    made = GalleryPanel(desk, thumbnails.get, theme.LIGHT, GalleryActions(**nothing))
    desk.bridge.listen(made.on_event)
    made.resize(SIZE)
    made.show()
    yield made
    made.close_panel()
    made.deleteLater()
    thumbnails.close()
    service.close()
    desk.tasks.finish(10)
    desk.bridge.close()


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    QApplication.processEvents()
    return time.perf_counter() - begun


def spread(times: list[float]) -> tuple[float, float, float]:
    """p50, p99, worst, in milliseconds."""
    ordered = sorted(times)
    return tuple(round(1000 * ordered[int(len(ordered) * part)], 2) for part in (0.5, 0.99, 0.9999))  # type: ignore[return-value]


def wheel(view: QAbstractItemView) -> None:
    port = view.viewport()
    at = QPointF(port.rect().center())
    event = QWheelEvent(
        at,
        port.mapToGlobal(at),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(port, event)


def scrolls(view: QAbstractItemView) -> dict[str, list[float]]:
    """Frames while scrolling by the wheel, by pages, and with the scroll bar dragged through everything."""
    bar = view.verticalScrollBar()
    bar.setValue(0)
    QApplication.processEvents()
    gc.collect()
    gc.freeze()  # what the tests' own modules hold is not the program's
    by_wheel = [timed(lambda: wheel(view)) for _ in range(FRAMES)]
    by_page = [timed(lambda: bar.setValue(bar.value() + bar.pageStep())) for _ in range(FRAMES)]
    step = bar.maximum() // FRAMES
    dragged = [timed(lambda n=n: bar.setValue(n * step)) for n in range(FRAMES)]
    return {"wheel": by_wheel, "page": by_page, "drag": dragged}


def peer() -> QListView:
    """The same rows with nothing on them."""
    view = QListView()
    view.setFlow(QListView.Flow.LeftToRight)
    view.setWrapping(True)
    view.setUniformItemSizes(True)
    view.setGridSize(QSize(144, 180))
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.resize(SIZE)
    return view


def test_scrolling(panel: GalleryPanel, project: Project) -> None:
    shown = timed(lambda: panel.set_project(project))
    plain, rows = peer(), Rows()
    plain_shown = timed(lambda: (plain.setModel(rows), plain.show()))
    theirs = scrolls(plain)
    plain.close()
    print(f"\nFirst show: gallery {shown * 1000:.0f} ms, plain list {plain_shown * 1000:.0f} ms")
    slow: list[str] = []
    for group in (Group.NONE, Group.DAY):
        panel.set_group(group)
        _until_shown(panel)
        rounds = [scrolls(panel.view) for _ in range(ROUNDS)]
        for name in rounds[0]:
            p50, p99, worst = min((spread(one[name]) for one in rounds), key=lambda found: found[1])
            peers = spread(theirs[name])
            print(
                f"{group} {name}: p50 {p50} ms, p99 {p99} ms, worst {worst} ms; plain list p50 {peers[0]} ms,"
                f" p99 {peers[1]} ms: ratio of p99 {p99 / max(peers[1], 0.01):.2f}"
            )
            slow += [f"{group} {name}: {p99} ms"] if p99 > MAX_P99 * 1000 else []
    assert not slow
    assert shown <= at_most(plain_shown)


def test_selecting_all_is_instant(panel: GalleryPanel, project: Project) -> None:
    panel.set_project(project)
    taken = timed(panel.view.select_all)
    print(f"\nSelect all: {taken * 1000:.1f} ms")
    assert len(panel.view.selected) == ITEMS
    assert taken <= MAX_SELECT


def test_search_as_you_type(panel: GalleryPanel, project: Project, tmp_path: Path) -> None:
    panel.set_project(project)
    worst, worst_stall = 0.0, 0.0
    for text in (
        "lantern",
        "quiet harbor",
        "lake",
        "l",
        "stars:>=3",
        "kind:image -quiet",
        "reed 77",
        "zebra",
    ):
        begun = time.perf_counter()
        panel.search.setText(text)
        panel._apply()
        stall = time.perf_counter() - begun
        while panel.model._reader.is_asked("order"):
            turn = time.perf_counter()
            QApplication.processEvents()
            stall = max(stall, time.perf_counter() - turn)
            time.sleep(0.0005)
        QApplication.processEvents()
        taken = time.perf_counter() - begun
        worst, worst_stall = max(worst, taken), max(worst_stall, stall)
        print(
            f"\n{text!r}: {len(panel.model.ids):,} found after {taken * 1000:.1f} ms,"
            f" longest turn of the loop {stall * 1000:.1f} ms",
            end="",
        )
    print()
    assert worst_stall <= MAX_SEARCH
    assert worst <= MAX_SEARCH


def test_an_insert_leaves_the_view_in_peace(panel: GalleryPanel, project: Project, tmp_path: Path) -> None:
    panel.set_project(project)
    bar = panel.view.verticalScrollBar()
    bar.setValue(bar.maximum() // 4)
    QApplication.processEvents()
    first = panel.model.ids[panel.view.first_visible()]
    place = panel.view.visualRect(panel.model.index(panel.view.first_visible())).y()
    file = tmp_path / "new.png"
    Image.new("RGB", (40, 40), (1, 2, 3)).save(file)
    item = project.add_asset(file, kind=Kind.IMAGE)
    begun = time.perf_counter()
    longest = timed(lambda: panel.on_event(Changed(items=frozenset([item.uid]), order=True)))
    while panel.model._reader.is_asked("order"):
        longest = max(longest, timed(lambda: None))
    print(
        f"\nInsert: shown after {(time.perf_counter() - begun) * 1000:.1f} ms,"
        f" longest turn of the loop {longest * 1000:.1f} ms"
    )
    assert panel.view.visualRect(panel.model.index(panel.model.ids.index(first))).y() == place
    assert len(panel.model.ids) == ITEMS + 1


def _until_shown(panel: GalleryPanel) -> None:
    while panel.model._reader.is_asked("order"):
        QApplication.processEvents()
    QApplication.processEvents()
