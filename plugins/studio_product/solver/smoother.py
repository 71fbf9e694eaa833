"""Chebyshev iteration, preconditioned by the diagonal: a smoother whose steps need no inner products.

Adams, Brezina, Hu, Tuminaro, Parallel multigrid smoothing: polynomial versus Gauss-Seidel, J. Comput. Phys. 188
(2003). The recurrence is algorithm 12.1 of Saad, Iterative Methods for Sparse Linear Systems, 2nd ed. (2003).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass
class ChebyshevJacobi:
    """Damps the errors whose eigenvalues of D^-1 K lie in [largest / ratio, largest]."""

    subtract_product: Callable[[], None]
    """residual -= K step"""
    residual: Tensor
    step: Tensor
    solution: Tensor
    """(cases, dimensions, count)"""
    inverse_diagonal: Tensor
    """(dimensions, count): D^-1, and 0 in degrees of freedom that take no part."""
    largest: float
    ratio: float
    degree: int

    def smooth(self, *, keep_residual: bool) -> None:
        """Corrects the solution; `keep_residual`: the residual is needed afterwards."""
        high, low = self.largest, self.largest / self.ratio
        middle, half = (high + low) / 2, (high - low) / 2
        rho = half / middle
        torch.mul(self.residual, self.inverse_diagonal, out=self.step)
        self.step.mul_(1 / middle)
        self.solution.add_(self.step)
        for _ in range(self.degree - 1):
            self.subtract_product()
            following = 1 / (2 * middle / half - rho)
            self.step.mul_(following * rho)
            self.step.addcmul_(self.residual, self.inverse_diagonal, value=2 * following / half)
            self.solution.add_(self.step)
            rho = following
        if keep_residual:
            self.subtract_product()
