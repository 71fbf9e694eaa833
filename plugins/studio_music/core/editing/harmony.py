"""Editing the chords of a song, one at a time."""

from __future__ import annotations

import bisect
from dataclasses import replace
from itertools import groupby

from studio_music.core.chords import Chord, PlacedChord, parse_chord
from studio_music.core.song import Song


def with_chord(song: Song, tick: int, chord: Chord | None) -> Song:
    """A chord (None: N.C.) from a tick on, up to where the next one begins."""
    return _with(song, [*(one for one in song.chords if one.start != tick), PlacedChord(tick, chord)])


def without_chord(song: Song, tick: int) -> Song:
    """The chord that sounds at a tick goes; the one before it goes on."""
    place = place_at(song, tick)
    return song if place is None else _with(song, [*song.chords[:place], *song.chords[place + 1 :]])


def moved_chord(song: Song, tick: int, to: int) -> Song:
    """The chord that begins at a tick begins somewhere else, between those beside it."""
    starts = [placed.start for placed in song.chords]
    place = starts.index(tick)
    first = starts[place - 1] + 1 if place else 0
    last = starts[place + 1] - 1 if place + 1 < len(starts) else song.length - 1
    moved = PlacedChord(min(max(to, first), last), song.chords[place].chord)
    return replace(song, chords=(*song.chords[:place], moved, *song.chords[place + 1 :]))


def with_chord_text(song: Song, tick: int, text: str) -> Song:
    """As typed: a chord symbol, N.C., or nothing to take away what sounds there. Raises `BadInput`."""
    return with_chord(song, tick, parse_chord(text)) if text.strip() else without_chord(song, tick)


def place_at(song: Song, tick: int) -> int | None:
    """Which of the song's chords sounds at a tick."""
    place = bisect.bisect_right(song.chords, tick, key=lambda placed: placed.start) - 1
    return place if place >= 0 else None


def _with(song: Song, chords: list[PlacedChord]) -> Song:
    """Sorted. What repeats the chord before it is left out, for that goes on anyway."""
    runs = groupby(sorted(chords, key=lambda one: one.start), key=lambda one: one.chord)
    return replace(song, chords=tuple(next(iter(run)) for _, run in runs))
