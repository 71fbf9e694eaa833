"""The grid with mouse and keys, over cells that are plain colors."""

from __future__ import annotations

from collections.abc import Hashable

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, QStringListModel, Qt
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication

from studio.ui.kit.grid_hands import ItemGrid
from studio.ui.kit.grid_select import Ranges, rows_of_ids
from studio.ui.kit.grid_view import SELECTED

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
COUNT = 100


class PlainCells:
    def __init__(self) -> None:
        self.painted: list[tuple[int, int]] = []
        self.ready = True
        self.shown = range(0)
        self.direction = Qt.LayoutDirection.LeftToRight

    def cell_width(self, zoom: int) -> int:
        return zoom

    def words_height(self) -> int:
        return 20

    def header_height(self) -> int:
        return 30

    def edge(self) -> int:
        return 10

    def background(self) -> QColor:
        return QColor("white")

    def accent(self) -> QColor:
        return QColor("blue")

    def key(self, row: int) -> Hashable:
        return row

    def paint(self, painter: QPainter, rect: QRect, row: int, state: int) -> bool:
        self.painted.append((row, state))
        painter.fillRect(rect.adjusted(5, 5, -5, -5), QColor("gray" if row < 0 else "green"))
        return self.ready

    def paint_header(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.fillRect(rect, QColor("yellow"))

    def will_show(self, rows: range) -> None:
        self.shown = rows


@pytest.fixture
def cells() -> PlainCells:
    return PlainCells()


@pytest.fixture
def grid(qtbot, cells: PlainCells) -> ItemGrid:
    made = ItemGrid(cells)
    qtbot.addWidget(made)
    made.setModel(QStringListModel([f"Item {n}" for n in range(COUNT)], made))
    made.set_zoom(100)
    made.resize(430, 500)
    made.show()
    made.set_sections([COUNT])
    return made


def rows(grid: ItemGrid) -> list[int]:
    return list(grid.selected)


def middle(grid: ItemGrid, row: int) -> QPoint:
    return grid.visualRect(grid.model().index(row, 0)).center()


def click(qtbot, grid: ItemGrid, row: int, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.mouseClick(grid.viewport(), LEFT, modifiers, middle(grid, row))


def move(grid: ItemGrid, at: QPoint) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        QPointF(grid.viewport().mapToGlobal(at)),
        LEFT,
        LEFT,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(grid.viewport(), event)


def test_clicks_select_one_toggle_and_extend(grid: ItemGrid, qtbot) -> None:
    assert grid.grid.columns == 4
    click(qtbot, grid, 1)
    assert rows(grid) == [1]
    click(qtbot, grid, 3, CONTROL)
    assert rows(grid) == [1, 3]
    click(qtbot, grid, 6, SHIFT)
    assert rows(grid) == [3, 4, 5, 6]
    click(qtbot, grid, 1, SHIFT | CONTROL)
    assert rows(grid) == [1, 2, 3, 4, 5, 6]
    click(qtbot, grid, 4, CONTROL)
    assert rows(grid) == [1, 2, 3, 5, 6]
    click(qtbot, grid, 5)
    assert rows(grid) == [5]


def test_a_click_beside_the_cells_selects_nothing(grid: ItemGrid, qtbot) -> None:
    grid.model().removeRows(10, COUNT - 10)
    grid.set_sections([10])
    click(qtbot, grid, 1)
    qtbot.mouseClick(grid.viewport(), LEFT, pos=QPoint(300, 450))
    assert rows(grid) == []


def test_a_rubber_band_takes_what_it_meets(grid: ItemGrid, qtbot) -> None:
    grid.model().removeRows(10, COUNT - 10)
    grid.set_sections([10])
    begin = QPoint(grid.viewport().width() - 8, middle(grid, 9).y())
    told: list[bool] = []
    grid.banded.connect(lambda: told.append(True))
    qtbot.mousePress(grid.viewport(), LEFT, pos=begin)
    move(grid, begin - QPoint(30, 0))
    assert grid.is_banding
    move(grid, QPoint(middle(grid, 5).x(), middle(grid, 5).y()))
    assert rows(grid) == [5, 6, 7, 9]
    qtbot.mouseRelease(grid.viewport(), LEFT, pos=middle(grid, 5))
    assert not grid.is_banding
    assert told == [True]


def test_arrows_go_by_what_is_seen_over_sections(grid: ItemGrid, qtbot) -> None:
    grid.set_sections([6, COUNT - 6])
    grid.choose(1)
    for key, expected in (
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Down, 5),
        (Qt.Key.Key_Down, 7),
        (Qt.Key.Key_Up, 5),
        (Qt.Key.Key_Left, 4),
        (Qt.Key.Key_End, COUNT - 1),
        (Qt.Key.Key_Home, 0),
    ):
        qtbot.keyClick(grid, key)
        assert (grid.currentIndex().row(), rows(grid)) == (expected, [expected])
    qtbot.keyClick(grid, Qt.Key.Key_PageDown)
    assert grid.currentIndex().row() >= 8
    assert grid.verticalOffset() > 0
    qtbot.keyClick(grid, Qt.Key.Key_PageUp)
    assert grid.currentIndex().row() < 4


def test_shift_extends_control_only_moves(grid: ItemGrid, qtbot) -> None:
    grid.choose(1)
    qtbot.keyClick(grid, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(grid, Qt.Key.Key_Right, SHIFT)
    assert rows(grid) == [1, 2, 3, 4, 5, 6]
    qtbot.keyClick(grid, Qt.Key.Key_Left, SHIFT)
    assert rows(grid) == [1, 2, 3, 4, 5]
    qtbot.keyClick(grid, Qt.Key.Key_Home, CONTROL)
    assert (grid.currentIndex().row(), len(rows(grid))) == (0, 5)
    qtbot.keyClick(grid, Qt.Key.Key_Space, CONTROL)
    assert rows(grid) == [0, 1, 2, 3, 4, 5]
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert rows(grid) == []


def test_right_to_left_is_mirrored(grid: ItemGrid, qtbot) -> None:
    grid.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert middle(grid, 0).x() > middle(grid, 1).x()
    grid.choose(0)
    qtbot.keyClick(grid, Qt.Key.Key_Left)
    assert rows(grid) == [1]
    click(qtbot, grid, 2)
    assert rows(grid) == [2]


def test_the_wheel_scrolls_by_pixels_and_with_control_zooms(grid: ItemGrid) -> None:
    def turn(pixels: int, angle: int, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        at = QPointF(100, 100)
        event = QWheelEvent(
            at, grid.viewport().mapToGlobal(at), QPoint(0, pixels), QPoint(0, angle),
            Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(grid.viewport(), event)

    turn(0, -120)
    assert 0 < grid.verticalOffset() < 2 * grid.grid.cell_height
    zoomed: list[int] = []
    grid.zoom_changed.connect(zoomed.append)
    grid.choose(40)
    grid.scrollTo(grid.model().index(40, 0))
    below = grid.visualRect(grid.model().index(40, 0)).top()
    turn(0, 120, CONTROL)
    assert zoomed == [124]
    assert grid.visualRect(grid.model().index(40, 0)).top() == below


def test_cells_are_drawn_once_and_kept(grid: ItemGrid, cells: PlainCells) -> None:
    grid.grab()
    drawn = len(cells.painted)
    grid.grab()
    assert len(cells.painted) == drawn
    grid.choose(2)
    grid.grab()
    assert [row for row, state in cells.painted[drawn:] if state & SELECTED] == [2]
    grid.forget({3})
    drawn = len(cells.painted)
    grid.grab()
    assert [row for row, _ in cells.painted[drawn:]] == [3]
    assert cells.shown.start == 0


def test_what_is_not_there_yet_is_drawn_again_when_it_comes(grid: ItemGrid, cells: PlainCells) -> None:
    cells.ready = False
    grid.forget()
    grid.grab()
    cells.painted.clear()
    cells.ready = True
    grid.grab()
    assert {row for row, _ in cells.painted} >= {0, 1, 2, 3}


def test_a_frame_has_an_end(grid: ItemGrid, cells: PlainCells, monkeypatch, until) -> None:
    """Cells for which there is no time are empty now, and come with the next frames."""
    monkeypatch.setattr("studio.ui.kit.grid_view.COMPOSE_SECONDS", -1)
    grid.forget()
    cells.painted.clear()
    grid.grab()
    assert {row for row, _ in cells.painted} == {-1}
    monkeypatch.setattr("studio.ui.kit.grid_view.COMPOSE_SECONDS", 1)
    until(lambda: (0, 0) in cells.painted)


def test_sections_have_headers_and_one_stays_on_top(grid: ItemGrid) -> None:
    assert not grid._strip.isVisible()
    grid.set_sections([6, COUNT - 6])
    assert grid._strip.isVisible()
    image = grid.grab().toImage()
    assert image.pixelColor(50, 5).name() == "#ffff00"
    y = grid.viewport().y() + grid.grid.header_top(1) + 5
    assert image.pixelColor(50, y).name() == "#ffff00"
    grid.verticalScrollBar().setValue(2000)
    assert grid.grab().toImage().pixelColor(50, 5).name() == "#ffff00"


def test_several_are_dragged_by_one_of_them(grid: ItemGrid, qtbot, monkeypatch) -> None:
    dragged: list[list[int]] = []
    monkeypatch.setattr(ItemGrid, "startDrag", lambda self, actions: dragged.append(rows(self)))
    grid.drag_data = QMimeData
    grid.choose(1)
    grid.choose(3, extend=True)
    qtbot.mousePress(grid.viewport(), LEFT, pos=middle(grid, 2))
    assert rows(grid) == [1, 2, 3]
    move(grid, middle(grid, 2) + QPoint(40, 40))
    assert dragged == [[1, 2, 3]]
    qtbot.mouseRelease(grid.viewport(), LEFT, pos=middle(grid, 2) + QPoint(40, 40))
    assert rows(grid) == [1, 2, 3]


def test_the_menu_comes_up_where_the_keyboard_is(grid: ItemGrid) -> None:
    asked: list[QPoint] = []
    grid.customContextMenuRequested.connect(asked.append)
    grid.choose(5)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
    QApplication.sendEvent(grid.viewport(), event)
    assert asked == [middle(grid, 5)]


def test_a_right_click_takes_the_item_beneath(grid: ItemGrid, qtbot) -> None:
    grid.choose(1)
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.RightButton, pos=middle(grid, 5))
    assert rows(grid) == [5]


def test_a_screen_reader_finds_a_list_of_items(grid: ItemGrid) -> None:
    told = QAccessible.queryAccessibleInterface(grid)
    assert told.role() == QAccessible.Role.List
    assert told.childCount() == COUNT
    assert told.child(3).text(QAccessible.Text.Name) == "Item 3"


def test_ranges() -> None:
    some = Ranges([range(5, 7), range(2), range(6, 9), range(3, 3)])
    assert some.ranges == [range(2), range(5, 9)]
    assert len(some) == 6
    assert [row in some for row in (0, 2, 5, 8, 9)] == [True, False, True, True, False]
    from array import array

    order = array("q", range(1000, 0, -1))
    assert list(some.ids(order))[:3] == [1000, 999, 995]
    assert list(rows_of_ids([999, 5000], order)) == [1]
    assert rows_of_ids(array("q", range(1, 200)), order).ranges == [range(801, 1000)]


def test_nothing_to_scroll_shows_no_handle(grid: ItemGrid) -> None:
    bar = grid.verticalScrollBar()
    assert bar.isEnabled()
    grid.set_sections([2])
    assert bar.isVisible() and not bar.isEnabled()
    grid.set_sections([COUNT])
    assert bar.isEnabled()
