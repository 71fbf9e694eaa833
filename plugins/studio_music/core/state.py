"""A song that is being edited, as bytes that outlive the program: what `studio_music.room` keeps.

Not as a MIDI file: it is made after each edit. A song of 20,000 notes takes 10 ms, on a thread.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

from studio.api.values import BadInput
from studio_music.core.chords import QUALITIES, Chord, PlacedChord
from studio_music.core.keys import parse_key
from studio_music.core.meter import parse_meter
from studio_music.core.song import MOST_TRACKS, ROLES, KeyChange, MeterChange, Note, Song, TempoChange, Track

FORMAT = 1
_LARGEST = 64 * 2**20
"""Bytes of notes that are unpacked at most."""
_LATEST = 2**31 - 1
_PER_NOTE = 4
_SLOWEST, _FASTEST = 1.0, 10_000.0


@dataclass(frozen=True)
class Unfinished:
    """A song that was edited and not kept."""

    song: Song
    of: str = ""
    """Uid of the item that it began as; "" for none."""
    name: str = ""


def pack(unfinished: Unfinished) -> bytes:
    """A line of JSON, then all notes as four 32-bit numbers each, compressed."""
    song = unfinished.song
    head = {
        "of": unfinished.of,
        "name": unfinished.name,
        "title": song.title,
        "length": song.length,
        "tempos": song.tempos,
        "meters": [[change.start, str(change.meter)] for change in song.meters],
        "keys": [[change.start, change.key.name] for change in song.keys],
        "chords": [
            [placed.start, placed.chord and [placed.chord.root, placed.chord.quality, placed.chord.bass]]
            for placed in song.chords
        ],
        "loop": song.loop,
        "tracks": [
            [len(t.notes), t.name, t.program, t.is_drums, t.role, t.volume, t.pan, t.reverb, t.muted, t.solo]
            for t in song.tracks
        ],
    }
    notes = array("i", chain.from_iterable(chain.from_iterable(track.notes for track in song.tracks)))
    if sys.byteorder == "big":
        notes.byteswap()
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + zlib.compress(notes.tobytes(), 1)


def unpack(data: bytes, format: int) -> Unfinished | None:
    """What `pack` gave; None for anything else."""
    head, _, body = data.partition(b"\n")
    if format != FORMAT:
        return None
    try:
        values = json.loads(head)
        reader = zlib.decompressobj()
        notes = array("i")
        notes.frombytes(reader.decompress(body, _LARGEST))
        if not reader.eof:
            return None
        if sys.byteorder == "big":
            notes.byteswap()
        return Unfinished(_song(values, notes), _text(values["of"]), _text(values["name"]))
    except (ValueError, LookupError, TypeError, AttributeError, zlib.error, BadInput, RecursionError):
        return None


def _song(values: dict[str, Any], numbers: array[int]) -> Song:
    """Raises one of many errors for what is no song."""
    tracks, place = [], 0
    for count, name, program, is_drums, role, volume, pan, reverb, muted, solo in values["tracks"][
        :MOST_TRACKS
    ]:
        own = numbers[_PER_NOTE * place : _PER_NOTE * (place + _number(count, 0, _LATEST))]
        if len(own) != _PER_NOTE * count or role not in ROLES:
            raise ValueError("notes are missing")
        place += count
        notes = tuple(map(Note, own[0::4], own[1::4], own[2::4], own[3::4]))
        _check(notes)
        program, volume, pan, reverb = (_number(one, 0, 127) for one in (program, volume, pan, reverb))
        tracks.append(
            Track(
                _text(name),
                notes,
                program,
                bool(is_drums),
                role,
                volume,
                pan,
                reverb,
                bool(muted),
                bool(solo),
            )
        )
    chords = tuple(
        PlacedChord(_number(start, 0, _LATEST), None if chord is None else _chord(*chord))
        for start, chord in values["chords"]
    )
    loop = values["loop"]
    song = Song(
        _text(values["title"]),
        tuple(tracks),
        _number(values["length"], 0, _LATEST),
        tuple(TempoChange(start, _tempo(bpm)) for start, bpm in values["tempos"]),
        tuple(MeterChange(start, parse_meter(meter)) for start, meter in values["meters"]),
        tuple(KeyChange(start, parse_key(key)) for start, key in values["keys"]),
        chords,
        None if loop is None else (_number(loop[0], 0, _LATEST), _number(loop[1], 0, _LATEST)),
    )
    for changes in (song.tempos, song.meters, song.keys):
        starts = [_number(change[0], 0, _LATEST) for change in changes]
        if starts != sorted(starts) or starts[0] != 0:
            raise ValueError("the beginning is missing")
    return song


def _check(notes: tuple[Note, ...]) -> None:
    if not notes:
        return
    starts, lengths, pitches, velocities = zip(*notes, strict=True)
    if (
        min(starts) < 0
        or min(lengths) < 1
        or not 0 <= min(pitches) <= max(pitches) <= 127
        or not 1 <= min(velocities) <= max(velocities) <= 127
        or any(after < before for before, after in pairwise(starts))
    ):
        raise ValueError("no notes")


def _chord(root: int, quality: str, bass: int | None) -> Chord:
    if quality not in QUALITIES:
        raise ValueError("no chord")
    return Chord(_number(root, 0, 11), quality, None if bass is None else _number(bass, 0, 11))


def _number(value: object, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError("no number")
    return value


def _tempo(value: object) -> float:
    if not isinstance(value, int | float) or not _SLOWEST <= value <= _FASTEST:
        raise ValueError("no tempo")
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value
