"""Songs: bars, seconds, and parts cut out of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_music.core.chords import Chord, PlacedChord
from studio_music.core.keys import Key
from studio_music.core.meter import Meter, parse_meter
from studio_music.core.song import KeyChange, MeterChange, Note, Song, TempoChange, Track

from studio.api.values import BadInput


def test_bars_follow_the_meters() -> None:
    song = Song("", length=8000, meters=(MeterChange(0, Meter(4, 4)), MeterChange(3840, Meter(3, 4))))
    assert [(bar.start, bar.end) for bar in song.bars] == [
        (0, 1920),
        (1920, 3840),
        (3840, 5280),
        (5280, 6720),
        (6720, 8160),
    ]
    assert song.bar_at(5279).number == 2
    assert song.bar_at(99999).number == 4
    assert str(song.meter_at(4000)) == "3/4"


def test_beats_of_compound_meters_are_dotted() -> None:
    assert (Meter(6, 8).beat_ticks, Meter(6, 8).half_ticks, Meter(6, 8).strong_ticks()) == (
        720,
        720,
        (0, 720),
    )
    assert (Meter(3, 4).beat_ticks, Meter(3, 4).strong_ticks()) == (480, (0,))
    assert Meter(3, 8).strong_ticks() == (0,)
    assert Meter(2, 2).bar_ticks == 1920


@given(
    st.lists(st.tuples(st.integers(1, 5000), st.floats(10, 400)), max_size=6),
    st.integers(0, 40_000),
)
def test_seconds_and_ticks_are_inverse(changes: list[tuple[int, float]], tick: int) -> None:
    tempos, at = [TempoChange(0, 120.0)], 0
    for wait, bpm in changes:
        at += wait
        tempos.append(TempoChange(at, bpm))
    song = Song("", length=1920, tempos=tuple(tempos))
    assert song.tick_at(song.seconds_at(tick)) == pytest.approx(tick, abs=1e-3)


def test_a_tempo_of_120_is_half_a_second_a_beat() -> None:
    song = Song("", length=1920, tempos=(TempoChange(0, 120.0), TempoChange(960, 60.0)))
    assert song.duration == pytest.approx(0.5 * 2 + 1.0 * 2)


def test_a_slice_begins_at_zero_and_keeps_what_holds() -> None:
    song = Song(
        "x",
        (Track("a", (Note(0, 2000, 60), Note(1920, 480, 62), Note(5000, 10, 64))),),
        7680,
        keys=(KeyChange(0, Key(0)), KeyChange(2400, Key(7))),
        chords=(PlacedChord(0, Chord(0)), PlacedChord(2400, None)),
    )
    part = song.slice(1920, 3840)
    assert part.tracks[0].notes == (Note(0, 80, 60), Note(0, 480, 62))
    assert part.length == 1920
    assert part.keys == (KeyChange(0, Key(0)), KeyChange(480, Key(7)))
    assert part.chords == (PlacedChord(0, Chord(0)), PlacedChord(480, None))
    assert part.chord_at(0) == Chord(0) and part.chord_at(500) is None


@pytest.mark.parametrize("text", ["4", "0/4", "65/4", "4/3", "4/0", "a/b", "", "٣/٤"])
def test_what_is_no_meter_is_told(text: str) -> None:
    with pytest.raises(BadInput, match="is no meter"):
        parse_meter(text)


def test_meters_are_read() -> None:
    assert [str(parse_meter(text)) for text in ("3/4", "C", "C|", " 12 / 8 ")] == [
        "3/4",
        "4/4",
        "2/2",
        "12/8",
    ]
