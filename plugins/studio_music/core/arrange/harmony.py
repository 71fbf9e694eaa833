"""A song's chords as spans, for those who accompany it."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from functools import cached_property

from studio_music.core.chords import Chord
from studio_music.core.song import Note, Song


@dataclass(frozen=True)
class ChordSpan:
    start: int
    end: int
    chord: Chord | None


@dataclass(frozen=True)
class Harmony:
    """The chords from a song's beginning to its end, without gaps."""

    spans: tuple[ChordSpan, ...]

    @staticmethod
    def of(song: Song) -> Harmony:
        placed = [chord for chord in song.chords if chord.start < song.length]
        ends = [chord.start for chord in placed[1:]] + [song.length]
        spans = [
            ChordSpan(chord.start, end, chord.chord)
            for chord, end in zip(placed, ends, strict=True)
            if end > chord.start
        ]
        if not spans or spans[0].start > 0:
            spans.insert(0, ChordSpan(0, spans[0].start if spans else song.length, None))
        return Harmony(tuple(spans))

    def at(self, tick: int) -> ChordSpan:
        """The span that sounds at a tick; the last one after the end."""
        return self.spans[max(0, bisect.bisect_right(self._starts, tick) - 1)]

    def after(self, tick: int) -> Chord | None:
        """The chord that follows the one at a tick; at the end the first one of the song."""
        place = bisect.bisect_right(self._starts, tick)
        return self.spans[place % len(self.spans)].chord

    @cached_property
    def _starts(self) -> list[int]:
        return [span.start for span in self.spans]


class Ceiling:
    """How high an accompaniment may go without covering the melody."""

    def __init__(self, melody: tuple[Note, ...], usual: int) -> None:
        self._melody = sorted(melody)
        self._starts = [note.start for note in self._melody]
        self._longest = max((note.length for note in melody), default=0)
        self._usual = usual

    def over(self, start: int, end: int) -> int:
        """The pitch below the lowest note of the melody from `start` to `end`."""
        first = bisect.bisect_left(self._starts, start - self._longest)
        last = bisect.bisect_left(self._starts, end)
        lowest = (note.pitch for note in self._melody[first:last] if note.end > start)
        return min(min(lowest, default=self._usual + 1) - 1, self._usual)
