"""What readers of scores find, bar by bar, and how a song is made of it: repeats are played, ties are one
note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from studio.api.values import BadInput, tr
from studio_music.core import midi_limits
from studio_music.core.chords import Chord
from studio_music.core.keys import Key
from studio_music.core.meter import MOST_BEATS, TICKS, UNITS
from studio_music.core.midi_key import estimate_key
from studio_music.core.song import (
    KeyChange,
    Meter,
    MeterChange,
    Note,
    PlacedChord,
    Song,
    TempoChange,
    Track,
)
from studio_music.formats.reading.names import program_of, role_of

MOST_TITLE = 200
"""Letters."""


@dataclass
class RawNote:
    """A note within its bar. Times are ticks."""

    start: Fraction
    length: Fraction
    pitch: int
    velocity: int = 80
    tied_to: bool = False


@dataclass
class RawBar:
    """What a part says in one bar. Offsets are ticks from the beginning of the bar."""

    notes: list[RawNote] = field(default_factory=list)
    length: Fraction = Fraction(0)
    """How far the notes and rests reach."""
    meter: Meter | None = None
    """Where it changes."""
    key: Key | None = None
    tempos: list[tuple[Fraction, float]] = field(default_factory=list)
    chords: list[tuple[Fraction, Chord | None]] = field(default_factory=list)
    repeat_begins: bool = False
    repeats: int = 1
    """How often what was repeated is played, where the repeat ends with this bar."""
    endings: frozenset[int] = frozenset()
    """In which rounds it is played; empty: in all."""


@dataclass
class RawPart:
    name: str = ""
    program: int | None = None
    is_drums: bool = False
    volume: int = 100
    pan: int = 64
    bars: list[RawBar] = field(default_factory=list)


def song_of(title: str, parts: Sequence[RawPart], name: str) -> Song:
    """The song. `name` is the file's, for messages. Raises `BadInput` where it has no notes, or too many."""
    parts = [part for part in parts if any(bar.notes for bar in part.bars)]
    if not parts:
        raise BadInput(tr("There are no notes in “{name}”.", name=name), tr("Choose another file."))
    if len(parts) > 64:
        raise midi_limits.too_many_tracks(name)
    count = max(len(part.bars) for part in parts)
    for part in parts:
        part.bars += [RawBar() for _ in range(count - len(part.bars))]
    columns = [[part.bars[place] for part in parts] for place in range(count)]
    order = _order(columns)
    meters, starts, length = _times(columns, order)
    keys, tempos = _keys(columns, order, starts), _tempos(columns, order, starts)
    tracks = tuple(_track(part, order, starts, name) for part in parts)
    if not keys:
        keys = [KeyChange(0, estimate_key(n for t in tracks if not t.is_drums for n in t.notes))]
    song = Song(
        " ".join(title.split())[:MOST_TITLE],
        tracks,
        length,
        tempos,
        meters,
        (KeyChange(0, keys[0].key), *keys[1:]),
        _chords(columns, order, starts),
    )
    midi_limits.check_limits(song, name)
    return song


def _order(columns: Sequence[Sequence[RawBar]]) -> list[int]:
    """The bars as they are played, with what is repeated."""
    order: list[int] = []
    place, begin, again = 0, 0, 1
    while place < len(columns) and len(order) < midi_limits.MOST_BARS:
        bars = columns[place]
        if place != begin and any(bar.repeat_begins for bar in bars):
            begin, again = place, 1
        endings = frozenset(number for bar in bars for number in bar.endings)
        if endings and again not in endings and place + 1 < len(columns):
            place += 1
            continue
        order.append(place)
        rounds = max(bar.repeats for bar in bars)
        if again < rounds:
            again += 1
            place = begin
            continue
        if rounds > 1:
            following = columns[place + 1] if place + 1 < len(columns) else []
            if not any(bar.endings for bar in following):
                again, begin = 1, place + 1
        place += 1
    return order


def _times(
    columns: Sequence[Sequence[RawBar]], order: Sequence[int]
) -> tuple[tuple[MeterChange, ...], list[int], int]:
    """The meters, where each bar of the order begins, and where the last one ends.

    A bar that is not full, such as an upbeat, has a meter of its own.
    """
    written: list[Meter] = []
    meter = Meter(4, 4)
    for bars in columns:
        meter = next((bar.meter for bar in bars if bar.meter is not None), meter)
        written.append(meter)
    meters: list[MeterChange] = []
    starts: list[int] = []
    at = 0
    for number, place in enumerate(order):
        meter = written[place]
        filled = max(bar.length for bar in columns[place])
        if filled > meter.bar_ticks:  # rests that are too long are mistakes of the file
            ends = [note.start + note.length for bar in columns[place] for note in bar.notes]
            filled = max([Fraction(meter.bar_ticks), *ends])
        if filled != meter.bar_ticks and filled and number + 1 < len(order):
            meter = _meter_of(filled, meter)
        if not meters or meters[-1].meter != meter:
            meters.append(MeterChange(at, meter))
        starts.append(at)
        at += meter.bar_ticks
    return tuple(meters), starts, at


def _meter_of(length: Fraction, usual: Meter) -> Meter:
    """The meter of a bar that is shorter or longer than usual; the usual one where there is none."""
    for unit in UNITS:
        if unit >= usual.unit:
            beats = length * unit / (4 * TICKS)
            if beats.denominator == 1 and 1 <= beats <= MOST_BEATS:
                return Meter(int(beats), unit)
    return usual


def _track(part: RawPart, order: Sequence[int], starts: Sequence[int], name: str) -> Track:
    notes: list[Note] = []
    open_: dict[int, tuple[int, Fraction]] = {}
    """By pitch: the place of a note that is tied to the next, and where it ends."""
    for place, start in zip(order, starts, strict=True):
        for raw in part.bars[place].notes:
            begins, ends = start + raw.start, start + raw.start + raw.length
            if not 0 <= raw.pitch <= 127 or raw.length <= 0:
                continue
            tied = open_.pop(raw.pitch, None)
            if tied is not None and abs(tied[1] - begins) < 2:
                number = tied[0]
                notes[number] = notes[number]._replace(length=max(1, round(ends) - notes[number].start))
            else:
                number = len(notes)
                if number >= midi_limits.MOST_NOTES:
                    raise midi_limits.too_many_notes(name)
                at = round(begins)
                notes.append(Note(at, max(1, round(ends) - at), raw.pitch, raw.velocity))
            if raw.tied_to:
                open_[raw.pitch] = number, ends
    program = part.program if part.program is not None else program_of(part.name)
    role = "drums" if part.is_drums else role_of(part.name)
    named = " ".join(part.name.split())[:MOST_TITLE]
    return Track(
        named, tuple(sorted(set(notes))), program, part.is_drums, role, volume=part.volume, pan=part.pan
    )


def _keys(
    columns: Sequence[Sequence[RawBar]], order: Sequence[int], starts: Sequence[int]
) -> list[KeyChange]:
    changes: list[KeyChange] = []
    for place, start in zip(order, starts, strict=True):
        key = next((bar.key for bar in columns[place] if bar.key is not None), None)
        if key is not None and (not changes or changes[-1].key != key):
            changes.append(KeyChange(start, key))
    return changes


def _tempos(
    columns: Sequence[Sequence[RawBar]], order: Sequence[int], starts: Sequence[int]
) -> tuple[TempoChange, ...]:
    found: dict[int, float] = {}
    for place, start in zip(order, starts, strict=True):
        for bar in columns[place]:
            for offset, bpm in bar.tempos:
                within = min(midi_limits.FASTEST, max(midi_limits.SLOWEST, bpm))
                found[round(start + offset)] = within
    first = found.pop(min(found)) if found and min(found) == 0 else next(iter(found.values()), 100.0)
    changes = [TempoChange(0, first)]
    for at, bpm in sorted(found.items()):
        if changes[-1].bpm != bpm and at > 0:
            changes.append(TempoChange(at, bpm))
    return tuple(changes)


def _chords(
    columns: Sequence[Sequence[RawBar]], order: Sequence[int], starts: Sequence[int]
) -> tuple[PlacedChord, ...]:
    found: dict[int, Chord | None] = {}
    for place, start in zip(order, starts, strict=True):
        for bar in columns[place]:
            for offset, chord in bar.chords:
                found.setdefault(round(start + offset), chord)
    changes: list[PlacedChord] = []
    for at, chord in sorted(found.items()):
        if not changes or changes[-1].chord != chord:
            changes.append(PlacedChord(at, chord))
    return tuple(changes)
