"""A field of cells on another grid of the same space."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio_product.core.grid import Grid


def resample(field: NDArray[np.float64], cells: tuple[int, ...]) -> NDArray[np.float64]:
    """Multilinear between cell centers, constant beyond the outermost: (*cells there) to (*cells)."""
    from scipy.ndimage import zoom

    factors = [wanted / count for wanted, count in zip(cells, field.shape, strict=True)]
    return np.asarray(zoom(field, factors, order=1, mode="nearest", grid_mode=True))


def coarsened(grid: Grid, most: int) -> Grid:
    """The grid itself if it has at most so many cells, else about so many of the same proportions.

    Counts are multiples of four, which multigrid can halve twice.
    """
    if grid.cell_count <= most:
        return grid
    factor = (most / grid.cell_count) ** (1 / grid.dimensions)
    cells = tuple(min(count, max(4, 4 * round(count * factor / 4))) for count in grid.cells)
    return Grid(cells, grid.size, grid.thickness)
