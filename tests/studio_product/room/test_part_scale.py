"""Axes with round ticks, and the front of what nothing beats."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_product.room.part.scale import scale_between, scale_for, step_down, step_up
from studio_product.room.variants.pareto import front, staircase

reals = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: float(f"{value:.6g}"))
lengths = st.floats(1e-9, 1e9)
coarse = st.integers(0, 6).map(float)
points = st.lists(st.tuples(coarse, coarse), max_size=12)
better = st.tuples(st.sampled_from(["less", "more"]), st.sampled_from(["less", "more"]))


@given(st.lists(reals, max_size=8), st.integers(1, 12))
def test_an_axis_shows_all_values_and_few_ticks(values: list[float], most: int) -> None:
    scale = scale_for(values, most)
    assert scale.low < scale.high
    assert all(0 < scale.place(value) < 1 for value in values)
    assert len(scale.ticks) <= most + 1
    assert all(scale.low - 1e-6 <= tick <= scale.high + 1e-6 for tick in scale.ticks)


@given(st.floats(-1e6, 1e6), lengths, st.integers(2, 9))
def test_ticks_are_multiples_of_a_round_step(low: float, length: float, most: int) -> None:
    if not length > abs(low) * 1e-6:
        return
    scale = scale_between(low, low + length, most)
    step = step_up(length / most)
    mantissa = step / 10.0 ** math.floor(math.log10(step) + 1e-9)
    assert round(mantissa, 6) in (1, 2, 5)
    for tick in scale.ticks:
        assert tick / step == pytest.approx(round(tick / step), abs=1e-3)


@given(lengths)
def test_round_steps_enclose_a_length(length: float) -> None:
    assert step_down(length) <= length * (1 + 1e-7)
    assert step_up(length) >= length * (1 - 1e-7)
    assert step_up(length) / step_down(length) <= 2.5 + 1e-6


def test_ticks_as_one_would_write_them() -> None:
    assert scale_for([3, 17.2], 6).ticks == (5, 10, 15)
    assert scale_for([0.0031, 0.0045], 5).decimals == 4
    assert scale_between(0, 38, 5).ticks == (0, 10, 20, 30)
    assert scale_for([5, 5], 5).ticks == (4.5, 5.0, 5.5)


def dominates(first: tuple[float, float], second: tuple[float, float], ways: tuple[str, str]) -> bool:
    signs = [-1 if way == "more" else 1 for way in ways]
    pairs = [(sign * a, sign * b) for sign, a, b in zip(signs, first, second, strict=True)]
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


@given(points, better)
def test_the_front_is_what_no_other_point_dominates(found: list, ways: tuple) -> None:
    kept = front(found, ways)
    wanted = {
        place for place, one in enumerate(found) if not any(dominates(other, one, ways) for other in found)
    }
    assert set(kept) == wanted
    assert [found[place] for place in kept] == sorted(found[place] for place in kept)


@given(points, better)
def test_the_stairs_lie_behind_the_front(found: list, ways: tuple) -> None:
    on_it = [found[place] for place in front(found, ways)]
    for step in staircase(on_it, ways):
        assert not any(dominates(step, one, ways) for one in on_it)


def test_of_a_number_without_a_better_side_less_is_taken() -> None:
    assert front([(1, 2), (2, 1), (2, 2)], ("neither", "less")) == [0, 1]
