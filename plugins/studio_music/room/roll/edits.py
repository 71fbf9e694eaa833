"""What can be done with the selected notes: each a step with a title."""

from __future__ import annotations

import random

import numpy as np

from studio.api.values import mark, stored, trn
from studio_music.core.editing.bars import remove_bars, repeat_bars, with_bars
from studio_music.core.editing.chosen import Chosen, Edited, all_of
from studio_music.core.editing.clipboard import Clip, copy, duplicate, paste
from studio_music.core.editing.grid import Grid
from studio_music.core.editing.moving import move, stretch
from studio_music.core.editing.notes import change_velocity, delete, join, split
from studio_music.core.editing.scale import transpose_in_scale
from studio_music.core.editing.timing import STRAIGHT, humanize, legato, quantize
from studio_music.core.song import Song
from studio_music.room.roll.state import RollState

FINE = 10
"""Ticks that notes are moved by without the grid."""
_TIME_OFF, _LOUD_OFF = 14, 9
"""How much *Humanize* changes at most: ticks, velocity."""


class NoteEdits:
    """The commands of the roll that change notes. Without anything to work on they do nothing."""

    state: RollState

    def _start_edits(self, state: RollState) -> None:
        self.state = state
        self._clip: Clip | None = None
        self._paste_at = 0
        """Tick where the next paste goes."""
        self.strength, self.swing = 1.0, STRAIGHT
        """Of *Quantize*."""

    # Selecting ---------------------------------------------------------------------------------------------

    def select_all(self) -> None:
        """All notes of the active track; where bars are selected first theirs, and the next time all."""
        if self.state.song is None or self.state.track is None:
            return
        span, notes = self.state.bars_span(), self.state.active
        if span is not None:
            inside = (notes.starts >= span[0]) & (notes.starts < span[1])
            if inside.any() and not np.array_equal(inside, self.state.chosen_mask):
                self.state.choose_masked(inside)
                return
        self.state.choose(all_of(self.state.song, self.state.model.active))

    def select_none(self) -> None:
        self.state.choose(Chosen(self.state.model.active))

    def select_next(self, by: int) -> None:
        """The note after the selected ones, or before them (-1); without any the first one that is seen."""
        track = self.state.track
        if track is None or not track.notes:
            return
        places = np.flatnonzero(self.state.chosen_mask)
        if len(places):
            place = int(places[-1] if by > 0 else places[0]) + by
        else:
            start = self.state.cursor if self.state.cursor is not None else self.state.view.visible()[0]
            place = int(np.searchsorted(self.state.active.starts, start))
        note = track.notes[min(max(place, 0), len(track.notes) - 1)]
        self.state.choose(Chosen(self.state.model.active, frozenset([note])))
        self.state.view.show_tick(note.start)
        self.state.view.show_pitches(note.pitch, note.pitch)
        self.state.sound(note.pitch, note.velocity)

    # Pitch and time ----------------------------------------------------------------------------------------

    def transpose(self, semitones: int) -> None:
        song, chosen = self._work()
        if song is not None:
            self.state.apply(stored(mark("Transposing")), move(song, chosen, 0, semitones), merge="transpose")
            self._follow_pitches()

    def step_pitch(self, by: int) -> None:
        """A step up or down: of the scale, where notes keep to it."""
        if self.state.keeps_scale and not self.state.is_drums:
            self.transpose_in_scale(by)
        else:
            self.transpose(by)

    def transpose_in_scale(self, steps: int) -> None:
        song, chosen = self._work()
        if song is not None:
            edited = transpose_in_scale(song, chosen, steps)
            self.state.apply(stored(mark("Transposing in the scale")), edited, merge="scale")
            self._follow_pitches()

    def nudge(self, steps: int, *, bars: bool = False) -> None:
        """Moves notes by lines of the grid, or by bars: the first one lands on a line."""
        song, chosen = self._work()
        if song is not None:
            grid = Grid(0) if bars else self.state.grid
            if bars:
                by = steps * song.bar_at(chosen.start).meter.bar_ticks
            else:
                by = grid.moved(song, chosen.start, steps) - chosen.start
            self.state.apply(stored(mark("Moving notes")), move(song, chosen, by), merge="nudge")
            self._follow_time()

    def nudge_fine(self, steps: int) -> None:
        """Moves notes a little, without the grid."""
        song, chosen = self._work()
        if song is not None:
            self.state.apply(stored(mark("Moving notes")), move(song, chosen, steps * FINE), merge="nudge")

    def lengthen(self, steps: int) -> None:
        """Moves the ends of notes by lines of the grid."""
        song, chosen = self._work()
        if song is not None:
            step = self.state.grid.length_at(song, chosen.start)
            edited = stretch(song, chosen, "end", steps * step, least=step)
            self.state.apply(stored(mark("Changing lengths")), edited, merge="lengthen")

    def louder(self, by: int) -> None:
        song, chosen = self._work()
        if song is not None:
            edited = change_velocity(song, chosen, by)
            self.state.apply(stored(mark("Changing velocities")), edited, merge="louder")

    def quantize(self, strength: float | None = None, swing: float | None = None) -> None:
        """Moves notes to the grid: selected ones, else all of the track; as `strength` and `swing` say."""
        song, chosen = self._work(whole=True)
        if song is not None:
            grid = self.state.grid
            if grid.step == 1:  # the grid is off: what is quantized wants one
                grid = Grid(song.meter.beat_ticks // 4)
            strength = self.strength if strength is None else strength
            swing = self.swing if swing is None else swing
            self._apply_whole(stored(mark("Quantizing")), quantize(song, chosen, grid, strength, swing))

    def legato(self) -> None:
        song, chosen = self._work(whole=True)
        if song is not None:
            self._apply_whole(stored(mark("Legato")), legato(song, chosen))

    def humanize(self) -> None:
        """Another time it does something else."""
        song, chosen = self._work(whole=True)
        if song is not None:
            edited = humanize(song, chosen, _TIME_OFF, _LOUD_OFF, random.getrandbits(32))
            self._apply_whole(stored(mark("Humanizing")), edited)

    # Notes -------------------------------------------------------------------------------------------------

    def delete(self) -> None:
        song, chosen = self._work()
        if song is not None:
            title = trn("Deleting a note", "Deleting {count} notes", len(chosen.notes))
            self.state.apply(title, delete(song, chosen))

    def split(self) -> None:
        """Cuts notes where it plays; else at the line of the grid nearest to the middle of each."""
        song, chosen = self._work()
        if song is None:
            return
        cursor = self.state.cursor
        if cursor is not None and any(note.start < cursor < note.end for note in chosen.notes):
            edited = split(song, chosen, self.state.grid.snapped(song, cursor))
            if edited.song is song:
                edited = split(song, chosen, round(cursor))
        else:
            edited = Edited(song, Chosen(chosen.track))
            for note in sorted(chosen.notes):
                middle = note.start + note.length / 2
                line = self.state.grid.snapped(song, middle)
                at = line if note.start < line < note.end else round(middle)
                cut = split(edited.song, Chosen(chosen.track, frozenset([note])), at)
                parts = edited.chosen.notes | cut.chosen.notes
                edited = Edited(cut.song, Chosen(chosen.track, parts))
        self.state.apply(stored(mark("Splitting notes")), edited)

    def join(self) -> None:
        song, chosen = self._work()
        if song is not None:
            self.state.apply(stored(mark("Joining notes")), join(song, chosen))

    # Clipboard ---------------------------------------------------------------------------------------------

    def copy(self) -> None:
        song, chosen = self._work()
        if song is not None:
            self._clip = copy(song, chosen, self._beats(song))
            self._paste_at = self._clip.end

    def cut(self) -> None:
        song, chosen = self._work()
        if song is not None:
            self.copy()
            self._paste_at = self._beats(song).snapped(song, chosen.start, "before")
            title = trn("Cutting a note", "Cutting {count} notes", len(chosen.notes))
            self.state.apply(title, delete(song, chosen))

    def paste(self) -> None:
        """Where the ruler was clicked last; else after what was copied or pasted last."""
        song = self.state.song
        if song is None or self._clip is None or self.state.track is None:
            return
        edited = paste(song, self.state.model.active, self._clip, self._paste_at)
        if edited.chosen:
            self.state.apply(stored(mark("Pasting notes")), edited)
            self.state.view.show_tick(self._paste_at)
            self._paste_at += self._clip.length

    @property
    def can_paste(self) -> bool:
        return self._clip is not None

    def duplicate(self) -> None:
        song, chosen = self._work()
        if song is not None:
            self.state.apply(stored(mark("Duplicating notes")), duplicate(song, chosen, self._beats(song)))
            self._follow_time()

    def paste_at(self, tick: int) -> None:
        """Where the next paste goes."""
        self._paste_at = tick

    # Bars of all tracks -------------------------------------------------------------------------------------

    def repeat_bars(self) -> None:
        """The selected bars once more after them; the copies are selected then."""
        song, bars = self.state.song, self.state.bars
        if song is not None and bars is not None:
            first, last = bars
            self.state.model.change(stored(mark("Repeating bars")), repeat_bars(song, first, last))
            count = last - first + 1
            self.state.select_bars((first + count, last + count))

    def remove_bars(self) -> None:
        """Takes the selected bars out of the song."""
        song, bars = self.state.song, self.state.bars
        if song is not None and bars is not None:
            self.state.select_bars(None)
            self.state.model.change(stored(mark("Removing bars")), remove_bars(song, *bars))

    def add_bars(self, count: int = 4) -> None:
        """More bars at the end."""
        song = self.state.song
        if song is not None:
            self.state.model.change(stored(mark("Adding bars")), with_bars(song, len(song.bars) + count))

    # The loop ----------------------------------------------------------------------------------------------

    def loop_selection(self) -> None:
        """Loops the selected bars, else those of the selected notes, else all; or ends that loop."""
        song = self.state.song
        if song is None:
            return
        span = self.state.bars_span()
        if span is None and self.state.chosen:
            chosen, bars = self.state.chosen, Grid(0)
            span = bars.snapped(song, chosen.start, "before"), bars.snapped(song, chosen.end, "after")
        if span is None:
            span = (0, song.length)
        self.state.loop(None if song.loop == span else span)

    # Parts -------------------------------------------------------------------------------------------------

    def _work(self, *, whole: bool = False) -> tuple[Song | None, Chosen]:
        """The song and what is selected of it; with `whole` the active track where nothing is.

        None where there is nothing to work on.
        """
        song, chosen = self.state.song, self.state.chosen
        if song is not None and whole and not chosen and self.state.track is not None:
            chosen = all_of(song, self.state.model.active)
        return (song if chosen else None), chosen

    def _apply_whole(self, title: str, edited: Edited) -> None:
        """What was done to the whole track leaves as much selected as before: nothing."""
        chosen = edited.chosen if self.state.chosen else Chosen(edited.chosen.track)
        self.state.apply(title, edited._replace(chosen=chosen))

    def _beats(self, song: Song) -> Grid:
        """What is copied is as long as whole beats."""
        return Grid(song.meter.beat_ticks)

    def _follow_pitches(self) -> None:
        chosen = self.state.chosen
        if chosen:
            self.state.view.show_pitches(chosen.lowest, chosen.highest)

    def _follow_time(self) -> None:
        if self.state.chosen:
            self.state.view.show_tick(self.state.chosen.start)
