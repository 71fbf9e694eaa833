"""The notes of a MIDI file, as far as a small picture of them needs: no tempo, no instruments."""

from __future__ import annotations

from typing import NamedTuple

MAX_NOTES = 20_000
_LENGTHS = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}
"""Data bytes by the kind of message."""


class Note(NamedTuple):
    start: int
    """In ticks."""
    end: int
    pitch: int
    """0 to 127."""
    channel: int
    """0 to 15."""


def read_notes(data: bytes) -> list[Note]:
    """All notes in the order of their ends, at most `MAX_NOTES`; of a damaged file, what can be read."""
    notes: list[Note] = []
    place = 8 + int.from_bytes(data[4:8], "big") if data[:4] == b"MThd" else len(data)
    while place + 8 <= len(data) and len(notes) < MAX_NOTES:
        length = int.from_bytes(data[place + 4 : place + 8], "big")
        if data[place : place + 4] == b"MTrk":
            _read_track(data[place + 8 : place + 8 + length], notes)
        place += 8 + length
    return notes[:MAX_NOTES]


def _read_track(data: bytes, notes: list[Note]) -> None:
    sounding: dict[tuple[int, int], int] = {}
    place, now, status = 0, 0, 0
    try:
        while place < len(data) and len(notes) < MAX_NOTES:
            wait, place = _number(data, place)
            now += wait
            if data[place] >= 0x80:
                status, place = data[place], place + 1
            if status >= 0xF0:  # a meta event has a type before its length
                length, place = _number(data, place + (status == 0xFF))
                place += length
                continue
            if status < 0x80:
                break
            kind, channel = status >> 4, status & 15
            pitch = data[place] & 127
            struck = kind == 0x9 and data[place + 1] > 0
            place += _LENGTHS[kind]
            if kind in (0x8, 0x9):
                begun = sounding.pop((channel, pitch), None)
                if begun is not None:
                    notes.append(Note(begun, now, pitch, channel))
                if struck:
                    sounding[channel, pitch] = now
    except IndexError:  # cut off: what was read counts
        pass
    notes += [
        Note(begun, max(now, begun + 1), pitch, channel) for (channel, pitch), begun in sounding.items()
    ]


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A number of variable length (four bytes at most) and the place after it. Raises IndexError."""
    value = 0
    for _ in range(4):
        byte = data[place]
        place += 1
        value = value << 7 | byte & 127
        if byte < 128:
            break
    return value, place
