"""A song as values: tracks of notes, and how time, meter, key and chords go along.

All times are ticks from the beginning of the song; a quarter note is `TICKS` ticks long.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, TypeVar

from studio_music.core.chords import Chord, PlacedChord
from studio_music.core.keys import Key
from studio_music.core.meter import TICKS, Meter

__all__ = [
    "MOST_TRACKS",
    "ROLES",
    "TICKS",
    "BarSpan",
    "Chord",
    "Key",
    "KeyChange",
    "Meter",
    "MeterChange",
    "Note",
    "PlacedChord",
    "Song",
    "TempoChange",
    "Track",
]

ROLES = (
    "melody",
    "chords",
    "bass",
    "drums",
    "soprano",
    "alto",
    "tenor",
    "bass voice",
    "right hand",
    "left hand",
    "other",
)
"""What a track can be in its song."""
MOST_TRACKS = 64


class Note(NamedTuple):
    """One note. Notes sort by start, then by length and pitch."""

    start: int
    """Ticks from the beginning of the song."""
    length: int
    """Ticks, at least 1."""
    pitch: int
    """0 to 127; 60 is middle C."""
    velocity: int = 80
    """1 to 127."""

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True)
class Track:
    """What one instrument plays."""

    name: str
    notes: tuple[Note, ...] = ()
    """Sorted by start."""
    program: int = 0
    """General MIDI program, 0 to 127. Drums have kits instead."""
    is_drums: bool = False
    role: str = "other"
    """One of `ROLES`."""
    volume: int = 100
    """0 to 127, as MIDI's controller 7."""
    pan: int = 64
    """0 (left) to 127 (right), as MIDI's controller 10."""
    reverb: int = 40
    """0 to 127, as MIDI's controller 91."""
    muted: bool = False
    solo: bool = False


class TempoChange(NamedTuple):
    start: int
    bpm: float
    """Quarter notes per minute."""


class MeterChange(NamedTuple):
    start: int
    meter: Meter


class KeyChange(NamedTuple):
    start: int
    key: Key


class BarSpan(NamedTuple):
    number: int
    """Counted from 0."""
    start: int
    end: int
    meter: Meter


_Change = TypeVar("_Change", TempoChange, MeterChange, KeyChange, PlacedChord)


@dataclass(frozen=True)
class Song:
    """Tracks that sound together.

    `tempos`, `meters` and `keys` each have an entry at tick 0 and are sorted by start.
    """

    title: str
    tracks: tuple[Track, ...] = ()
    length: int = 0
    """Ticks: where the last bar ends."""
    tempos: tuple[TempoChange, ...] = (TempoChange(0, 100.0),)
    meters: tuple[MeterChange, ...] = (MeterChange(0, Meter(4, 4)),)
    keys: tuple[KeyChange, ...] = (KeyChange(0, Key(0, "major")),)
    chords: tuple[PlacedChord, ...] = ()
    """Sorted by start; each lasts until the next one. No chord at all: nothing is known of them."""
    loop: tuple[int, int] | None = None
    """From where to where it is repeated, in ticks."""

    @property
    def tempo(self) -> float:
        """Quarter notes per minute at the beginning."""
        return self.tempos[0].bpm

    @property
    def meter(self) -> Meter:
        return self.meters[0].meter

    @property
    def key(self) -> Key:
        return self.keys[0].key

    @cached_property
    def bars(self) -> tuple[BarSpan, ...]:
        """Every bar up to `length`; the last one is whole even where `length` cuts it."""
        spans: list[BarSpan] = []
        changes = [*self.meters, MeterChange(self.length, self.meters[-1].meter)]
        for here, following in pairwise(changes):
            start = here.start
            while start < min(following.start, self.length):
                end = start + here.meter.bar_ticks
                if following.start < self.length:  # a meter that begins within a bar ends it
                    end = min(end, following.start)
                spans.append(BarSpan(len(spans), start, end, here.meter))
                start = end
        return tuple(spans)

    def bar_at(self, tick: int) -> BarSpan:
        """The bar that sounds at this tick; the last one for later ticks. The song has a bar."""
        place = bisect.bisect_right(self._bar_starts, tick) - 1
        return self.bars[max(0, place)]

    def meter_at(self, tick: int) -> Meter:
        return self.meters[_before([change.start for change in self.meters], tick)].meter

    def key_at(self, tick: int) -> Key:
        return self.keys[_before([change.start for change in self.keys], tick)].key

    def chord_at(self, tick: int) -> Chord | None:
        """The chord at this tick; None where there is none, or none is known."""
        place = bisect.bisect_right(self.chords, tick, key=lambda placed: placed.start) - 1
        return self.chords[place].chord if place >= 0 else None

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.seconds_at(self.length)

    def seconds_at(self, tick: float) -> float:
        """Seconds from the beginning to a tick, by the tempo map. Source: Standard MIDI Files 1.0."""
        ticks, seconds = self._clock
        place = max(0, bisect.bisect_right(ticks, tick) - 1)
        return seconds[place] + (tick - ticks[place]) * 60.0 / (self.tempos[place].bpm * TICKS)

    def tick_at(self, seconds: float) -> float:
        """The tick that sounds after so many seconds: the inverse of `seconds_at`."""
        ticks, clock = self._clock
        place = max(0, bisect.bisect_right(clock, seconds) - 1)
        return ticks[place] + (seconds - clock[place]) * self.tempos[place].bpm * TICKS / 60.0

    def with_track(self, place: int, track: Track) -> Song:
        return replace(self, tracks=(*self.tracks[:place], track, *self.tracks[place + 1 :]))

    def slice(self, start: int, end: int) -> Song:
        """What sounds from `start` to `end`, moved to the beginning; longer notes are cut."""
        tracks = tuple(replace(track, notes=cut_notes(track.notes, start, end)) for track in self.tracks)
        return Song(
            self.title,
            tracks,
            end - start,
            tuple(TempoChange(at, change.bpm) for at, change in _cut(self.tempos, start, end)),
            tuple(MeterChange(at, change.meter) for at, change in _cut(self.meters, start, end)),
            tuple(KeyChange(at, change.key) for at, change in _cut(self.keys, start, end)),
            tuple(PlacedChord(at, placed.chord) for at, placed in _cut(self.chords, start, end)),
        )

    @cached_property
    def _bar_starts(self) -> list[int]:
        return [bar.start for bar in self.bars]

    @cached_property
    def _clock(self) -> tuple[list[int], list[float]]:
        """Where each tempo begins, in ticks and in seconds."""
        seconds = [0.0]
        for here, following in pairwise(self.tempos):
            seconds.append(seconds[-1] + (following.start - here.start) * 60.0 / (here.bpm * TICKS))
        return [change.start for change in self.tempos], seconds


def cut_notes(notes: tuple[Note, ...], start: int, end: int) -> tuple[Note, ...]:
    """What of notes sounds from `start` to `end`, moved so that `start` is tick 0."""
    return tuple(
        sorted(
            Note(max(note.start, start) - start, min(note.end, end) - max(note.start, start), *note[2:])
            for note in notes
            if note.start < end and note.end > start
        )
    )


def _before(starts: list[int], tick: int) -> int:
    return max(0, bisect.bisect_right(starts, tick) - 1)


def _cut(changes: tuple[_Change, ...], start: int, end: int) -> list[tuple[int, _Change]]:
    """The changes that hold from `start` to `end`, each with its new start."""
    holding = [change for change in changes if change.start <= start][-1:]
    later = [change for change in changes if start < change.start < end]
    return [(max(0, change.start - start), change) for change in holding + later]
