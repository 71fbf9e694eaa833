"""The list of the queue, with the keys that open and close a batch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QDropEvent, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from studio.ui.queue.model import Row


class QueueView(QListView):
    fold_key = Signal(bool)
    """The current row should be opened or closed."""
    looked = Signal()
    """Other rows are seen than before, or none."""

    def __init__(self) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)

    def rows_seen(self) -> range:
        """The rows that are seen whole; none of a list that is hidden."""
        place = self.viewport().rect()
        first = self.indexAt(place.topLeft())
        if not self.isVisible() or not first.isValid():
            return range(0)
        height = self.visualRect(first).height()
        begin = first.row() + (self.visualRect(first).top() < 0)
        last = (place.bottom() + 1 - self.visualRect(first).top()) // height + first.row()
        return range(begin, min(last, self.model().rowCount()))

    def scrollContentsBy(self, across: int, down: int) -> None:
        super().scrollContentsBy(across, down)
        self.looked.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        first = self.model().index(0, 0)
        if first.isValid() and self.sizeHintForIndex(first).height() != self.visualRect(first).height():
            self.scheduleDelayedItemsLayout()  # rows have one line where it is wide, else two
        self.looked.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looked.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.looked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        opening, closing = Qt.Key.Key_Right, Qt.Key.Key_Left
        if is_mirrored:
            opening, closing = closing, opening
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() in (opening, closing):
            self.fold_key.emit(event.key() == opening)
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt's own would move rows; the queue moves jobs and tells the order itself."""
        at = event.position().toPoint()
        index = self.indexAt(at)
        row = -1
        if index.isValid():
            row = index.row() + (at.y() > self.visualRect(index).center().y())
        self.model().dropMimeData(event.mimeData(), Qt.DropAction.MoveAction, row, 0, QModelIndex())
        event.setDropAction(Qt.DropAction.IgnoreAction)  # nothing is to be removed where it was
        event.accept()
        self.stopAutoScroll()
        self.setState(QAbstractItemView.State.NoState)
        self.viewport().update()

    @staticmethod
    def steps_by_job(rows: Sequence[Row]) -> bool:
        """Whether moving steps over single jobs: jobs inside an opened batch do, batches pass batches."""
        return any(row.inside for row in rows)
