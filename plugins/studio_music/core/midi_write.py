"""A song as the bytes of a Standard MIDI File, type 1, `TICKS` to the quarter note.

The first track chunk has the title, tempos, meters, keys, chords and the loop; each track of the song has
one of its own. What MIDI has no words for stands in texts that begin with `studio:`, so that the song is
read again to the note.
"""

from __future__ import annotations

from collections import defaultdict

from studio_music.core import midi_xf
from studio_music.core.midi_bytes import CUE, KEY, MARKER, METER, NAME, OFF, SEQUENCER, TEMPO, TEXT
from studio_music.core.midi_limits import check_limits
from studio_music.core.song import TICKS, Note, Song, Track

OURS = "studio:song 1"
LOOP_START, LOOP_END = "loopStart", "loopEnd"
"""Names that game engines know, too."""
DRUM_CHANNEL = 9
_MELODIC = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
_PORT = 0x21

_Event = tuple[int, int, bytes]
"""When, its place among those of the same tick, and its bytes."""


def song_bytes(song: Song) -> bytes:
    """The file. Raises `BadInput` where the song is larger than what is read again."""
    check_limits(song, song.title)
    melodic = 0
    chunks = [_chunk(_conductor(song), song.length)]
    for track in song.tracks:
        if track.is_drums:
            port, channel = 0, DRUM_CHANNEL
        else:
            port, channel = divmod(melodic, len(_MELODIC))
            channel = _MELODIC[channel]
            melodic += 1
        chunks.append(_chunk(_track(track, channel, port), song.length))
    header = b"MThd" + (6).to_bytes(4) + (1).to_bytes(2) + len(chunks).to_bytes(2) + TICKS.to_bytes(2)
    return header + b"".join(chunks)


def microseconds(bpm: float) -> int:
    """Of a quarter note, as MIDI says it."""
    return max(1, min(0xFFFFFF, round(60_000_000 / bpm)))


def _conductor(song: Song) -> list[_Event]:
    events = [(0, 0, _text(NAME, song.title)), (0, 0, _text(TEXT, f"{OURS} {song.length}"))]
    for at, bpm in song.tempos:
        events.append((at, 1, _meta(TEMPO, microseconds(bpm).to_bytes(3))))
        if 60_000_000 / microseconds(bpm) != bpm:
            events.append((at, 1, _text(TEXT, f"studio:tempo {bpm!r}")))
    for at, meter in song.meters:
        clocks = min(255, meter.beat_ticks * 24 // TICKS)
        events.append((at, 1, _meta(METER, bytes([meter.beats, meter.unit.bit_length() - 1, clocks, 8]))))
    for at, key in song.keys:
        events.append((at, 1, _meta(KEY, bytes([key.fifths & 0xFF, key.is_minor]))))
        events.append((at, 1, _text(TEXT, f"studio:key {key.name}")))
    for placed in song.chords:
        at, key = placed.start, song.key_at(placed.start)
        symbol = "N.C." if placed.chord is None else placed.chord.symbol(key)
        events.append((at, 2, _meta(SEQUENCER, midi_xf.encode(placed.chord, key))))
        events.append((at, 2, _text(MARKER, symbol)))
        if not midi_xf.is_exact(placed):
            events.append((at, 2, _text(TEXT, f"studio:chord {symbol}")))
    if song.loop is not None:
        events.append((song.loop[0], 2, _text(CUE, LOOP_START)))
        events.append((song.loop[1], 2, _text(CUE, LOOP_END)))
    return events


def _track(track: Track, channel: int, port: int) -> list[_Event]:
    texts = [f"studio:role {track.role}"]
    texts += ["studio:muted"] * track.muted + ["studio:solo"] * track.solo
    events = [(0, 0, _text(NAME, track.name)), *((0, 0, _text(TEXT, text)) for text in texts)]
    if port:
        events.append((0, 0, _meta(_PORT, bytes([port]))))
    events.append((0, 1, bytes([0xC0 | channel, track.program])))
    for controller, value in ((7, track.volume), (10, track.pan), (91, track.reverb)):
        events.append((0, 1, bytes([0xB0 | channel, controller, value])))
    on, off = 0x90 | channel, 0x80 | channel
    by_pitch: dict[int, list[Note]] = defaultdict(list)
    for note in track.notes:
        by_pitch[note.pitch].append(note)
        events.append((note.start, 4, bytes([on, note.pitch, note.velocity])))
    for pitch, notes in by_pitch.items():
        end = bytes([off, pitch, 64])
        for tick, earlier in _ends(notes):
            if earlier:
                events.append((tick, 3, _meta(TEXT, OFF + str(earlier).encode()) + b"\x00" + end))
            else:
                events.append((tick, 3, end))
    return events


def _ends(notes: list[Note]) -> list[tuple[int, int]]:
    """When the notes of one pitch end, in order of time, and how many that began earlier go on then.

    Readers take the end of a note for that of the one that began first; where that is wrong, a text says so.
    """
    ends: list[tuple[int, int]] = []
    begun: list[Note] = []
    for note in [*notes, None]:
        for over in sorted(begun, key=lambda other: other.end):
            if note is None or over.end <= note.start:
                place = next(place for place, other in enumerate(begun) if other is over)
                ends.append((over.end, place))
                del begun[place]
        if note is not None:
            begun.append(note)
    return ends


def _chunk(events: list[_Event], length: int) -> bytes:
    events.sort(key=lambda event: event[:2])
    parts: list[bytes] = []
    tick = 0
    for at, _, body in events:
        parts.append(_number(at - tick))
        parts.append(body)
        tick = at
    parts.append(_number(max(0, length - tick)) + b"\xff\x2f\x00")
    body = b"".join(parts)
    return b"MTrk" + len(body).to_bytes(4) + body


def _text(kind: int, text: str) -> bytes:
    return _meta(kind, text.encode(errors="replace"))


def _meta(kind: int, data: bytes) -> bytes:
    return bytes([0xFF, kind]) + _number(len(data)) + data


def _number(value: int) -> bytes:
    """A number in seven bits a byte."""
    if value < 0x80:
        return bytes([value])
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))
