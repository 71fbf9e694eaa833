"""What a study will cost: memory and time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio_product.core.studies.quality import Quality, grid_of
from studio_product.core.studies.study import Study

EXPLORED = (6_000, 9_000)
"""Cells at most, in two and three dimensions, of the grid on which variants are sought before refinement."""

POOL = 2.5
"""Designs that are made for each variant that is asked for."""

ITERATIONS = (64, 60)
"""For each design, in two and three dimensions."""

REFINING = 24
"""Iterations for each variant, on the grid of the quality."""

MEASURING = 30
"""What the surface, the numbers and their error bars cost, in iterations."""

FINISHED = 1.4
"""Designs that are refined and measured for each variant: not each stays within the tolerance."""

SECONDS_PER_CELL = (1e-6, 4.5e-6)
"""For each iteration and load case, in two and three dimensions, on two cores; see docs/measurements.md."""

SECONDS_PER_ITERATION = 0.005
"""Whatever the size."""


_BUFFERS = 22_000_000
"""Bytes that do not grow with the grid."""

_VECTORS = 12
"""float64 vectors per load case at the peak of a solution, those of half the precision counted as halves."""


@dataclass(frozen=True)
class Estimate:
    """Of one quality."""

    quality: Quality
    cells: int
    seconds: float
    """On a machine with two cores; good to a factor of about two."""
    bytes: int
    """At the peak."""
    fits: bool
    """Whether the memory is enough."""


def solver_bytes(cells: int, dimensions: int, cases: int) -> int:
    """Peak memory of one solution by multigrid-preconditioned conjugate gradients, without torch itself.

    Vectors over the nodes, counted as over the cells; on coarser levels a matrix (dimensions, dimensions) for
    each node and its 3^dimensions neighbors, in float32, and while they are filled the rows of one corner.
    Measured to be within a third above 20 000 cells.
    """
    vectors = _VECTORS * cells * dimensions * cases * 8
    masks_and_sums = cells * (dimensions * 64 + 40)
    corners, neighbors = {2: (4, 9), 3: (8, 27)}[dimensions]
    matrices = cells / (corners - 1) * (neighbors + 2 * corners) * dimensions**2 * 4
    return _BUFFERS + round(vectors + masks_and_sums + matrices)


def study_bytes(cells: int, dimensions: int, cases: int) -> int:
    """Peak memory of a whole computation: the solver, the optimizer's fields, and the process with torch."""
    return 300_000_000 + cells * (600 + 70 * cases) + solver_bytes(cells, dimensions, cases)


def estimate(study: Study, quality: Quality, variants: int, memory: int) -> Estimate:
    """What so many variants of a study cost at a quality.

    Args:
        memory: Bytes that are free on the machine.
    """
    grid = grid_of(study, quality)
    cells, plane = grid.cell_count, grid.dimensions - 2
    cases = max(1, len(study.cases))
    exact = variants == 1 and study.space.cells is not None
    explored = cells if exact else min(cells, EXPLORED[plane])
    designs = math.ceil(POOL * variants) if variants > 1 else 1
    seconds = designs * (study.method.iterations or ITERATIONS[plane]) * _iteration(explored, plane, cases)
    finishing = MEASURING + (REFINING if explored < cells else 0)
    finished = FINISHED * variants if variants > 1 else 1
    seconds += finished * finishing * _iteration(cells, plane, cases)
    needed = study_bytes(cells, grid.dimensions, cases)
    return Estimate(quality, cells, seconds, needed, needed <= memory)


def _iteration(cells: int, plane: int, cases: int) -> float:
    return SECONDS_PER_ITERATION + cells * cases * SECONDS_PER_CELL[plane]
