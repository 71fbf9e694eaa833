"""The optimality criteria method (Bendsoe 1995; Sigmund 2001, equation 2)."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from studio_product.simp.multiplier import Volume, bisect, false_position


def optimality_criteria(x: Tensor, objective: Tensor, volume: Volume, move: float) -> Tensor:
    """x sqrt(-objective / (multiplier * volume.gradient)), within `move` of x and within [0, 1].

    The multiplier is such that the volume meets its target, or comes as near as these limits allow. A
    variable that the objective does not fall with is lowered as far as it may be.

    Args:
        x: (n,) design variables.
        objective: (n,), gradient of what is minimized.
    """
    lower, upper = (x - move).clamp_min_(0), (x + move).clamp_max_(1)
    gain = (-objective).clamp_min_(0).div_(volume.gradient.clamp_min(torch.finfo(x.dtype).tiny))
    root = gain.sqrt_().mul_(x)
    most = torch.where(root > 0, upper, lower)
    if volume.excess(most) <= 0:
        return most
    if volume.excess(lower) >= 0:
        return lower

    def updated(multiplier: float) -> Tensor:
        return torch.minimum(torch.maximum(root / math.sqrt(multiplier), lower), upper)

    if volume.linear:
        return updated(bisect(lambda multiplier: volume.excess(updated(multiplier))))
    # Without limits, and with a linear volume, the multiplier that would keep the sum of x.
    guess = float(root.sum() / x.sum()) ** 2

    def scaled(exponent: float) -> Tensor:
        return updated(guess * math.exp(exponent))

    return scaled(false_position(lambda exponent: volume.excess(scaled(exponent))))
