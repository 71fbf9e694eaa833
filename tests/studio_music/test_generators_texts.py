"""What people type about songs, and what jobs tell of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_music.core.chords import Chord, PlacedChord
from studio_music.core.given import (
    bars_named,
    chords_of,
    key_of,
    melody_of,
    range_of,
    runs,
    track_named,
    voices_of,
)
from studio_music.core.keys import Key
from studio_music.core.live import BarDone, LiveReader, SongBegun, line_of
from studio_music.core.meter import Meter
from studio_music.core.pitches import parse_range, pitch_name
from studio_music.core.plan import Wishes, planned
from studio_music.core.song import KeyChange, Note, Song, Track

from studio.api.values import BadInput

SONG = Song("", (Track("A", (Note(0, 480, 60),)),), 16 * 1920)


def test_bars_are_read_as_people_write_them() -> None:
    assert bars_named(SONG, "5-8, 11") == (4, 5, 6, 7, 10)
    assert bars_named(SONG, " 3 – 4;1..2 16") == (0, 1, 2, 3, 15)


@given(st.sets(st.integers(1, 16), min_size=1))
def test_bars_come_back(bars: set[int]) -> None:
    text = ", ".join(f"{run.start}-{run.stop - 1}" for run in runs(sorted(bars)))
    assert bars_named(SONG, text) == tuple(sorted(bar - 1 for bar in bars))


@given(st.text(max_size=30))
def test_any_text_names_bars_or_is_refused(text: str) -> None:
    try:
        assert all(0 <= bar < 16 for bar in bars_named(SONG, text))
    except BadInput as error:
        assert error.hint


@given(st.integers(21, 107), st.integers(1, 87))
def test_ranges_come_back(low: int, width: int) -> None:
    high = min(108, low + width)
    assert parse_range(f"{pitch_name(low)}-{pitch_name(high)}") == (low, high)


def test_ranges_as_people_write_them() -> None:
    assert parse_range("C4 to A5") == parse_range("c4..a5") == parse_range("C4–A5") == (60, 81)
    assert parse_range("Bb3-F#5") == (58, 78)
    assert parse_range("") is None
    for wrong in ("C4", "A5-C4", "C4-C9", "C4-H5", "x"):
        with pytest.raises(BadInput):
            parse_range(wrong)


NOTES = st.builds(Note, st.integers(0, 9999), st.integers(1, 999), st.integers(0, 127), st.integers(1, 127))
BARS = st.builds(
    BarDone,
    st.integers(0, 999),
    st.integers(0, 9999),
    st.integers(0, 9999),
    st.dictionaries(st.integers(0, 9), st.lists(NOTES, max_size=5).map(tuple), max_size=3),
)


@given(st.lists(BARS, max_size=5), st.integers(1, 40))
def test_what_is_told_is_read_in_pieces_of_any_length(bars: list[BarDone], size: int) -> None:
    tracks = (Track("A", program=3, role="bass"), Track("D", is_drums=True))
    chords = (PlacedChord(0, Chord(9, "m7", 4)), PlacedChord(960, None))
    begun = SongBegun(Song("Title\n", tracks, chords=chords), 480)
    text = "".join(map(line_of, (begun, *bars)))
    reader = LiveReader()
    told = [thing for at in range(0, len(text), size) for thing in reader.feed(text[at : at + size])]
    assert told == [begun, *bars]


def test_the_melody_is_found() -> None:
    low, high = Track("Low", (Note(0, 480, 40),)), Track("High", (Note(0, 480, 80),))
    drums = Track("Kit", (Note(0, 60, 99),), is_drums=True)
    assert melody_of(Song("", (low, drums, high), 1920)) == 2
    named = Track("Named", (Note(0, 480, 50),), role="melody")
    assert melody_of(Song("", (low, high, named), 1920)) == 2
    assert (
        track_named(Song("", (low, high), 1920), "high") == track_named(Song("", (low, high), 1920), "2") == 1
    )
    with pytest.raises(BadInput, match="drums"):
        voices_of(Song("", (low, drums), 1920), "Kit")


def test_four_voices_are_a_choir_or_a_quartet() -> None:
    roles = ("soprano", "alto", "tenor", "bass voice")
    for program, learnt in ((52, "choir"), (40, "strings")):
        tracks = tuple(Track(role, (Note(0, 480, 60),), program, role=role) for role in roles)
        voices = voices_of(Song("", tracks, 1920))
        assert voices.learnt == learnt and voices.places == (0, 1, 2, 3)


@given(st.lists(NOTES, min_size=1, max_size=9))
def test_a_range_holds_its_notes_and_an_octave(notes: list[Note]) -> None:
    low, high = range_of(Track("", tuple(notes)))
    assert low >= 21 and high <= 108 and high - low >= 12


def test_a_key_that_does_not_fit_is_replaced() -> None:
    scale = tuple(Note(place * 480, 480, 66 + step) for place, step in enumerate((0, 2, 4, 5, 7, 9, 11, 12)))
    song = Song("", (Track("", scale),), 2 * 1920, keys=(KeyChange(0, Key(0)),))
    assert key_of(song) == Key(6)
    assert key_of(Song("", (Track("", ()),), 1920)) == Key(0)


def test_chords_are_the_songs_own_where_it_has_some() -> None:
    chords = (PlacedChord(0, Chord(5)),)
    assert chords_of(Song("", SONG.tracks, 1920, chords=chords)) == chords
    assert chords_of(SONG) and not chords_of(SONG, (0,))


@given(st.integers(0, 2**32 - 1))
def test_what_is_left_open_is_chosen_by_the_mood(seed: int) -> None:
    plan = planned(Wishes(bars=8, mood="dark", ensemble="band"), np.random.default_rng(seed))
    assert 70 <= plan.song.tempo <= 96
    assert plan.song.key.mode in ("minor", "phrygian", "harmonic minor")
    assert plan.song.chords and plan.cadence == "full"


def test_the_key_follows_the_chords() -> None:
    plan = planned(Wishes(bars=4, chords="Dm Gm A7 Dm"), np.random.default_rng(0))
    assert plan.song.key == Key(2, "minor") and not plan.notes
    opened = planned(Wishes(bars=4, chords="Am F C G"), np.random.default_rng(0))
    assert opened.cadence == "none" and len(opened.notes) == 1


def test_without_suggestions_a_choir_is_free() -> None:
    free = planned(Wishes(bars=4, ensemble="choir", suggest=False), np.random.default_rng(0))
    assert free.song.chords == ()
    band = planned(
        Wishes(bars=4, ensemble="band", suggest=False, meter=Meter(3, 4)), np.random.default_rng(0)
    )
    assert band.song.chords
