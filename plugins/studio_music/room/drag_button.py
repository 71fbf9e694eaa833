"""A button that a file is dragged out of."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from studio.ui.api import IconButton
from studio_music.room.drawings import drawing


class DragButton(IconButton):
    """Tells when it is pressed, so that the file can be made meanwhile, and when it is dragged or clicked."""

    pressed_down = Signal()
    drag_wanted = Signal()
    """The pointer has left it, with its button down."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__(drawing(name), tip)
        self._from: QPoint | None = None

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self._from = event.position().toPoint()
            self.pressed_down.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        far = (event.position().toPoint() - self._from).manhattanLength()
        if far >= QApplication.startDragDistance():
            self._from = None
            self.setDown(False)
            self.drag_wanted.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None
        super().mouseReleaseEvent(event)
