"""The ruler above the field: bars, the loop's braces, selected bars, and where it plays."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QWidget

from studio.api.values import mark, stored, tr
from studio_music.core.editing.bars import with_bars
from studio_music.core.editing.grid import Grid
from studio_music.core.song import Song
from studio_music.room.roll.hands import START_PX
from studio_music.room.roll.ruler_picture import LOOP_PX, RulerPicture
from studio_music.room.roll.state import RollState
from studio_music.room.roll.words import bars_title

_GRIP_PX = 6
"""How near an end the pointer drags it."""

Part = Literal["start", "end", "inside", "new", ""]


class Ruler(RulerPicture):
    """Click: play from there. Drag: select bars, or in the upper strip make and change the loop."""

    seek_wanted = Signal(int)
    menu_wanted = Signal(object)
    """(global position)."""

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self._hand: tuple[str, Part, float] | None = None
        """(what is dragged: loop or bars, its part, x of the press)."""
        self._is_drag = False
        self._from: tuple[int, int] = (0, 0)
        """The loop, or the bars, when the drag began."""
        self.setAccessibleName(tr("Ruler"))
        state.notes_changed.connect(self._drop)
        state.bars_changed.connect(self._describe)

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
                self.state.model.change(stored(mark("Changing the length")), with_bars(song, count))
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
        cross = self.cross()
        if cross is not None and cross.contains(at):
            return "cross", ""
        if abs(at.x() - view.x_of(song.length) - 1) <= _GRIP_PX / 2:
            return "song", "end"
        upper = at.y() < LOOP_PX
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
