"""The Lagrange multiplier of the volume: where a falling function of one number is zero."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

_TOLERANCE = 1e-3
_GREATEST = 1e9
_ACCURACY = 1e-5


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

    Their published compliances depend, in the fourth digit, on where that ends.
    """
    low, high = 0.0, _GREATEST
    while excess(high) > 0:
        high *= 2
    middle = high
    while high - low > _TOLERANCE * (high + low):
        middle = (low + high) / 2
        if excess(middle) > 0:
            low = middle
        else:
            high = middle
    return middle


def false_position(excess: Callable[[float], float]) -> float:
    """A zero of either sign, with few evaluations: either the excess is then below 1e-5, or the zero is as
    exact as that.

    Steps from 0 to a bracket, then false position with halving of the value at an end that stays (the
    Illinois method; Dowell and Jarratt 1971).
    """
    low = high = 0.0
    above = below = value = excess(0.0)
    while above < 0:
        high, below = low, above
        low -= 1
        above = value = excess(low)
    while below > 0:
        low, above = high, below
        high += 1
        below = value = excess(high)
    middle = low if value == above else high
    stayed = 0
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
