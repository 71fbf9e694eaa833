"""How long a running job still takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.jobs.estimate import History, Work
from studio.jobs.time_left import WIDEST, Left, Pace, TimeLeft, Watch

STEPS = st.lists(st.tuples(st.floats(0.001, 1e4), st.floats(0, 0.2)), min_size=1, max_size=60)
BEFORE = st.lists(st.floats(0.01, 1e5), max_size=6)
SHARES = st.none() | st.lists(st.floats(0, 1), min_size=9, max_size=9).map(lambda s: Pace(tuple(sorted(s))))


def told(
    time_left: TimeLeft, seconds: float, steps: int = 20, upto: float = 0.5, load: float = 0.0
) -> Left | None:
    """After an even job has told of so much of itself."""
    left = None
    for step in range(1, round(steps * upto) + 1):
        left = time_left.tell(step / steps, load + seconds * step / steps)
    return left


@given(BEFORE, SHARES, STEPS)
def test_it_is_always_a_range_that_is_not_too_wide(
    before: list[float], pace: Pace | None, steps: list[tuple[float, float]]
) -> None:
    time_left, now, part = TimeLeft(before, pace), 0.0, 0.0
    for passed, more in steps:
        now, part = now + passed, min(part + more, 1.0)
        left = time_left.tell(part, now)
        assert left is None or 0 < left.least < left.most <= left.least * WIDEST * 1.001
    found = time_left.pace(now)
    assert found is None or list(found.shares) == sorted(found.shares)


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert TimeLeft().tell(0.0, 1.0) is None
    assert TimeLeft().tell(0.05, 1.0) is None, "loading may be part of the first step"


def test_the_last_jobs_are_the_measure_before_it_gets_on() -> None:
    left = TimeLeft([60, 50, 70, 55]).tell(0.0, 5.0)
    assert left is not None and left.least < 55 < left.most


def test_an_even_job_is_told_by_its_pace_and_loading_is_left_out() -> None:
    left = told(TimeLeft(), 100, load=300)
    assert left is not None
    assert left.least < 50 < left.most < 80, "a fifth of what would count the loading"


def test_the_range_is_narrow_where_the_last_such_job_went_as_it_was_told() -> None:
    first = TimeLeft()
    told(first, 100, 100, 1.0)
    pace = first.pace(100)
    assert pace is not None and pace.error < 0.12
    blind, knowing = told(TimeLeft(), 100, 100), told(TimeLeft([100, 100, 100], pace), 100, 100)
    assert blind is not None and knowing is not None
    assert knowing.least < 50 < knowing.most < 1.7 * knowing.least
    assert knowing.most / knowing.least < blind.most / blind.least


def test_what_took_longer_than_ever_is_told_by_its_pace() -> None:
    left = told(TimeLeft([10, 10, 10]), 100)
    assert left is not None and left.least < 50 < left.most


def test_how_the_last_one_got_on_is_known_of_the_next() -> None:
    """A slow end, after which the time was always underestimated."""

    def play(time_left: TimeLeft, upto: int) -> Left | None:
        left = None
        for step in range(1, upto):
            left = time_left.tell(step / 20, step if step <= 10 else 10 + 9 * (step - 10))
        return left

    first = TimeLeft()
    play(first, 21)
    pace = first.pace(100)
    assert pace is not None
    blind, knowing = play(TimeLeft(), 8), play(TimeLeft([], pace), 8)
    assert blind is not None and blind.most < 93
    assert knowing is not None and knowing.least < 93 < knowing.most


def test_it_counts_down_between_two_steps_and_does_not_jump() -> None:
    time_left = TimeLeft([100])
    before = told(time_left, 100, 10)
    assert before is not None
    later = time_left.at(55.0)
    assert later is not None
    assert before.middle - 10 < later.middle < before.middle


def test_a_pause_does_not_count() -> None:
    now = [0.0]
    watch = Watch(lambda: now[0])
    now[0] = 10
    watch.hold(True)
    now[0] = 500
    assert watch.seconds == 10
    watch.hold(False)
    now[0] = 505
    assert watch.seconds == 15


def test_history_gives_a_job_the_times_and_the_pace_of_its_sort() -> None:
    history = History()
    steady = Pace(tuple(n / 10 for n in range(1, 10)))
    history.add(Work("a/b", "cpu", steps=10), 10.0, None, steady)
    left = history.time_left(Work("a/b", "cpu", steps=20)).tell(0.0, 0.1)
    assert left is not None and left.least < 20 < left.most
    assert history.time_left(Work("a/b", "cuda:0")).tell(0.0, 0.1) is None


@pytest.mark.parametrize(("passed", "least"), [(1.0, 9.0), (20.0, 0.0)])
def test_what_is_left_later(passed: float, least: float) -> None:
    assert Left(10, 12).after(passed).least == least
