"""Measures a part on the very surface that is exported, on two grids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.part_numbers import PartNumbers
from studio_product.core.studies.domain import domain_of
from studio_product.core.studies.study import Study
from studio_product.core.studies.voxelize import mesh_coverage
from studio_product.generators.numbers.catalog import part_numbers
from studio_product.generators.numbers.fields import at_points, nodal_means, nodes_of
from studio_product.generators.numbers.solve import Solved, solve_shape
from studio_product.generators.solver.elasticity import Elasticity

MOST_CELLS = {2: 160_000, 3: 240_000}
"""Up to here a part is measured on a grid twice as fine as the one that it was designed on."""


@dataclass(frozen=True)
class Measured:
    """A part's numbers, and what colors its surface."""

    numbers: PartNumbers
    compliance: float
    """N*mm: the sum over the cases that was minimized."""
    stresses: NDArray[np.float32]
    """(cases, vertices), von Mises, MPa."""
    displacements: NDArray[np.float32]
    """(cases, vertices, 3), mm."""


def measure(
    mesh: Mesh,
    study: Study,
    grid: Grid,
    meshes: Mapping[str, Mesh],
    device: str,
    elasticity: Elasticity | None = None,
) -> Measured:
    """Measure a closed mesh against its study.

    Args:
        grid: the one that it was designed on, or any on which the study makes sense.
        meshes: the study's own, by file.
        elasticity: of the study on `grid`, where there is one already.

    Raises:
        StudioError: The study does not fit the grid, or the shape cannot be held.
    """
    finer = _scaled(grid, 2)
    grids = (finer, grid) if finer.cell_count <= MOST_CELLS[grid.dimensions] else (grid, _scaled(grid, 0.5))
    domains = [domain_of(study, each, meshes) for each in grids]
    fine, coarse = (
        solve_shape(
            mesh_coverage(mesh, domain.grid).astype(np.float64),
            study,
            domain,
            device,
            elasticity if domain.grid is grid else None,
        )
        for domain in domains
    )
    return Measured(
        numbers=part_numbers(mesh, study, fine, coarse),
        compliance=float(domains[0].weights @ fine.compliances),
        stresses=_stresses_at(mesh, fine),
        displacements=_displacements_at(mesh, fine),
    )


def _scaled(grid: Grid, factor: float) -> Grid:
    cells = tuple(max(1, round(count * factor)) for count in grid.cells)
    return Grid(cells, grid.size, grid.thickness)


def _stresses_at(mesh: Mesh, solved: Solved) -> NDArray[np.float32]:
    weights = np.where(solved.filled, solved.shares, 0.0)
    known = nodes_of(solved.filled)
    nodal = nodal_means(solved.stresses, weights)
    return np.stack([at_points(field, known, mesh.vertices, solved.grid) for field in nodal]).astype(
        np.float32
    )


def _displacements_at(mesh: Mesh, solved: Solved) -> NDArray[np.float32]:
    known = nodes_of(solved.filled)
    moved = np.zeros((len(solved.displacements), len(mesh.vertices), 3), np.float32)
    for case, field in zip(moved, solved.displacements, strict=True):
        for axis in range(solved.grid.dimensions):
            case[:, axis] = at_points(field[..., axis], known, mesh.vertices, solved.grid)
    return moved
