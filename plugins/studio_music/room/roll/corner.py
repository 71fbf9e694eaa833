"""Where ruler and keyboard meet: it says what the pointer is at."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio_music.room.roll.state import RollState


class Corner(QWidget):
    """The pitch, and the place in bars and beats."""

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._words = "", ""
        state.pointed.connect(self._point)
        state.notes_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = self.state.ink
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), ink.panel)
            painter.fillRect(QRectF(0, self.height() - 1.0, self.width(), 1), ink.bar_line)
            painter.fillRect(QRectF(self.width() - 1.0, 0, 1, self.height()), ink.bar_line)
            middle = self.height() / 2
            font = QFont(self.font())
            for words, top, size, color in (
                (self._words[0], middle - 20, ink.theme.text_px, ink.text),
                (self._words[1], middle, ink.theme.small_px - 1, ink.muted),
            ):
                font.setPixelSize(size)
                painter.setFont(font)
                painter.setPen(color)
                box = QRectF(2, top, self.width() - 5, 20)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _point(self, pitch: str, place: str) -> None:
        self._words = pitch, place
        self.update()
