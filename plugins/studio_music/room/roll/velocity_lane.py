"""The lane below the field where one sees and changes how loud each note is."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.api.values import mark, stored, tr
from studio.ui.api import locales
from studio_music.core.editing.notes import set_velocities
from studio_music.room.roll.arrays import NoteArrays
from studio_music.room.roll.backdrop import blend, grid_columns, packed
from studio_music.room.roll.pixel_lane import PixelLane
from studio_music.room.roll.state import RollState

_LANE_PX = 84
_MARGIN = 6
"""Pixels above the loudest and below the softest."""
_NEAR_PX = 5
_HEAD_PX = 5


class VelocityLane(PixelLane):
    """A bar for each note of the active track. A bar is dragged up and down, with all selected ones where it
    is one of these; a drag that begins beside all bars draws their heights."""

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self._grabbed: int | None = None
        """Place of the note whose bar is dragged."""
        self._at: QPointF | None = None
        self._made: np.ndarray | None = None
        """Velocities as they are while they are dragged."""
        self.setAccessibleName(tr("Velocities"))
        self.setToolTip(tr("Drag a bar to make notes louder or softer"))
        state.notes_changed.connect(self._drop)
        for something in (state.chosen_changed, state.bars_changed, state.grid_changed):
            something.connect(self.renew)

    def sizeHint(self) -> QSize:
        return QSize(400, self.state.ink.theme.px(_LANE_PX))

    # Painting ----------------------------------------------------------------------------------------------

    def _paint(self, pixels: np.ndarray, ratio: float) -> None:
        state, ink, song = self.state, self.state.ink, self.state.song
        width = pixels.shape[1]
        if song is None:
            pixels[:] = packed(ink.beyond)
            return
        line = np.full(width, packed(ink.field), np.uint32)
        end = grid_columns(line[None], state, song)
        pixels[:] = line
        for velocity in (32, 64, 96, 127):
            y = int(self._y_of(velocity) * ratio)
            pixels[y, :end] = blend(pixels[y, :end], ink.text, 0.10)
        pixels[: max(1, round(ratio))] = packed(ink.bar_line)
        notes = state.active
        if self._made is not None:
            notes = NoteArrays(notes.starts, notes.ends, notes.pitches, self._made)
        chosen = state.chosen_mask
        place = state.model.active
        for mask, (fill, edge) in (
            (~chosen, state.ink.notes(place)),
            (chosen, state.ink.chosen(place)),
        ):
            self._paint_bars(pixels, notes.picked(mask), fill, edge, ratio)

    def _paint_bars(
        self, pixels: np.ndarray, notes: NoteArrays, fill: np.ndarray, edge: np.ndarray, ratio: float
    ) -> None:
        """A stem for each column in which notes begin, up to the loudest; a head for each note."""
        height, width = pixels.shape
        view = self.state.view
        columns = np.rint(notes.starts * view.per_tick * ratio).astype(np.int64) - round(view.left * ratio)
        seen = (columns > -_HEAD_PX * ratio) & (columns < width)
        columns, velocities = columns[seen], notes.velocities[seen]
        if not len(columns):
            return
        tops = np.rint((self._y_of(0) - velocities / 127 * self._range) * ratio).astype(np.int64)
        loudest = np.zeros(width, np.int64)
        inside = columns >= 0
        np.maximum.at(loudest, columns[inside], velocities[inside])
        stems = np.flatnonzero(loudest)
        rows = np.arange(height)[:, None]
        above = np.rint((self._y_of(0) - loudest[stems] / 127 * self._range) * ratio).astype(np.int64)
        mask = (rows >= above) & (rows < round(self._y_of(0) * ratio))
        for step in range(max(1, round(1.5 * ratio))):
            at = np.minimum(stems + step, width - 1)
            pixels[:, at] = np.where(mask, fill[loudest[stems]], pixels[:, at])
        if len(columns) * _HEAD_PX * ratio > 2 * width:  # heads would hide each other
            return
        side = max(2, round(_HEAD_PX * ratio))
        order = np.argsort(velocities, kind="stable")
        columns, tops, colors = columns[order], tops[order], edge[velocities[order]]
        inner = fill[velocities[order]]
        for dy in range(side):
            for dx in range(side):
                x, y = columns + dx, np.clip(tops + dy - side // 2, 0, height - 1)
                on = (x >= 0) & (x < width)
                rim = dx in (0, side - 1) or dy in (0, side - 1)
                pixels[y[on], x[on]] = (colors if rim else inner)[on]

    @property
    def _range(self) -> float:
        return self.height() - 2.0 * _MARGIN

    def _y_of(self, velocity: float) -> float:
        return self.height() - _MARGIN - velocity / 127 * self._range

    def velocity_at(self, y: float) -> int:
        return min(max(round((self.height() - _MARGIN - y) / self._range * 127), 1), 127)

    # The pointer -------------------------------------------------------------------------------------------

    def bar_at(self, at: QPointF) -> int | None:
        """The note whose bar is there: of several that begin together a selected one, or the nearest head."""
        state, notes = self.state, self.state.active
        away = np.abs(notes.starts * state.view.per_tick - state.view.left + _HEAD_PX / 2 - at.x())
        near = np.flatnonzero(away <= _NEAR_PX)
        near = near[[self._y_of(int(notes.velocities[place])) - 2 * _HEAD_PX <= at.y() for place in near]]
        if not len(near):
            return None
        unchosen = ~state.chosen_mask[near]
        height = np.abs(notes.velocities[near] - self.velocity_at(at.y()))
        return int(near[np.lexsort((height, away[near] // 2, unchosen))[0]])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.state.track is None:
            return
        self._at = event.position()
        self._grabbed = self.bar_at(self._at)
        self._made = self.state.active.velocities.copy()
        if self._grabbed is None:
            self._draw_to(self._at)
        self._tell(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._at is None or self._made is None:
            shapes = Qt.CursorShape
            self.setCursor(shapes.SizeVerCursor if self.bar_at(at) is not None else shapes.CrossCursor)
            return
        if self._grabbed is None:
            self._draw_to(at)
        else:
            by = self.velocity_at(at.y()) - self.velocity_at(self._at.y())
            moved = self.state.chosen_mask.copy()
            if not moved[self._grabbed]:
                moved[:] = False
                moved[self._grabbed] = True
            before = self.state.active.velocities
            self._made = np.where(moved, np.clip(before + by, 1, 127), before)
        self._tell(at)
        self.renew()

    def _drop(self) -> None:
        """Lets go what is dragged: the notes are others."""
        self._at = self._grabbed = self._made = None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        song, track, made = self.state.song, self.state.track, self._made
        if event.button() != Qt.MouseButton.LeftButton or song is None or track is None or made is None:
            return
        changed = np.flatnonzero(made != self.state.active.velocities)
        self._drop()
        velocities = {track.notes[place]: int(made[place]) for place in changed.tolist()}
        if velocities:
            self.state.last_velocity = next(iter(velocities.values()))
            edited = set_velocities(song, self.state.model.active, velocities, self.state.chosen)
            self.state.apply(stored(mark("Changing velocities")), edited)
        self.renew()

    def _draw_to(self, at: QPointF) -> None:
        """All bars between the last place of the pointer and this one take its height; selected ones only,
        where some are selected."""
        assert self._at is not None
        assert self._made is not None
        state = self.state
        x = state.active.starts * state.view.per_tick - state.view.left + _HEAD_PX / 2
        (left, first), (right, last) = sorted(
            ((self._at.x(), self.velocity_at(self._at.y())), (at.x(), self.velocity_at(at.y())))
        )
        passed = (x >= left - 2) & (x <= right + 2)
        if state.chosen:
            passed &= state.chosen_mask
        share = np.clip((x[passed] - left) / max(right - left, 1e-6), 0, 1)
        self._made[passed] = np.rint(first + share * (last - first)).astype(self._made.dtype)
        self._at = at
        self.renew()

    def _tell(self, at: QPointF) -> None:
        velocity = self.velocity_at(at.y())
        if self._grabbed is not None and self._made is not None:
            velocity = int(self._made[self._grabbed])
        self.state.pointed.emit(locales.number(velocity), tr("Velocity"))


class VelocityScale(QWidget):
    """What stands at the left of the lane: its name and its range."""

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        state.notes_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = self.state.ink
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), ink.panel)
            painter.fillRect(QRectF(0, 0, self.width(), 1), ink.bar_line)
            painter.fillRect(QRectF(self.width() - 1.0, 0, 1, self.height()), ink.bar_line)
            font = painter.font()
            font.setPixelSize(ink.theme.small_px - 2)
            painter.setFont(font)
            painter.setPen(ink.muted)
            line = painter.fontMetrics().height()
            span = self.height() - 2.0 * _MARGIN
            for velocity in (1, 64, 127):
                y = self.height() - _MARGIN - velocity / 127 * span
                y = min(max(y - line / 2, 2.0), self.height() - line - 1.0)
                box = QRectF(0, y, self.width() - 6, line)
                painter.drawText(
                    box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, locales.number(velocity)
                )
