"""The ruler above the field: bars, the loop's braces, selected bars, and where it plays."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from studio.api.values import tr, trn
from studio.ui.api import locales
from studio_music.core.editing.bars import with_bars
from studio_music.core.editing.grid import Grid
from studio_music.core.song import Song
from studio_music.room.roll.colors import mix
from studio_music.room.roll.hands import START_PX
from studio_music.room.roll.lane import Lane
from studio_music.room.roll.state import RollState
from studio_music.room.roll.words import bars_title

_LOOP_PX, _BARS_PX = 11, 22
"""Heights: of the strip of the loop, and of the bars' numbers below it."""
_GRIP_PX = 6
"""How near an end the pointer drags it."""
_CROSS_PX = 16
_NUMBERS_PX = 14
"""Between the numbers of two bars."""

Part = Literal["start", "end", "inside", "new", ""]


class Ruler(Lane):
    """Click: play from there. Drag: select bars, or in the upper strip make and change the loop."""

    seek_wanted = Signal(int)
    menu_wanted = Signal(object)
    """(global position)."""
    spare = 4

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self._hand: tuple[str, Part, float] | None = None
        """(what is dragged: loop or bars, its part, x of the press)."""
        self._is_drag = False
        self._loop: tuple[int, int] | None = None
        """The loop while it is dragged."""
        self._bars: int | None = None
        """How many bars the song will have, while its end is dragged."""
        self._from: tuple[int, int] = (0, 0)
        """The loop, or the bars, when the drag began."""
        self._hovered = ""
        self.setAccessibleName(tr("Ruler"))
        state.bars_changed.connect(self.renew)
        state.notes_changed.connect(self._drop)
        state.bars_changed.connect(self._describe)

    def sizeHint(self) -> QSize:
        return QSize(400, _LOOP_PX + self.state.ink.theme.px(_BARS_PX))

    # Painting ----------------------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        ink, song = self.state.ink, self.state.song
        painter.fillRect(self.rect(), ink.panel)
        painter.fillRect(QRectF(0, 0, self.width(), _LOOP_PX), mix(ink.panel, ink.text, 0.05))
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
        taken = -1.0
        meters = {change.start: str(change.meter) for change in song.meters if change.start}
        keys = {change.start: change.key.name for change in song.keys if change.start}
        for bar in bars:
            x = view.x_of(bar.start)
            numbered = bar.number % every == 0
            tall = self.height() - _LOOP_PX if numbered else 5
            inside = span is not None and span[0] <= bar.start < span[1]
            if numbered or narrowest * every >= 6 * every:
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
        cross = self._cross()
        if cross is not None and x < cross.right() and x + wide > cross.left():
            return x
        painter.setPen(color)
        box = QRectF(x, _LOOP_PX, wide + 2, self.height() - _LOOP_PX - 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        return x + wide

    def _paint_span(self, painter: QPainter, start: int, end: int) -> None:
        """Selected bars: a band with a grip at both ends, and a cross that lets them go."""
        view, ink = self.state.view, self.state.ink
        box = QRectF(view.x_of(start), _LOOP_PX, 0, self.height() - _LOOP_PX - 1)
        box.setRight(view.x_of(end))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(box, 3, 3)
        on = ink.theme.color("on_accent")
        for x in (box.left() + 2, box.right() - 3.5):
            painter.setBrush(on)
            painter.drawRoundedRect(QRectF(x, box.center().y() - 5, 1.5, 10), 0.75, 0.75)
        cross = self._cross()
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
        painter.drawRect(QRectF(left, 0, right - left, _LOOP_PX))
        painter.setBrush(color)
        tip = _LOOP_PX
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
            box = QRectF(min(x + 4, self.width() - wide), _LOOP_PX + 1, wide, self.height() - _LOOP_PX - 3)
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

    # The pointer -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        song = self.state.song
        if event.button() != Qt.MouseButton.LeftButton or song is None:
            return
        at = event.position()
        what, part = self._part(at)
        if what == "cross":
            self.state.select_bars(None)
            return
        self._is_drag = False
        self._hand = what, part, at.x()
        if what == "loop":
            self._from = song.loop or (0, 0)
        elif self.state.bars is not None and part in ("start", "end"):
            self._from = self.state.bars
        elif self.state.bars is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            first, last = self.state.bars
            bar = self._bar(at.x())
            self._from = (first, first) if bar >= first else (last, last)
            self.state.select_bars((self._from[0], bar))
            self._is_drag = True
        else:
            self._from = self._bar(at.x()), self._bar(at.x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at, song = event.position(), self.state.song
        if self._hand is None or song is None:
            what, part = self._part(at)
            self._hover(f"{what}-{part}")
            ends = part in ("start", "end")
            shapes = Qt.CursorShape
            inside = shapes.OpenHandCursor if part == "inside" else shapes.ArrowCursor
            self.setCursor(shapes.SizeHorCursor if ends else inside)
            return
        what, part, pressed = self._hand
        if not self._is_drag and abs(at.x() - pressed) < START_PX + 1:
            return
        self._is_drag = True
        if what == "loop":
            free = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            self._loop = self._dragged_loop(song, part, pressed, at.x(), free=free)
            self.renew()
        elif what == "song":
            self._bars = self._bars_to(song, at.x())
            self.renew()
        else:
            self._drag_bars(part, at.x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        song = self.state.song
        if self._hand is None or event.button() != Qt.MouseButton.LeftButton or song is None:
            return
        what, _, _ = self._hand
        self._hand = None
        if what == "loop" and self._loop is not None:
            loop, self._loop = self._loop, None
            self.state.loop(loop)
            self.renew()
        elif what == "song":
            count, self._bars = self._bars, None
            if count is not None:
                self.state.model.change(tr("Changing the length"), with_bars(song, count))
            self.renew()
        elif not self._is_drag:
            free = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            tick = min(max(self.state.view.tick_at(event.position().x()), 0), song.length)
            self.seek_wanted.emit(round(tick) if free else self.state.grid.snapped(song, tick))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        song = self.state.song
        if event.button() != Qt.MouseButton.LeftButton or song is None:
            return
        if self._part(event.position())[0] == "loop":
            if song.loop is not None:
                self.state.loop(None)
        else:
            bar = self._bar(event.position().x())
            self.state.select_bars((bar, bar))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """On bars: of those that are selected; of the one that is there, if it is not."""
        if self._hand is None and self.state.song is not None and self.state.song.bars:
            bar, bars = self._bar(float(event.pos().x())), self.state.bars
            if bars is None or not bars[0] <= bar <= bars[1]:
                self.state.select_bars((bar, bar))
            self.menu_wanted.emit(event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        self._hover("")
        super().leaveEvent(event)

    def _bars_to(self, song: Song, x: float) -> int:
        """How many bars the song has if it ends there: one at least."""
        tick = self.state.view.tick_at(x)
        if tick < song.length:
            line = Grid(0).snapped(song, tick)
            return max(1, sum(bar.end <= line for bar in song.bars))
        return len(song.bars) + round((tick - song.length) / song.meters[-1].meter.bar_ticks)

    def _drop(self) -> None:
        """Lets go what is dragged: the song is another."""
        self._hand = self._loop = self._bars = None

    def _dragged_loop(
        self, song: Song, part: Part, pressed: float, x: float, *, free: bool
    ) -> tuple[int, int]:
        grid = self.state.grid if free else Grid(0)
        view = self.state.view
        start, end = self._from
        tick = view.tick_at(x)
        if part == "inside":
            begin = grid.snapped(song, start + tick - view.tick_at(pressed))
            begin = min(begin, song.length - (end - start))
            return begin, begin + end - start
        if part == "new":
            first, last = sorted((view.tick_at(pressed), tick))
            begin = grid.snapped(song, first, "before")
            return begin, max(grid.snapped(song, last, "after"), begin + 1)
        if part == "start":
            return min(grid.snapped(song, tick), grid.moved(song, end, -1)), end
        return start, max(grid.snapped(song, tick), grid.moved(song, start, 1))

    def _drag_bars(self, part: Part, x: float) -> None:
        bar = self._bar(x)
        first, last = self._from
        if part == "start":
            self.state.select_bars((min(bar, last), last))
        elif part == "end":
            self.state.select_bars((first, max(bar, first)))
        else:
            self.state.select_bars((first, bar))

    def _bar(self, x: float) -> int:
        song = self.state.song
        assert song is not None
        return song.bar_at(int(max(self.state.view.tick_at(x), 0))).number

    def _part(self, at: QPointF) -> tuple[str, Part]:
        """What is under the pointer: (loop, bars or cross; which part of it)."""
        song, view = self.state.song, self.state.view
        if song is None:
            return "", ""
        cross = self._cross()
        if cross is not None and cross.contains(at):
            return "cross", ""
        if abs(at.x() - view.x_of(song.length) - 1) <= _GRIP_PX / 2:
            return "song", "end"
        upper = at.y() < _LOOP_PX
        span = song.loop if upper else self.state.bars_span()
        what = "loop" if upper else "bars"
        if span is not None:
            left, right = view.x_of(span[0]), view.x_of(span[1])
            if abs(at.x() - left) <= _GRIP_PX:
                return what, "start"
            if abs(at.x() - right) <= _GRIP_PX:
                return what, "end"
            if upper and left < at.x() < right:
                return what, "inside"
        return what, "new"

    def _cross(self) -> QRectF | None:
        """Where selected bars are let go, if they are wide enough for it."""
        span = self.state.bars_span()
        if span is None:
            return None
        left, right = (self.state.view.x_of(tick) for tick in span)
        right = min(right, self.width())
        if right - max(left, 0) < 4 * _CROSS_PX:
            return None
        return QRectF(right - _CROSS_PX - 6, _LOOP_PX, _CROSS_PX, self.height() - _LOOP_PX)

    def _hover(self, what: str) -> None:
        if what != self._hovered:
            self._hovered = what
            upper = what.startswith("loop")
            tip = tr("Click to play from here. Drag to select bars.")
            if what == "song-end":
                tip = tr("Drag to make the song longer or shorter")
            elif upper:
                tip = tr("Drag to loop bars. Double-click removes the loop.")
            self.setToolTip(tip)
            self.renew()

    def _describe(self) -> None:
        bars = self.state.bars
        self.setAccessibleDescription(bars_title(*bars) if bars is not None else "")
