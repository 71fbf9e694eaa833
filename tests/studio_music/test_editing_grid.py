"""The grid: its lines, what is nearest, and how fine it gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_music.core.editing.grid import TICK_GRID, Grid, Snap, auto_grid, grid_of
from studio_music.core.meter import Meter
from studio_music.core.song import MeterChange, Song


def song_in(*meters: tuple[int, str], length: int = 7680) -> Song:
    changes = [MeterChange(start, Meter(*map(int, meter.split("/")))) for start, meter in meters]
    return Song("Any", (), length, meters=tuple(changes))


SONG = song_in((0, "4/4"))
MIXED = song_in((0, "3/4"), (1440, "7/8"), (4800, "6/8"), length=7680)
songs = st.sampled_from([SONG, MIXED])
grids = st.sampled_from([Grid(0), Grid(60), Grid(160), Grid(320), Grid(480), Grid(960)])


def test_the_nearest_line() -> None:
    grid = Grid(480)
    assert [grid.snapped(SONG, tick) for tick in (0, 239, 240, 500, 99999, -5)] == [0, 0, 480, 480, 7680, 0]
    assert grid.snapped(SONG, 479, "before") == 0
    assert grid.snapped(SONG, 481, "after") == 960
    assert grid.snapped(SONG, 960, "after") == 960


def test_lines_begin_anew_in_each_bar() -> None:
    assert Grid(480).lines(MIXED, 0, 3400) == [0, 480, 960, 1440, 1920, 2400, 2880, 3120]
    assert Grid(0).lines(MIXED, 0, 9000) == [0, 1440, 3120, 4800, 6240]


@given(songs, grids, st.integers(-100, 9000))
def test_snapped_ticks_are_lines(song: Song, grid: Grid, tick: int) -> None:
    lines = {*grid.lines(song, 0, song.length), song.length}
    near, before, after = (grid.snapped(song, tick, side) for side in ("near", "before", "after"))
    assert {near, before, after} <= lines
    inside = min(max(tick, 0), song.length)
    assert before == max(line for line in lines if line <= inside)
    assert after == min(line for line in lines if line >= inside)
    assert abs(near - inside) == min(abs(line - inside) for line in lines)


@given(songs, grids, st.integers(0, 7680), st.integers(-5, 5))
def test_moving_by_lines(song: Song, grid: Grid, tick: int, steps: int) -> None:
    lines = sorted({*grid.lines(song, 0, song.length), song.length})
    moved = grid.moved(song, tick, steps)
    if steps > 0:
        later = [line for line in lines if line > tick]
        assert moved == ([*later, *[song.length] * 5][steps - 1])
    elif steps < 0:
        earlier = [line for line in lines if line < tick][::-1]
        assert moved == ([*earlier, *[0] * 5][-steps - 1])
    else:
        assert moved == tick


@given(songs, grids, st.integers(0, 8000), st.integers(0, 8000))
def test_lines_of_a_part_are_those_of_the_whole(song: Song, grid: Grid, start: int, end: int) -> None:
    whole = grid.lines(song, 0, song.length)
    assert grid.lines(song, start, end) == [line for line in whole if start <= line <= end]


@pytest.mark.parametrize(
    ("meter", "least", "step"),
    [
        ("4/4", 4000, 0),
        ("4/4", 900, 960),
        ("4/4", 300, 480),
        ("4/4", 240, 240),
        ("4/4", 1, 60),
        ("3/4", 900, 0),
        ("3/4", 400, 480),
        ("6/8", 500, 720),
        ("6/8", 200, 240),
        ("6/8", 70, 120),
        ("7/8", 200, 240),
        ("2/2", 900, 960),
    ],
)
def test_the_grid_gets_finer(meter: str, least: float, step: int) -> None:
    assert auto_grid(song_in((0, meter)), least) == Grid(step)


def test_each_snap_has_its_grid() -> None:
    assert grid_of(Snap.OFF, SONG) == TICK_GRID
    assert grid_of(Snap.BAR, SONG) == Grid(0)
    assert grid_of(Snap.EIGHTH_TRIPLET, SONG) == Grid(160)
    assert grid_of(Snap.AUTO, SONG, 200) == Grid(240)
    for snap in Snap:
        assert grid_of(snap, SONG, 100).lines(SONG, 0, 1919)[0] == 0
