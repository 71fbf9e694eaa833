"""Chord symbols and the grid that a designer types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_music.core.chords import (
    QUALITIES,
    Chord,
    PlacedChord,
    chord_at,
    parse_chord,
    parse_grid,
    write_grid,
)
from studio_music.core.keys import SCALES, Key
from studio_music.core.meter import Meter

from studio.api.values import BadInput

chords = st.builds(
    lambda root, quality, bass: Chord(root, quality, None if bass == root else bass),
    st.integers(0, 11),
    st.sampled_from(list(QUALITIES)),
    st.none() | st.integers(0, 11),
)
keys = st.builds(Key, st.integers(0, 11), st.sampled_from(list(SCALES)))
meters = st.sampled_from([Meter(4, 4), Meter(3, 4), Meter(2, 4), Meter(6, 8), Meter(12, 8), Meter(3, 8)])


def test_the_grid_of_the_guide_is_read() -> None:
    grid = parse_grid("Am7 | Dm7 G7 | % | C/E | N.C.", Meter(4, 4))
    assert grid == (
        PlacedChord(0, Chord(9, "m7")),
        PlacedChord(1920, Chord(2, "m7")),
        PlacedChord(2880, Chord(7, "7")),
        PlacedChord(3840, Chord(2, "m7")),
        PlacedChord(4800, Chord(7, "7")),
        PlacedChord(5760, Chord(0, "", 4)),
        PlacedChord(7680, None),
    )


def test_chords_without_bar_lines_have_a_bar_each_and_repeat() -> None:
    grid = parse_grid("Am F C G", Meter(3, 4), 6)
    assert [placed.start for placed in grid] == [bar * 1440 for bar in range(6)]
    assert [placed.chord for placed in grid[4:]] == [Chord(9, "m"), Chord(5)]


def test_a_point_goes_on_with_the_chord_before() -> None:
    assert parse_grid("C . . G7", Meter(4, 4)) == parse_grid("C | C | C | G7", Meter(4, 4))
    assert parse_grid("| C . . G7 |", Meter(4, 4))[1] == PlacedChord(1440, Chord(7, "7"))


@pytest.mark.parametrize(
    ("text", "meter", "words"),
    [
        ("Am | H7", Meter(4, 4), "“H7” is no chord"),
        ("% | C", Meter(4, 4), "begins with %"),
        (". C | C", Meter(4, 4), "begins with “.”"),
        ("C D E F | C D E F G", Meter(4, 4), "more chords than beats"),
        ("C D E | C", Meter(6, 8), "more chords than beats"),
        ("C " * 3000, Meter(4, 4), "more than 2048"),
    ],
)
def test_what_is_wrong_with_a_grid_is_said(text: str, meter: Meter, words: str) -> None:
    with pytest.raises(BadInput, match=words.replace("%", "%").replace(".", r"\.")):
        parse_grid(text, meter)


@given(chords, keys)
def test_a_written_chord_is_read_again(chord: Chord, key: Key) -> None:
    assert parse_chord(chord.symbol(key)) == chord


@given(meters, keys, st.lists(st.lists(st.none() | chords, min_size=1, max_size=4), min_size=1, max_size=8))
def test_a_written_grid_is_read_again(meter: Meter, key: Key, bars: list[list[Chord | None]]) -> None:
    counted = meter.bar_ticks // meter.beat_ticks
    placed: list[PlacedChord] = []
    for number, bar in enumerate(bars):
        for place, chord in enumerate(bar[:counted]):
            if not placed or placed[-1].chord != chord:
                placed.append(PlacedChord(number * meter.bar_ticks + place * meter.beat_ticks, chord))
    text = write_grid(placed, meter, len(bars), key)
    assert parse_grid(text, meter) == tuple(placed)


@given(st.text(max_size=60), meters)
def test_any_text_is_a_grid_or_is_told_what_is_wrong(text: str, meter: Meter) -> None:
    try:
        grid = parse_grid(text, meter)
    except BadInput as error:
        assert str(error)
        return
    starts = [placed.start for placed in grid]
    assert starts == sorted(set(starts))


def test_the_chord_of_a_tick_is_the_last_that_began() -> None:
    grid = parse_grid("C | F G | N.C.", Meter(4, 4))
    assert [chord_at(grid, tick) for tick in (0, 1919, 1920, 2880, 3840, 9999)] == [
        Chord(0),
        Chord(0),
        Chord(5),
        Chord(7),
        None,
        None,
    ]
    assert chord_at((), 5) is None
