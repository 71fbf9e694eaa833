"""A V-cycle as preconditioner. Briggs, Henson, McCormick, A Multigrid Tutorial, 2nd ed. (2000), chapter 3."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio_product.solver.element import Element
from studio_product.solver.galerkin import CoarseStiffness, FixedCells
from studio_product.solver.lattice import Lattice
from studio_product.solver.operator import ElementByElement
from studio_product.solver.smoother import ChebyshevJacobi
from studio_product.solver.stencil import StencilProduct
from studio_product.solver.transfer import Interpolation

_COARSEST = 900
"""Degrees of freedom that are solved directly."""
_CHILDREN = 4096
"""The most of the finest cells in a coarse one, along all axes together."""
DEGREE = 2
RATIO = 6.0
_RIDGE = 1e-12
"""Keeps the factorization alive on parts of the grid that hang on nothing; relative to the diagonal."""


class Multigrid:
    """Approximates `solution = K(e)^-1 residual`, in float32 but for the coarsest level."""

    def __init__(
        self, element: Element, lattice: Lattice, fixed: NDArray[np.bool_], cases: int, device: str
    ) -> None:
        """`fixed`: (*nodes, dimensions)."""
        like = torch.empty(0, dtype=torch.float32, device=device)
        self._touched = FixedCells(fixed)
        self._free = torch.from_numpy(~self._touched.touched).to(device)
        halvings = halvings_of(tuple(n - 1 for n in lattice.nodes))
        coarse = [CoarseStiffness(element.stiffness, self._touched, h, like=like) for h in halvings[:-1]]
        coarsest = CoarseStiffness(element.stiffness, self._touched, halvings[-1], like=like.double())
        self._coarse = [*coarse, coarsest]
        self._finest = _Level(lattice, cases, like)
        minus = torch.from_numpy(-element.stiffness).to(like)
        self._operator = ElementByElement(minus, lattice, self._finest.step, self._finest.residual)
        self._finest.smooth_by(self._operator.accumulate, 5.4)
        levels = [self._finest]
        for stiffness in coarse:
            level = _Level(stiffness.lattice, cases, like)
            product = StencilProduct(stiffness.stencil, stiffness.lattice, level.step, level.residual)
            level.smooth_by(product.accumulate, stiffness.bound)
            levels.append(level)
        self._levels = levels
        self._direct = _Direct(coarsest, cases, like)
        for finer, coarser in zip(levels, [*levels[1:], self._direct], strict=True):
            finer.coarsen_to(coarser)
        self.residual, self.solution = self._finest.residual, self._finest.solution

    def update(self, stiffness: Tensor, inverse_diagonal: Tensor) -> None:
        """stiffness: (*cells) float64; inverse_diagonal: (dimensions, count), of the finest level."""
        free = stiffness * self._free
        self._operator.scale.copy_(self._finest.lattice.flat(stiffness))
        self._finest.inverse_diagonal.copy_(inverse_diagonal)
        self._finest.mask = (self._finest.inverse_diagonal > 0).to(torch.float32)
        for stiffness_of, level in zip(self._coarse, [*self._levels[1:], self._direct], strict=True):
            stiffness_of.update(free, stiffness)
            level.update(stiffness_of)

    def cycle(self) -> None:
        self._finest.cycle()


class _Level:
    mask: Tensor | None = None

    def __init__(self, lattice: Lattice, cases: int, like: Tensor) -> None:
        self.lattice = lattice
        self.residual = like.new_zeros(cases, lattice.dimensions, lattice.count)
        self.solution = torch.zeros_like(self.residual)
        self.step = lattice.with_halo(cases, like)
        self.inverse_diagonal = like.new_zeros(lattice.dimensions, lattice.count)

    def smooth_by(self, product, bound) -> None:
        self.product = product
        self.smoother = ChebyshevJacobi(
            product, self.residual, self.step, self.solution, self.inverse_diagonal, bound, RATIO, DEGREE
        )

    def coarsen_to(self, coarser) -> None:
        def grid(level, field):
            return field.view(*field.shape[:2], *level.lattice.nodes)

        self.coarser = coarser
        self.down = Interpolation(grid(self, self.residual), grid(coarser, coarser.residual))
        self.up = Interpolation(grid(self, self.step), grid(coarser, coarser.solution))

    def update(self, stiffness: CoarseStiffness) -> None:
        diagonal = stiffness.diagonal()
        floor = 1e-6 * diagonal.max() * 1e-9
        self.inverse_diagonal.copy_(torch.where(diagonal > floor, 1 / diagonal, 0))

    def cycle(self) -> None:
        self.solution.zero_()
        self.smoother.smooth(keep_residual=True)
        if self.mask is not None:
            self.residual.mul_(self.mask)
        self.down.restrict()
        self.coarser.cycle()
        self.up.prolong()
        if self.mask is not None:
            self.step.mul_(self.mask)
        self.solution.add_(self.step)
        self.product()
        self.smoother.smooth(keep_residual=False)


class _Direct:
    """The coarsest level, by a Cholesky factorization in float64."""

    def __init__(self, stiffness: CoarseStiffness, cases: int, like: Tensor) -> None:
        self.lattice = stiffness.lattice
        self.residual = like.new_zeros(cases, self.lattice.dimensions, self.lattice.count)
        self.solution = torch.zeros_like(self.residual)
        dimensions, count = self.lattice.dimensions, self.lattice.count
        d = dimensions
        S = stiffness.stencil
        o = torch.cartesian_prod(*[torch.arange(3) - 1] * d)
        off = (o * torch.tensor(self.lattice.strides)).sum(1)
        node = torch.arange(count)
        col = node + off[:, None]
        ok = (col >= 0) & (col < count)
        a = torch.arange(d)
        # (a, o, b, N)
        row_i = (a[:, None, None, None] * count + node).expand(d, len(off), d, count)
        col_i = (a[None, None, :, None] * count + col[None, :, None, :]).expand(d, len(off), d, count)
        ok = ok[None, :, None, :].expand_as(row_i)
        self._from = torch.nonzero(ok.reshape(-1)).squeeze(1).to(like.device)
        self._to = (row_i * (d * count) + col_i)[ok].to(like.device)
        self._dense = S.new_zeros(d * count, d * count)

    def update(self, stiffness: CoarseStiffness) -> None:
        self._dense.zero_()
        self._dense.view(-1).index_add_(0, self._to, stiffness.stencil.view(-1)[self._from])
        diagonal = self._dense.diagonal()
        kept = diagonal > 1e-15 * diagonal.max()
        scale = torch.where(kept, diagonal.clamp(min=1e-300).rsqrt(), 0)
        scaled = scale[:, None] * self._dense * scale
        scaled.diagonal().copy_(torch.where(kept, 1 + _RIDGE, 1))
        self._scale = scale
        self._factor = torch.linalg.cholesky(scaled)

    def cycle(self) -> None:
        right = self.residual.flatten(1).T.double() * self._scale[:, None]
        self.solution.copy_(
            (torch.cholesky_solve(right, self._factor) * self._scale[:, None]).T.view(self.solution.shape)
        )


def halvings_of(cells: tuple[int, ...]) -> list[tuple[int, ...]]:
    """How often each axis was halved, on each coarse level, finest first; at least one level."""
    levels: list[tuple[int, ...]] = []
    halvings = (0,) * len(cells)
    while True:
        size = [-(-n // 2**h) for n, h in zip(cells, halvings, strict=True)]
        unknowns = len(cells) * math.prod(n + 1 for n in size)
        following = tuple(h + (n > 1) for h, n in zip(halvings, size, strict=True))
        if unknowns <= _COARSEST or following == halvings or 2 ** sum(following) > _CHILDREN:
            return levels or [halvings]
        halvings = following
        levels.append(halvings)
