"""What the pointer does on the field between press and release: one class for each gesture.

A hand shows on the field what it would do; the song is another only when it lets go.
"""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from studio.api.values import mark, stored, trn
from studio_music.core.editing.chosen import Chosen
from studio_music.core.editing.moving import copy_to, held, move, stretch
from studio_music.core.editing.notes import delete, draw
from studio_music.core.editing.scale import (
    copy_in_scale,
    held_steps,
    in_scale,
    move_in_scale,
    nearest_in_scale,
    steps_between,
)
from studio_music.core.song import Note, Song
from studio_music.room.roll.arrays import NoteArrays, arrays_of
from studio_music.room.roll.state import RollState

Keys = Qt.KeyboardModifier
START_PX = 3
"""How far the pointer goes before a press is a drag."""


class Board(Protocol):
    """What hands work on: the field."""

    state: RollState

    def preview(self, notes: NoteArrays | None, *, hidden: np.ndarray | None) -> None: ...
    def mark(self, mask: np.ndarray) -> None: ...
    def point_at(self, pitch: int, tick: float) -> None: ...
    def take_out(self, chosen: Chosen) -> None: ...


class Hand:
    """One gesture. It begins where the button was pressed; `at` are pixels of the field."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, field: Board, at: QPointF) -> None:
        self.field, self.state, self.view = field, field.state, field.state.view
        assert self.state.song is not None
        self.song: Song = self.state.song
        self.pressed = at
        self.tick, self.pitch = self.view.tick_at(at.x()), self.view.pitch_at(at.y())
        self.is_drag = False

    def drag(self, at: QPointF, keys: Keys) -> None:
        """The pointer moved; nothing happens until it has moved a little."""
        away = at - self.pressed
        if not self.is_drag and max(abs(away.x()), abs(away.y())) < START_PX:
            return
        self.is_drag = True
        self.move(at, keys)

    def move(self, at: QPointF, keys: Keys) -> None:
        """For subclasses."""

    def let_go(self, keys: Keys) -> None:
        """The button was released."""

    def band(self) -> QRectF | None:
        """A rectangle that is drawn over the field."""
        return None

    def ticks_to(self, line: int, at: QPointF, keys: Keys) -> int:
        """How far something at the tick `line` goes when the pointer is dragged there: onto the grid."""
        wanted = line + self.view.tick_at(at.x()) - self.tick
        if keys & Keys.AltModifier:
            return round(wanted) - line
        return self.state.grid.snapped(self.song, wanted) - line

    def choose_grabbed(self, note: Note, keys: Keys) -> None:
        """Selects the note under the pointer: alone, or with shift or ctrl beside the others."""
        chosen = self.state.chosen
        if note not in chosen.notes:
            others = chosen.notes if keys & (Keys.ShiftModifier | Keys.ControlModifier) else frozenset()
            self.state.choose(Chosen(self.state.model.active, others | {note}))


class MoveHand(Hand):
    """Moves the selected notes; with ctrl copies of them; with shift in one direction only."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, field: Board, at: QPointF, note: Note, keys: Keys) -> None:
        super().__init__(field, at)
        self.note = note
        self.was_chosen = note in self.state.chosen.notes
        self.many = bool(keys & (Keys.ShiftModifier | Keys.ControlModifier))
        self.by = 0, 0
        """Ticks, and semitones or steps of the scale."""
        self.in_scale = self.state.keeps_scale and not self.state.is_drums
        self.choose_grabbed(note, keys)
        self.base = self.state.active.picked(self.state.chosen_mask)
        self.state.sound(note.pitch, note.velocity)

    def move(self, at: QPointF, keys: Keys) -> None:
        away = at - self.pressed
        ticks = self.ticks_to(self.note.start, at, keys) if abs(away.x()) >= START_PX else 0
        semitones = self.view.pitch_at(at.y()) - self.pitch
        if keys & Keys.ShiftModifier:
            ticks, semitones = (ticks, 0) if abs(away.x()) >= abs(away.y()) else (0, semitones)
        ticks, semitones = held(self.song, self.state.chosen, ticks, semitones)
        if self.in_scale:
            pitches, pitch, steps = self._along_scale(semitones)
            self.by = ticks, steps
        else:
            pitches, pitch = self.base.pitches + semitones, self.note.pitch + semitones
            self.by = ticks, semitones
        base = self.base
        moved = NoteArrays(base.starts + ticks, base.ends + ticks, pitches, base.velocities)
        self.field.preview(moved, hidden=None if keys & Keys.ControlModifier else self.state.chosen_mask)
        self.state.sound(pitch, self.note.velocity)
        self.field.point_at(pitch, self.note.start + ticks)

    def _along_scale(self, semitones: int) -> tuple[np.ndarray, int, int]:
        """The pitches of all notes and of the one in hand, so many steps away that this one comes nearest."""
        song, key = self.song, self.song.key_at(self.note.start)
        steps = 0
        if semitones:
            target = nearest_in_scale(self.note.pitch + semitones, key)
            steps = held_steps(song, self.state.chosen, steps_between(self.note.pitch, target, key))
        starts = [change.start for change in song.keys]
        place = np.searchsorted(starts, self.base.starts, side="right") - 1
        tables = np.array([[in_scale(pitch, one.key, steps) for pitch in range(128)] for one in song.keys])
        return tables[place, self.base.pitches], in_scale(self.note.pitch, key, steps), steps

    def let_go(self, keys: Keys) -> None:
        chosen = self.state.chosen
        if not self.is_drag:
            if self.many and self.was_chosen:
                self.state.choose(Chosen(chosen.track, chosen.notes - {self.note}))
            elif not self.many:
                self.state.choose(Chosen(chosen.track, frozenset([self.note])))
        elif keys & Keys.ControlModifier:
            if self.by != (0, 0):
                act = copy_in_scale if self.in_scale else copy_to
                self.state.apply(stored(mark("Copying notes")), act(self.song, chosen, *self.by))
        else:
            act = move_in_scale if self.in_scale else move
            self.state.apply(stored(mark("Moving notes")), act(self.song, chosen, *self.by))


class StretchHand(Hand):
    """Moves one edge of the selected notes."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(
        self, field: Board, at: QPointF, note: Note, edge: Literal["start", "end"], keys: Keys
    ) -> None:
        super().__init__(field, at)
        self.note, self.edge, self.by = note, edge, 0
        self.choose_grabbed(note, keys)
        self.base = self.state.active.picked(self.state.chosen_mask)
        self.least = 1

    def move(self, at: QPointF, keys: Keys) -> None:
        line = self.note.start if self.edge == "start" else self.note.end
        self.by = self.ticks_to(line, at, keys)
        free = bool(keys & Keys.AltModifier)
        self.least = 1 if free else self.state.grid.length_at(self.song, self.note.start)
        base = self.base
        least = np.minimum(self.least, base.ends - base.starts)
        if self.edge == "end":
            ends = np.maximum(np.minimum(base.ends + self.by, max(self.song.length, 0)), base.starts + least)
            made = NoteArrays(base.starts, ends, base.pitches, base.velocities)
        else:
            starts = np.minimum(np.maximum(base.starts + self.by, 0), base.ends - least)
            made = NoteArrays(starts, base.ends, base.pitches, base.velocities)
        self.field.preview(made, hidden=self.state.chosen_mask)
        self.field.point_at(self.note.pitch, line + self.by)

    def let_go(self, keys: Keys) -> None:
        if not self.is_drag:
            self.state.choose(Chosen(self.state.model.active, frozenset([self.note])))
            return
        edited = stretch(self.song, self.state.chosen, self.edge, self.by, least=self.least)
        if len(edited.chosen.notes) == 1:
            self.state.last_length = next(iter(edited.chosen.notes)).length
        self.state.apply(stored(mark("Changing lengths")), edited)


class DrawHand(Hand):
    """Draws a note: where it begins is where the button was pressed, dragging makes it longer."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, field: Board, at: QPointF, keys: Keys) -> None:
        super().__init__(field, at)
        grid, state = self.state.grid, self.state
        free = bool(keys & Keys.AltModifier)
        start = round(self.tick) if free else grid.snapped(self.song, self.tick, "before")
        start = min(max(start, 0), self.song.length - 1)
        beat = self.song.meter_at(start).beat_ticks
        length = state.last_length or min(grid.length_at(self.song, start), beat)
        pitch = state.pitch_for(self.pitch, start)
        self.note = Note(start, max(1, min(length, self.song.length - start)), pitch, state.last_velocity)
        self._show()
        state.sound(pitch, self.note.velocity)

    def move(self, at: QPointF, keys: Keys) -> None:
        start = self.note.start
        tick = self.view.tick_at(at.x())
        if abs(at.x() - self.pressed.x()) >= START_PX:
            if keys & Keys.AltModifier:
                end = max(round(tick), start + 1)
            else:
                end = max(
                    self.state.grid.snapped(self.song, tick), self.state.grid.moved(self.song, start, 1)
                )
            self.note = self.note._replace(length=min(end, self.song.length) - start)
        self.note = self.note._replace(pitch=self.state.pitch_for(self.view.pitch_at(at.y()), start))
        self.state.sound(self.note.pitch, self.note.velocity)
        self._show()
        self.field.point_at(self.note.pitch, self.note.end)

    def let_go(self, keys: Keys) -> None:
        self.state.last_length = self.note.length
        self.state.apply(
            stored(mark("Drawing a note")), draw(self.song, self.state.model.active, [self.note])
        )

    def _show(self) -> None:
        self.field.preview(arrays_of([self.note]), hidden=None)


class BandHand(Hand):
    """A rubber band around notes; with shift or ctrl these are added to the selected ones."""

    def __init__(self, field: Board, at: QPointF, keys: Keys) -> None:
        super().__init__(field, at)
        self.from_tick, self.from_row = self.tick, (at.y() + self.view.top) / self.view.row
        self.adds = bool(keys & (Keys.ShiftModifier | Keys.ControlModifier))
        self.at = at
        self.mask = self.state.chosen_mask if self.adds else np.zeros(len(self.state.active), bool)
        self.before = self.mask

    def move(self, at: QPointF, keys: Keys) -> None:
        self.at = at
        start, end = sorted((self.from_tick, self.view.tick_at(at.x())))
        high, low = sorted((self.from_row, (at.y() + self.view.top) / self.view.row))
        notes = self.state.active
        self.mask = self.before | notes.between(start, end, 127 - int(low), 127 - int(high))
        self.field.mark(self.mask)

    def let_go(self, keys: Keys) -> None:
        if self.is_drag or not self.adds:
            self.state.choose_masked(self.mask)

    def band(self) -> QRectF | None:
        if not self.is_drag:
            return None
        corner = QPointF(self.view.x_of(self.from_tick), self.from_row * self.view.row - self.view.top)
        return QRectF(corner, self.at).normalized()


class EraseHand(Hand):
    """Deletes every note that the pointer comes over."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, field: Board, at: QPointF) -> None:
        super().__init__(field, at)
        self.gone = np.zeros(len(self.state.active), bool)
        self.at = at
        self._take(at)

    def move(self, at: QPointF, keys: Keys) -> None:
        away = at - self.at
        steps = max(1, round(max(abs(away.x()), abs(away.y())) / START_PX))
        for step in range(1, steps + 1):  # a fast pointer jumps over notes
            self._take(self.at + away * (step / steps))
        self.at = at

    def let_go(self, keys: Keys) -> None:
        track = self.state.track
        assert track is not None
        notes = frozenset(track.notes[place] for place in np.flatnonzero(self.gone).tolist())
        title = trn("Deleting a note", "Deleting {count} notes", max(1, len(notes)))
        self.state.apply(title, delete(self.song, Chosen(self.state.model.active, notes)))

    def _take(self, at: QPointF) -> None:
        found = self.state.note_at(self.view.tick_at(at.x()), self.view.pitch_at(at.y()))
        if found is not None:
            self.gone[found] = True
            self.field.preview(None, hidden=self.gone)


class OutHand(Hand):
    """Drags the selected notes out of the window, as a file."""

    cursor = Qt.CursorShape.DragCopyCursor

    def __init__(self, field: Board, at: QPointF, note: Note) -> None:
        super().__init__(field, at)
        self.choose_grabbed(note, Keys.NoModifier)

    def move(self, at: QPointF, keys: Keys) -> None:
        self.field.take_out(self.state.chosen)


class PanHand(Hand):
    """Moves the whole field."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, field: Board, at: QPointF) -> None:
        super().__init__(field, at)
        self.at = at

    def move(self, at: QPointF, keys: Keys) -> None:
        away, self.at = at - self.at, at
        self.view.scroll_by(-away.x(), -away.y())
