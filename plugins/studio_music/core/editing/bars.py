"""Editing a song by whole bars: how long it is, and its loop."""

from __future__ import annotations

from dataclasses import replace

from studio_music.core.song import Song

MOST_BARS = 2000


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


def with_loop(song: Song, start: int, end: int) -> Song:
    """Repeats from `start` to `end`, in ticks within the song; none where that is nothing."""
    start, end = max(0, start), min(end, song.length)
    return replace(song, loop=(start, end) if end > start else None)
