"""What ruler, chords and velocities have in common: they go along the field, with the cursor in them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QInputDevice, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from studio_music.room.roll.state import RollState

_STRIP = 3
"""Pixels on both sides of the cursor that are painted anew when it moves."""
_WHEEL = 480
"""Angle of a wheel (1/8 degrees) that doubles the zoom."""
_KEYS = Qt.KeyboardModifier


class Lane(QWidget):
    """Keeps what it drew, so that the cursor's way through it costs nothing."""

    spare = 0
    """How much wider than a line the cursor is here, in pixels on both sides."""

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._kept = QPixmap()
        self._stale = True
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        state.view.moved.connect(self.renew)
        state.notes_changed.connect(self.renew)
        state.cursor_moved.connect(self._on_cursor)

    def draw(self, painter: QPainter) -> None:
        """For subclasses: everything but the cursor."""
        raise NotImplementedError

    def draw_cursor(self, painter: QPainter) -> None:
        paint_cursor(painter, self.state, self.height())

    def renew(self) -> None:
        """Something on it is another."""
        self._stale = True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        wanted = self.size() * ratio
        if self._stale or self._kept.size() != wanted:
            if self._kept.size() != wanted:
                self._kept = QPixmap(wanted)
            self._kept.setDevicePixelRatio(ratio)
            with QPainter(self._kept) as painter:
                painter.setFont(self.font())
                self.draw(painter)
            self._stale = False
        with QPainter(self) as painter:
            painter.drawPixmap(QPointF(0, 0), self._kept)
            if self.state.cursor is not None:
                self.draw_cursor(painter)

    def draw_end(self, painter: QPainter) -> None:
        """Where the song ends, and the line to what is below."""
        ink, song = self.state.ink, self.state.song
        if song is not None:
            end = self.state.view.x_of(song.length)
            if end < self.width():
                painter.fillRect(QRectF(end, 0, self.width() - end, self.height()), ink.beyond)
                painter.fillRect(QRectF(end, 0, 1, self.height()), ink.bar_line)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), ink.bar_line)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn_wheel(self.state, event)

    def _on_cursor(self, before: float, now: float) -> None:
        for x in (before, now):
            self.update(cursor_strip(x, self.height()).adjusted(-self.spare, 0, self.spare, 0))


def turn_wheel(state: RollState, event: QWheelEvent) -> None:
    """What a wheel or two fingers do on all parts of the roll."""
    view, keys = state.view, event.modifiers()
    turn = event.angleDelta().y() or event.angleDelta().x()
    fingers = event.device().type() == QInputDevice.DeviceType.TouchPad or not event.pixelDelta().isNull()
    if keys & _KEYS.ControlModifier:
        factor = 2 ** (turn / _WHEEL)
        if keys & _KEYS.ShiftModifier:
            view.zoom_rows(factor, event.position().y())
        else:
            view.zoom(factor, event.position().x())
    elif fingers:
        shift = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        view.scroll_by(-shift.x(), -shift.y())
    elif keys & (_KEYS.ShiftModifier | _KEYS.AltModifier):
        view.scroll_by(-turn / 2, 0)
    else:
        view.scroll_by(-event.angleDelta().x() / 2, -event.angleDelta().y() / 2)
    event.accept()


def cursor_strip(x: float, height: int) -> QRect:
    """What has to be painted anew where the cursor was, or is."""
    return QRect(int(x) - _STRIP, 0, 2 * _STRIP + 1, height)


def paint_cursor(painter: QPainter, state: RollState, height: int) -> None:
    assert state.cursor is not None
    painter.fillRect(QRectF(state.view.x_of(state.cursor) - 0.5, 0, 1.5, height), state.ink.cursor)
