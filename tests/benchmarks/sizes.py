"""How large a benchmark is, and whether it is held to its goals.

`pytest -m benchmark` and the programs in this folder measure at full size. Every other run of the suite plays
each benchmark once, at a small size: that shows whether it still fits the program, and says nothing of speed.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from itertools import islice
from typing import TypeVar

import pytest

PLAYED = "STUDIO_BENCH_PLAYED" in os.environ
"""Set by tests/conftest.py; processes that a benchmark starts inherit it."""

T = TypeVar("T")


def size(full: T, played: T) -> T:
    return played if PLAYED else full


def each(names: str, cases: Mapping[str, object]) -> pytest.MarkDecorator:
    """Repeats a benchmark for each of the cases, by their ids; where it is only played, for the first."""
    chosen = dict(islice(cases.items(), size(len(cases), 1)))
    return pytest.mark.parametrize(names, list(chosen.values()), ids=list(chosen))


def at_most(goal: float) -> float:
    """The goal, or a limit that everything keeps to."""
    return math.inf if PLAYED else goal


def at_least(goal: float) -> float:
    return -math.inf if PLAYED else goal
