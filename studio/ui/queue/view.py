"""The list of the queue, with the keys that open and close a batch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from studio.ui.queue.model import Row


class QueueView(QListView):
    fold_key = Signal(bool)
    """The current row should be opened or closed."""

    def __init__(self) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)

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
