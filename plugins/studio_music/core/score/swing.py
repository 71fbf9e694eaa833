"""Swung eighths: heard long and short, written straight with the word “Swing”, as charts do."""

from __future__ import annotations

from dataclasses import replace

from studio_music.core.meter import TICKS
from studio_music.core.song import Note, Song

_LATE = TICKS * 2 // 3
"""Where the second of two swung eighths begins within a beat."""
_NEAR = 24
_FEWEST = 6
"""Of swung eighths."""


def straightened(song: Song) -> Song | None:
    """The song with its swung eighths made straight; None where it does not swing.

    It swings where beats of a quarter are divided late again and again, and hardly ever in two or in three.
    """
    if any(change.meter.unit != 4 for change in song.meters):
        return None
    late = other = 0
    for track in song.tracks:
        for note in track.notes:
            place = note.start % TICKS
            if abs(place - _LATE) <= _NEAR:
                late += 1
            elif _NEAR < place < TICKS - _NEAR:
                other += 1
    if late < _FEWEST or other > late / 8:
        return None
    tracks = tuple(replace(track, notes=tuple(map(_straight, track.notes))) for track in song.tracks)
    return replace(song, tracks=tracks)


def _straight(note: Note) -> Note:
    start = _moved(note.start)
    return Note(start, max(1, _moved(note.end) - start), note.pitch, note.velocity)


def _moved(tick: int) -> int:
    beat, place = divmod(tick, TICKS)
    half = TICKS // 2
    if place <= _LATE:
        return beat * TICKS + place * half // _LATE
    return beat * TICKS + half + (place - _LATE) * half // (TICKS - _LATE)
