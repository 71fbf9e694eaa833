"""The levels of a multigrid cycle, each approximating the solution of K x = b on its own grid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from studio_product.generators.solver.galerkin import CoarseStiffness
from studio_product.generators.solver.lattice import Lattice
from studio_product.generators.solver.smoother import Chebyshev, Smoother
from studio_product.generators.solver.transfer import Interpolation

_RIDGE = 1e-12
"""Relative to the diagonal: keeps the factors finite where a piece of the part hangs on nothing."""


@dataclass(frozen=True)
class Fields:
    """float32, (cases, dimensions, count)."""

    lattice: Lattice
    residual: Tensor
    step: Tensor
    """What is added to the solution next; it has a halo."""
    solution: Tensor


def make_fields(lattice: Lattice, cases: int, like: Tensor) -> Fields:
    residual, solution = like.new_zeros(2, cases, lattice.dimensions, lattice.count).unbind()
    return Fields(lattice, residual, lattice.with_halo(cases, like), solution)


class Level(Protocol):
    fields: Fields

    def cycle(self) -> None:
        """From `residual`, which it uses up, to `solution`."""


class SmoothedLevel:
    """Smooths, corrects by a coarser level, and smooths again: symmetric, as conjugate gradients need it.

    Source: Briggs, Henson, McCormick, A Multigrid Tutorial, 2nd ed. (2000), chapter 3.
    """

    def __init__(
        self,
        fields: Fields,
        subtract_product: Callable[[], None],
        polynomial: Chebyshev,
        coarser: Level,
        *,
        mask: Tensor | None = None,
    ) -> None:
        """
        Args:
            subtract_product: residual -= K step, of `fields`.
            mask: (dimensions, count), 1 for unknowns and else 0. Coarse levels do without, as their K knows
                what is fixed.
        """
        self.fields = fields
        self.smoother = Smoother(polynomial, subtract_product, fields.residual, fields.step, fields.solution)
        self._subtract_product = subtract_product
        self._coarser = coarser
        self._mask = mask
        grid, coarse = fields.lattice.grid, coarser.fields.lattice.grid
        self._down = Interpolation(grid(fields.residual), coarse(coarser.fields.residual))
        self._up = Interpolation(grid(fields.step), coarse(coarser.fields.solution))

    def cycle(self) -> None:
        self.fields.solution.zero_()
        self.smoother.smooth(keep_residual=True)
        self._correct()
        self.smoother.smooth(keep_residual=False)

    def _correct(self) -> None:
        self._drop_others(self.fields.residual)
        self._down.restrict()
        self._coarser.cycle()
        self._up.prolong()
        self._drop_others(self.fields.step)
        self.fields.solution.add_(self.fields.step)
        self._subtract_product()

    def _drop_others(self, field: Tensor) -> None:
        if self._mask is not None:
            field.mul_(self._mask)


class DirectLevel:
    """The coarsest level, by Cholesky factors in float64."""

    def __init__(self, stiffness: CoarseStiffness, cases: int, like: Tensor) -> None:
        """`stiffness`: in float64."""
        lattice = stiffness.lattice
        self.fields = make_fields(lattice, cases, like)
        self._stencil = stiffness.stencil
        # Unknowns are counted from 1, so that what lies beyond the grid falls into row and column 0.
        numbers = lattice.with_halo(1, torch.empty(0, dtype=torch.int64, device=like.device))
        self._size = numbers.numel()
        numbers += torch.arange(1, self._size + 1, device=like.device).view_as(numbers)
        columns = lattice.around(numbers)
        rows = numbers.view(-1, *(1,) * lattice.dimensions, 1, lattice.count)
        self._entries = (rows * (self._size + 1) + columns).flatten()

    def factorize(self) -> None:
        """From the stencil as it is now."""
        matrix = self._stencil.new_zeros((self._size + 1) ** 2)
        matrix.index_add_(0, self._entries, self._stencil.flatten())
        matrix = matrix.view(self._size + 1, -1)[1:, 1:]
        diagonal = matrix.diagonal()
        self._scale = torch.where(diagonal > 0, diagonal.rsqrt(), 0)[:, None]
        scaled = self._scale * matrix * self._scale.T
        scaled.diagonal().fill_(1 + _RIDGE)
        self._factor = torch.linalg.cholesky(scaled)

    def cycle(self) -> None:
        right = self.fields.residual.flatten(1).T * self._scale
        solution = torch.cholesky_solve(right, self._factor) * self._scale
        self.fields.solution.copy_(solution.T.view_as(self.fields.solution))
