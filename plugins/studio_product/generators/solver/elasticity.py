"""Displacements, energies and stress of a loaded part on a grid of cells, by linear elasticity."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio_product.core.grid import Grid
from studio_product.generators.solver.element import Matrix, make_element
from studio_product.generators.solver.lattice import Lattice
from studio_product.generators.solver.operator import map_cells, sum_squares
from studio_product.generators.solver.system import System


@dataclass(frozen=True)
class Solution:
    displacements: Tensor
    """(cases, *nodes, dimensions) float64, mm; zero at nodes that only empty cells touch."""
    iterations: int
    residual: float
    """Of the worst case: the force out of balance over the load, |f - K u| / |f|."""


class Elasticity:
    """The equations K(e) u = f of a grid with supports, where e scales the stiffness of each cell.

    K is never assembled on the finest level. Conjugate gradients in float64 are preconditioned by one
    V-cycle in float32, so time and memory grow linearly with the number of cells. The memory for a number
    of load cases is kept until another number is solved. Results depend on the input and the number of
    threads alone.
    """

    def __init__(
        self,
        grid: Grid,
        poisson: float,
        fixed: NDArray[np.bool_],
        *,
        device: str = "cpu",
        youngs_modulus: float = 1.0,
    ) -> None:
        """
        Args:
            grid: one with two dimensions is a plate in plane stress.
            poisson: Poisson's ratio, in (-1, 0.5).
            fixed: (*nodes, dimensions): where the displacement is held at zero.
            device: as torch names it; it must know float64.
            youngs_modulus: MPa, of cells with e = 1.
        """
        self.grid = grid
        self._element = make_element(grid.spacing, grid.thickness, poisson)
        self._lattice = Lattice(grid.nodes)
        self._fixed = fixed
        self._device = device
        self._modulus = youngs_modulus
        self._system: System | None = None

    def solve(
        self, stiffness: Tensor, loads: Tensor, *, start: Tensor | None = None, tolerance: float = 1e-6
    ) -> Solution:
        """All cases together.

        Args:
            stiffness: (*cells) float64, e in [0, 1]; cells with 0 are not there at all.
            loads: (cases, *nodes, dimensions) float64, N. What acts on a fixed degree of freedom goes
                straight into its support.
            start: (cases, *nodes, dimensions) float64, mm: displacements to begin with, as of a similar part.
            tolerance: of `Solution.residual`. The relative error of a compliance is about its square.

        Raises:
            Unsupported: a load acts where no material is, or on something that no support holds.
            NotConverged: the forces do not come into balance.
        """
        if self._system is None or self._system.cases != len(loads):
            self._system = None  # frees its memory before more is taken
            self._system = System(self._element, self._lattice, self._fixed, len(loads), self._device)
        self._system.set_stiffness(stiffness)
        field, iterations, residual = self._system.solve(
            _to_field(loads) / self._modulus, None if start is None else _to_field(start), tolerance
        )
        displacements = self._lattice.grid(field).movedim(1, -1).clone(memory_format=torch.contiguous_format)
        return Solution(displacements, iterations, residual)

    def energies(self, displacements: Tensor) -> Tensor:
        """u^T K0 u of each cell at full stiffness: (cases, *cells), N mm.

        The compliance of a case is the sum of e times these. They are sums of squares, never below zero.

        Args:
            displacements: (cases, *nodes, dimensions), mm.
        """
        modes = self._matrix(math.sqrt(self._modulus) * self._element.modes, displacements)
        return self._cells(sum_squares(modes, self._lattice, _to_field(displacements)))

    def stress(self, displacements: Tensor) -> Tensor:
        """At the center of each cell, at full stiffness: (cases, *cells, 3 or 6), MPa.

        In Voigt order: xx, yy, xy in the plane; xx, yy, zz, yz, xz, xy in space.

        Args:
            displacements: (cases, *nodes, dimensions), mm.
        """
        matrix = self._modulus * self._element.elasticity @ self._element.strain
        stress = map_cells(self._matrix(matrix, displacements), self._lattice, _to_field(displacements))
        return self._cells(stress).movedim(1, -1)

    def _matrix(self, matrix: Matrix, like: Tensor) -> Tensor:
        return torch.from_numpy(matrix).to(like)

    def _cells(self, values: Tensor) -> Tensor:
        """(..., count), by number of the cell, as (..., *cells)."""
        inside = (slice(count) for count in self.grid.cells)
        return self._lattice.grid(values)[(..., *inside)]


def _to_field(values: Tensor) -> Tensor:
    """(cases, *nodes, dimensions) as (cases, dimensions, count)."""
    return values.movedim(-1, 1).flatten(2).contiguous()
