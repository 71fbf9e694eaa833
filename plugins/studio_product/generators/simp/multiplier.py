"""The Lagrange multiplier of the volume: where a falling function of one number is zero."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

_TOLERANCE = 1e-3
_GREATEST = 1e9
_LEAST = 1e-60
_ACCURACY = 1e-5
_FARTHEST = 64.0


@dataclass(frozen=True)
class Volume:
    """The constraint."""

    of: Callable[[Tensor], float]
    """(n,) design variables -> volume; it grows with each of them."""
    gradient: Tensor
    """(n,), where the variables are now; not negative."""
    target: float
    linear: bool
    """`of` is linear, and cheap."""

    def excess(self, x: Tensor) -> float:
        """Over the target, as a share of it."""
        return self.of(x) / self.target - 1


def bisect(excess: Callable[[float], float]) -> float:
    """A positive zero to 1e-3 of itself, by halving [0, 1e9] as Andreassen et al. 2011 do.

    Their published compliances depend, in the fourth digit, on where that ends. Where there is no zero, a
    number that is as good as 0, or as infinity.
    """
    low, high = 0.0, _GREATEST
    while excess(high) > 0 and high < 1 / _LEAST:
        low, high = high, high * 1000
    middle = high
    while high - low > _TOLERANCE * (high + low) and high > _LEAST:
        middle = (low + high) / 2
        if excess(middle) > 0:
            low = middle
        else:
            high = middle
    return middle


def false_position(excess: Callable[[float], float]) -> float:
    """A zero of either sign, with few evaluations: either the excess is then below 1e-5, or the zero is as
    exact as that. Where there is none within 64 of 0, the nearer end.

    Growing steps from 0 to a bracket, then false position with halving of the value at an end that stays (the
    Illinois method; Dowell and Jarratt 1971).
    """
    value = excess(0.0)
    if value == 0:
        return 0.0
    inner, at_inner, outer = 0.0, value, 0.0
    step = math.copysign(min(1.0, 4 * abs(value)), value)
    while value * at_inner > 0:
        if abs(outer) >= _FARTHEST:
            return outer
        inner, at_inner = outer, value
        outer += step
        step *= 2
        value = excess(outer)
    low, high = min(inner, outer), max(inner, outer)
    above, below = max(at_inner, value), min(at_inner, value)
    middle, stayed = outer, 0
    while abs(value) > _ACCURACY and high - low > _ACCURACY:
        middle = (low * below - high * above) / (below - above)
        value = excess(middle)
        if value > 0:
            low, above = middle, value
            below = below / 2 if stayed > 0 else below
            stayed = 1
        else:
            high, below = middle, value
            above = above / 2 if stayed < 0 else above
            stayed = -1
    return middle
