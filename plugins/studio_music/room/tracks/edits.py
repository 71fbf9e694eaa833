"""Tracks that come, go and change places in a song: each function returns a new one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studio.api.values import tr
from studio_music.core.song import Song, Track

_SHOWN = 48
"""Letters of a name that a copy goes on with."""


def with_fields(song: Song, place: int, fields: dict[str, Any]) -> Song:
    """A track with other values of some of its fields."""
    return song.with_track(place, replace(song.tracks[place], **fields))


def added(song: Song, *, drums: bool) -> Song:
    """An empty track at the end."""
    track = Track(tr("Drums"), is_drums=True, role="drums") if drums else Track(tr("Piano"))
    return replace(song, tracks=(*song.tracks, replace(track, name=_free_name(song, track.name))))


def duplicated(song: Song, place: int) -> Song:
    """A copy right below a track."""
    copy = replace(song.tracks[place], name=_free_name(song, song.tracks[place].name[:_SHOWN]), solo=False)
    return replace(song, tracks=(*song.tracks[: place + 1], copy, *song.tracks[place + 1 :]))


def removed(song: Song, place: int) -> Song:
    return replace(song, tracks=(*song.tracks[:place], *song.tracks[place + 1 :]))


def moved(song: Song, place: int, to: int) -> Song:
    """A track at another place among the others."""
    tracks = [*song.tracks]
    tracks.insert(to, tracks.pop(place))
    return replace(song, tracks=tuple(tracks))


def _free_name(song: Song, name: str) -> str:
    taken = {track.name for track in song.tracks}
    if name not in taken:
        return name
    number = next(number for number in range(2, len(taken) + 3) if f"{name} {number}" not in taken)
    return f"{name} {number}"
