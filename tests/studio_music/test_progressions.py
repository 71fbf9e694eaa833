"""Suggested chords, and keys and chords that are found."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_music.core.chords import Chord, parse_grid, write_grid
from studio_music.core.finding import found_chords, key_of_chords, key_of_notes
from studio_music.core.keys import SCALES, Key
from studio_music.core.meter import Meter
from studio_music.core.moods import MOODS
from studio_music.core.progressions import suggest
from studio_music.core.song import Note, Song, Track
from studio_music.core.suggesting import suggested_grid

METERS = st.builds(Meter, st.integers(1, 12), st.sampled_from((2, 4, 8)))


@given(
    st.integers(0, 11),
    st.sampled_from(sorted(SCALES)),
    METERS,
    st.integers(1, 64),
    st.sampled_from(sorted(MOODS)),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_any_wish_is_answered_with_chords_that_the_grid_can_say(
    tonic: int, mode: str, meter: Meter, bars: int, mood: str, ends: bool, seed: int
) -> None:
    key = Key(tonic, mode)
    chords = suggest(key, meter, bars, np.random.default_rng(seed), taste=MOODS[mood].taste, ends=ends)
    assert chords[0].start == 0
    assert all(one.start < two.start for one, two in pairwise(chords))
    assert chords[-1].start < bars * meter.bar_ticks
    assert all(placed.chord and placed.chord.pitch_classes & key.pitch_classes for placed in chords)
    assert parse_grid(write_grid(chords, meter, bars, key), meter, bars) == chords
    if ends and bars > 1:
        assert chords[-1].chord is not None and chords[-1].chord.root == tonic


def grids(mode: str, bars: int = 16, ends: bool = True) -> list[str]:
    key, meter = Key(0, mode), Meter(4, 4)
    return [
        write_grid(suggest(key, meter, bars, np.random.default_rng(seed), ends=ends), meter, bars, key)
        for seed in range(60)
    ]


@pytest.mark.parametrize("mode", ["major", "minor", "dorian", "mixolydian"])
def test_progressions_are_many(mode: str) -> None:
    assert len(set(grids(mode))) > 25


def test_phrases_half_close_and_the_piece_closes() -> None:
    dominants = 0
    for seed in range(60):
        chords = suggest(Key(0), Meter(4, 4), 8, np.random.default_rng(seed))
        song = Song("", (), 8 * 1920, chords=chords)
        last_but_one, last = song.chord_at(7 * 1920 - 1), song.chord_at(8 * 1920 - 1)
        assert last is not None and last.root == 0
        assert last_but_one is not None
        dominants += last_but_one.root in (5, 7)
    assert dominants > 45


def test_a_loop_leads_back() -> None:
    for seed in range(40):
        chords = suggest(Key(0), Meter(4, 4), 8, np.random.default_rng(seed), ends=False)
        last = chords[-1].chord
        assert last is not None and last.root != 0


def test_the_blues_has_twelve_bars() -> None:
    chords = suggest(Key(9, "blues"), Meter(4, 4), 12, np.random.default_rng(0), ends=False)
    assert {placed.chord for placed in chords} == {Chord(9, "7"), Chord(2, "7"), Chord(4, "7")}


@pytest.mark.parametrize(
    ("grid", "name"),
    [
        ("Am F C G", "A minor"),
        ("C Am F G", "C major"),
        ("Dm7 G7 Cmaj7", "C major"),
        ("Em C G D", "E minor"),
        ("Am Dm E7 Am", "A minor"),
        ("Bb F Gm Eb", "Bb major"),
    ],
)
def test_chords_have_a_key(grid: str, name: str) -> None:
    assert key_of_chords(parse_grid(grid, Meter(4, 4))).name == name


def ode_to_joy() -> Song:
    pitches = [64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64, 64, 62, 62]
    pitches += [64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64, 62, 60, 60]
    lengths = ([480] * 12 + [720, 240, 960]) * 2
    starts = np.cumsum([0, *lengths])
    notes = tuple(Note(int(s), n, p) for s, n, p in zip(starts, lengths, pitches, strict=False))
    return Song("Ode", (Track("Melody", notes, role="melody"),), 8 * 1920)


def test_a_melody_gets_its_chords() -> None:
    song = ode_to_joy()
    assert key_of_notes(song.tracks[0].notes).name == "C major"
    chords = found_chords(song, song.tracks)
    assert {placed.chord.root for placed in chords if placed.chord} <= {0, 7, 5, 9, 2}
    assert chords[0].chord == Chord(0) and chords[-1].chord == Chord(0)


def test_what_a_piano_plays_is_found_again() -> None:
    wanted = parse_grid("C | Am | F | G", Meter(4, 4), 8)
    notes = []
    for bar in range(8):
        chord = Song("", (), 8 * 1920, chords=wanted).chord_at(bar * 1920)
        assert chord is not None
        notes += [
            Note(bar * 1920, 1920, 48 + tone + (12 if tone < chord.root else 0)) for tone in chord.tones
        ]
    song = Song("", (Track("", tuple(sorted(notes))),), 8 * 1920)
    assert found_chords(song, song.tracks, cadence=False) == wanted


def test_silence_has_chords_too() -> None:
    song = Song("", (Track("", ()),), 4 * 1920)
    assert found_chords(song, song.tracks)


def test_a_suggestion_is_text_that_the_form_takes() -> None:
    first, second = (suggested_grid(Key(2, "minor"), Meter(3, 4), 8, "dark", True, seed) for seed in (1, 2))
    assert first != second
    assert parse_grid(first, Meter(3, 4), 8)
