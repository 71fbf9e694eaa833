"""What work costs, counted in turns of a fixed loop: limits that hold on slow and on busy computers too.

Only what the own thread computes is counted, so that other programs and the disk are in nothing. A processor
that is slower, or shared with more threads, is so for the loop as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable

_ROUNDS = 60_000
_TURNS = 10


def turn() -> float:
    """Seconds of one turn, as this thread computes it now: about 5 ms on the computers of 2020."""
    return _seconds(lambda: [_loop() for _ in range(_TURNS)]) / _TURNS


def cost(work: Callable[[], object]) -> float:
    """Turns that the work takes. The loop goes before and after it: the slower one counts."""
    before = turn()
    seconds = _seconds(work)
    return seconds / max(before, turn())


def _seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def _loop() -> int:
    number = 1
    for _ in range(_ROUNDS):
        number = (number * 1_103_515_245 + 12_345) & 0x7FFFFFFF
    return number
