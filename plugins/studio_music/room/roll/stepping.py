"""Step input: the computer's keyboard is a piano, and each key that is let go moves on by a step."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from studio.api.values import mark, stored
from studio_music.core.editing.chosen import Chosen
from studio_music.core.editing.notes import delete, draw
from studio_music.core.song import Note
from studio_music.room.roll.state import RollState

_PIANO = "AWSEDFTGYHUJKOLP"
"""Semitones from C, by the letters of two rows of keys, as music programs have them."""
_C4 = 60
_LOUDER = 12


class StepInput:
    """Keys that are held together are a chord; it ends when all are let go."""

    def __init__(self, state: RollState) -> None:
        self._state = state
        self._octave = 0
        self._held: dict[int, int] = {}
        """Pitch by key."""
        self._last: list[Note] = []
        """Notes of the chord that is held."""

    @property
    def is_on(self) -> bool:
        return self._state.caret is not None

    def switch(self, on: bool) -> None:
        """It goes on at the selected bars, where it plays, or at the left edge."""
        state = self._state
        song = state.song
        if not on or song is None or state.track is None:
            self._held.clear()
            state.set_caret(None)
            state.silence()
            return
        span = state.bars_span()
        tick = float(span[0]) if span is not None else state.cursor
        if tick is None:
            tick = max(state.view.visible()[0], 0.0)
        state.set_caret(state.grid.snapped(song, tick, "before" if span is not None else "near"))

    def pressed(self, event: QKeyEvent) -> bool:
        """Whether the key was one of these."""
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        key, letter = event.key(), _letter(event)
        if letter in _PIANO and letter:
            if not event.isAutoRepeat():
                self._play(key, _C4 + 12 * self._octave + _PIANO.index(letter))
        elif letter in ("Z", "X"):
            self._octave = min(max(self._octave + (1 if letter == "X" else -1), -5), 4)
        elif letter in ("C", "V"):
            by = _LOUDER if letter == "V" else -_LOUDER
            self._state.last_velocity = min(max(self._state.last_velocity + by, 1), 127)
        elif key == Qt.Key.Key_Backspace:
            self._take_back()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._go(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Escape:
            self.switch(False)
        else:
            return False
        return True

    def released(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or event.key() not in self._held:
            return
        del self._held[event.key()]
        if not self._held:
            self._state.silence()
            self._last.clear()
            self._go(1)

    def _play(self, key: int, pitch: int) -> None:
        state, song = self._state, self._state.song
        if song is None or state.caret is None or state.caret >= song.length or pitch > 127:
            return
        length = state.grid.length_at(song, state.caret)
        note = Note(state.caret, length, pitch, state.last_velocity)
        if not self._held:
            self._last.clear()
        self._held[key] = pitch
        self._last.append(note)
        edited = draw(song, state.model.active, [note])
        chosen = Chosen(
            state.model.active,
            frozenset(self._last) & frozenset(edited.song.tracks[state.model.active].notes),
        )
        state.sound(pitch, note.velocity)
        state.apply(stored(mark("Step input")), edited._replace(chosen=chosen))
        state.view.show_pitches(pitch, pitch)

    def _take_back(self) -> None:
        """Deletes what begins a step before, and goes there."""
        state, song = self._state, self._state.song
        if song is None or state.caret is None or state.track is None:
            return
        before = state.grid.moved(song, state.caret, -1)
        gone = frozenset(note for note in state.track.notes if before <= note.start < state.caret)
        state.set_caret(before)
        if gone:
            state.apply(stored(mark("Step input")), delete(song, Chosen(state.model.active, gone)))

    def _go(self, steps: int) -> None:
        state, song = self._state, self._state.song
        if song is not None and state.caret is not None:
            state.set_caret(state.grid.moved(song, state.caret, steps))
            state.view.show_tick(state.caret)


def _letter(event: QKeyEvent) -> str:
    """The letter on the key, whatever shift does to it; "" for other keys."""
    key = event.key()
    return chr(key) if Qt.Key.Key_A <= key <= Qt.Key.Key_Z else ""
