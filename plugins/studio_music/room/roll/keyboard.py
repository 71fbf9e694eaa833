"""The keyboard at the left of the field: it is played, and shows what sounds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from studio.api.values import tr
from studio_music.core.instruments import DRUM_NOTES
from studio_music.room.roll.colors import mix, readable_on
from studio_music.room.roll.lane import turn_wheel
from studio_music.room.roll.state import RollState
from studio_music.room.roll.view import PITCHES
from studio_music.room.roll.words import pitch_name, pretty

_BLACK = frozenset({1, 3, 6, 8, 10})
_BLACK_LONG = 0.6
"""How long black keys are, of the keyboard's width."""
KEYS_PX, DRUMS_PX = 64, 116
"""Width of the keyboard, and of the list of drums."""
_NAMED_ROW = 9
_SOFT, _LOUD = 40, 120
"""Velocity of a key at its back and at its front."""


class Keyboard(QWidget):
    """Piano keys whose rows are those of the field."""

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._hovered: int | None = None
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Keyboard"))
        self.setToolTip(tr("Press a key to hear it"))
        self._shown: frozenset[int] = frozenset()
        """Keys that are lit up on the screen."""
        for something in (state.view.moved, state.notes_changed):
            something.connect(self.update)
        state.pressed_changed.connect(self._on_pressed)

    def sizeHint(self) -> QSize:
        wide = DRUMS_PX if self.state.is_drums else KEYS_PX
        return QSize(self.state.ink.theme.px(wide), 200)

    def hover(self, pitch: int | None) -> None:
        """Marks the key of the row that the pointer is at."""
        if pitch != self._hovered:
            before, self._hovered = self._hovered, pitch
            for one in (before, pitch):
                if one is not None:
                    self._renew(one)

    def _on_pressed(self) -> None:
        lit = self.state.pressed | self.state.playing
        for pitch in lit ^ self._shown:
            self._renew(pitch)
        self._shown = lit

    def _renew(self, pitch: int) -> None:
        """Paints one key, and the names beside it that give way to its name."""
        view = self.state.view
        rows = max(view.row, self.state.ink.theme.text_px)
        top = view.y_of(pitch) - rows
        self.update(0, int(top), self.width(), int(view.row + 2 * rows) + 1)

    # Painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            (self._drums if self.state.is_drums else self._keys)(painter, event.rect())

    def _keys(self, painter: QPainter, box: QRect) -> None:
        view, ink = self.state.view, self.state.ink
        width, row = float(self.width()), view.row
        painter.fillRect(self.rect(), ink.white_key)
        low, high = self._rows(box)
        for pitch in range(low, high + 1):
            if pitch % 12 not in _BLACK:
                self._white(painter, pitch, width)
        black = round(width * _BLACK_LONG)
        for pitch in range(low, high + 1):
            if pitch % 12 in _BLACK:
                hovered = mix(ink.black_key, ink.accent, 0.45)
                color = hovered if pitch == self._hovered else ink.black_key
                painter.fillRect(QRectF(0, view.y_of(pitch), black, row), self._lit(pitch) or color)
        self._names(painter, low, high, width)
        bottom = view.y_of(0) + row
        if bottom < self.height():
            painter.fillRect(QRectF(0, bottom, width, self.height() - bottom), ink.beyond)
        painter.fillRect(QRectF(width - 1, 0, 1, self.height()), ink.bar_line)

    def _drums(self, painter: QPainter, box: QRect) -> None:
        """A row for each drum with its name, as far as it can be read."""
        state, view, ink = self.state, self.state.view, self.state.ink
        painter.fillRect(self.rect(), ink.panel)
        font = QFont(self.font())
        font.setPixelSize(min(ink.theme.small_px - 1, max(8, int(view.row * 0.8))))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        low, high = self._rows(box)
        for pitch in range(low, high + 1):
            row = QRectF(0, view.y_of(pitch), self.width() - 1.0, view.row)
            lit = self._lit(pitch)
            if lit is not None or pitch == self._hovered:
                painter.fillRect(row, lit or mix(ink.panel, ink.accent, 0.25))
            painter.fillRect(QRectF(0, row.bottom() - 1, row.width(), 1), ink.row_line)
            if view.row >= _NAMED_ROW:
                name = state.name_of(pitch, 0) if pitch in DRUM_NOTES else ""
                name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, row.width() - 8)
                painter.setPen(readable_on(lit) if lit is not None else ink.text)
                painter.drawText(row.adjusted(5, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
        painter.fillRect(QRectF(self.width() - 1.0, 0, 1, self.height()), ink.bar_line)

    def _rows(self, box: QRect) -> tuple[int, int]:
        """The lowest and the highest pitch of a part; one more, since white keys and names reach beyond."""
        view = self.state.view
        return max(view.pitch_at(box.bottom() + 1) - 1, 0), min(view.pitch_at(box.top()) + 1, PITCHES - 1)

    def _lit(self, pitch: int) -> QColor | None:
        """The color of a key that is pressed, or that plays: that of the track."""
        state = self.state
        if pitch in state.pressed:
            return state.ink.accent
        return state.ink.track(state.model.active) if pitch in state.playing else None

    def _white(self, painter: QPainter, pitch: int, width: float) -> None:
        """A white key reaches half into the rows of black ones beside it."""
        view, ink = self.state.view, self.state.ink
        top, row = view.y_of(pitch), view.row
        above = row / 2 if (pitch + 1) % 12 in _BLACK else 0.0
        below = row / 2 if (pitch - 1) % 12 in _BLACK else 0.0
        box = QRectF(0, top - above, width, row + above + below)
        lit = self._lit(pitch)
        if lit is not None:
            painter.fillRect(box, lit)
        elif pitch == self._hovered:
            painter.fillRect(box, mix(ink.white_key, ink.accent, 0.3))
        painter.fillRect(QRectF(0, box.bottom() - 0.5, width, 1.0), ink.key_line)

    def _names(self, painter: QPainter, low: int, high: int, width: float) -> None:
        """Each C by name; and the key that is pressed or pointed at."""
        state, view, ink = self.state, self.state.view, self.state.ink
        font = QFont(self.font())
        font.setPixelSize(min(ink.theme.small_px - 1, max(8, int(view.row * 1.15))))
        painter.setFont(font)
        line = QFontMetricsF(font).height()
        for pitch in range(low, high + 1):
            spoken = pitch in state.pressed or pitch == self._hovered
            if pitch % 12 != 0 and not spoken:
                continue
            near = self._hovered is not None and abs(pitch - self._hovered) * view.row < line
            if near and not spoken:  # the other name needs its room
                continue
            name = (
                pitch_name(pitch, state.key_at(view.tick_at(0))) if spoken else pretty(f"C{pitch // 12 - 1}")
            )
            black = pitch % 12 in _BLACK
            color, lit = ink.key_text, self._lit(pitch)
            if lit is not None:
                color = readable_on(lit)
            elif black:
                color = readable_on(ink.black_key)
            painter.setPen(color)
            middle = view.y_of(pitch) + view.row / 2
            right = width * _BLACK_LONG - 4 if black else width - 6
            box = QRectF(0, middle - line / 2, right, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)

    # The pointer -------------------------------------------------------------------------------------------

    def pitch_at(self, at: QPointF) -> int:
        """Which key is there: white ones reach half into the rows of black ones."""
        view = self.state.view
        pitch = view.pitch_at(at.y())
        if not self.state.is_drums and pitch % 12 in _BLACK and at.x() > self.width() * _BLACK_LONG:
            upper = at.y() < view.y_of(pitch) + view.row / 2
            pitch = min(pitch + 1, 127) if upper else pitch - 1
        return pitch

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.state.track is not None:
            self._play(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self.state.track is not None:
            self._play(event.position())
        self.hover(self.pitch_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.state.silence()

    def leaveEvent(self, event: QEvent) -> None:
        self.hover(None)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn_wheel(self.state, event)

    def _play(self, at: QPointF) -> None:
        """Louder towards the front of the key."""
        share = min(max(at.x() / max(self.width(), 1), 0.0), 1.0)
        self.state.sound(self.pitch_at(at), round(_SOFT + share * (_LOUD - _SOFT)))
