"""What a study will cost: memory and time."""

from __future__ import annotations

from dataclasses import dataclass

from studio.core.study import Study
from studio.parts.quality import Quality, grid_of


@dataclass(frozen=True)
class Estimate:
    quality: Quality
    cells: int
    seconds: float
    """On a machine with two cores; good to a factor of about two."""
    bytes: int
    fits: bool
    """Whether the memory is enough."""


def solver_bytes(cells: int, dimensions: int, cases: int) -> int:
    """Peak memory of a solve on so many cells, with the optimizer's own fields."""
    each = 700 + 300 * cases if dimensions == 3 else 400 + 150 * cases
    return 350_000_000 + cells * each


def estimate(study: Study, quality: Quality, variants: int, memory: int) -> Estimate:
    """`memory`: bytes that are free on the machine."""
    grid = grid_of(study, quality)
    cells, cases = grid.cell_count, max(1, len(study.cases))
    per_iteration = cells * cases * (5e-6 if grid.dimensions == 3 else 1e-6)
    needed = solver_bytes(cells, grid.dimensions, cases)
    return Estimate(quality, cells, per_iteration * 100 * 3 * variants, needed, needed <= memory)
