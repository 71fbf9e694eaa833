"""Accompaniments: what must be true of each of them, whatever the groove, meter and chords."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_music.core.arrange.accompany import PARTS, Wish, accompaniment
from studio_music.core.arrange.bass import BASS_RANGE
from studio_music.core.arrange.comping import CHORDS_RANGE
from studio_music.core.arrange.dynamics import shaped
from studio_music.core.arrange.grooves import GROOVES
from studio_music.core.arrange.harmony import Harmony
from studio_music.core.arrange.swing import straightened, swung
from studio_music.core.arrange.tabs import cut_tab, pieces, read_tab
from studio_music.core.arrange.transfer import transferred
from studio_music.core.arrange.voicing import voiced
from studio_music.core.chords import QUALITIES, Chord, PlacedChord, parse_grid
from studio_music.core.keys import Key
from studio_music.core.meter import UNITS, Meter
from studio_music.core.song import KeyChange, MeterChange, Note, Song, Track

METERS = st.builds(Meter, st.integers(1, 24), st.sampled_from(UNITS))
USUAL = ("4/4", "3/4", "2/4", "6/8", "9/8", "12/8", "3/8", "2/2", "3/2", "6/4", "5/4", "7/8")
CHORDS = st.builds(Chord, st.integers(0, 11), st.sampled_from(sorted(QUALITIES)))


def song_of(grid: str, meter: Meter, bars: int, *tracks: Track) -> Song:
    length = bars * meter.bar_ticks
    return Song(
        "",
        tracks,
        length,
        meters=(MeterChange(0, meter),),
        keys=(KeyChange(0, Key(9, "minor")),),
        chords=parse_grid(grid, meter, bars),
    )


def arranged(song: Song, groove: str, seed: int = 1, **wishes: object) -> dict[str, Track]:
    wish = replace(Wish(groove, PARTS), **wishes)  # type: ignore[arg-type]
    return {track.name: track for track in accompaniment(song, wish, np.random.default_rng(seed))}


def meter_of(text: str) -> Meter:
    beats, unit = text.split("/")
    return Meter(int(beats), int(unit))


def test_a_tab_strikes_holds_and_pauses() -> None:
    assert read_tab("x-.o X...", 100, 800) == [(100, 200, "x"), (400, 100, "o"), (500, 100, "X")]
    assert read_tab("..--x-", 0, 60) == [(40, 20, "x")]
    assert cut_tab("x.o. X.x.", 1, 2) == "x.o."


@given(METERS)
def test_the_pieces_of_a_bar_fill_it(meter: Meter) -> None:
    assert sum(length for _, length in pieces(meter)) == meter.bar_ticks


def test_odd_meters_are_twos_and_threes() -> None:
    assert [family for family, _ in pieces(Meter(7, 8))] == ["1", "1", "3/8"]
    assert [family for family, _ in pieces(Meter(5, 4))] == ["3", "2"]
    assert [family for family, _ in pieces(Meter(9, 8))] == ["6/8", "3/8"]


@pytest.mark.parametrize("groove", GROOVES)
@pytest.mark.parametrize("meter", ["4/4", "3/4", "6/8", "7/8"])
def test_every_groove_plays_in_every_meter(groove: str, meter: str) -> None:
    song = song_of("Am | F | C Em | G7", meter_of(meter), 9)
    tracks = arranged(song, groove)
    for name, track in tracks.items():
        if name != "Drums":
            assert track.notes, (groove, name)
        assert list(track.notes) == sorted(track.notes)
        for note in track.notes:
            assert 0 <= note.start < note.end <= song.length
            assert 0 < note.velocity < 128
    starts = [(note.start, note.pitch) for note in tracks["Chords"].notes]
    assert len(starts) == len(set(starts))


@pytest.mark.parametrize("groove", GROOVES)
def test_chords_play_their_own_tones_and_the_bass_begins_with_the_lowest(groove: str) -> None:
    song = song_of("Am7 | F/A | C Em7b5 | G7sus4 | N.C. | Dm | E7#9 | Am", Meter(4, 4), 16)
    tracks = arranged(song, groove)
    harmony = Harmony.of(song)
    for name in ("Accompaniment", "Chords", "Strings"):
        for note in tracks[name].notes:
            last = harmony.at(note.start)
            tones = set(last.chord.tones) if last.chord else set()
            if note.end > last.end and note.start + 240 >= last.end:  # what anticipates the next chord
                following = harmony.at(last.end).chord
                tones |= set(following.tones) if following else set()
            if name == "Strings":  # common tones are held over
                assert note.pitch % 12 in set.union(
                    *(set(span.chord.tones) for span in harmony.spans if span.chord and span.end > note.start)
                )
            else:
                assert note.pitch % 12 in tones
    bass = tracks["Bass"].notes
    assert all(BASS_RANGE[0] <= note.pitch <= BASS_RANGE[1] for note in bass)
    for span in harmony.spans:
        inside = [note for note in bass if span.start <= note.start < span.end]
        if span.chord is None:
            assert not inside
        else:
            assert inside[0].pitch % 12 == span.chord.lowest
    assert all(one.end <= two.start for one, two in pairwise(bass))


@settings(max_examples=40)
@given(st.lists(CHORDS, min_size=2, max_size=8), st.sampled_from(sorted(GROOVES)), st.integers(0, 99))
def test_any_chords_are_accompanied(chords: list[Chord], groove: str, seed: int) -> None:
    placed = tuple(PlacedChord(place * 960, chord) for place, chord in enumerate(chords))
    song = replace(song_of("", Meter(4, 4), 5), chords=placed)
    for track in arranged(song, groove, seed).values():
        assert all(0 <= note.pitch <= 127 for note in track.notes)


@given(CHORDS, CHORDS, st.integers(3, 4), st.booleans())
def test_a_voicing_has_the_third_and_the_seventh(
    here: Chord, there: Chord, count: int, rootless: bool
) -> None:
    low, high = CHORDS_RANGE
    before = voiced(here, (), low, high, count, 84)
    after = voiced(there, before, low, high, count, 84, rootless)
    assert low <= after[0] and after[-1] <= high and after[-1] - after[0] <= 16
    assert list(after) == sorted(set(after))
    classes = {pitch % 12 for pitch in after}
    assert classes <= set(there.tones)
    steps = {(tone - there.root) % 12 for tone in classes}
    for step in (3, 4, 10, 11):
        if step in QUALITIES[there.quality][:4]:
            assert step in steps


def test_voices_move_little() -> None:
    song = song_of("C | Am | F | G | Em | Am | Dm | G", Meter(4, 4), 8)
    before: tuple[int, ...] = ()
    moved = []
    for placed in song.chords:
        assert placed.chord is not None
        voicing = voiced(placed.chord, before, *CHORDS_RANGE, 3, 84)
        moved += [abs(new - old) for new, old in zip(voicing, before, strict=False)]
        before = voicing
    assert np.mean(moved) < 2.0


def test_chords_stay_below_the_melody() -> None:
    low = Track("Melody", tuple(Note(bar * 1920, 1920, 67) for bar in range(8)), role="melody")
    song = song_of("C | F | G | C", Meter(4, 4), 8, low)
    chords = arranged(song, "pop")["Chords"].notes
    assert np.mean([note.pitch > 67 for note in chords]) < 0.05


@pytest.mark.parametrize("groove", ["pop", "swing", "rock", "jig"])
def test_drums_are_no_machine(groove: str) -> None:
    song = song_of("Am | F | C | G", Meter(4, 4), 32)
    drums = arranged(song, groove, energy=0.7)["Drums"].notes
    bars = [tuple((n.start % 1920, n.pitch) for n in drums if n.start // 1920 == bar) for bar in range(32)]
    assert len(set(bars)) >= 6
    assert len({note.velocity for note in drums}) > 15
    crashes = [note.start // 1920 for note in drums if note.pitch == 49]
    assert 8 in crashes and 31 in crashes


def test_a_loop_does_not_stop_at_its_end() -> None:
    song = song_of("Am | F | C | G", Meter(4, 4), 8)
    ending, loop = (arranged(song, "pop", ends=ends) for ends in (True, False))
    last = 7 * 1920
    assert {note.start for note in ending["Drums"].notes if note.start >= last} == {last}
    assert len({note.start for note in loop["Drums"].notes if note.start >= last}) > 4
    assert {note.end for note in ending["Bass"].notes if note.start >= last} == {song.length}


def test_the_same_seed_gives_the_same_notes() -> None:
    song = song_of("Am | F | C | G", Meter(4, 4), 16)
    assert arranged(song, "swing", 7) == arranged(song, "swing", 7)
    assert arranged(song, "swing", 7) != arranged(song, "swing", 8)


@given(st.lists(st.integers(0, 63), min_size=1, unique=True), st.sampled_from([0.58, 0.62, 0.66]))
def test_swing_moves_off_beats_and_can_be_taken_back(places: list[int], ratio: float) -> None:
    eighths = tuple(Note(place * 240, 240, 60) for place in sorted(places))
    song = Song("", (Track("", eighths),), 64 * 240)
    late = swung(song, ratio)
    for old, new in zip(eighths, late.tracks[0].notes, strict=True):
        assert new.start == old.start if old.start % 480 == 0 else new.start > old.start
    assert swung(late, ratio).tracks == late.tracks
    assert straightened(late).tracks == song.tracks


def test_a_melody_has_dynamics() -> None:
    notes = tuple(Note(place * 240, 240, 60 + place % 8) for place in range(64))
    song = Song("", (Track("", notes),), 64 * 240)
    made = shaped(song, notes, 80.0, np.random.default_rng(0))
    assert [note[:3] for note in made] == [note[:3] for note in notes]
    beats = [note.velocity for note in made if note.start % 1920 == 0]
    others = [note.velocity for note in made if note.start % 480 == 240]
    assert np.mean(beats) > np.mean(others) + 5


def test_a_pattern_follows_other_chords() -> None:
    notes = tuple(Note(place * 480, 480, pitch) for place, pitch in enumerate((48, 64, 67, 62)))
    song = song_of("C | Am", Meter(4, 4), 2, Track("", notes))
    first, second = song.bars
    made = transferred(song.tracks[0], first, second, song.chords, song.chords, Key(0))
    assert [note.start for note in made] == [1920, 2400, 2880, 3360]
    assert [note.pitch % 12 for note in made[:3]] == [9, 0, 4]
    assert made[3].pitch % 12 in Key(0).pitch_classes
