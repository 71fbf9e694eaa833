"""Broken and foreign MIDI files: each is read as far as it can be, or refused in words; never slowly."""

from __future__ import annotations

import random
import struct
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_music.core import midi_limits
from studio_music.core.chords import Chord, PlacedChord
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.midi_file import read_with_remarks, song_bytes, song_from_bytes
from studio_music.core.midi_key import estimate_key
from studio_music.core.song import KeyChange, MeterChange, Note, Song, TempoChange, Track

from studio.api.values import BadInput

END = b"\x00\xff\x2f\x00"
NOTE = b"\x00\x90\x3c\x40\x83\x60\x80\x3c\x40"
"""A quarter note of middle C at 480 ticks."""


def midi(*chunks: bytes, kind: int = 1, division: int = 480, count: int | None = None) -> bytes:
    header = b"MThd" + struct.pack(">IHHH", 6, kind, len(chunks) if count is None else count, division)
    return header + b"".join(b"MTrk" + struct.pack(">I", len(chunk)) + chunk for chunk in chunks)


def read(data: bytes, name: str = "tune.mid") -> Song:
    return song_from_bytes(data, name)


def remarks(data: bytes, tmp_path: Path) -> str:
    file = tmp_path / "tune.mid"
    file.write_bytes(data)
    return " ".join(read_with_remarks(file)[1])


def test_a_foreign_file_gets_names_and_a_key() -> None:
    scale = b"".join(
        b"\x00\x90" + bytes([pitch, 64]) + b"\x60\x80" + bytes([pitch, 0])
        for pitch in (57, 60, 64, 57, 59, 60, 62, 64, 65, 64, 68, 69, 57)
    )
    song = read(midi(b"\x00\xc0\x28" + scale + NOTE.replace(b"\x90", b"\x99") + END, kind=0, division=96))
    assert song.title == "tune"
    assert [(track.name, track.is_drums, track.role) for track in song.tracks] == [
        ("Violin", False, "other"),
        ("Standard drum kit", True, "drums"),
    ]
    assert song.key == Key(9, "minor")
    assert song.tracks[0].notes[0] == Note(0, 480, 57, 64)
    assert (song.tempo, str(song.meter), song.length) == (120.0, "4/4", 9600)


def test_programs_may_stand_in_a_track_of_their_own() -> None:
    setup = b"\x00\xc0\x49\x00\xb0\x07\x50\x00\xb0\x0a\x20" + END
    song = read(midi(setup, NOTE + END))
    assert [(t.program, t.volume, t.pan, t.name) for t in song.tracks] == [(73, 80, 32, "Flute")]


def test_running_status_counts_and_survives_meta_events() -> None:
    song = read(midi(b"\x00\x90\x3c\x40\x60\x3c\x00\x00\xff\x01\x01x\x00\x3e\x40\x60\x3e\x00" + END))
    assert song.tracks[0].notes == (Note(0, 96, 60, 64), Note(96, 96, 62, 64))


def test_another_resolution_is_rescaled_without_drift() -> None:
    data = midi(b"".join(b"\x00\x90\x3c\x40\x05\x80\x3c\x40" for _ in range(300)) + END, division=7)
    notes = read(data).tracks[0].notes
    assert all(abs(note.start - n * 5 * 480 / 7) <= 0.5 for n, note in enumerate(notes))
    assert all(here.end == then.start for here, then in pairwise(notes))


def test_a_truncated_file_is_read_up_to_the_damage(tmp_path: Path) -> None:
    whole = midi(NOTE * 8 + END)
    assert len(read(whole[: len(whole) // 2]).tracks[0].notes) in (2, 3, 4)
    assert "damaged" in remarks(whole[: len(whole) // 2], tmp_path)


def test_a_chunk_with_a_wrong_length_is_followed_by_the_next(tmp_path: Path) -> None:
    first = b"MTrk" + struct.pack(">I", 0x7FFFFFFF) + NOTE + END
    data = midi(count=2) + first + midi(NOTE + END)[14:]
    assert len(read(data).tracks) == 2
    assert "damaged" in remarks(data, tmp_path)


def test_a_note_that_nobody_ends_lasts_as_long_as_its_track() -> None:
    assert read(midi(b"\x00\x90\x3e\x40" + NOTE + END)).tracks[0].notes[1] == Note(0, 480, 62, 64)


def test_overlapping_notes_and_ends_without_notes() -> None:
    data = midi(b"\x00\x80\x3c\x40\x00\x90\x3c\x40\x60\x90\x3c\x41\x60\x80\x3c\x40\x60\x80\x3c\x40" + END)
    assert read(data).tracks[0].notes == (Note(0, 192, 60, 64), Note(96, 192, 60, 65))


def test_a_note_of_no_length_lasts_a_tick() -> None:
    assert read(midi(b"\x00\x99\x24\x40\x00\x89\x24\x00" + END)).tracks[0].notes == (Note(0, 1, 36, 64),)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (b"\x00\xff\x51\x03\x00\x00\x00", "tempo of 0"),
        (b"\x00\xff\x51\x03\x00\x00\x01", "tempo above 1000"),
        (b"\x00\xff\x58\x04\x00\x02\x18\x08", "meter"),
        (b"\x00\xff\x58\x04\x04\xff\x18\x08", "meter"),
        (b"\x00\xc0\x01" + NOTE + b"\x00\xc0\x02", "instrument"),
    ],
)
def test_what_makes_no_sense_is_left_out_with_a_remark(event: bytes, said: str, tmp_path: Path) -> None:
    assert said in remarks(midi(event + NOTE + END), tmp_path)


def test_keys_and_tempos_of_no_use_are_passed_over() -> None:
    song = read(midi(b"\x00\xff\x59\x02\x50\x09\x00\xff\x51\x01\x01\x00\xff\x58\x00" + NOTE + END))
    assert (song.tempo, song.key.tonic) == (120.0, 0)


def test_a_file_that_counts_frames(tmp_path: Path) -> None:
    data = midi(b"\x00\xff\x51\x03\x01\x00\x00" + NOTE + END, division=0xE728)  # 25 frames of 40 ticks
    assert read(data).tracks[0].notes == (Note(0, 461, 60, 64),)
    assert "frames" in remarks(data, tmp_path)


def test_patterns_are_put_one_after_the_other(tmp_path: Path) -> None:
    data = midi(NOTE + END, NOTE + END, kind=2)
    assert [track.notes[0].start for track in read(data).tracks] == [0, 480]
    assert "patterns" in remarks(data, tmp_path)


def test_a_division_of_zero(tmp_path: Path) -> None:
    assert "480" in remarks(midi(NOTE + END, division=0), tmp_path)


def test_rmid_files_and_a_long_header_are_read() -> None:
    plain = midi(NOTE + END)
    assert read(b"RIFF\x00\x00\x00\x00RMIDdata\x00\x00\x00\x00" + plain).tracks
    assert read(plain[:4] + struct.pack(">I", 10) + plain[8:14] + b"\x00" * 4 + plain[14:]).tracks


def test_chords_of_foreign_files() -> None:
    xf = b"\x00\xff\x7f\x07\x43\x7b\x01\x32\x0a\x7f\x7f"
    assert read(midi(xf + NOTE + END)).chords == (PlacedChord(0, Chord(2, "m7")),)
    texts = b"".join(
        b"\x83\x60\xff\x06" + bytes([len(text)]) + text for text in (b"Dm7", b"G7/B", b"Verse?"[:1])
    )
    marked = midi(texts + END, NOTE * 8 + END)
    assert read(marked).chords == ()
    named = marked.replace(b"\xff\x06\x01V", b"\xff\x06\x01C")
    assert [placed.start for placed in read(named).chords] == [480, 960, 1440]
    sections = b"".join(b"\x83\x60\xff\x06\x01" + text for text in (b"A", b"B", b"C"))
    assert read(midi(sections + END, NOTE * 8 + END)).chords == ()


def test_what_a_foreign_file_repeats_is_said_once() -> None:
    again = b"\x00\xff\x58\x04\x03\x02\x18\x08\x00\xff\x51\x03\x07\xa1\x20\x00\xff\x59\x02\x01\x00"
    song = read(midi((again + NOTE * 3) * 4 + END))
    assert song.meters == (MeterChange(0, Meter(3, 4)),)
    assert song.tempos == (TempoChange(0, 120.0),)
    assert song.keys == (KeyChange(0, Key(7)),)
    assert song.length == 4 * 1440


def test_names_in_old_encodings() -> None:
    assert read(midi(b"\x00\xff\x03\x04Fl\xf6t" + NOTE + END, b"\x00" + END)).tracks[0].name == "Flöt"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is not a MIDI file"),
        (b"MThd\x00\x00\x00\x06", "is not a MIDI file"),
        (b"RIFF" + b"x" * 4000, "is not a MIDI file"),
        (midi(), "no notes"),
        (midi(END), "no notes"),
        (midi(count=0xFFFF), "no notes"),
        (midi(b"\x00\x60"), "no notes"),
        (midi(b"\xff\xff\xff\xff\xff"), "no notes"),
        (midi(b"\x00\xf0\xff\xff\xff\x7f" + NOTE), "no notes"),
        (midi(*[NOTE + END] * 65), "64 tracks"),
        (midi(*[b"\x00" + END] * 100_000, count=0xFFFF), "no notes"),
        (midi(b"\x00\x90\x3c\x40\xff\xff\xff\x7f\x80\x3c\x40" * 2 + END), "hours"),
        (
            midi(b"\x00\xff\x51\x03\xff\xff\xff" + b"\x81\x92\x48\x90\x3c\x40\x82\x65\x80\x3c\x40" * 24),
            "hours",
        ),
        (midi(b"\x00\x90\x3c\x40\x00\x3c\x00" * 200_001), "200000 notes"),
        (midi(b"\x00\xe0\x00\x00" * 2_000_001), "2000000 events"),
        (midi(b"\x00\xff\x58\x04\x01\x05\x18\x08\xb0\x00\x90\x3c\x40\xdb\xba\x00\x80\x3c\x40" + END), "bars"),
    ],
)
def test_what_holds_no_song_is_refused_in_words(data: bytes, said: str) -> None:
    started = time.perf_counter()
    with pytest.raises(BadInput, match=said) as refused:
        read(data)
    assert refused.value.hint
    assert time.perf_counter() - started < 10


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(BadInput, match="larger than 64 MB"):
        read(bytes(midi_limits.MOST_BYTES + 1))


def test_a_sysex_bomb_is_passed_over() -> None:
    bomb = b"\x00\xf0\x83\xff\xff\x7f" + bytes(0x7FFFFF)
    assert len(read(midi(bomb + NOTE + END)).tracks[0].notes) == 1


@given(st.binary(max_size=400), st.binary(max_size=100))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_song_or_refused(chunk: bytes, rest: bytes) -> None:
    for data in (chunk, midi(chunk) + rest, midi(chunk, rest, kind=2, division=0x8000 | len(chunk))):
        try:
            song = read(data)
        except BadInput:
            continue
        assert song.bars
        assert song_from_bytes(song_bytes(song), "x") == song


@given(st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_a_song_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    track = Track("Lead", tuple(Note(n * 240, 200, 60 + n % 12) for n in range(40)))
    song = Song("T", (track, track), 9600, chords=(PlacedChord(0, Chord(0)),), loop=(0, 9600))
    data = bytearray(song_bytes(song))
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(data))
        what = chance.randrange(3)
        if what == 0:
            data[place] = chance.randrange(256)
        elif what == 1:
            del data[place : place + chance.randint(1, 9)]
        else:
            data[place:place] = chance.randbytes(chance.randint(1, 9))
    try:
        read_again = read(bytes(data))
    except BadInput:
        return
    assert all(track.notes == tuple(sorted(track.notes)) for track in read_again.tracks)
    assert all(note.length >= 1 for track in read_again.tracks for note in track.notes)
    assert read_again.bars or not read_again.length


@pytest.mark.parametrize(
    ("pitches", "key"),
    [
        ((60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60), Key(0)),
        ((69, 71, 72, 74, 76, 77, 80, 81, 76, 72, 69), Key(9, "minor")),
        ((63, 65, 67, 68, 70, 72, 74, 75, 70, 67, 63), Key(3)),
        ((), Key(0)),
    ],
)
def test_the_key_of_notes(pitches: tuple[int, ...], key: Key) -> None:
    assert estimate_key(Note(n * 480, 480, pitch) for n, pitch in enumerate(pitches)) == key
