"""Chebyshev iteration as a smoother: no inner products, and the same result in any order of the unknowns.

Sources: Adams, Brezina, Hu, Tuminaro, Parallel multigrid smoothing: polynomial versus Gauss-Seidel, J.
Comput. Phys. 188 (2003); the recurrence is algorithm 12.1 of Saad, Iterative Methods for Sparse Linear
Systems, 2nd ed. (2003). The weights are those of l1-Jacobi: Baker, Falgout, Kolev, Yang, Multigrid
smoothers for ultraparallel computing, SIAM J. Sci. Comput. 33 (2011).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Chebyshev:
    """Damps the errors whose eigenvalues lie in [1 / ratio, 1]."""

    degree: int
    """Products with the matrix, of which the first is free where the solution is zero."""
    ratio: float

    @property
    def first(self) -> float:
        """The weight of the residual in the first step."""
        return 2 / (1 + 1 / self.ratio)

    def following(self) -> list[tuple[float, float]]:
        """Of each further step: the weights of the last step and of the residual, the latter over `first`."""
        sigma = (1 + 1 / self.ratio) / (1 - 1 / self.ratio)
        rho = 1 / sigma
        weights = []
        for _ in range(self.degree - 1):
            rho, before = 1 / (2 * sigma - rho), rho
            weights.append((rho * before, 2 * sigma * rho))
        return weights


class Smoother:
    """Corrects the solution of K x = b; holds the residual b - K x instead of b."""

    def __init__(
        self,
        polynomial: Chebyshev,
        subtract_product: Callable[[], None],
        residual: Tensor,
        step: Tensor,
        solution: Tensor,
    ) -> None:
        """
        Args:
            subtract_product: residual -= K step.
            residual, step, solution: (cases, dimensions, count); their memory stays the same.
        """
        self._polynomial = polynomial
        self._following = polynomial.following()
        self._subtract_product = subtract_product
        self._residual, self._step, self._solution = residual, step, solution
        self._weights = residual.new_zeros(residual.shape[1:])

    def set_row_sums(self, sums: Tensor) -> None:
        """`sums`: (dimensions, count), of the absolute values in each row of K, or more; 0: not an unknown.

        By Gershgorin's theorem K over its row sums has no eigenvalue above 1, however much the stiffness
        differs from cell to cell, so that nothing has to be estimated.
        """
        self._weights.copy_(torch.where(sums > 0, self._polynomial.first / sums, 0))

    def smooth(self, *, keep_residual: bool) -> None:
        """`keep_residual`: it is needed afterwards."""
        torch.mul(self._residual, self._weights, out=self._step)
        self._solution.add_(self._step)
        for before, weight in self._following:
            self._subtract_product()
            self._step.mul_(before).addcmul_(self._residual, self._weights, value=weight)
            self._solution.add_(self._step)
        if keep_residual:
            self._subtract_product()
