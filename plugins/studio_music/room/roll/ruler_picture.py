"""What is seen on the ruler: bars and their numbers, the loop's braces, selected bars, the song's end."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QWidget

from studio.api.values import trn
from studio.ui.api import locales
from studio_music.core.editing.bars import with_bars
from studio_music.core.song import Song
from studio_music.room.roll.colors import mix
from studio_music.room.roll.lane import Lane
from studio_music.room.roll.state import RollState

LOOP_PX, _BARS_PX = 11, 22
"""Heights: of the strip of the loop, and of the bars' numbers below it."""
_CROSS_PX = 16
_NUMBERS_PX, _LEAST_LINES = 14, 6
"""Between the numbers of two bars, and between their lines."""


class RulerPicture(Lane):
    """The ruler without the hands that work on it."""

    spare = 4

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self._loop: tuple[int, int] | None = None
        """The loop while it is dragged."""
        self._bars: int | None = None
        """How many bars the song will have, while its end is dragged."""
        self._hovered = ""
        """What the pointer is at: "loop-end"."""
        state.bars_changed.connect(self.renew)

    def sizeHint(self) -> QSize:
        return QSize(400, LOOP_PX + self.state.ink.theme.px(_BARS_PX))

    def draw(self, painter: QPainter) -> None:
        ink, song = self.state.ink, self.state.song
        painter.fillRect(self.rect(), ink.panel)
        painter.fillRect(QRectF(0, 0, self.width(), LOOP_PX), mix(ink.panel, ink.text, 0.05))
        if song is not None:
            self._paint_bars(painter, song)
            self._paint_loop(painter, song)
        self.draw_end(painter)
        if song is not None:
            self._paint_end(painter, song)

    def _paint_bars(self, painter: QPainter, song: Song) -> None:
        """Lines, numbers, other meters; never one over another."""
        state, view, ink = self.state, self.state.view, self.state.ink
        font = QFont(self.font())
        font.setPixelSize(ink.theme.small_px - 1)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        span = state.bars_span()
        if span is not None:
            self._paint_span(painter, *span)
        bars = state.bars_in_sight()
        if not bars:
            return
        narrowest = min(view.per_tick * bar.meter.bar_ticks for bar in bars)
        widest = metrics.horizontalAdvance(locales.number(len(song.bars))) + _NUMBERS_PX
        every = 1
        while narrowest * every < widest:
            every *= 2
        if narrowest < _LEAST_LINES:  # what lies closer than that is left out
            bars = bars[-bars[0].number % every :: every]
        taken = -1.0
        meters = {change.start: str(change.meter) for change in song.meters if change.start}
        keys = {change.start: change.key.name for change in song.keys if change.start}
        for bar in bars:
            x = view.x_of(bar.start)
            numbered = bar.number % every == 0
            tall = self.height() - LOOP_PX if numbered else 5
            inside = span is not None and span[0] <= bar.start < span[1]
            line = mix(ink.accent, ink.panel, 0.5) if inside else ink.bar_line
            painter.fillRect(QRectF(x, self.height() - tall, 1, tall), line)
            if not numbered:
                continue
            number = locales.number(bar.number + 1)
            on = ink.theme.color("on_accent")
            taken = max(
                taken,
                self._write(painter, metrics, x + (8 if inside else 5), number, on if inside else ink.text),
            )
            for words in (meters.get(bar.start), keys.get(bar.start)):
                room = x + narrowest * every - taken - 8
                if words is not None and metrics.horizontalAdvance(words) < room:
                    taken = self._write(painter, metrics, taken + 8, words, on if inside else ink.muted)
            beats = bar.meter.bar_ticks // bar.meter.beat_ticks
            wide = view.per_tick * bar.meter.beat_ticks
            if every == 1 and wide > metrics.horizontalAdvance(number + ".9") + 2 * _NUMBERS_PX:
                color = mix(ink.accent, on, 0.7) if inside else ink.muted
                for beat in range(1, beats):
                    at = view.x_of(bar.start + beat * bar.meter.beat_ticks)
                    painter.fillRect(QRectF(at, self.height() - 6, 1, 6), ink.bar_line)
                    if at > taken:
                        self._write(painter, metrics, at + 5, f"{number}.{locales.number(beat + 1)}", color)

    def _write(self, painter: QPainter, metrics: QFontMetricsF, x: float, words: str, color: QColor) -> float:
        """Words in the row of numbers, unless the cross is there; returns where they end."""
        wide = metrics.horizontalAdvance(words)
        cross = self.cross()
        if cross is not None and x < cross.right() and x + wide > cross.left():
            return x
        painter.setPen(color)
        box = QRectF(x, LOOP_PX, wide + 2, self.height() - LOOP_PX - 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        return x + wide

    def _paint_span(self, painter: QPainter, start: int, end: int) -> None:
        """Selected bars: a band with a grip at both ends, and a cross that lets them go."""
        view, ink = self.state.view, self.state.ink
        box = QRectF(view.x_of(start), LOOP_PX, 0, self.height() - LOOP_PX - 1)
        box.setRight(view.x_of(end))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(box, 3, 3)
        on = ink.theme.color("on_accent")
        for x in (box.left() + 2, box.right() - 3.5):
            painter.setBrush(on)
            painter.drawRoundedRect(QRectF(x, box.center().y() - 5, 1.5, 10), 0.75, 0.75)
        cross = self.cross()
        if cross is not None:
            painter.setPen(on)
            middle = cross.center()
            for side in (-1, 1):
                painter.drawLine(middle + QPointF(-3, -3 * side), middle + QPointF(3, 3 * side))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_loop(self, painter: QPainter, song: Song) -> None:
        loop = self._loop or song.loop
        if loop is None:
            return
        view, ink = self.state.view, self.state.ink
        left, right = view.x_of(loop[0]), view.x_of(loop[1])
        color = ink.theme.color("warning")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        faint = QColor(color)
        faint.setAlphaF(0.45 if self._hovered.startswith("loop") else 0.3)
        painter.setBrush(faint)
        painter.drawRect(QRectF(left, 0, right - left, LOOP_PX))
        painter.setBrush(color)
        tip = LOOP_PX
        for x, side in ((left, 1), (right, -1)):  # braces: a bar with a foot that points inwards
            painter.drawRect(QRectF(min(x, x + 2.0 * side), 0, 2, tip))
            if right - left > 2 * tip:
                painter.drawPolygon(
                    QPolygonF([QPointF(x, 0), QPointF(x + tip * 0.8 * side, 0), QPointF(x, tip * 0.8)])
                )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_end(self, painter: QPainter, song: Song) -> None:
        """The song's end has a grip; while it is dragged it says how many bars there will be."""
        view, ink = self.state.view, self.state.ink
        tick = song.length
        if self._bars is not None:
            tick = with_bars(song, self._bars).length
        x = view.x_of(tick)
        hovered = self._bars is not None or self._hovered == "song-end"
        painter.fillRect(QRectF(x, 0, 2, self.height()), ink.accent if hovered else ink.muted)
        if self._bars is not None:
            metrics = QFontMetricsF(painter.font())
            words = trn("{count} bar", "{count} bars", self._bars)
            wide = metrics.horizontalAdvance(words) + 10
            box = QRectF(min(x + 4, self.width() - wide), LOOP_PX + 1, wide, self.height() - LOOP_PX - 3)
            painter.fillRect(box, ink.accent)
            painter.setPen(ink.theme.color("on_accent"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def draw_cursor(self, painter: QPainter) -> None:
        super().draw_cursor(painter)
        state = self.state
        x = state.view.x_of(state.cursor or 0.0) + 0.25
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(state.ink.cursor)
        top = self.height() - 7.0
        painter.drawPolygon(QPolygonF([QPointF(x - 5, top), QPointF(x + 5, top), QPointF(x, top + 6)]))

    def cross(self) -> QRectF | None:
        """Where selected bars are let go, if they are wide enough for it."""
        span = self.state.bars_span()
        if span is None:
            return None
        left, right = (self.state.view.x_of(tick) for tick in span)
        right = min(right, self.width())
        if right - max(left, 0) < 4 * _CROSS_PX:
            return None
        return QRectF(right - _CROSS_PX - 6, LOOP_PX, _CROSS_PX, self.height() - LOOP_PX)
