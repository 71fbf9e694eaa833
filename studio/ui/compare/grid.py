"""Up to eight pictures side by side, all looking at the same place."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from studio.ui.compare.caption import Caption
from studio.ui.compare.shelf import PhotoShelf
from studio.ui.items import compare_marks as marks
from studio.ui.items.compare_model import Comparison
from studio.ui.kit.photo import Photo
from studio.ui.kit.picture_paint import draw_photo, fitted
from studio.ui.kit.picture_view import PictureView
from studio.ui.kit.rect import Rect, Window
from studio.ui.kit.theme import UNIT
from studio.words import tr

_WIDE = 1.2
"""Cells are laid out so that they come nearest to this ratio of width to height."""


class GridView(PictureView):
    """One picture, fitted to the size of the reference."""

    touched = Signal()
    """Pressed, or reached by the keyboard."""

    accessible_role = QAccessible.Role.Graphic

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(False)
        self.setMinimumSize(8 * UNIT, 8 * UNIT)
        self.frame: tuple[int, int] | None = None
        self.tag = ""
        """What stands on the picture."""
        self.file_to_hand: Callable[[Path], Path] = lambda path: path
        self._drag_from: QPointF | None = None

    @property
    def content_size(self) -> tuple[int, int] | None:
        return self.frame if self.photo is not None else None

    def show_fitted(self, photo: Photo | None, frame: tuple[int, int] | None) -> None:
        """`frame` is the size (width, height) of the reference."""
        if photo is self.photo and frame == self.frame:
            return
        before = self.content_size
        self.photo, self.frame = photo, frame
        self._was_replaced(before)

    def show_tag(self, words: str) -> None:
        if words != self.tag:
            self.tag = words
            self.update()

    def paint_picture(self, painter: QPainter, window: Window, device: Rect) -> None:
        assert self.photo is not None
        assert self.frame is not None
        draw_photo(painter, self.photo, fitted(window, self.photo.size, self.frame), device, self.palette())

    def paint_marks(self, painter: QPainter) -> None:
        seen = self.picture_frame().intersected(QRectF(self.rect()))
        if self.tag and not seen.isEmpty():
            marks.draw_labels(painter, seen, self.tag, "", seen.right())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()
        if event.button() == Qt.MouseButton.LeftButton and not self._space and self.photo is not None:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.photo.path is not None:
                self._drag_from = event.position()
                return
            self._pan_from = event.position()
            self.update_cursor()
            return
        self.begin_pan(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag_from is None:
            super().mouseMoveEvent(event)
        elif (event.position() - self._drag_from).manhattanLength() >= QApplication.startDragDistance():
            self._drag_from = None
            self._drag_out()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag_from = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Switches between the whole picture and 100 %."""
        if self.is_fitted:
            self.zoom_to(1.0, event.position())
        else:
            self.fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.touched.emit()

    def idle_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ArrowCursor if self.photo is None else Qt.CursorShape.OpenHandCursor

    def _drag_out(self) -> None:
        assert self.photo is not None
        assert self.photo.path is not None
        data = marks.file_data(self.file_to_hand(self.photo.path))
        marks.drag_out(self, self.photo, data, self.palette())


class CompareGrid(QWidget):
    """A caption below each picture. What one view zooms to and pans to, all do."""

    chosen = Signal(int)

    def __init__(self, shelf: PhotoShelf) -> None:
        super().__init__()
        self._shelf = shelf
        self.views: list[GridView] = []
        self.captions: list[Caption] = []
        self._cells: list[QWidget] = []
        self._columns = 0
        self._following = False
        self.file_to_hand: Callable[[Path], Path] = lambda path: path
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)

    def show_comparison(self, comparison: Comparison) -> None:
        count = len(comparison.items)
        while len(self.views) < count:
            self._add_cell()
        for number, cell in enumerate(self._cells):
            cell.setVisible(number < count)
        for number, (one, caption) in enumerate(zip(comparison.items, self.captions, strict=False)):
            # of many none is set against another, so all have numbers
            side = comparison.side_of(number) if count == 2 else str(number + 1)
            caption.show_item(one, side, comparison.title_of(number), comparison.detail_of(number))
            caption.setChecked(number == comparison.second)
            self.views[number].setAccessibleName(one.item.name)
            label = comparison.label_of(number)
            is_said = label in (one.caption, comparison.title_of(number))  # by the caption
            self.views[number].show_tag("" if is_said else label)
        self._comparison = comparison
        self.show_photos()
        self._arrange()

    def show_photos(self) -> None:
        """Takes what the shelf has by now."""
        items = self._comparison.items
        reference = self._shelf.photo(items[self._comparison.first].path)
        for view, one in zip(self.views, items, strict=False):
            photo = self._shelf.photo(one.path)
            if photo is None and view.photo is None:
                view.show_busy(tr("Opening {name}", name=one.item.name))
            frame = reference.size if reference is not None else photo.size if photo is not None else None
            view.show_fitted(photo, frame)
        self._follow(self.views[0])

    def clear(self) -> None:
        for view in self.views:
            view.show_fitted(None, None)

    def columns_for(self, count: int) -> int:
        """How many columns come nearest to well-shaped cells."""
        ratio = max(self.width(), 1) / max(self.height(), 1)

        def badness(columns: int) -> float:
            rows = math.ceil(count / columns)
            return abs(math.log(ratio * rows / columns / _WIDE)) + 0.2 * (columns * rows - count)

        return min(range(1, count + 1), key=badness)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        shown = [cell for cell in self._cells if not cell.isHidden()]
        if not shown:
            return
        columns = self.columns_for(len(shown))
        for cell in self._cells:
            self._grid.removeWidget(cell)
        for number, cell in enumerate(shown):
            self._grid.addWidget(cell, number // columns, number % columns)
        rows = math.ceil(len(shown) / columns)
        for place in range(8):
            self._grid.setColumnStretch(place, int(place < columns))
            self._grid.setRowStretch(place, int(place < rows))

    def _add_cell(self) -> None:
        number = len(self.views)
        view, caption = GridView(), Caption()
        view.file_to_hand = lambda path: self.file_to_hand(path)
        cell = QWidget(self)
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(view, 1)
        column.addWidget(caption)
        view.view_moved.connect(lambda: self._follow(view))
        view.touched.connect(lambda: self.chosen.emit(number))
        caption.clicked.connect(lambda: self.chosen.emit(number))
        self.views.append(view)
        self.captions.append(caption)
        self._cells.append(cell)

    def _follow(self, leader: GridView) -> None:
        """All look where one looks."""
        if self._following or leader.content_size is None:
            return
        self._following = True
        try:
            for view in self.views:
                if view is leader or view.isHidden() or view.content_size is None:
                    continue
                if leader.is_fitted:
                    view.fit()
                else:
                    view.look_at(leader.zoom, leader.center())
        finally:
            self._following = False
