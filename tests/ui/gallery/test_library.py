"""The gallery with the window for itself: rows of pictures with their own proportions."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.project.order import Group
from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.items.thumbnails import Key, ThumbnailReady
from studio.ui.kit.justified_layout import JustifiedLayout
from tests.ui.builders import picture

COUNT = 2501


@pytest.fixture
def many(project: Project) -> Project:
    """Items with files that are not there, which no test here reads; every fifth is a text."""
    items = [
        Item(
            uuid.uuid4().hex,
            f"Item {n}",
            Kind.TEXT if n % 5 == 0 else Kind.IMAGE,
            Origin.ASSET,
            f"{n:016x}" * 4,
            ".txt" if n % 5 == 0 else ".png",
            1,
            created=float(n),
        )
        for n in range(COUNT)
    ]
    with project.db.transaction() as connection:
        project.insert_items(connection, items)
    return project


@pytest.fixture
def library(panel: GalleryPanel, many: Project, until) -> GalleryPanel:
    panel.cells._thumbnail = lambda item, side: None
    panel.resize(1200, 800)
    panel.set_project(many)
    panel.show_library(True)
    until(lambda: not panel.rows._is_reading)
    QApplication.processEvents()
    return panel


def test_it_says_how_many_there_are(library: GalleryPanel) -> None:
    count = library.parts.library_count
    assert count.isVisible() and count.text() == "2,501 items"
    library.show_library(False)
    assert not count.isVisible()


def comes(panel: GalleryPanel, row: int, width: int, height: int) -> None:
    """The thumbnail of a row's item."""
    item = panel.model.item(row)
    key = Key(item.digest, item.kind, 320)
    panel.on_event(ThumbnailReady(item.digest, QImage(width, height, QImage.Format.Format_RGB32), key))


def proportion(panel: GalleryPanel, row: int) -> float:
    box, cells = panel.view.grid.box(row), panel.cells
    return (box.width - cells.edge()) / (box.height - cells.edge() - cells.words_height())


def top(panel: GalleryPanel, row: int) -> int:
    return panel.view.visualRect(panel.model.index(row)).y()


def test_unknown_pictures_are_three_by_two_and_other_things_square(library: GalleryPanel) -> None:
    assert isinstance(library.view.grid, JustifiedLayout)
    for row in range(10):
        wanted = 1.0 if library.model.item(row).kind == Kind.TEXT else 1.5
        assert proportion(library, row) == pytest.approx(wanted, rel=0.03)
    assert library.view.zoom > library._context.settings.gallery.zoom


def test_a_thumbnail_corrects_its_row_and_nothing_moves_under_the_eye(library: GalleryPanel, until) -> None:
    library.view.verticalScrollBar().setValue(library.view.grid.height // 2)
    QApplication.processEvents()
    first = library.view.first_visible()
    place, rows = top(library, first), [row for row in library.view.visible() if row % 5 != 4]
    for row in rows[2:]:
        comes(library, row, 160, 320)
    until(lambda: all(proportion(library, row) == pytest.approx(0.5, rel=0.05) for row in rows[2:6]))
    assert top(library, first) == place


def test_what_was_seen_once_is_laid_out_rightly_the_next_time(
    library: GalleryPanel, many: Project, desk: WindowContext, until, qtbot
) -> None:
    rows = [row for row in range(5) if library.model.item(row).kind == Kind.IMAGE]
    for row in rows:
        comes(library, row, 320, 120)
    until(lambda: proportion(library, rows[0]) == pytest.approx(320 / 120, rel=0.05))
    library.proportions.close()
    again = GalleryPanel(desk, lambda item, side: None, library.cells.theme, library.do)
    qtbot.addWidget(again)
    desk.bridge.listen(again.on_event)
    again.resize(1200, 800)
    again.set_project(many)
    again.show_library(True)
    until(lambda: not again.rows._is_reading)
    assert [proportion(again, row) for row in rows] == pytest.approx([320 / 120] * len(rows), rel=0.05)
    again.close_panel()


def test_the_dock_keeps_its_cells_and_its_size(library: GalleryPanel, desk: WindowContext, until) -> None:
    dock, own = desk.settings.gallery.zoom, desk.settings.gallery.library
    library.zoom(2)
    until(lambda: desk.settings.gallery.library == library.view.zoom)
    assert library.view.zoom > own and desk.settings.gallery.zoom == dock
    larger = library.view.zoom
    library.show_library(False)
    assert library.view.zoom == library.parts.zoom.value() == dock
    assert not isinstance(library.view.grid, JustifiedLayout)
    assert len({library.view.grid.box(row).width for row in range(20)}) == 1
    library.show_library(True)
    assert library.view.zoom == library.parts.zoom.value() == larger


def test_keys_go_to_the_nearest_above_and_below(library: GalleryPanel, qtbot) -> None:
    for row in range(20):
        comes(library, row, 320, 100 + 37 * row % 300)
    library._draw_ready()
    view = library.view
    view.choose(2)
    middle = view.grid.box(2).x + view.grid.box(2).width // 2
    qtbot.keyClick(view, Qt.Key.Key_Down)
    found = view.grid.box(view.currentIndex().row())
    assert found.y > view.grid.box(2).y
    assert found.x - found.width // 2 <= middle <= found.x + 3 * found.width // 2
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.grid.box(view.currentIndex().row()).y == view.grid.box(2).y


def test_a_rubber_band_takes_what_it_meets(library: GalleryPanel, qtbot) -> None:
    view = library.view
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    last = view.visualRect(library.model.index(COUNT - 1))
    begin = QPoint(view.viewport().width() - 3, last.bottom() - 3)
    assert not view.indexAt(begin).isValid()
    end = last.center()
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=begin)
    for at in (begin - QPoint(30, 0), end):
        event = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(at), QPointF(view.viewport().mapToGlobal(at)),
            Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert list(view.selected) == [COUNT - 1]


def test_groups_begin_on_a_row_of_their_own(library: GalleryPanel, until) -> None:
    library.set_group(Group.KIND)
    until(lambda: len(library.model.sections) == 2)
    grid = library.view.grid
    assert isinstance(grid, JustifiedLayout)
    second = grid.rows_of(1).start
    assert grid.box(second).x == 0
    assert grid.box(second).y == grid.header_top(1) + grid.header
    assert grid.header > 0


def test_new_items_take_their_place(library: GalleryPanel, many: Project, tmp_path: Path, until) -> None:
    many.add_asset(picture(tmp_path / "new.png"), kind=Kind.IMAGE)
    library.items_added()
    until(lambda: not library.rows._is_reading and library.view.grid.count == COUNT + 1)
    comes(library, 0, 320, 320)
    until(lambda: proportion(library, 0) == pytest.approx(1.0, rel=0.03))


def test_a_picture_fills_its_place(library: GalleryPanel, qapp) -> None:
    def red(item: Item, side: int) -> QPixmap:
        pixmap = QPixmap(side, round(side * 9 / 16))
        pixmap.fill(Qt.GlobalColor.red)
        return pixmap

    library.cells._thumbnail = red
    for row in range(12):
        if library.model.item(row).kind == Kind.IMAGE:
            comes(library, row, 320, 180)
    library._draw_ready()
    library.view.forget()
    for _ in range(20):
        qapp.processEvents()
    box, image = library.view.grid.box(1), library.view.viewport().grab().toImage()
    inset = library.cells.edge() // 2
    words = library.cells.words_height()
    for x, y in (
        (box.x + inset + 6, box.y + inset + 6),
        (box.x + box.width - inset - 7, box.y + box.height - words - inset - 7),
    ):
        assert image.pixelColor(x, y).name() == "#ff0000"
