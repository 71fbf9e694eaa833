"""Whether the time that is left is told rightly, on simulated jobs of all media.

A job counts where the range that is shown after a tenth of it holds its true end. "First" jobs have no
other of their sort before them; nobody can know how long their model loads or whether they slow down. The
peer is what was shown until now: one number, from the time that has passed and the part that is done,
widened to the same range.

Run on request: `pytest tests/benchmarks/bench_time_left.py -m benchmark -s`.
"""

from __future__ import annotations

import math
from random import Random
from statistics import median
from typing import NamedTuple

import pytest

from studio.jobs.time_left import WIDEST, Left, TimeLeft
from tests.benchmarks.sizes import at_least, each, size
from tests.benchmarks.time_left_jobs import Setup, Simulated, setups

SORTS = size(200, 12)
"""Of work, of each medium."""


class Score(NamedTuple):
    is_right: bool
    """After a tenth."""
    was_right: bool
    """What the peer said there."""
    widest: float
    jump: float
    """The largest change of the middle between two steps, as a logarithm, until nine tenths."""
    peer_jump: float


def play(job: Simulated, time_left: TimeLeft) -> Score:
    shown: Left | None = None
    plain: float | None = None
    tenth: tuple[bool, bool] | None = None
    before, widest, jump, peer_jump = 0.0, 1.0, 0.0, 0.0
    for now, part in job.told:
        left = time_left.tell(part, now)
        guess = now * (1 - part) / part if part >= 0.05 else None
        if now <= 0.9 * job.seconds:
            if shown is not None and left is not None:
                jump = max(jump, _apart(left.middle, shown.middle - (now - before)))
            if plain is not None and guess is not None:
                peer_jump = max(peer_jump, _apart(guess, plain - (now - before)))
        shown, plain, before = left, guess, now
        if shown is not None:
            widest = max(widest, shown.most / shown.least)
        if tenth is None and now >= job.seconds / 10:
            true, half = job.seconds - now, math.sqrt(WIDEST)
            tenth = (
                shown is not None and shown.least <= true <= shown.most,
                plain is not None and plain / half <= true <= plain * half,
            )
    return Score(*(tenth or (False, False)), widest, jump, peer_jump)


def _apart(one: float, other: float) -> float:
    return abs(math.log(max(one, 0.5) / max(other, 0.5)))


def scores(known: int, sorts: int) -> dict[str, list[Score]]:
    random, found = Random(known), dict[str, list[Score]]()
    for setup in setups(random, sorts):
        found.setdefault(setup.medium, []).append(_one(setup, random, known))
    return found


def _one(setup: Setup, random: Random, known: int) -> Score:
    past = [setup.make(Random(random.random())) for _ in range(known)]
    pace = None
    for number, one in enumerate(past):
        last = TimeLeft([other.seconds for other in past[:number]], pace)
        for now, part in one.told:
            last.tell(part, now)
        pace = last.pace(one.seconds) or pace
    return play(setup.make(Random(random.random())), TimeLeft([one.seconds for one in past], pace))


@pytest.mark.benchmark
@each("known, goal", {"first": (0, 0.45), "second": (1, 0.88), "fifth": (4, 0.9)})
def test_after_a_tenth_the_true_end_lies_in_the_range(known: int, goal: float) -> None:
    found = scores(known, SORTS)
    for medium, jobs in found.items():
        right, peer = (sum(one[n] for one in jobs) / len(jobs) for n in (0, 1))
        print(
            f"{medium:8} after {known}: right {right:.2f}, the plain number {peer:.2f};"
            f" jump {median(one.jump for one in jobs):.2f}, {median(one.peer_jump for one in jobs):.2f}"
        )
    every = [one for jobs in found.values() for one in jobs]
    right, peer = (sum(one[n] for one in every) / len(every) for n in (0, 1))
    print(f"{'all':8} after {known}: right {right:.2f}, the plain number {peer:.2f}")
    assert max(one.widest for one in every) <= WIDEST * 1.001
    assert right >= at_least(peer)
    assert right >= at_least(goal)
