"""The method of moving asymptotes (Svanberg 1987) with one constraint: a given volume.

For objectives that rise with some variables and fall with others, as compliance under self-weight does
(Bruyneel and Duysinx 2005). With a single constraint the subproblem's minimum is known in closed form for
each multiplier. The volume is met, not only kept below: too often, less would be the better design.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from studio_product.generators.simp.multiplier import Volume, false_position

_FIRST, _LEAST, _MOST = 0.5, 0.01, 10.0
"""Distance of the asymptotes from x."""
_CLOSER, _FARTHER = 0.7, 1.2
_ALBEFA = 0.1
"""The share of the way to an asymptote that may not be gone (Svanberg's name)."""
_CURVATURE = 1e-5
"""Keeps the approximation strictly convex."""


class MovingAsymptotes:
    def __init__(self, memory: tuple[Tensor, ...] = ()) -> None:
        """`memory`: of an instance that this one goes on from."""
        self.memory = memory
        """The last step, the one before it, and the asymptotes' distance: (n,) each."""

    def update(self, x: Tensor, objective: Tensor, volume: Volume, move: float) -> Tensor:
        """The variables whose volume is the target, or as near as the limits allow.

        Args:
            x: (n,) design variables in [0, 1].
            objective: (n,), gradient of what is minimized.
        """
        distance = self._distance(x)
        reach = (distance * (1 - _ALBEFA)).clamp_max_(move)
        lower, upper = (x - reach).clamp_min_(0), (x + reach).clamp_max_(1)
        # All three terms are distance^2 times a slope. Those of p hold x away from the upper asymptote.
        slope = objective / objective.abs().max()
        rise, fall = slope.clamp_min(0), (-slope).clamp_min(0)
        p = 1.001 * rise + 0.001 * fall + _CURVATURE
        q = 0.001 * rise + 1.001 * fall + _CURVATURE
        price = volume.gradient / volume.gradient.max()

        def at(exponent: float) -> Tensor:
            multiplier = math.sinh(exponent)
            up = (p + max(multiplier, 0.0) * price).sqrt_()
            down = (q + max(-multiplier, 0.0) * price).sqrt_()
            best = x + distance * (down - up) / (down + up)
            return best.clamp_(lower, upper)

        updated = at(false_position(lambda exponent: volume.excess(at(exponent))))
        last = self.memory[0] if self.memory else torch.zeros_like(x)
        self.memory = (updated - x, last, distance)
        return updated

    def _distance(self, x: Tensor) -> Tensor:
        """Of both asymptotes from x: it shrinks where the variable goes back and forth, else grows."""
        if not self.memory:
            return torch.full_like(x, _FIRST)
        last, earlier, distance = self.memory
        turn = last * earlier
        distance = torch.where(turn > 0, distance * _FARTHER, distance)
        distance = torch.where(turn < 0, distance * _CLOSER, distance)
        return distance.clamp_(_LEAST, _MOST)
