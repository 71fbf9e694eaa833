"""Swing: off-beat eighths that come late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from studio_music.core.meter import TICKS
from studio_music.core.song import Note, Song

_GRID = TICKS // 4


def swung(song: Song, ratio: float) -> Song:
    """A song whose straight eighths and sixteenths swing, in meters with quarters for beats.

    `ratio` is where the off-beat eighth falls within its beat: 0.5 is straight, 0.67 is a triplet. Notes that
    are not on straight sixteenths, such as triplets and what swings already, stay.
    """
    if ratio == 0.5:
        return song

    def moved(tick: int) -> int:
        meter = song.meter_at(tick)
        if meter.unit != 4 or tick % _GRID:
            return tick
        beat, at = divmod(tick, TICKS)
        share = at / TICKS
        late = 2 * ratio * share if share < 0.5 else ratio + (share - 0.5) * 2 * (1 - ratio)
        return beat * TICKS + round(late * TICKS)

    return replace(
        song, tracks=tuple(replace(track, notes=_moved(track.notes, moved)) for track in song.tracks)
    )


def _moved(notes: Iterable[Note], moved: object) -> tuple[Note, ...]:
    assert callable(moved)
    found = []
    for note in notes:
        start = moved(note.start)
        found.append(note._replace(start=start, length=max(1, moved(note.end) - start)))
    return tuple(sorted(found))


def straightened(song: Song) -> Song:
    """A song that swings no more: off-beats that come late are moved to the middle of their beat."""

    def moved(tick: int) -> int:
        meter = song.meter_at(tick)
        beat, at = divmod(tick, TICKS)
        late = TICKS // 2 < at <= 0.72 * TICKS and at % _GRID
        return beat * TICKS + TICKS // 2 if meter.unit == 4 and late else tick

    return replace(
        song, tracks=tuple(replace(track, notes=_moved(track.notes, moved)) for track in song.tracks)
    )
