"""A mesh made ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.parts.mesh import Mesh

CREASE = 35.0


@dataclass(frozen=True)
class Body:
    """Vertices split where faces meet at a crease, so that each has one normal. See `body_of`."""

    vertices: NDArray[np.float64]
    """(points, 3), mm"""
    normals: NDArray[np.float32]
    """(points, 3), of length 1"""
    faces: NDArray[np.int32]
    """(faces, 3), in the order of the mesh's faces"""
    source: NDArray[np.int32]
    """(points,): the vertex of the mesh that each was."""
    edges: NDArray[np.int32]
    """(edges, 2) points: creases and open edges."""
    closed: bool
    """No open edge: what is seen from behind is never seen."""

    def moved(self, vertices: NDArray[np.float64]) -> Body:
        """The same body with the vertices of its mesh elsewhere: (vertices of the mesh, 3)."""
        raise NotImplementedError


def body_of(mesh: Mesh, *, crease: float = CREASE) -> Body:
    """Smooth where neighboring faces turn by less than `crease` degrees."""
    raise NotImplementedError
