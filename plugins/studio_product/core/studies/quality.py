"""How fine a study is computed."""

from __future__ import annotations

import math
from typing import Literal

from studio_product.core.grid import Grid
from studio_product.core.studies.study import Study

Quality = Literal["draft", "normal", "fine"]

CELLS: dict[Quality, tuple[int, int]] = {
    "draft": (10_000, 28_000),
    "normal": (30_000, 221_000),
    "fine": (120_000, 1_800_000),
}
"""At most, in two and in three dimensions; see docs/measurements.md for what they cost."""

MANY = 8
"""From so many cells along an axis on their number is even: the middle is then a plane of nodes, and a check
on half as many cells along each axis has the same faces."""


def grid_of(study: Study, quality: Quality = "draft", *, max_cells: int | None = None) -> Grid:
    """The study's own grid if it names one, else nearly cubic cells, about as many as the quality allows.

    Args:
        max_cells: Overrides the quality's number, not the study's own grid.
    """
    dimensions = study.dimensions
    size = study.space.size[:dimensions]
    most = max_cells or CELLS[quality][dimensions - 2]
    cells = study.space.cells or _even_cells(size, most)
    return Grid(tuple(cells), tuple(size), study.space.size[2] if dimensions == 2 else 1.0)


def _even_cells(size: tuple[float, ...], most: int) -> tuple[int, ...]:
    """The largest cubes that give the number, tried from the size that would fit without rounding."""
    step = (math.prod(size) / most) ** (1 / len(size))
    cells = _counts(size, step)
    while math.prod(cells) > most:
        step *= 1.005
        cells = _counts(size, step)
    return cells


def _counts(size: tuple[float, ...], step: float) -> tuple[int, ...]:
    return tuple(
        2 * round(length / step / 2) if length / step >= MANY else max(1, round(length / step))
        for length in size
    )
