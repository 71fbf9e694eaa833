"""What the room and the player process say to each other: JSON with a length before it, and bytes behind it.

Nothing here imports numpy or the like: the room waits for this file.
"""

from __future__ import annotations

import json
import struct
from array import array
from collections.abc import Mapping
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

from studio_music.core.meter import Meter
from studio_music.core.song import MeterChange, Note, Song, TempoChange, Track

__all__ = ["Message", "pack", "pack_song", "read", "unpack_song"]

_MOST_BYTES = 64 << 20
_HEAD = struct.Struct("<II")


class Message(NamedTuple):
    """One message: what it is about, its values, and bytes (a song's notes)."""

    kind: str
    values: Mapping[str, Any]
    payload: bytes = b""


def pack(message: Message) -> bytes:
    """The bytes of a message. Raises `ValueError` for more than 64 MB."""
    text = json.dumps([message.kind, message.values], separators=(",", ":")).encode()
    if len(text) + len(message.payload) > _MOST_BYTES:
        raise ValueError("a message of more than 64 MB")
    return _HEAD.pack(len(text), len(message.payload)) + text + message.payload


def read(stream: BinaryIO) -> Message | None:
    """The next message; None at the end. Raises `ValueError` for what is none."""
    head = _exactly(stream, _HEAD.size)
    if head is None:
        return None
    long, more = _HEAD.unpack(head)
    if long + more > _MOST_BYTES:
        raise ValueError("a message of more than 64 MB")
    text, payload = _exactly(stream, long), _exactly(stream, more)
    if text is None or payload is None:
        return None
    parsed = json.loads(text)
    if not (
        isinstance(parsed, list)
        and len(parsed) == 2
        and isinstance(parsed[0], str)
        and isinstance(parsed[1], dict)
    ):
        raise ValueError("not a message")
    return Message(parsed[0], parsed[1], payload)


def _exactly(stream: BinaryIO, size: int) -> bytes | None:
    data = b""
    while len(data) < size:
        more = stream.read(size - len(data))
        if not more:
            return None
        data += more
    return data


def pack_song(song: Song) -> Message:
    """What of a song is heard; notes as four numbers each, for speed: a song of 20,000 notes takes 2 ms."""
    notes = array("i", chain.from_iterable(chain.from_iterable(track.notes) for track in song.tracks))
    tracks = [
        [len(t.notes), t.program, t.is_drums, t.volume, t.pan, t.reverb, t.muted, t.solo] for t in song.tracks
    ]
    values = {
        "length": song.length,
        "tempos": [list(change) for change in song.tempos],
        "meters": [[change.start, change.meter.beats, change.meter.unit] for change in song.meters],
        "tracks": tracks,
    }
    return Message("song", values, notes.tobytes())


def unpack_song(message: Message) -> Song:
    """The song of `pack_song`, without names, keys and chords."""
    values = message.values
    numbers = array("i")
    numbers.frombytes(message.payload)
    tracks, place = [], 0
    for count, program, is_drums, volume, pan, reverb, muted, solo in values["tracks"]:
        own = numbers[4 * place : 4 * (place + count)]
        notes = tuple(map(Note, own[0::4], own[1::4], own[2::4], own[3::4]))
        place += count
        tracks.append(Track("", notes, program, is_drums, "other", volume, pan, reverb, muted, solo))
    return Song(
        "",
        tuple(tracks),
        values["length"],
        tuple(TempoChange(start, bpm) for start, bpm in values["tempos"]),
        tuple(MeterChange(start, Meter(beats, unit)) for start, beats, unit in values["meters"]),
    )
