"""The hierarchy of grids whose V-cycle is the preconditioner."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio_product.generators.solver.element import Element
from studio_product.generators.solver.galerkin import CoarseStiffness, FixedCells
from studio_product.generators.solver.lattice import Lattice
from studio_product.generators.solver.levels import DirectLevel, Fields, Level, SmoothedLevel, make_fields
from studio_product.generators.solver.operator import ElementByElement
from studio_product.generators.solver.smoother import Chebyshev
from studio_product.generators.solver.stencil import StencilProduct

_UNKNOWNS = 900
"""The most of a level that is solved directly."""
_CHILDREN = 4096
"""The most finest cells in a coarse cell: their bases take memory."""


class Multigrid:
    """`cycle` approximates `solution` = K(e)^-1 `residual`, in float32 on all levels but the coarsest."""

    def __init__(
        self, element: Element, lattice: Lattice, fixed: NDArray[np.bool_], cases: int, device: str
    ) -> None:
        """`fixed`: (*nodes, dimensions), on the finest level."""
        like = torch.empty(0, dtype=torch.float32, device=device)
        cells = FixedCells(fixed)
        self._lattice = lattice
        self._untouched = torch.from_numpy(cells.untouched).to(device)
        *halvings, most = halvings_of(tuple(count - 1 for count in lattice.nodes))
        coarsest = CoarseStiffness(element.stiffness, cells, most, like=like.double())
        coarse = [CoarseStiffness(element.stiffness, cells, h, like=like) for h in halvings]
        self._coarsest, self._coarse = coarsest, coarse
        self._direct = DirectLevel(coarsest, cases, like)
        self._levels: list[SmoothedLevel] = []
        coarser: Level = self._direct
        for depth, stiffness in reversed(list(enumerate(coarse, start=1))):
            fields = make_fields(stiffness.lattice, cases, like)
            product = StencilProduct(stiffness.stencil, stiffness.lattice, fields.step, fields.residual)
            coarser = SmoothedLevel(fields, product.subtract, _polynomial(depth, lattice.dimensions), coarser)
            self._levels.insert(0, coarser)
        fields = make_fields(lattice, cases, like)
        minus = torch.from_numpy(-element.stiffness).to(like)
        self._operator = ElementByElement(minus, lattice, fields.step, fields.residual)
        self._mask = like.new_zeros(lattice.dimensions, lattice.count)
        self.fields: Fields = fields
        self._finest = SmoothedLevel(
            fields, self._operator.accumulate, _polynomial(0, lattice.dimensions), coarser, mask=self._mask
        )
        self.cycle = self._finest.cycle

    def update(self, stiffness: Tensor, row_sums: Tensor) -> None:
        """
        Args:
            stiffness: (*cells), relative.
            row_sums: (dimensions, count), as for `Smoother.set_row_sums`.
        """
        self._operator.scale.copy_(self._lattice.over_cells(stiffness))
        self._mask.copy_(row_sums > 0)
        self._finest.smoother.set_row_sums(row_sums)
        untouched = stiffness * self._untouched
        for coarse, level in zip(self._coarse, self._levels, strict=True):
            coarse.update(untouched, stiffness)
            level.smoother.set_row_sums(coarse.row_sums())
        self._coarsest.update(untouched, stiffness)
        self._direct.factorize()


def _polynomial(depth: int, dimensions: int) -> Chebyshev:
    """The degree grows from level to level, though not as fast as the unknowns become fewer.

    It halves the steps on designs whose members are thinner than a coarse cell: coarse levels see them badly.
    """
    degree = max(2, dimensions**depth)
    return Chebyshev(degree, ratio=1.5 * degree**2)


def halvings_of(cells: tuple[int, ...]) -> list[tuple[int, ...]]:
    """How often pairs of cells are joined along each axis on each coarse level, the finest of these first.

    An axis is halved until it has one cell, so thin plates keep their shape. A grid small enough to be solved
    directly has one level of the same size.
    """
    levels: list[tuple[int, ...]] = []
    halvings = (0,) * len(cells)
    while True:
        coarse = [-(-n // 2**h) for n, h in zip(cells, halvings, strict=True)]
        following = tuple(h + (n > 1) for h, n in zip(halvings, coarse, strict=True))
        small = len(cells) * math.prod(n + 1 for n in coarse) <= _UNKNOWNS
        if small or following == halvings or 2 ** sum(following) > _CHILDREN:
            return levels or [halvings]
        halvings = following
        levels.append(halvings)
