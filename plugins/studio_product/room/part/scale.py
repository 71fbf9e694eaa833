"""Axes with ticks at round numbers: multiples of 1, 2 or 5 times a power of ten. Numbers only."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

_PAD = 0.08
"""Of the range, kept free on both sides of the outermost points."""
_FLAT = 1e-9
"""Values that differ by less, of their size, are one value."""


class Scale(Struct, frozen=True):
    """From where to where an axis goes, and what is written at it."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int
    """That the ticks need."""

    def place(self, value: float) -> float:
        """0 at the low end to 1 at the high one."""
        return (value - self.low) / (self.high - self.low)

    def value(self, place: float) -> float:
        return self.low + place * (self.high - self.low)


def scale_for(values: Sequence[float], most: int) -> Scale:
    """An axis that shows all values with room around them, with about `most` ticks at most."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    spread = high - low
    if spread <= abs(high) * _FLAT:
        spread = abs(high) * 0.2 or 1.0
        low, high = low - spread / 2, high + spread / 2
    return scale_between(low - spread * _PAD, high + spread * _PAD, most)


def scale_between(low: float, high: float, most: int) -> Scale:
    """From just here to there; `low` must be less than `high`."""
    step = step_up((high - low) / max(most, 1))
    first = math.ceil(low / step - 1e-9)
    count = math.floor(high / step + 1e-9) - first + 1
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    ticks = tuple(round((first + number) * step, decimals) for number in range(count))
    return Scale(low, high, ticks, decimals)


def step_up(least: float) -> float:
    """The least round length that is not shorter."""
    power = 10.0 ** math.floor(math.log10(least))
    return power * next(n for n in (1, 2, 5, 10) if n * power >= least * (1 - _FLAT))


def step_down(most: float) -> float:
    """The largest round length that is not longer."""
    power = 10.0 ** math.floor(math.log10(most) + _FLAT)
    return power * max(n for n in (1, 2, 5) if n * power <= most * (1 + 10 * _FLAT))
