"""Changes in words: what they mean, and what becomes of a song."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_music.core.changing import changed, in_mode, transposed
from studio_music.core.chords import parse_grid, write_grid
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.song import Note, Song, Track
from studio_music.core.words import EXAMPLES, Change, instrument_named, read_words

from studio.api.values import BadInput


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("slower", Change(tempo=0.86)),
        ("langsamer bitte", Change(tempo=0.86)),
        ("minor", Change(mode="minor")),
        ("mach es in Moll", Change(mode="minor")),
        ("fewer notes", Change(density=-0.5)),
        ("weniger Noten", Change(density=-0.5)),
        ("up a tone", Change(transpose=2)),
        ("zwei Halbtöne höher", Change(transpose=2)),
        ("3 semitones down", Change(transpose=-3)),
        ("an octave lower", Change(transpose=-12)),
        ("in D minor", Change(key=Key(2, "minor"))),
        ("nach fis-Moll", Change(key=Key(6, "minor"))),
        ("in B-Dur", Change(key=Key(10, "major"))),
        ("to Bb", Change(key=Key(10, "major"))),
        ("120 bpm", Change(bpm=120.0)),
        ("half tempo", Change(tempo=0.5)),
        ("staccato", Change(articulation=0.5)),
        ("with a flute", Change(instrument=73)),
        ("mit einer Geige", Change(instrument=40)),
        ("a bit louder", Change(loudness=8.0)),
        ("nicht so laut", Change(loudness=-16)),
        ("höher", Change(octaves=1)),
        ("hoeher", Change(octaves=1)),
        ("less busy", Change(density=-0.5)),
        ("straight", Change(swing=0.5)),
    ],
)
def test_what_words_mean(words: str, change: Change) -> None:
    reading = read_words(words)
    assert reading.change == change
    assert reading.unknown == ()


def test_several_wishes_at_once() -> None:
    for words in ("calmer, minor, fewer notes", "ruhiger, in Moll und weniger Noten"):
        reading = read_words(words)
        assert reading.change.mode == "minor" and reading.change.tempo < 1 and reading.change.density < -0.5
        assert len(reading.understood) == 3


@pytest.mark.parametrize(
    "examples",
    [
        EXAMPLES,
        "ruhiger, Moll, weniger Noten, langsamer, lauter, einen Ton höher, in d-Moll, staccato, mit Flöte",
    ],
)
def test_the_examples_are_understood(examples: str) -> None:
    reading = read_words(examples)
    assert len(reading.understood) == 9 and reading.unknown == ()


def test_unknown_words_are_named() -> None:
    assert read_words("purple, slower").unknown == ("purple",)
    with pytest.raises(BadInput, match="purple"):
        read_words("more purple")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        reading = read_words(text)
    except BadInput:
        return
    assert reading.understood


def test_instruments_have_names_and_numbers() -> None:
    assert instrument_named("Flute") == instrument_named("74") == instrument_named("flöte") == 73
    assert instrument_named("Grand piano") == 0
    for wrong in ("kazoo", "0", "129"):
        with pytest.raises(BadInput):
            instrument_named(wrong)


def tune() -> Song:
    melody = tuple(Note(place * 240, 240, 60 + (0, 4, 7, 11, 9, 5, 2, 0)[place % 8]) for place in range(32))
    bass = tuple(Note(bar * 1920, 1920, pitch) for bar, pitch in enumerate((36, 43, 41, 43)))
    drums = tuple(Note(place * 240, 60, 42) for place in range(32))
    return Song(
        "Tune",
        (
            Track("Melody", melody, role="melody"),
            Track("Bass", bass, role="bass"),
            Track("Drums", drums, is_drums=True, role="drums"),
        ),
        4 * 1920,
        chords=parse_grid("C | G | F | G7", Meter(4, 4)),
    )


def test_minor_has_minor_thirds_and_a_major_dominant() -> None:
    song = in_mode(tune(), "minor")
    assert song.key == Key(0, "minor")
    assert write_grid(song.chords, song.meter, 4, song.key) == "Cm | G | Fm | G7"
    allowed = song.key.pitch_classes | {11}
    assert {note.pitch % 12 for note in song.tracks[0].notes} <= allowed
    assert song.tracks[2] == tune().tracks[2]


def test_major_and_back() -> None:
    there = in_mode(tune(), "minor")
    back = in_mode(there, "major")
    assert back.chords == tune().chords


@given(st.integers(-24, 24))
def test_transposing_moves_notes_chords_and_keys_alike(semitones: int) -> None:
    song = transposed(tune(), semitones)
    assert song.key.tonic == semitones % 12
    for old, new in zip(tune().tracks[0].notes, song.tracks[0].notes, strict=True):
        assert new.pitch - old.pitch == semitones
    assert song.tracks[2] == tune().tracks[2]
    assert transposed(song, -semitones) == tune()


def test_fewer_and_more_notes() -> None:
    rng = np.random.default_rng(0)
    fewer = changed(tune(), Change(density=-0.5), rng)
    more = changed(tune(), Change(density=0.9), rng)
    counts = [len(song.tracks[0].notes) for song in (fewer, tune(), more)]
    assert counts[0] < counts[1] < counts[2]
    assert {bar.start for bar in tune().bars} <= {note.start for note in fewer.tracks[0].notes}
    notes = fewer.tracks[0].notes
    assert sum(note.length for note in notes) == sum(note.length for note in tune().tracks[0].notes)


def test_changes_leave_the_bars() -> None:
    rng = np.random.default_rng(0)
    for words in ("calmer", "jazzy", "much faster", "staccato", "legato", "dark", "epic, with trumpet"):
        song = changed(tune(), read_words(words).change, rng)
        assert song.length == tune().length and len(song.bars) == 4
        assert all(
            0 < note.velocity < 128 and note.length > 0 for track in song.tracks for note in track.notes
        )


def test_a_song_without_a_melody_is_played_by_what_is_asked_for() -> None:
    song = replace(tune(), tracks=tuple(replace(track, role="other") for track in tune().tracks))
    made = changed(song, Change(instrument=40), np.random.default_rng(0))
    assert [track.program for track in made.tracks] == [40, 40, 0]
