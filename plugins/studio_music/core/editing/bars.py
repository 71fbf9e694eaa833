"""Editing a song by whole bars: how long it is, bars that are repeated and taken out, and its loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TypeVar

from studio_music.core.song import KeyChange, MeterChange, Note, PlacedChord, Song, TempoChange

MOST_BARS = 2000

_Change = TypeVar("_Change", TempoChange, MeterChange, KeyChange, PlacedChord)


def with_bars(song: Song, count: int) -> Song:
    """So many bars, 1 to `MOST_BARS`: empty ones are added in the last meter, or what is beyond is cut."""
    count = min(max(count, 1), MOST_BARS)
    bars = song.bars
    if count > len(bars):
        return replace(song, length=bars[-1].end + (count - len(bars)) * song.meters[-1].meter.bar_ticks)
    length = bars[count - 1].end
    tracks = tuple(
        replace(
            track,
            notes=tuple(
                note if note.end <= length else note._replace(length=length - note.start)
                for note in track.notes
                if note.start < length
            ),
        )
        for track in song.tracks
    )
    loop = song.loop if song.loop is None or song.loop[1] <= length else None
    return replace(
        song,
        tracks=tracks,
        length=length,
        tempos=tuple(one for one in song.tempos if one.start < length),
        meters=tuple(one for one in song.meters if one.start < length),
        keys=tuple(one for one in song.keys if one.start < length),
        chords=tuple(one for one in song.chords if one.start < length),
        loop=loop,
    )


def repeat_bars(song: Song, first: int, last: int) -> Song:
    """Bars of all tracks (counted from 0) once more, right after them. At most `MOST_BARS` come of it."""
    start, end = song.bars[first].start, song.bars[last].end
    if len(song.bars) + last - first + 1 > MOST_BARS:
        return song
    made = _of_spans(song, [(0, end), (start, end), (end, song.length)])
    return replace(made, loop=_moved_loop(song, end, end, end - start))


def remove_bars(song: Song, first: int, last: int) -> Song:
    """Takes bars out of all tracks; what follows moves up. One bar stays at least."""
    start, end = song.bars[first].start, song.bars[last].end
    if last - first + 1 >= len(song.bars):
        return song
    made = _of_spans(song, [(0, start), (end, song.length)])
    return replace(made, loop=_moved_loop(song, start, end, start - end))


def _of_spans(song: Song, spans: Sequence[tuple[int, int]]) -> Song:
    """A song of spans of ticks of another one, each cut as `Song.slice` does it."""
    parts = [song.slice(start, end) for start, end in spans if end > start]
    begins = [0, *accumulate(part.length for part in parts)]
    placed = list(zip(begins, parts, strict=False))
    tracks = tuple(
        replace(
            track,
            notes=tuple(
                Note(begin + note.start, *note[1:])
                for begin, part in placed
                for note in part.tracks[place].notes
            ),
        )
        for place, track in enumerate(song.tracks)
    )
    return Song(
        song.title,
        tracks,
        begins[-1],
        _joined([TempoChange(begin + one.start, one.bpm) for begin, part in placed for one in part.tempos]),
        _joined([MeterChange(begin + one.start, one.meter) for begin, part in placed for one in part.meters]),
        _joined([KeyChange(begin + one.start, one.key) for begin, part in placed for one in part.keys]),
        _joined([PlacedChord(begin + one.start, one.chord) for begin, part in placed for one in part.chords]),
    )


def _joined(changes: list[_Change]) -> tuple[_Change, ...]:
    """Without those that say what holds already."""
    return tuple(one for place, one in enumerate(changes) if not place or one[1] != changes[place - 1][1])


def _moved_loop(song: Song, start: int, end: int, by: int) -> tuple[int, int] | None:
    """The loop, where what lies after `end` moves; none where `start` to `end` was a part of it."""
    if song.loop is None or song.loop[1] <= start:
        return song.loop
    return (song.loop[0] + by, song.loop[1] + by) if song.loop[0] >= end else None


def with_loop(song: Song, start: int, end: int) -> Song:
    """Repeats from `start` to `end`, in ticks within the song; none where that is nothing."""
    start, end = max(0, start), min(end, song.length)
    return replace(song, loop=(start, end) if end > start else None)
