"""Problems of the literature, and their solution by a sparse direct solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from studio_product.core.grid import Grid
from studio_product.generators.solver.element import corners_of, make_element
from torch import Tensor


@dataclass
class Problem:
    grid: Grid
    fixed: NDArray[np.bool_]
    """(*nodes, dimensions)"""
    loads: Tensor
    """(cases, *nodes, dimensions) float64"""

    def uniform(self, density: float) -> Tensor:
        """SIMP with a penalty of 3 and a least stiffness of 1e-9."""
        return torch.full(self.grid.cells, 1e-9 + density**3 * (1 - 1e-9), dtype=torch.float64)


def unloaded(cells: tuple[int, ...], *, cases: int = 1, spacing: float = 1.0) -> Problem:
    grid = Grid(cells, tuple(spacing * n for n in cells))
    shape = (*grid.nodes, grid.dimensions)
    return Problem(grid, np.zeros(shape, bool), torch.zeros(cases, *shape, dtype=torch.float64))


def mbb_beam(nx: int, ny: int) -> Problem:
    """Half of it, as in Andreassen et al., Efficient topology optimization in MATLAB (2011)."""
    problem = unloaded((nx, ny))
    problem.fixed[0, :, 0] = problem.fixed[nx, 0, 1] = True
    problem.loads[0, 0, ny, 1] = -1
    return problem


def mbb_beam_3d(nx: int, ny: int, nz: int) -> Problem:
    problem = unloaded((nx, ny, nz))
    problem.fixed[0, ..., 0] = problem.fixed[:, :, 0, 2] = problem.fixed[nx, 0, :, 1:] = True
    problem.loads[0, 0, ny, :, 1] = -1
    return problem


def cantilever(*cells: int) -> Problem:
    """Clamped at x = 0; loads of -1 along y on the lower edge (in the plane: corner) at the end."""
    problem = unloaded(cells)
    problem.fixed[0] = True
    problem.loads[0, -1, 0, ..., 1] = -1
    return problem


def solve_directly(problem: Problem, stiffness: Tensor, poisson: float = 0.3) -> Tensor:
    """Displacements like the loads, by sparse LU factors, for a modulus of 1."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.linalg import splu

    grid, d = problem.grid, problem.grid.dimensions
    element = make_element(grid.spacing, grid.thickness, poisson).stiffness
    numbers = np.arange(problem.fixed.size).reshape(problem.fixed.shape)
    corners = [
        numbers[tuple(slice(o, o + n) for o, n in zip(corner, grid.cells, strict=True))]
        for corner in corners_of(d)
    ]
    unknowns = np.concatenate(corners, axis=-1).reshape(grid.cell_count, -1)
    values = stiffness.numpy().reshape(-1, 1, 1) * element
    rows, columns = np.broadcast_arrays(unknowns[:, :, None], unknowns[:, None, :])
    matrix = coo_matrix((values.ravel(), (rows.ravel(), columns.ravel())), (numbers.size,) * 2).tocsc()
    free = ~problem.fixed.ravel() & (matrix.diagonal() > 0)
    result = np.zeros((len(problem.loads), numbers.size))
    right = problem.loads.numpy().reshape(len(problem.loads), -1)
    result[:, free] = splu(matrix[free][:, free]).solve(right[:, free].T).T
    return torch.from_numpy(result.reshape(problem.loads.shape))
