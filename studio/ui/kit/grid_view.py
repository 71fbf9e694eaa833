"""Cells of one size, or rows of pictures that fill the width, under section headers: from kept pictures.

`GridView` is a QListView for screen readers only, which know that as a list of items; layout, painting, keys
and mouse are its own, because QListView asks its model about every row before it can draw one.
"""

from __future__ import annotations

import math
import time
from array import array
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from studio.ui.kit.grid_layout import GridLayout, Layout
from studio.ui.kit.grid_select import Ranges, as_selection, selected_rows
from studio.ui.kit.justified_layout import JustifiedLayout

COMPOSE_SECONDS = 0.004
"""How long one frame may draw cells that are not kept yet; the rest come with the next frames."""
KEPT_SCREENS = 3
"""Cells are kept for so many times what is in view."""
ZOOM_MIN, ZOOM_MAX, ZOOM_STEP = 96, 320, 24
SELECTED, HOVERED, CURRENT = 1, 2, 4
_LEAST = 0.85
"""Cells may be so much narrower than wished where one more then fits beside them."""

Index = QModelIndex | QPersistentModelIndex
Flag = QItemSelectionModel.SelectionFlag


class Cells(Protocol):
    """Draws what the grid arranges."""

    direction: Qt.LayoutDirection

    def cell_width(self, zoom: int) -> int:
        """The wished width for a zoom, as large as the words in the cell are; in justified rows the height
        of the pictures."""

    def words_height(self) -> int:
        """What a cell is higher than wide."""

    def edge(self) -> int:
        """What a cell is wider than its picture."""

    def header_height(self) -> int: ...

    def background(self) -> QColor: ...

    def accent(self) -> QColor: ...

    def key(self, row: int) -> Hashable:
        """What tells a row's picture from others; it stays while rows move."""

    def paint(self, painter: QPainter, rect: QRect, row: int, state: int) -> bool:
        """Draws a cell; False if it is only a placeholder, not worth keeping. With row -1 an empty one."""

    def paint_header(self, painter: QPainter, rect: QRect, section: int) -> None: ...

    def will_show(self, rows: range) -> None:
        """These rows are in view or will be soon."""


class GridView(QListView):
    """Rows of a list model. `set_sections` comes with every reset of the model."""

    looked = Signal(int)
    """A row was double-clicked, or Space or Enter pressed on it."""
    zoom_changed = Signal(int)
    typed = Signal(str)
    """Letters, to jump to an item that begins with them."""
    viewed = Signal()
    """Something else is in view: scrolled, resized or laid out."""

    grid: Layout = GridLayout((), width=1, side=1, words=0, header=0)
    """Here too, because Qt asks for geometry while it still constructs the view."""

    def __init__(self, cells: Cells) -> None:
        super().__init__()
        self.setViewport(QWidget())  # for Qt's own, PySide would look through all its classes
        self.cells = cells
        self.zoom = 136
        self.proportions: array[float] | None = None
        """Width by height of each row's picture, where rows are justified; None for cells of one size. Takes
        effect with the next layout."""
        self._counts: Sequence[int] = ()
        self.selected = Ranges()
        self.anchor = -1
        """Where Shift extends from."""
        self.hovered = -1
        self._kept: OrderedDict[tuple[Hashable, int, int, int], QPixmap] = OrderedDict()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(self.refresh)
        self._strip = _Strip(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().rangeChanged.connect(self._on_range)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.grid = self._made()

    def _on_range(self, _: int, most: int) -> None:
        """The bar keeps its place, and shows nothing while there is nothing to scroll."""
        self.verticalScrollBar().setEnabled(most > 0)

    # Layout ------------------------------------------------------------------------------------------------

    def set_sections(self, counts: Sequence[int]) -> None:
        """The items of each section; one section or none has no header."""
        self._counts = counts
        self.anchor = -1
        self.hovered = -1
        self.selected = selected_rows(self.selectionModel())  # a reset clears it and tells nobody
        self.relayout()

    def set_zoom(self, side: int) -> None:
        """The wished width of a cell (height of a justified row's pictures) at 100 %, within `ZOOM_MIN` and
        `ZOOM_MAX`; what is seen stays so."""
        side = min(max(side, ZOOM_MIN), ZOOM_MAX)
        if side != self.zoom:
            self.zoom = side
            self.relayout(keep=True)
            self.zoom_changed.emit(side)

    def relayout(self, *, keep: bool = False) -> None:
        """Everything may have another place; with `keep` the first row in view stays where it is."""
        hold = self.held() if keep else None
        self.grid = self._made()
        self._kept.clear()
        header = self.grid.header
        self.setViewportMargins(0, header, 0, 0)
        self._strip.setVisible(header > 0)
        self.updateGeometries()
        if hold is not None:
            self.hold(*hold)
        self.refresh()
        self.viewed.emit()

    def reshape(self, changed: Mapping[int, float]) -> None:
        """Pictures of justified rows turn out to have other proportions: what the eye rests on stays."""
        if self.proportions is None or not isinstance(self.grid, JustifiedLayout):
            return
        hold = self.held()
        for row, proportion in changed.items():
            self.proportions[row] = proportion
        self.grid.reshape(changed)
        self.updateGeometries()
        if hold is not None:
            self.hold(*hold)
        self.refresh()
        self.viewed.emit()

    def held(self) -> tuple[int, int] | None:
        """(row, how far its top is below the top of the view) of the row that the eye rests on, if any.

        That is the current one if it is in view, or else the first in view.
        """
        current = self.currentIndex().row()
        top = self.verticalOffset()
        if 0 <= current < self.grid.count:
            box = self.grid.box(current)
            if top <= box.y and box.y + box.height <= top + self.viewport().height():
                return current, box.y - top
        row = self.first_visible()
        return None if row is None else (row, self.grid.box(row).y - top)

    def hold(self, row: int, below: int) -> None:
        """Scrolls so that the row's top is so far below the top of the view."""
        if 0 <= row < self.grid.count:
            self.verticalScrollBar().setValue(self.grid.box(row).y - below)

    def first_visible(self) -> int | None:
        top = self.verticalOffset()
        for band in self.grid.bands(0, top, self.grid.width - 1, top + self.viewport().height()):
            return band.start
        return None

    def visible(self) -> range:
        """The rows in view, as one range."""
        top = self.verticalOffset()
        bands = [*self.grid.bands(0, top, self.grid.width - 1, top + self.viewport().height())]
        return range(bands[0].start, bands[-1].stop) if bands else range(0)

    def _made(self) -> Layout:
        self.cells.direction = self.layoutDirection()
        counts = [count for count in self._counts if count]
        width, side = max(1, self.viewport().width()), self.cells.cell_width(self.zoom)
        words, mirrored = self.cells.words_height(), self.isRightToLeft()
        header = self.cells.header_height() if len(counts) > 1 else 0
        if self.proportions is None:
            side = round(side * _LEAST)
            return GridLayout(counts, width=width, side=side, words=words, header=header, mirrored=mirrored)
        return JustifiedLayout(
            counts,
            self.proportions,
            width=width,
            picture=side,
            edge=self.cells.edge(),
            words=words,
            header=header,
            mirrored=mirrored,
        )

    # What Qt asks ------------------------------------------------------------------------------------------

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or index.row() >= self.grid.count:
            return QRect()
        box = self.grid.box(index.row())
        return QRect(box.x, box.y - self.verticalOffset(), box.width, box.height)

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self.grid.row_at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self.model().index(row, 0)

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not index.isValid() or index.row() >= self.grid.count:
            return
        box, bar, room = self.grid.box(index.row()), self.verticalScrollBar(), self.viewport().height()
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(box.y - (room - box.height) // 2)
        elif box.y < bar.value() or box.height > room:
            bar.setValue(box.y)
        elif box.y + box.height > bar.value() + room:
            bar.setValue(box.y + box.height - room)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        top = self.verticalOffset()
        found = self.grid.bands(rect.left(), rect.top() + top, rect.right(), rect.bottom() + top)
        self.selectionModel().select(as_selection(self.model(), Ranges(found)), command)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        self.selected = selected_rows(self.selectionModel())
        super().selectionChanged(selected, deselected)
        self.refresh()

    def doItemsLayout(self) -> None:
        """`set_sections` did it."""

    def updateGeometries(self) -> None:
        if self.grid is GridView.grid:  # while Qt still constructs the view
            return
        bar, room = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self.grid.height - room))
        bar.setPageStep(max(1, room - self.grid.cell_height // 4))
        bar.setSingleStep(max(1, self.grid.cell_height // 4))
        if self.grid.header:
            area = self.viewport().geometry()
            self._strip.setGeometry(area.x(), area.y() - self.grid.header, area.width(), self.grid.header)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.viewport().width() != self.grid.width:
            self.relayout(keep=True)
        else:
            self.updateGeometries()
            self.viewed.emit()

    def scrollContentsBy(self, across: int, down: int) -> None:
        self.refresh()
        self.viewed.emit()

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        self.refresh()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = event.angleDelta().y()
            if turned:
                self.set_zoom(self.zoom + (ZOOM_STEP if turned > 0 else -ZOOM_STEP))
            event.accept()
            return
        QAbstractItemView.wheelEvent(self, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.relayout(keep=True)

    # Painting ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.viewport().update()
        if self._strip.isVisible():
            self._strip.update()

    def forget(self, keys: set[Hashable] | None = None) -> None:
        """Cells look different now: those with these keys, or all."""
        if keys is None:
            self._kept.clear()
        else:
            for kept in [kept for kept in self._kept if kept[0] in keys]:
                del self._kept[kept]
        self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            area, grid, top = event.rect(), self.grid, self.verticalOffset()
            until = time.perf_counter() + COMPOSE_SECONDS
            shown = self.visible()
            self.cells.will_show(shown)
            current = self.currentIndex().row() if self.hasFocus() else -1
            empty: list[QRect] = []
            bare = QRegion(area)
            for band in grid.bands(area.left(), area.top() + top, area.right(), area.bottom() + top):
                for row in band:
                    box = grid.box(row)
                    state = (
                        (SELECTED if row in self.selected else 0)
                        | (HOVERED if row == self.hovered else 0)
                        | (CURRENT if row == current else 0)
                    )
                    cell = self._cell(row, state, box.width, box.height, until)
                    place = QRect(box.x, box.y - top, box.width, box.height)
                    if cell is not None:
                        painter.drawPixmap(place.topLeft(), cell)
                        bare -= place
                    else:
                        self._again.start()
                        empty.append(place)
            painter.setClipRegion(bare)  # on a large screen it takes long to fill what cells cover
            painter.fillRect(area, self.cells.background())
            painter.setClipping(False)
            for place in empty:
                self.cells.paint(painter, place, -1, 0)
            if grid.header and grid.count:
                first = grid.section_at(top + area.top())
                for section in range(max(1, first), grid.section_at(top + area.bottom()) + 1):
                    place = QRect(0, grid.header_top(section) - top, grid.width, grid.header)
                    self.cells.paint_header(painter, place, section)
            self.paint_over(painter)
            most = max(64, KEPT_SCREENS * len(shown))
            while len(self._kept) > most:
                self._kept.popitem(last=False)

    def paint_over(self, painter: QPainter) -> None:
        """On top of the cells."""

    def _cell(self, row: int, state: int, width: int, height: int, until: float = math.inf) -> QPixmap | None:
        """A row's picture; None where it would have to be drawn and there is no time left for it."""
        key = (self.cells.key(row), state, width, height)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        if time.perf_counter() > until:
            return None
        scale = self.devicePixelRatioF()
        pixmap = QPixmap(round(width * scale), round(height * scale))
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(self.cells.background())  # opaque: copied to the screen, not blended
        with QPainter(pixmap) as painter:
            is_whole = self.cells.paint(painter, QRect(0, 0, width, height), row, state)
        if is_whole:
            self._kept[key] = pixmap
        return pixmap


class _Strip(QWidget):
    """The header of the section in view, above the cells; the next one pushes it out."""

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self._view = view
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        view, grid = self._view, self._view.grid
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), view.cells.background())
            if not grid.count:
                return
            top = view.verticalOffset()
            section, y = grid.section_at(top - grid.header), 0
            if section + 1 < grid.sections:
                following = grid.header_top(section + 1) - top + grid.header
                if following < grid.header:
                    view.cells.paint_header(
                        painter, QRect(0, following, self.width(), grid.header), section + 1
                    )
                    y = following - grid.header
            view.cells.paint_header(painter, QRect(0, y, self.width(), grid.header), section)
