"""The grid of cells on which a study is computed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Grid:
    """Equal boxes that fill the space exactly, so they are nearly, not always exactly, cubes.

    Arrays over cells are indexed [x, y] or [x, y, z], arrays over nodes too, with one more along each axis.
    """

    cells: tuple[int, ...]
    """Along each axis: two or three numbers."""
    size: tuple[float, ...]
    """mm along each of these axes."""
    thickness: float = 1.0
    """mm; of a plate. 1 in three dimensions."""

    @property
    def dimensions(self) -> int:
        return len(self.cells)

    @property
    def spacing(self) -> tuple[float, ...]:
        """mm, of a cell along each axis."""
        return tuple(length / count for length, count in zip(self.size, self.cells, strict=True))

    @property
    def nodes(self) -> tuple[int, ...]:
        return tuple(count + 1 for count in self.cells)

    @property
    def cell_count(self) -> int:
        return math.prod(self.cells)

    @property
    def cell_volume(self) -> float:
        """mm^3, with the thickness of a plate."""
        return math.prod(self.spacing) * self.thickness

    def centers(self) -> NDArray[np.float64]:
        """(*cells, dimensions), mm."""
        axes = [(np.arange(n) + 0.5) * h for n, h in zip(self.cells, self.spacing, strict=True)]
        return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)

    def corners(self) -> NDArray[np.float64]:
        """Of the nodes: (*nodes, dimensions), mm."""
        axes = [np.arange(n) * h for n, h in zip(self.nodes, self.spacing, strict=True)]
        return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
