"""The plain events of a MIDI file as a song: the one that `midi_write` wrote, or as much as another file
says."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from studio.api.values import BadInput, tr
from studio_music.core import midi_limits, midi_xf
from studio_music.core.chords import parse_chord
from studio_music.core.instruments import drum_kit_title, program_title
from studio_music.core.keys import Key, parse_key
from studio_music.core.meter import MOST_BEATS
from studio_music.core.midi_bytes import (
    CUE,
    EXPRESSION,
    KEY,
    MARKER,
    METER,
    NAME,
    PAN,
    PEDAL,
    PROGRAM,
    REVERB,
    SEQUENCER,
    TEMPO,
    TEXT,
    VOLUME,
    Chunk,
    MidiBytes,
)
from studio_music.core.midi_key import estimate_key
from studio_music.core.midi_moving import left_out, sustained
from studio_music.core.midi_write import DRUM_CHANNEL, LOOP_END, LOOP_START, OURS, microseconds
from studio_music.core.song import (
    MOST_TRACKS,
    ROLES,
    TICKS,
    KeyChange,
    Meter,
    MeterChange,
    Note,
    PlacedChord,
    Song,
    TempoChange,
    Track,
)

_Change = TypeVar("_Change", TempoChange, MeterChange, KeyChange, PlacedChord)
_Clock = Callable[[int], int]
"""From ticks of the file to ticks of the song."""


def song_of(midi: MidiBytes, name: str) -> Song:
    """The song. `name` is the file's, for messages. Adds to `midi.remarks`. Raises `BadInput`."""
    if midi.format == 2 and len(midi.chunks) > 1:
        _put_after_each_other(midi)
    clock = _clock(midi)
    metas = [
        (clock(at), kind, body) for chunk in midi.chunks for at, kind, body in chunk.metas if kind != NAME
    ]
    metas.sort(key=lambda meta: meta[0])
    texts = [(at, kind, _decoded(body)) for at, kind, body in metas if kind in (TEXT, MARKER, CUE)]
    written = next((text for _, kind, text in texts if kind == TEXT and text.startswith(OURS)), None)
    ours = written is not None and midi.chunks[0].metas[0][1] == NAME
    tracks = _tracks(midi, clock, name)
    if not ours and not any(track.notes for track in tracks):
        raise BadInput(tr("There are no notes in “{name}”.", name=name), tr("Choose another file."))
    title = next((_decoded(body) for _, kind, body in midi.chunks[0].metas if kind == NAME), "")
    if not ours:
        title = title if len(midi.chunks) > 1 and not midi.chunks[0].notes and title.strip() else _stem(name)
    keys = _keys(metas, texts)
    if not keys:
        melodic = [note for track in tracks if not track.is_drums for note in track.notes]
        keys = [KeyChange(0, estimate_key(melodic))]
    song = Song(
        title,
        tracks,
        tempos=_tempos(metas, texts, midi),
        meters=_meters(metas, midi.remarks),
        keys=(KeyChange(0, keys[0].key), *keys) if keys[0].start > 0 else tuple(keys),
        chords=_chords(metas, texts, ours),
        loop=_loop(texts),
    )
    last = max((note.end for track in tracks for note in track.notes), default=0)
    if last > midi_limits.MOST_SECONDS * midi_limits.FASTEST / 60 * TICKS:
        raise midi_limits.too_long(name)
    said = written[len(OURS) :].strip() if ours and written else ""
    length = int(said) if said.isascii() and said.isdigit() and len(said) < 12 else 0
    song = replace(song, length=length if length >= last and ours else _whole_bars(song.meters, last))
    midi_limits.check_limits(song, name)
    return song if ours else _without_repetitions(song)


def _put_after_each_other(midi: MidiBytes) -> None:
    """The patterns of a type 2 file, which are songs of their own."""
    midi.remarks.append(tr("The file holds several patterns: they were put one after the other."))
    offset = 0
    for chunk in midi.chunks:
        for channel, notes in chunk.notes.items():
            chunk.notes[channel] = [
                (start + offset, end + offset, pitch, velocity) for start, end, pitch, velocity in notes
            ]
        for key, values in chunk.controls.items():
            chunk.controls[key] = [(at + offset, value) for at, value in values]
        chunk.metas = [(at + offset, kind, body) for at, kind, body in chunk.metas]
        offset += chunk.end


def _clock(midi: MidiBytes) -> _Clock:
    division = midi.division
    if midi.frames:  # 120 quarter notes a minute
        scale = 2 * TICKS / (division * midi.frames)
        return lambda tick: round(tick * scale)
    if division == TICKS:
        return lambda tick: tick
    return lambda tick: (tick * TICKS * 2 + division) // (2 * division)


def _tracks(midi: MidiBytes, clock: _Clock, name: str) -> tuple[Track, ...]:
    """A track for each channel that a chunk has notes for, and for each chunk that says its role."""
    everywhere: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for chunk in midi.chunks:
        for key, values in chunk.controls.items():
            everywhere.setdefault(key, []).extend(values)
    for values in everywhere.values():
        values.sort(key=lambda value: value[0])
    tracks: list[Track] = []
    lost: dict[str, None] = {}
    for chunk in midi.chunks:
        texts = [_decoded(body) for _, kind, body in chunk.metas if kind == TEXT and body[:7] == b"studio:"]
        role = next((text[12:] for text in texts if text.startswith("studio:role ")), "")
        channels = list(chunk.notes)
        if role and not channels:
            channels = sorted({channel for channel, _ in chunk.controls})[:1]
        for channel in channels:
            if len(tracks) == MOST_TRACKS:
                raise midi_limits.too_many_tracks(name)
            track = _track(chunk, channel, everywhere, clock, midi.remarks, lost)
            if role in ROLES:
                track = replace(track, role=role, muted="studio:muted" in texts, solo="studio:solo" in texts)
            named = next((_decoded(body) for _, kind, body in chunk.metas if kind == NAME), "")
            tracks.append(_named(track, named, role, several=len(channels) > 1))
    if lost:
        midi.remarks.append(tr("What moves within a track was left out: {what}.", what=", ".join(lost)))
    return tuple(tracks)


def _track(
    chunk: Chunk,
    channel: int,
    everywhere: dict[tuple[int, int], list[tuple[int, int]]],
    clock: _Clock,
    remarks: list[str],
    lost: dict[str, None],
) -> Track:
    """Adds what is left out to `lost`."""
    raw = chunk.notes.get(channel, [])
    first = min((start for start, *_ in raw), default=0)
    is_drums = channel == DRUM_CHANNEL

    def moves(controller: int) -> list[tuple[int, int]]:
        return chunk.controls.get((channel, controller)) or everywhere.get((channel, controller)) or []

    def value(controller: int, default: int) -> int:
        return next((value for at, value in reversed(moves(controller)) if at <= first), default)

    if not is_drums and (held := sustained(raw, moves(PEDAL))) != raw:
        raw = held
        remarks.append(tr("The sustain pedal was read as longer notes."))
    notes = []
    for begins, ends, pitch, velocity in raw:
        start = clock(begins)
        notes.append(Note(start, max(1, clock(ends) - start), pitch, velocity))
    programs = {value for _, value in chunk.controls.get((channel, PROGRAM), ())}
    if len(programs) > 1:
        remarks.append(tr("A track changes its instrument: it has the first one all along."))
    volume = value(VOLUME, 100)
    if not volume and raw:  # it is faded in
        volume = max((value for _, value in moves(VOLUME)), default=0)
    pan = value(PAN, 64)
    if raw:
        lost.update(dict.fromkeys(left_out(moves, volume, pan, first)))
    expressions = {value for _, value in moves(EXPRESSION)}
    if len(expressions) == 1:  # it is a part of the volume, which does not move
        volume = round(volume * expressions.pop() / 127)
    return Track(
        "",
        tuple(sorted(notes)),
        value(PROGRAM, 0),
        is_drums,
        "drums" if is_drums else "other",
        volume,
        pan,
        value(REVERB, 40),
    )


def _named(track: Track, named: str, role: str, several: bool) -> Track:
    """With the name that the file gives; foreign tracks without any are named by their instrument."""
    if role:
        return replace(track, name=named)
    title = drum_kit_title(track.program) if track.is_drums else program_title(track.program)
    named = " ".join(named.split())
    if not named or (several and track.is_drums):
        named = title
    elif several:
        named = f"{named}: {title}"
    return replace(track, name=named)


def _tempos(
    metas: list[tuple[int, int, bytes]], texts: list[tuple[int, int, str]], midi: MidiBytes
) -> tuple[TempoChange, ...]:
    if midi.frames:
        return (TempoChange(0, 120.0),)
    exact: dict[int, float] = {}
    for at, _, text in texts:
        if text.startswith("studio:tempo "):
            try:
                exact[at] = float(text[13:])
            except ValueError:
                continue
    found: dict[int, float] = {}
    for at, kind, body in metas:
        if kind == TEMPO and len(body) == 3:
            length = int.from_bytes(body)
            if not length:
                midi.remarks.append(tr("A tempo of 0 was left out."))
                continue
            bpm = exact.get(at, math.nan)
            bpm = bpm if bpm > 0 and microseconds(bpm) == length else 60_000_000 / length
            if not midi_limits.SLOWEST <= bpm <= midi_limits.FASTEST:
                midi.remarks.append(
                    tr("A tempo above {most} was read as {most}.", most=round(midi_limits.FASTEST))
                )
            found[at] = max(midi_limits.SLOWEST, min(midi_limits.FASTEST, bpm))
    found.setdefault(0, 120.0)
    return tuple(TempoChange(at, bpm) for at, bpm in sorted(found.items()))


def _meters(metas: list[tuple[int, int, bytes]], remarks: list[str]) -> tuple[MeterChange, ...]:
    found: dict[int, Meter] = {}
    for at, kind, body in metas:
        if kind == METER and len(body) >= 2:
            if 1 <= body[0] <= MOST_BEATS and body[1] <= 5:
                found[at] = Meter(body[0], 1 << body[1])
            else:
                remarks.append(tr("A meter that does not exist was left out."))
    found.setdefault(0, Meter(4, 4))
    return tuple(MeterChange(at, meter) for at, meter in sorted(found.items()))


def _keys(metas: list[tuple[int, int, bytes]], texts: list[tuple[int, int, str]]) -> list[KeyChange]:
    exact: dict[int, Key] = {}
    for at, _, text in texts:
        if text.startswith("studio:key "):
            try:
                exact[at] = parse_key(text[11:])
            except BadInput:
                continue
    found: dict[int, Key] = {}
    for at, kind, body in metas:
        if kind == KEY and len(body) >= 2:
            fifths = body[0] - 256 if body[0] > 127 else body[0]
            if -7 <= fifths <= 7 and body[1] <= 1:
                key = Key((fifths * 7 + (9 if body[1] else 0)) % 12, "minor" if body[1] else "major")
                own = exact.get(at)
                same = own is not None and (own.fifths - key.fifths) % 12 == 0 and own.is_minor == body[1]
                found[at] = own if own is not None and same else key
    return [KeyChange(at, key) for at, key in sorted(found.items())]


def _chords(
    metas: list[tuple[int, int, bytes]], texts: list[tuple[int, int, str]], ours: bool
) -> tuple[PlacedChord, ...]:
    """From XF's events; where there are none, from the markers or texts of files that hold chord symbols."""
    found: dict[int, PlacedChord] = {}
    for at, kind, body in metas:
        if kind == SEQUENCER:
            known, chord = midi_xf.decode(body)
            if known:
                if chord is not None and chord.bass == chord.root and not ours:
                    chord = replace(chord, bass=None)
                found[at] = PlacedChord(at, chord)
    for at, _, text in texts:
        if text.startswith("studio:chord "):
            known, placed = _symbol(at, text[13:])
            if known:
                found[at] = placed
    for kind in (MARKER, TEXT, CUE):
        if found or ours:
            break
        words = [(at, text.strip()) for at, other, text in texts if other == kind and text.strip()]
        read = [placed for known, placed in (_symbol(at, text) for at, text in words) if known]
        letters = {text for _, text in words if len(text) == 1}
        if len(read) >= 2 and len(read) * 5 >= len(words) * 4 and not _are_sections(letters, words):
            found = {placed.start: placed for placed in read}
    return tuple(placed for _, placed in sorted(found.items()))


def _symbol(at: int, text: str) -> tuple[bool, PlacedChord]:
    try:
        return True, PlacedChord(at, parse_chord(text))
    except BadInput:
        return False, PlacedChord(at, None)


def _are_sections(letters: set[str], words: list[tuple[int, str]]) -> bool:
    """Whether texts are the letters of a form, A B C in their order, and not chords."""
    return all(len(text) == 1 for _, text in words) and [text for _, text in words] == sorted(letters)


def _loop(texts: list[tuple[int, int, str]]) -> tuple[int, int] | None:
    starts = [at for at, _, text in texts if text == LOOP_START]
    ends = [at for at, _, text in texts if text == LOOP_END]
    return (starts[0], ends[-1]) if starts and ends and starts[0] < ends[-1] else None


def _whole_bars(meters: tuple[MeterChange, ...], last: int) -> int:
    """The end of the bar that holds the last tick; at least one bar."""
    change = next(change for change in reversed(meters) if change.start < last or change.start == 0)
    bars = max(1, -(-(last - change.start) // change.meter.bar_ticks))
    end = change.start + bars * change.meter.bar_ticks
    following = next((other.start for other in meters if other.start > change.start), end)
    return min(end, following)


def _without_repetitions(song: Song) -> Song:
    """Foreign files may say in every bar what has not changed."""

    def changes(them: tuple[_Change, ...]) -> tuple[_Change, ...]:
        held = tuple(change for change in them if change[0] < song.length)
        return held[:1] + tuple(then for here, then in pairwise(held) if here[1] != then[1])

    return replace(
        song,
        tempos=changes(song.tempos),
        meters=changes(song.meters),
        keys=changes(song.keys),
        chords=changes(song.chords),
    )


def _decoded(body: bytes) -> str:
    """A text as people wrote it: UTF-8, or the one that old programs used."""
    body = body[: midi_limits.MOST_LETTERS * 4]
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0] if "." in name[1:] else name
