"""Whether the time that is left is told rightly, on simulated jobs of all media and on recorded ones.

Right is a range that holds the true end. It is looked at after a tenth of a job's time, and at all moments up
to nine tenths. Where nothing is shown, nothing is wrong: the share of the time in which nothing is shown is
measured too. The peer is what was shown before there were ranges: one number, from the time that has passed
and the part that is done, widened to the same range.

The recorded jobs (`time_left_traces.py`) are fills, songs, parts and texts of the real generators. The model
of the texts has random weights: how long its texts become is chance, which nobody can know before, so that
saying nothing of them is right.

Run on request: `pytest tests/benchmarks/bench_time_left.py -m benchmark -s`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from random import Random
from statistics import fmean, median
from typing import NamedTuple

import pytest

from studio.jobs.time_left import WIDEST, Left, Pace, TimeLeft
from tests.benchmarks.sizes import at_least, at_most, each, size
from tests.benchmarks.time_left_jobs import Simulated, setups
from tests.benchmarks.time_left_traces import FILE

SORTS = size(100, 8)
"""Of work, of each medium."""
MOMENTS = 40
KIN = {"fill 1024": "fill 1600", "song strings 32 x 2": "song choir 32 x 4", "part 3": "part 6"}
"""Recorded sorts of one generator."""

Found = dict[str, list["Score"]]
"""By medium or sort."""


class Score(NamedTuple):
    tenth: bool | None
    """Whether the range after a tenth of the time was right; None where none was shown."""
    peer: bool
    """The same of the peer, which always shows something."""
    right: list[bool]
    """At the moments from a tenth to nine tenths at which a range was shown."""
    silent: float
    """The share of the time in which none was shown."""
    widest: float
    jump: float
    """The largest change of the middle between two steps, as a logarithm, until nine tenths."""
    peer_jump: float


def play(job: Simulated, time_left: TimeLeft) -> Score:
    shown: Left | None = None
    plain: float | None = None
    told = iter([*job.told, (math.inf, 1.0)])
    now, part = next(told)
    before, widest, jump, peer_jump = 0.0, 1.0, 0.0, 0.0
    rights: list[bool | None] = []
    peers = []
    for moment in range(1, MOMENTS):
        at = job.seconds * moment / MOMENTS
        while now <= at:
            left, guess = time_left.tell(part, now), now * (1 - part) / part if part >= 0.05 else None
            if shown is not None and left is not None and now <= 0.9 * job.seconds:
                jump = max(jump, _apart(left.middle, shown.middle - (now - before)))
            if plain is not None and guess is not None and now <= 0.9 * job.seconds:
                peer_jump = max(peer_jump, _apart(guess, plain - (now - before)))
            shown, plain, before = left, guess, now
            widest = max(widest, shown.most / shown.least) if shown is not None else widest
            now, part = next(told)
        true, half = job.seconds - at, math.sqrt(WIDEST)
        seen = shown.after(at - before) if shown is not None else None
        rights.append(seen.least <= true <= seen.most if seen is not None else None)
        number = (plain or 0.0) - (at - before)
        peers.append(number / half <= true <= number * half)
    tenth = MOMENTS // 10 - 1
    known = [one for one in rights[tenth : 9 * MOMENTS // 10] if one is not None]
    silent = rights.count(None) / len(rights)
    return Score(rights[tenth], peers[tenth], known, silent, widest, jump, peer_jump)


def _apart(one: float, other: float) -> float:
    return abs(math.log(max(one, 0.5) / max(other, 0.5)))


def judged(job: Simulated, past: Sequence[Simulated], kin: Sequence[Simulated], medium: str) -> Score:
    """After jobs of the same sort, or where there are none after kin."""
    paces = _paces(past) or _paces(kin)
    before = [one.seconds for one in past]
    return play(job, TimeLeft(before, paces, kin=not past, ends_early=medium.startswith("text")))


def _paces(jobs: Sequence[Simulated]) -> list[Pace]:
    found = []
    for job in jobs:
        time_left = TimeLeft()
        for now, part in job.told:
            time_left.tell(part, now)
        found.append(time_left.pace(job.seconds))
    return [pace for pace in found if pace is not None]


def simulated(known: int, sorts: int) -> Found:
    """Each after so many others of its sort; after four of its kin where there are none."""
    random, found = Random(known), Found()
    chosen = list(setups(random, sorts))
    for setup in chosen:
        others = [one for one in chosen if one.medium == setup.medium and one is not setup]
        past = [setup.make(random) for _ in range(known)]
        kin = [other.make(random) for other in random.sample(others, 4)]
        score = judged(setup.make(random), past, kin, setup.medium)
        found.setdefault(setup.medium, []).append(score)
    return found


def recorded(known: int) -> Found:
    """Each of the recorded jobs after so many others of its sort, all of which have their turn."""
    sorts = {
        name: [Simulated([(now, part) for now, part in job["told"]], job["seconds"]) for job in jobs]
        for name, jobs in json.loads(FILE.read_text()).items()
    }
    kin = {**KIN, **{other: name for name, other in KIN.items()}}
    found = Found()
    for name, jobs in sorts.items():
        for number, job in enumerate(jobs):
            others = [*jobs[number + 1 :], *jobs[:number]]
            for first in range(len(others) if known else 1):
                past = [*others[first:], *others[:first]][:known]
                relatives = sorts.get(kin.get(name, ""), [])[:4]
                found.setdefault(name, []).append(judged(job, past, relatives, name))
    return found


class Summary(NamedTuple):
    right: float
    """Of the ranges that are shown after a tenth, how many are right."""
    shown: float
    """How many show one there."""
    later: float
    """Of the moments from a tenth to nine tenths at which one is shown, how many are right."""
    silent: float
    peer: float


def summary(scores: Sequence[Score]) -> Summary:
    tenths = [one.tenth for one in scores if one.tenth is not None]
    later = [right for one in scores for right in one.right]
    return Summary(
        fmean(tenths) if tenths else 1.0,
        len(tenths) / len(scores),
        fmean(later) if later else 1.0,
        fmean(one.silent for one in scores),
        fmean(one.peer for one in scores),
    )


def shown(found: Found, title: str) -> Summary:
    """Prints and returns what holds for all but texts, and prints the rest."""
    scores = {name: jobs for name, jobs in found.items() if not name.startswith("text")}
    every = summary([one for jobs in scores.values() for one in jobs])
    for name, jobs in found.items():
        one = summary(jobs)
        jump, peer_jump = (
            median(numbers) for numbers in zip(*((j.jump, j.peer_jump) for j in jobs), strict=True)
        )
        print(
            f"{name:20} {title}: right {one.right:.2f} of {one.shown:.2f} shown at a tenth, {one.later:.2f}"
            f" later; silent {one.silent:.2f}; peer {one.peer:.2f}; jump {jump:.2f}, peer {peer_jump:.2f}"
        )
    print(f"all but texts {title}: {every}")
    assert max(one.widest for jobs in found.values() for one in jobs) <= WIDEST * 1.001
    return every


CASES = {"first": (0, 0.75), "second": (1, 0.35), "third": (2, 0.3), "fifth": (4, 0.25), "tenth": (9, 0.25)}
"""How many of the same sort are known, and the share of the time in which nothing may be shown."""


@pytest.mark.benchmark
@each("known, silent", CASES)
def test_simulated_jobs_end_in_the_range_that_is_shown(known: int, silent: float) -> None:
    found = shown(simulated(known, SORTS), f"after {known}")
    assert found.right >= at_least(0.9)
    assert found.later >= at_least(0.88)
    assert found.silent <= at_most(silent)


@pytest.mark.benchmark
@each("known, silent", {name: case for name, case in CASES.items() if 0 < case[0] < 5})
def test_recorded_jobs_end_in_the_range_that_is_shown(known: int, silent: float) -> None:
    """They were recorded on a busy computer, and what they had to do differs with their seeds: the part of
    six variants between 279 and 407 steps. The goal is 0.9."""
    found = shown(recorded(known), f"after {known}")
    assert found.right >= at_least(0.8)
    assert found.later >= at_least(0.8)
    assert found.silent <= at_most(silent)
