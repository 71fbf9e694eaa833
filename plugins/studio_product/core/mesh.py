"""A triangle mesh as two arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Mesh:
    """Triangles in mm; the corners of a face run counterclockwise, seen from outside."""

    vertices: NDArray[np.float64]
    """(vertices, 3)"""
    faces: NDArray[np.int32]
    """(faces, 3), rows of `vertices`."""

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Least and greatest corner. Raises ValueError where there is no vertex."""
        return self.vertices.min(axis=0), self.vertices.max(axis=0)

    @property
    def corners(self) -> NDArray[np.float64]:
        """(faces, 3 corners, 3)"""
        return self.vertices[self.faces]

    @property
    def volume(self) -> float:
        """mm^3, by the divergence theorem; right for closed meshes."""
        a, b, c = np.moveaxis(self.corners, 1, 0)
        return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)

    @property
    def area(self) -> float:
        """mm^2."""
        a, b, c = np.moveaxis(self.corners, 1, 0)
        return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)
