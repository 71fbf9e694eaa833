"""How stiff a cell of some density is, relative to a full one.

SIMP (Bendsoe 1989; in the modified form of Sigmund 2007): e = void + rho^p (1 - void).

Under self-weight the weight of a cell goes with rho, its stiffness with rho^p: their ratio grows without
bound as rho falls, and thin gray matter that carries nothing but itself ruins the optimization. So below a
density of 1/4 the stiffness is then linear (Bruyneel and Duysinx 2005, section 4.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

_LINEAR_BELOW = 0.25


@dataclass(frozen=True)
class Interpolation:
    """`e(rho)` and its slope, cell by cell, for densities in [0, 1]."""

    penalty: float
    void: float
    """Stiffness at density 0."""
    weighty: bool = False
    """Whether self-weight acts."""

    def stiffness(self, density: Tensor) -> Tensor:
        power = density.pow(self.penalty)
        if self.weighty:
            power = torch.where(density < _LINEAR_BELOW, density * self._chord, power)
        return power.mul_(1 - self.void).add_(self.void)

    def slope(self, density: Tensor) -> Tensor:
        """de/drho"""
        power = density.pow(self.penalty - 1).mul_(self.penalty)
        if self.weighty:
            power = power.masked_fill_(density < _LINEAR_BELOW, self._chord)
        return power.mul_(1 - self.void)

    @property
    def _chord(self) -> float:
        return float(_LINEAR_BELOW ** (self.penalty - 1))
