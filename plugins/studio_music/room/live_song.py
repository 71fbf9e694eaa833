"""The song of a job that runs, as far as its bars have come."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from studio_music.core.chords import PlacedChord
from studio_music.core.live import LiveReader, SongBegun, with_bar
from studio_music.core.song import KeyChange, MeterChange, Song, TempoChange

_Change = TypeVar("_Change", TempoChange, MeterChange, KeyChange, PlacedChord)


class LiveSong:
    """Reads the first draft of a job; `given` is what the job works on, for the tracks that it keeps."""

    def __init__(self, given: Song | None) -> None:
        self._given = given
        self._reader = LiveReader()
        self._song: Song | None = None

    def add(self, text: str) -> Song | None:
        """The song after the next piece of the job's text; None while nothing new can be shown.

        Raises `ValueError` for what no generator of songs writes.
        """
        is_new = False
        for one in self._reader.feed(text):
            if isinstance(one, SongBegun):
                self._song = _begun(one, self._given)
            elif self._song is not None:
                self._song, is_new = with_bar(self._song, one), True
        return self._song if is_new else None


def _begun(begun: SongBegun, given: Song | None) -> Song:
    """What is there before the first bar is written: what is given, moved to where it will stand."""
    if given is None or begun.shift is None:
        return begun.song
    shift = begun.shift
    tracks = [
        replace(track, notes=tuple(note._replace(start=note.start + shift) for note in track.notes))
        for track in given.tracks[: len(begun.song.tracks)]
    ]
    tracks += begun.song.tracks[len(tracks) :]
    return replace(
        given,
        tracks=tuple(tracks),
        length=begun.song.length,
        tempos=_moved(given.tempos, shift),
        meters=_moved(given.meters, shift),
        keys=_moved(given.keys, shift),
        chords=tuple(placed._replace(start=placed.start + shift) for placed in given.chords),
        loop=None if given.loop is None or shift else given.loop,
    )


def _moved(changes: tuple[_Change, ...], shift: int) -> tuple[_Change, ...]:
    """What holds from the beginning still does."""
    return tuple(one._replace(start=one.start + shift) if one.start else one for one in changes)
