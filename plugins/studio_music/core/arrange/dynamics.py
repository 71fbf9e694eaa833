"""How loud notes are: accents of the meter, arcs of the phrase, and a little chance."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence

import numpy as np

from studio_music.core.song import BarSpan, Note, Song

PHRASE = 4
"""Bars."""
_SIGNS = {"X": 11, "o": -22}


def accent(bar: BarSpan, tick: int) -> int:
    """What the place in the bar adds to a velocity."""
    at = tick - bar.start
    if at == 0:
        return 8
    if at in bar.meter.strong_ticks():
        return 4
    if at % bar.meter.beat_ticks == 0:
        return 1
    return -4 if at * 2 % bar.meter.beat_ticks == 0 else -7


def arc(bar: BarSpan, tick: int) -> float:
    """What the phrase adds: it swells to its second half, and ebbs."""
    share = (bar.number % PHRASE + (tick - bar.start) / (bar.end - bar.start)) / PHRASE
    return 5.0 * math.sin(math.pi * share**1.3) - 2.0


class Feel:
    """Velocities of the notes of one part."""

    def __init__(self, level: float, rng: np.random.Generator) -> None:
        """`level`: the velocity of a usual note on a weak beat."""
        self._level = level
        self._rng = rng

    def velocity(self, bar: BarSpan, tick: int, sign: str = "x", more: float = 0.0) -> int:
        value = self._level + _SIGNS.get(sign, 0) + accent(bar, tick) + arc(bar, tick) + more
        return int(np.clip(round(value + self._rng.normal(0.0, 2.5)), 12, 127))


def shaped(song: Song, notes: Sequence[Note], level: float, rng: np.random.Generator) -> tuple[Note, ...]:
    """A melody with dynamics: high notes and long ones are louder, the last of a phrase is softer.

    `level` is the velocity of a usual note.
    """
    if not notes:
        return ()
    feel = Feel(level, rng)
    middle = float(np.mean([note.pitch for note in notes]))
    phrase_ends = set(_phrase_ends(notes, song.bars[0].meter.beat_ticks))
    shaped_notes = []
    for place, note in enumerate(notes):
        bar = song.bar_at(note.start)
        more = np.clip((note.pitch - middle) * 0.7, -8, 8)
        more += 3.0 if note.length >= 1.5 * bar.meter.beat_ticks else 0.0
        more -= 7.0 if place in phrase_ends else 0.0
        shaped_notes.append(note._replace(velocity=feel.velocity(bar, note.start, more=float(more))))
    return tuple(shaped_notes)


def _phrase_ends(notes: Sequence[Note], beat: int) -> list[int]:
    """The places of notes with silence after them, and of the last one."""
    starts = sorted({note.start for note in notes})
    ends = []
    for place, note in enumerate(notes):
        following = bisect.bisect_right(starts, note.start)
        if following == len(starts) or starts[following] - note.end >= beat:
            ends.append(place)
    return ends
