"""Songs as MIDI files: what is written is read again to the note, and other programs read it."""

from __future__ import annotations

import io
import time
from pathlib import Path

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_music.core import midi_xf
from studio_music.core.chords import QUALITIES, Chord, PlacedChord
from studio_music.core.keys import SCALES, Key
from studio_music.core.meter import UNITS, Meter
from studio_music.core.midi_file import read_song, song_bytes, song_from_bytes, write_song
from studio_music.core.midi_limits import FASTEST, SLOWEST
from studio_music.core.song import ROLES, KeyChange, MeterChange, Note, Song, TempoChange, Track

from studio.api.values import BadInput

LENGTH = 7680
NAMES = st.text(max_size=30)
CHORDS = st.none() | st.builds(
    Chord, st.integers(0, 11), st.sampled_from(sorted(QUALITIES)), st.none() | st.integers(0, 11)
)
CONTROLLERS = st.integers(0, 127)


@st.composite
def notes(draw: st.DrawFn) -> Note:
    start = draw(st.integers(0, LENGTH - 1))
    length = draw(st.integers(1, LENGTH - start))
    return Note(start, length, draw(st.integers(0, 127)), draw(st.integers(1, 127)))


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    is_drums = draw(st.booleans())
    pitches = draw(st.sampled_from([range(60, 62), range(128)]))
    played = draw(st.lists(notes().filter(lambda note: note.pitch in pitches), max_size=12))
    return Track(
        draw(NAMES),
        tuple(sorted(played)),
        draw(CONTROLLERS),
        is_drums,
        draw(st.sampled_from(ROLES)),
        draw(CONTROLLERS),
        draw(CONTROLLERS),
        draw(CONTROLLERS),
        draw(st.booleans()),
        draw(st.booleans()),
    )


def changes(kind: type, values: st.SearchStrategy) -> st.SearchStrategy:
    """Changes of a kind, one of them at the beginning."""
    later = st.dictionaries(st.integers(1, LENGTH - 1), values, max_size=4)
    return st.builds(
        lambda first, rest: (kind(0, first), *(kind(at, value) for at, value in sorted(rest.items()))),
        values,
        later,
    )


@st.composite
def songs(draw: st.DrawFn) -> Song:
    chords = draw(st.dictionaries(st.integers(0, LENGTH - 1), CHORDS, max_size=6))
    return Song(
        draw(NAMES),
        tuple(draw(st.lists(tracks(), max_size=5))),
        LENGTH,
        draw(changes(TempoChange, st.floats(SLOWEST, FASTEST))),
        draw(changes(MeterChange, st.builds(Meter, st.integers(1, 64), st.sampled_from(UNITS)))),
        draw(changes(KeyChange, st.builds(Key, st.integers(0, 11), st.sampled_from(sorted(SCALES))))),
        tuple(PlacedChord(at, chord) for at, chord in sorted(chords.items())),
        draw(st.none() | st.just((0, LENGTH)) | st.just((480, 960))),
    )


@pytest.mark.slow
@given(songs())
@settings(max_examples=170, deadline=None)
def test_a_song_is_read_again_to_the_note(song: Song) -> None:
    assert song_from_bytes(song_bytes(song), "tune.mid") == song


@given(songs())
@settings(max_examples=30, deadline=None)
def test_mido_reads_what_is_written(song: Song) -> None:
    file = mido.MidiFile(file=io.BytesIO(song_bytes(song)))
    assert (file.type, file.ticks_per_beat) == (1, 480)
    begun = [
        message
        for track in file.tracks
        for message in track
        if message.type == "note_on" and message.velocity
    ]
    assert len(begun) == sum(len(track.notes) for track in song.tracks)


def test_notes_of_one_pitch_may_overlap_in_any_way() -> None:
    overlapping = ((0, 480), (240, 480), (240, 960), (300, 10), (300, 10), (300, 1380), (310, 170))
    track = Track("", tuple(sorted(Note(start, length, 60) for start, length in overlapping)))
    assert song_from_bytes(song_bytes(Song("", (track,), 1920)), "x").tracks == (track,)


def test_other_programs_see_names_instruments_chords_and_the_loop() -> None:
    song = Song(
        "A tune",
        (Track("Lead", (Note(0, 480, 60),), 73, volume=90, pan=10), Track("Kit", is_drums=True, program=8)),
        3840,
        chords=(PlacedChord(0, Chord(9, "m7")), PlacedChord(1920, Chord(0, "", 4)), PlacedChord(2880, None)),
        loop=(0, 3840),
    )
    conductor, lead, kit = mido.MidiFile(file=io.BytesIO(song_bytes(song))).tracks
    assert (conductor.name, lead.name, kit.name) == ("A tune", "Lead", "Kit")
    assert [event.text for event in conductor if event.type == "marker"] == ["Am7", "C/E", "N.C."]
    assert [event.text for event in conductor if event.type == "cue_marker"] == ["loopStart", "loopEnd"]
    assert [event.data for event in conductor if event.type == "sequencer_specific"] == [
        (0x43, 0x7B, 0x01, 0x36, 0x0A, 0x7F, 0x7F),
        (0x43, 0x7B, 0x01, 0x31, 0x00, 0x33, 0x7F),
        (0x43, 0x7B, 0x01, 0x31, 0x22, 0x7F, 0x7F),
    ]
    assert [(event.channel, event.program) for event in lead if event.type == "program_change"] == [(0, 73)]
    assert [(event.control, event.value) for event in lead if event.type == "control_change"] == [
        (7, 90),
        (10, 10),
        (91, 40),
    ]
    assert {event.channel for event in kit if not event.is_meta} == {9}
    assert sum(event.time for event in conductor) == song.length


def test_more_than_fifteen_tracks_share_channels_on_ports_of_their_own() -> None:
    song = Song("", tuple(Track(str(n), (Note(0, 480, 60),), n) for n in range(40)), 1920)
    data = song_bytes(song)
    assert song_from_bytes(data, "x") == song
    file = mido.MidiFile(file=io.BytesIO(data))
    used = set()
    for track in file.tracks[1:]:
        port = next((event.port for event in track if event.type == "midi_port"), 0)
        used.add((port, next(event.channel for event in track if event.type == "program_change")))
    assert len(used) == 40
    assert 9 not in {channel for _, channel in used}


@pytest.mark.parametrize("quality", sorted(QUALITIES))
def test_the_bytes_of_xf_say_every_quality_but_one(quality: str) -> None:
    chord = Chord(10, quality, 2)
    exact = midi_xf.is_exact(PlacedChord(0, chord))
    known, read = midi_xf.decode(midi_xf.encode(chord, Key(3)))
    assert known
    assert (read == chord) == exact
    assert exact == (quality != "11")


def test_a_tempo_that_another_program_changed_counts() -> None:
    data = song_bytes(Song("", (Track("", (Note(0, 480, 60),)),), 1920, (TempoChange(0, 101.0),)))
    changed = data.replace(b"\xff\x51\x03" + round(60e6 / 101).to_bytes(3), b"\xff\x51\x03\x07\xa1\x20")
    assert changed != data
    assert song_from_bytes(changed, "x").tempo == 120.0


def test_notes_that_another_program_added_behind_the_end_make_the_song_longer() -> None:
    file = mido.MidiFile(file=io.BytesIO(song_bytes(Song("", (Track("", (Note(0, 480, 60),)),), 1920))))
    file.tracks[1].insert(-1, mido.Message("note_on", note=60, time=1920))
    file.tracks[1].insert(-1, mido.Message("note_off", note=60, time=480))
    changed = io.BytesIO()
    file.save(file=changed)
    assert song_from_bytes(changed.getvalue(), "x").length == 3840


def test_files(tmp_path: Path) -> None:
    song = Song("Tune", (Track("Lead", (Note(0, 480, 60),)),), 1920)
    write_song(song, tmp_path / "tune.mid")
    assert read_song(tmp_path / "tune.mid") == song


def test_a_song_that_is_too_large_is_not_written() -> None:
    with pytest.raises(BadInput, match="more than 64 tracks"):
        song_bytes(Song("Big", tuple(Track("") for _ in range(65)), 1920))
    with pytest.raises(BadInput, match="longer than 2 hours"):
        song_bytes(Song("Big", (), 480 * 60 * 121, (TempoChange(0, 60.0),)))
    with pytest.raises(BadInput, match="bars"):
        song_bytes(Song("Big", (), 60 * 30_000, meters=(MeterChange(0, Meter(1, 32)),)))


def test_twenty_thousand_notes_take_a_second_at_most() -> None:
    some = tuple(Note(n * 60, 90, 40 + n % 40) for n in range(20_000))
    song = Song("", (Track("", some),), 480 * 2501)
    started = time.perf_counter()
    assert song_from_bytes(song_bytes(song), "x") == song
    assert time.perf_counter() - started < 2.0  # 0.2 s on a quiet machine
