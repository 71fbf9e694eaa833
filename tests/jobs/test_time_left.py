"""How long a running job still takes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.jobs.estimate import History, Work
from studio.jobs.time_left import WIDEST, Left, Pace, TimeLeft, Watch
from tests.benchmarks.time_left_traces import FILE

STEPS = st.lists(st.tuples(st.floats(0.001, 1e4), st.floats(0, 0.2)), min_size=1, max_size=60)
BEFORE = st.lists(st.floats(0.01, 1e5), max_size=6)
SHARES = st.lists(st.floats(0, 1), min_size=9, max_size=9).map(lambda shares: Pace(tuple(sorted(shares))))
EVEN = Pace(tuple(n / 10 for n in range(1, 10)))


def told(
    time_left: TimeLeft, seconds: float, steps: int = 20, upto: float = 0.5, load: float = 0.0
) -> Left | None:
    """After an even job has told of so much of itself."""
    left = None
    for step in range(1, round(steps * upto) + 1):
        left = time_left.tell(step / steps, load + seconds * step / steps)
    return left


@given(BEFORE, st.lists(SHARES, max_size=3), STEPS, st.booleans(), st.booleans())
def test_it_is_always_a_range_that_is_not_too_wide(
    before: list[float], paces: list[Pace], steps: list[tuple[float, float]], kin: bool, ends_early: bool
) -> None:
    time_left, now, part = TimeLeft(before, paces, kin=kin, ends_early=ends_early), 0.0, 0.0
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


def test_nothing_is_said_of_the_first_job_of_all() -> None:
    assert told(TimeLeft(), 100) is None, "no two kinds of work get on alike"


def test_an_even_job_is_told_by_its_pace_and_loading_is_left_out() -> None:
    left = told(TimeLeft([], [EVEN]), 100, load=300)
    assert left is not None
    assert left.least < 50 < left.most < 80, "a fifth of what would count the loading"


def test_the_range_is_the_narrower_the_more_jobs_went_alike() -> None:
    first = TimeLeft()
    told(first, 100, 100, 1.0)
    pace = first.pace(100)
    assert pace is not None and pace.share(0.35) == pytest.approx(0.35, abs=0.01)
    one, many = told(TimeLeft([100], [pace]), 100, 100), told(TimeLeft([100] * 5, [pace] * 5), 100, 100)
    assert one is not None and many is not None
    assert many.least < 50 < many.most < 1.7 * many.least
    assert many.most / many.least < one.most / one.least


def test_nothing_is_said_where_jobs_of_one_sort_ended_now_here_now_there() -> None:
    """A model that stops when it likes."""
    ends = (0.1, 0.9, 0.4, 0.7)
    paces = [Pace(tuple(min(n / 10 / end, 1.0) for n in range(1, 10))) for end in ends]
    assert told(TimeLeft([100 * end for end in ends], paces, ends_early=True), 100, 100, 0.3) is None
    alike = [Pace(tuple(min(n / 10 / 0.6, 1.0) for n in range(1, 10)))] * 4
    left = told(TimeLeft([60] * 4, alike, ends_early=True), 100, 100, 0.3)
    assert left is not None and left.least < 30 < left.most


def test_what_took_longer_than_ever_is_told_by_its_pace() -> None:
    left = told(TimeLeft([10, 10, 10], [EVEN] * 3), 100)
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
    misled, knowing = play(TimeLeft([], [EVEN]), 8), play(TimeLeft([], [pace]), 8)
    assert misled is not None and misled.most < 93
    assert knowing is not None and knowing.least < 93 < knowing.most


def test_it_counts_down_between_two_steps_and_does_not_jump() -> None:
    time_left = TimeLeft([100] * 3, [EVEN] * 3)
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


def test_history_gives_a_job_the_times_and_the_paces_of_its_sort() -> None:
    history = History()
    history.add(Work("a/b", "cpu", steps=10), 10.0)
    for _ in range(2):
        history.add_pace(Work("a/b", "cpu", steps=10), EVEN)
    left = history.time_left(Work("a/b", "cpu", steps=20)).tell(0.0, 0.1)
    assert left is not None and left.least < 20 < left.most
    assert history.time_left(Work("a/b", "cuda:0")).tell(0.0, 0.1) is None
    assert told(history.time_left(Work("a/b", "cuda:0")), 100, 100) is not None, "as on another device"
    assert told(history.time_left(Work("a/c", "cpu")), 100, 100) is None, "another generator"


@pytest.mark.parametrize(("passed", "least"), [(1.0, 9.0), (20.0, 0.0)])
def test_what_is_left_later(passed: float, least: float) -> None:
    assert Left(10, 12).after(passed).least == least


def test_what_is_shown_of_recorded_jobs_does_not_jump() -> None:
    """From one step to the next the middle neither doubles nor halves, but for the last seconds."""
    for name, jobs in json.loads(FILE.read_text()).items():
        paces = []
        for job in jobs:
            first = TimeLeft()
            for now, part in job["told"]:
                first.tell(part, now)
            if (pace := first.pace(job["seconds"])) is not None:
                paces.append(pace)
        for job in jobs:
            time_left = TimeLeft([one["seconds"] for one in jobs], paces, ends_early=name.startswith("text"))
            shown, before = None, 0.0
            for now, part in job["told"]:
                left = time_left.tell(part, now)
                if shown is not None and left is not None and left.most > 5:
                    counted = shown.after(now - before)
                    assert counted.middle / 2 < left.middle < counted.middle * 2, (name, now)
                shown, before = left, now
