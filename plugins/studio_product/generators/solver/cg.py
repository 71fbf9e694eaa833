"""Conjugate gradients for several right sides at once, with a preconditioner that rounds.

Each new direction is made orthogonal to the last one explicitly. The usual formula takes it for granted
that the preconditioner is one symmetric matrix, which a cycle in float32 is not quite.

Source: Notay, Flexible conjugate gradients, SIAM J. Sci. Comput. 22 (2000), method FCG(1).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from studio.api import BadInput, StudioError, tr

_LIMIT = 1000
"""Steps. Thin members of full contrast take less than a tenth of them."""
_SOFT = 1e-13
"""Of the greatest energy that a motion of its size could have: what rounding leaves of none at all."""
_OVERSHOOT = 30.0
"""The length of a step, 1 to 3 where the preconditioner knows the motion."""


class Unsupported(BadInput):
    """Nothing holds the part, or a piece of it, against its loads."""


class NotConverged(StudioError):
    """The forces did not come into balance."""

    code = "not-converged"


class ConjugateGradients:
    """Solves K x = f. Its fields are float64 (cases, dimensions, count), and their memory stays the same."""

    def __init__(self, like: Tensor) -> None:
        """`like`: has the shape, the dtype and the device of the fields."""
        self.solution, self.residual, self.direction, self.product, self.corrected = (
            torch.zeros_like(like) for _ in range(5)
        )
        self._length = like.new_zeros(len(like))
        self._curvature = like.new_zeros(len(like))

    def solve(
        self,
        right: Tensor,
        start: Tensor | None,
        tolerance: float,
        *,
        multiply: Callable[[], None],
        precondition: Callable[[], None],
        row_sums: Tensor,
    ) -> tuple[int, float]:
        """Leaves x in `solution`; returns the steps and the largest |f - K x| / |f| of the cases.

        Args:
            right: f; may be zero in some cases.
            start: like x. It is scaled to the least energy first, so a bad one does no harm.
            multiply: product = K direction.
            precondition: corrected = about K^-1 residual.
            row_sums: (dimensions, count), of the absolute values of K, or more.

        Raises:
            Unsupported: the part, or a piece of it, moves without resistance.
            NotConverged: not within the limit of steps.
        """
        sizes = torch.linalg.vector_norm(right, dim=(1, 2))
        sizes = torch.where(sizes > 0, sizes, 1)
        self.solution.zero_()
        self.residual.copy_(right)
        self.product.zero_()
        self._curvature.zero_()
        if start is not None:
            self.direction.copy_(start)
            self._move(multiply)
        for steps in range(_LIMIT + 1):
            residuals = torch.linalg.vector_norm(self.residual, dim=(1, 2)) / sizes
            left = float(residuals.max())
            if left <= tolerance:
                return steps, left
            if not math.isfinite(left):
                break
            precondition()
            self._turn()
            self._move(multiply)
            self._check_held(row_sums)
        raise NotConverged(
            tr(
                "The displacements could not be found: {n} steps did not bring the forces into balance.",
                n=steps,
            ),
            tr("Look for loads on parts that hang by almost nothing, and for values far out of range."),
        )

    def _turn(self) -> None:
        """To `corrected`, less its part along the last direction."""
        overlap = _dot(self.corrected, self.product)
        back = torch.where(self._curvature > 0, -overlap / self._curvature, 0)
        self.direction.mul_(_per_case(back)).add_(self.corrected)

    def _move(self, multiply: Callable[[], None]) -> None:
        """Along `direction` to the least energy."""
        multiply()
        self._curvature = _dot(self.direction, self.product)
        slope = _dot(self.direction, self.residual)
        self._length = torch.where(self._curvature > 0, slope / self._curvature, 0)
        self.solution.addcmul_(self.direction, _per_case(self._length))
        self.residual.addcmul_(self.product, _per_case(self._length), value=-1)

    def _check_held(self, row_sums: Tensor) -> None:
        torch.mul(self.direction, row_sums, out=self.corrected)
        greatest = _dot(self.direction, self.corrected)
        soft = (greatest > 0) & (self._curvature <= _SOFT * greatest)
        lost = (self._curvature <= 0) | (self._length > _OVERSHOOT)
        if bool((soft & lost).any()):
            raise Unsupported(
                tr("The part, or a piece of it, is free to move: nothing holds it against its loads."),
                tr("Add a support, or join the loaded piece to the rest."),
            )


def _dot(a: Tensor, b: Tensor) -> Tensor:
    """(cases,)"""
    return torch.stack([torch.dot(x, y) for x, y in zip(a.flatten(1), b.flatten(1), strict=True)])


def _per_case(values: Tensor) -> Tensor:
    return values[:, None, None]
