"""What no other variant beats in both of two numbers. Numbers only."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from studio_product.core.part_numbers import Better

Point = tuple[float, float]


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
