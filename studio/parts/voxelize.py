"""How much of each cell a shape fills: anti-aliased coverage of a grid."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from studio.core.study import Shape
from studio.parts.grid import Grid
from studio.parts.mesh import Mesh


def mesh_coverage(mesh: Mesh, grid: Grid) -> NDArray[np.float32]:
    """The share of each cell's volume inside a closed mesh: (*cells), 0 to 1."""
    raise NotImplementedError


def shape_coverage(shape: Shape, grid: Grid, meshes: Mapping[str, Mesh]) -> NDArray[np.float32]:
    """The share of each cell's volume inside a shape: (*cells), 0 to 1.

    Args:
        meshes: By a `Solid`'s file, as the file has them: the shape's scale and offset are applied here.
    """
    raise NotImplementedError
