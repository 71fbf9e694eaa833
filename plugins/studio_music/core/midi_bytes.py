"""The bytes of a Standard MIDI File as plain events. Nothing is demanded that a reader can do without.

Source: Standard MIDI Files 1.0 (MIDI Manufacturers Association, RP-001).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from studio.api.values import BadInput, tr
from studio_music.core import midi_limits

TEXT, NAME, MARKER, CUE = 0x01, 0x03, 0x06, 0x07
TEMPO, METER, KEY, SEQUENCER = 0x51, 0x58, 0x59, 0x7F
_END, _PORT = 0x2F, 0x21
_KEPT = frozenset([TEXT, NAME, MARKER, CUE, TEMPO, METER, KEY, SEQUENCER])
MODULATION, VOLUME, PAN, EXPRESSION, PEDAL, REVERB = 1, 7, 10, 11, 64, 91
_CONTROLLERS = frozenset([MODULATION, VOLUME, PAN, EXPRESSION, PEDAL, REVERB])
PROGRAM, BEND, TOUCH = 128, 129, 130
"""Stand for program changes, pitch bend (8192 is none) and aftertouch among the controllers."""
OFF = b"studio:off "
"""A text before a note's end: how many notes of the same pitch began earlier and go on."""


@dataclass
class Chunk:
    """What one track chunk says. Times are ticks of the file."""

    notes: dict[int, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    """By channel: start, end, pitch, velocity."""
    controls: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=dict)
    """By channel and controller (those above): when, and the value."""
    metas: list[tuple[int, int, bytes]] = field(default_factory=list)
    """When, the type, and the data: only of types that mean something here."""
    end: int = 0


@dataclass
class MidiBytes:
    """A file as it was read."""

    format: int
    division: int
    """Ticks per quarter note; where `frames` is not 0, ticks per frame."""
    frames: float
    """Frames per second of a file that counts them; 0: it counts quarter notes."""
    chunks: list[Chunk]
    remarks: list[str]
    """What had to be mended, each in a sentence."""


class _Truncated(Exception):
    """The data end, or go wrong, within an event."""


def parse(data: bytes, name: str) -> MidiBytes:
    """Reads what can be read. Raises `BadInput` where that is nothing, or too much."""
    if len(data) > midi_limits.MOST_BYTES:
        raise midi_limits.too_many_bytes(name)
    place = data.find(
        b"MThd", 0, 1024
    )  # other things go before it in RMID files and those from old computers
    if place < 0 or len(data) < place + 14:
        raise BadInput(
            tr("“{name}” is not a MIDI file.", name=name), tr("Choose a file that ends in .mid or .midi.")
        )
    remarks: list[str] = []
    kind = int.from_bytes(data[place + 8 : place + 10])
    division, frames = _division(data[place + 12 : place + 14], remarks)
    chunks: list[Chunk] = []
    place += 8 + max(6, min(int.from_bytes(data[place + 4 : place + 8]), 64))
    budget = _Budget(name)
    while (place := data.find(b"MTrk", place)) >= 0:
        length = int.from_bytes(data[place + 4 : place + 8])
        start, end = place + 8, place + 8 + length
        chunk = Chunk()
        try:
            stop = _read_chunk(data, start, min(end, len(data)), chunk, budget)
            whole = end <= len(data)
        except _Truncated:
            stop, whole = min(end, len(data)), False
        if not whole:
            remarks.append(
                tr("Track {number} is damaged: it was read up to the damage.", number=len(chunks) + 1)
            )
        if chunk.notes or chunk.metas or chunk.controls:
            chunks.append(chunk)
        # A chunk whose length is wrong: the next one begins where this one's events end.
        place = end if end <= len(data) and whole else max(stop if whole else start, place + 8)
    return MidiBytes(kind, division, frames, chunks, remarks[:20])


def _division(data: bytes, remarks: list[str]) -> tuple[int, float]:
    """Ticks per quarter note and 0; or ticks per frame and frames per second."""
    value = int.from_bytes(data)
    if value & 0x8000:
        per_second = 256 - (value >> 8)
        remarks.append(
            tr("The file counts time in frames, not in notes: its bars are those of the tempo 120.")
        )
        return max(1, value & 0xFF), {29: 30000 / 1001}.get(per_second, float(per_second))
    if value == 0:
        remarks.append(tr("The file does not say how long a quarter note is: 480 ticks are assumed."))
        return 480, 0.0
    return value, 0.0


class _Budget:
    """Counts events and notes over all chunks."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.events = midi_limits.MOST_EVENTS
        self.notes = midi_limits.MOST_NOTES


def _read_chunk(data: bytes, place: int, end: int, chunk: Chunk, budget: _Budget) -> int:
    """Fills the chunk with the events from `place` to `end`; gives where they ended.

    Raises `_Truncated` after keeping what was read, `BadInput` for too many events.
    """
    sounding: dict[tuple[int, int], list[tuple[int, int]]] = {}
    try:
        return _read_events(data, place, end, chunk, budget, sounding)
    except IndexError:
        raise _Truncated from None
    finally:
        for (channel, pitch), begun in sounding.items():  # notes that nobody ends last as long as their track
            for start, velocity in begun:
                chunk.notes[channel].append((start, chunk.end, pitch, velocity))


def _read_events(
    data: bytes,
    place: int,
    end: int,
    chunk: Chunk,
    budget: _Budget,
    sounding: dict[tuple[int, int], list[tuple[int, int]]],
) -> int:
    tick, status, earlier = 0, 0, 0
    while place < end:
        budget.events -= 1
        if budget.events < 0:
            raise midi_limits.too_many_events(budget.name)
        wait = data[place]
        place += 1
        if wait & 0x80:
            wait, place = _number(data, place - 1)
        tick += wait
        first = data[place]
        if first & 0x80:
            status, place = (first, place + 1) if first < 0xF0 else (status, place + 1)
        else:
            first = status  # running status
        kind, channel = first & 0xF0, first & 0x0F
        if kind in (0x90, 0x80):
            pitch, velocity = data[place], data[place + 1]
            place += 2
            if place > end or (pitch | velocity) & 0x80:
                raise _Truncated
            chunk.end = tick
            key = (channel, pitch)
            if kind == 0x90 and velocity:
                budget.notes -= 1
                if budget.notes < 0:
                    raise midi_limits.too_many_notes(budget.name)
                sounding.setdefault(key, []).append((tick, velocity))
                chunk.notes.setdefault(channel, [])
            elif begun := sounding.get(key):
                start, velocity = begun.pop(min(earlier, len(begun) - 1))
                chunk.notes[channel].append((start, tick, pitch, velocity))
            earlier = 0
        elif kind == 0xB0:
            if data[place] in _CONTROLLERS:
                chunk.controls.setdefault((channel, data[place]), []).append((tick, data[place + 1] & 0x7F))
            place += 2
        elif kind == 0xC0:
            chunk.controls.setdefault((channel, PROGRAM), []).append((tick, data[place] & 0x7F))
            place += 1
        elif kind == 0xE0:
            bend = data[place] & 0x7F | (data[place + 1] & 0x7F) << 7
            chunk.controls.setdefault((channel, BEND), []).append((tick, bend))
            place += 2
        elif kind in (0xA0, 0xD0):  # of a key, or of all
            place += 2 if kind == 0xA0 else 1
            chunk.controls.setdefault((channel, TOUCH), []).append((tick, data[place - 1] & 0x7F))
        elif first == 0xFF:
            meta = data[place]
            length, place = _number(data, place + 1)
            if place + length > end:
                raise _Truncated
            if meta == _END:
                chunk.end = tick
                return place + length
            if meta in _KEPT:
                body = data[place : place + min(length, 4 * midi_limits.MOST_LETTERS)]
                if meta == TEXT and body.startswith(OFF):
                    earlier = int(body[len(OFF) :]) if body[len(OFF) :].isdigit() and length < 20 else 0
                else:
                    chunk.metas.append((tick, meta, body))
            place += length
        elif first in (0xF0, 0xF7):
            length, place = _number(data, place)
            place += length
        else:
            raise _Truncated
    chunk.end = max(chunk.end, tick)
    if place > end:
        raise _Truncated
    return place


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, and the place after it. Raises `_Truncated`, `IndexError`."""
    value = 0
    for _ in range(4):
        byte = data[place]
        place += 1
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            return value, place
    raise _Truncated
