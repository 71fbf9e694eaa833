"""The optimality criteria method (Bendsoe 1995; Sigmund 2001, equation 2)."""

from __future__ import annotations

import math

from torch import Tensor

from studio_product.generators.simp.multiplier import Volume, bisect, false_position

_CHEAPEST = 1e-9
"""Gradients of the volume count as this much of the greatest at least: where the projection or the overhang
filter is flat, there is nothing but rounding in them."""


def optimality_criteria(
    x: Tensor, objective: Tensor, volume: Volume, move: float, seed: float = 0.0
) -> Tensor:
    """x sqrt(-objective / (multiplier * volume.gradient)), within `move` of x and within [0, 1].

    The multiplier is such that the volume meets its target, or comes as near as these limits allow. A
    variable that the objective does not fall with is lowered as far as it may be.

    Args:
        x: (n,) design variables.
        objective: (n,), gradient of what is minimized.
        seed: What x is taken for, at least, on the way up: as this is a factor, nothing ever comes of 0.
    """
    lower, upper = (x - move).clamp_min_(0), (x + move).clamp_max_(1)
    price = volume.gradient.clamp_min(_CHEAPEST * float(volume.gradient.max()))
    gain = (-objective).clamp_min_(0).div_(price)
    root = gain.sqrt_().mul_(x.clamp_min(seed))

    def updated(multiplier: float) -> Tensor:
        return (root / math.sqrt(multiplier)).clamp_(lower, upper)

    if volume.linear:
        return updated(bisect(lambda multiplier: volume.excess(updated(multiplier))))
    # Without limits, and with a linear volume, the multiplier that would keep the sum of x.
    guess = float(root.sum() / x.sum()) ** 2

    def scaled(exponent: float) -> Tensor:
        return updated(guess * math.exp(exponent))

    return scaled(false_position(lambda exponent: volume.excess(scaled(exponent))))
