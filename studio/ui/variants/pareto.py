"""What no other variant beats in both of two numbers, and the ticks of an axis. Numbers only."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from msgspec import Struct

from studio.parts.part_numbers import Better

Point = tuple[float, float]
_PAD = 0.08
"""Of the range, kept free on both sides of the outermost points."""


def front(points: Sequence[Point], better: tuple[Better, Better]) -> list[int]:
    """The places of the points that no other one dominates: is at least as good in both and better in one.

    They are sorted from left to right. Points with the same values do not dominate each other: all of them
    stay. A number of which nobody knows what is better counts as better when it is less.
    """
    signs = [-1.0 if one == "more" else 1.0 for one in better]
    turned = [(x * signs[0], y * signs[1]) for x, y in points]
    kept: list[int] = []
    least = math.inf
    last: Point | None = None
    for place in sorted(range(len(turned)), key=lambda one: turned[one]):
        if turned[place][1] < least or turned[place] == last:
            kept.append(place)
            last = turned[place]
            least = min(least, turned[place][1])
    return sorted(kept, key=lambda one: points[one])


def staircase(points: Sequence[Point], better: tuple[Better, Better]) -> list[Point]:
    """The edge of what the points of a front dominate together, from the first to the last of them."""
    steps: list[Point] = []
    for before, after in itertools.pairwise(points):
        # The corner lies where both of its numbers are the worse ones of the two points.
        x = min(before[0], after[0]) if better[0] == "more" else max(before[0], after[0])
        y = min(before[1], after[1]) if better[1] == "more" else max(before[1], after[1])
        steps += [before, (x, y)]
    return [*steps, *points[-1:]]


class Scale(Struct, frozen=True):
    """From where to where an axis goes, and what is written at it."""

    low: float
    high: float
    ticks: tuple[float, ...]
    """Round numbers in between: multiples of 1, 2 or 5 times a power of ten."""
    decimals: int
    """That the ticks need."""

    def place(self, value: float) -> float:
        """0 at the low end to 1 at the high one."""
        return (value - self.low) / (self.high - self.low)

    def value(self, place: float) -> float:
        return self.low + place * (self.high - self.low)


def scale_for(values: Sequence[float], most: int) -> Scale:
    """An axis that shows all values with room around them, with at most so many ticks."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    spread = high - low
    if spread <= abs(high) * 1e-9:
        spread = abs(high) * 0.2 or 1.0
        low, high = low - spread / 2, high + spread / 2
    low, high = low - spread * _PAD, high + spread * _PAD
    step = tick_step((high - low) / max(most, 1))
    first = math.ceil(low / step - 1e-9)
    count = math.floor(high / step + 1e-9) - first + 1
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return Scale(low, high, tuple((first + n) * step for n in range(count)), decimals)


def tick_step(least: float) -> float:
    """The least of 1, 2, 5, 10, 20, … (and 0.5, 0.2, …) that is not shorter."""
    power = 10.0 ** math.floor(math.log10(least))
    return power * next(n for n in (1, 2, 5, 10) if n * power >= least * (1 - 1e-9))
