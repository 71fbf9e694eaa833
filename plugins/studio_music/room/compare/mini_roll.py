"""A whole song as a small picture of its notes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.api import RADIUS, UNIT
from studio_music.core.song import Song

_LEAST_SPAN = 24
"""Semitones that the height shows at least."""
_INSET = UNIT // 2
_STEPS = 32
"""Parts of the song that a key press goes on by."""


class MiniRoll(QWidget):
    """Drawn once for each song and size; the cursor is drawn over it."""

    accessible_role = QAccessible.Role.Graphic
    seek_wanted = Signal(float)
    """Place, 0 to 1 of the song."""

    def __init__(self, color_of: Callable[[int], QColor]) -> None:
        super().__init__()
        self._color_of = color_of
        self._song: Song | None = None
        self._drawn: QPixmap | None = None
        self._cursor: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(8 * UNIT)

    def sizeHint(self) -> QSize:
        return QSize(40 * UNIT, 14 * UNIT)

    def show_song(self, song: Song) -> None:
        self._song, self._drawn = song, None
        self.setAccessibleName(song.title)
        self.update()

    def set_cursor(self, place: float | None) -> None:
        """0 to 1; None for no cursor."""
        before, self._cursor = self._cursor, place
        for one in (before, place):
            if one is not None:
                self.update(round(self._x(one)) - 2, 0, 5, self.height())

    def redraw(self) -> None:
        """After another theme came."""
        self._drawn = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drawn = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.seek_wanted.emit(min(max((self._cursor or 0.0) + step / _STEPS, 0.0), 1.0))

    def _seek(self, event: QMouseEvent) -> None:
        share = (event.position().x() - _INSET) / max(1, self.width() - 2 * _INSET)
        self.seek_wanted.emit(min(max(share, 0.0), 1.0))

    def _x(self, place: float) -> float:
        return _INSET + place * (self.width() - 2 * _INSET)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawn is None:
            self._drawn = self._draw()
        colors = self.palette()
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._drawn)
            if self._cursor is not None:
                x = self._x(self._cursor)
                painter.setPen(colors.accent().color())
                painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
            if self.hasFocus():
                painter.setPen(colors.accent().color())
                painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), RADIUS, RADIUS)

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        drawn = QPixmap(self.size() * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        with QPainter(drawn) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().base())
            painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
            if self._song is not None:
                self._draw_notes(painter, self._song)
        return drawn

    def _draw_notes(self, painter: QPainter, song: Song) -> None:
        pitches = [note.pitch for track in song.tracks for note in track.notes]
        if not pitches or not song.length:
            return
        low, high = min(pitches), max(pitches)
        spare = max(0, _LEAST_SPAN - (high - low))
        low, span = low - spare // 2, high - low + 1 + spare
        inset = _INSET
        wide, tall = self.width() - 2 * inset, self.height() - 2 * inset
        thick = max(1.5, tall / span - 0.5)
        painter.setPen(self.palette().midlight().color())
        bars = song.bars
        step = max(1, len(bars) // 16)
        for bar in bars[::step][1:]:
            x = inset + wide * bar.start / song.length
            painter.drawLine(QPointF(x, inset), QPointF(x, inset + tall))
        painter.setPen(Qt.PenStyle.NoPen)
        for place in reversed(range(len(song.tracks))):
            track = song.tracks[place]
            painter.setBrush(self._color_of(place))
            painter.setOpacity(0.35 if track.muted else 1.0)
            for note in track.notes:
                x = inset + wide * note.start / song.length
                y = inset + tall * (1 - (note.pitch - low + 1) / span)
                painter.drawRect(QRectF(x, y, max(1.0, wide * note.length / song.length - 0.5), thick))
