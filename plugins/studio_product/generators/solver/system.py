"""The equations of a grid for a certain number of load cases, with all memory that solving them takes."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.api import tr
from studio_product.generators.solver.cg import ConjugateGradients, Unsupported
from studio_product.generators.solver.element import Element
from studio_product.generators.solver.lattice import Lattice
from studio_product.generators.solver.multigrid import Multigrid
from studio_product.generators.solver.operator import ElementByElement


class System:
    """K(e) u = f for a material of 1 MPa. Fields are (cases, dimensions, count)."""

    def __init__(
        self, element: Element, lattice: Lattice, fixed: NDArray[np.bool_], cases: int, device: str
    ) -> None:
        """`fixed`: (*nodes, dimensions)."""
        self.cases = cases
        self._lattice = lattice
        like = torch.zeros(cases, lattice.dimensions, lattice.count, dtype=torch.float64, device=device)
        self._cg = ConjugateGradients(like)
        matrix = torch.from_numpy(element.stiffness).to(device)
        self._operator = ElementByElement(matrix, lattice, self._cg.direction, self._cg.product)
        self._multigrid = Multigrid(element, lattice, fixed, cases, device)
        self._free = torch.from_numpy(~fixed).to(device).movedim(-1, 0).reshape(lattice.dimensions, -1)
        # The same in all rows of one component, as the corners of a box are all alike.
        self._element_sums = matrix.abs().sum(1)[: lattice.dimensions, None]
        self._row_sums = like.new_zeros(lattice.dimensions, lattice.count)
        self._unknowns = torch.zeros_like(self._row_sums)
        """1, and 0 where a displacement is fixed or no cell is."""

    def set_stiffness(self, stiffness: Tensor) -> None:
        """`stiffness`: (*cells), relative; cells with 0 are not there."""
        by_cell = self._lattice.over_cells(stiffness)
        self._operator.scale.copy_(by_cell)
        torch.mul(self._element_sums, self._lattice.sum_at_nodes(by_cell), out=self._row_sums)
        self._row_sums.mul_(self._free)
        self._unknowns.copy_(self._row_sums > 0)
        self._multigrid.update(stiffness, self._row_sums)

    def solve(self, loads: Tensor, start: Tensor | None, tolerance: float) -> tuple[Tensor, int, float]:
        """u (which the next solution overwrites), the steps, and the largest |f - K u| / |f| of the cases.

        Raises:
            Unsupported, NotConverged: see `ConjugateGradients.solve`.
        """
        right = loads * self._unknowns
        if bool((loads * self._free != right).any()):
            raise Unsupported(
                tr("A load acts where there is no material."),
                tr("Move the load onto the part, or keep material where it acts."),
            )
        steps, left = self._cg.solve(
            right,
            None if start is None else start * self._unknowns,
            tolerance,
            multiply=self._multiply,
            precondition=self._precondition,
            row_sums=self._row_sums,
        )
        return self._cg.solution, steps, left

    def _multiply(self) -> None:
        self._cg.product.zero_()
        self._operator.accumulate()
        self._cg.product.mul_(self._unknowns)

    def _precondition(self) -> None:
        self._multigrid.fields.residual.copy_(self._cg.residual)
        self._multigrid.cycle()
        self._cg.corrected.copy_(self._multigrid.fields.solution)
