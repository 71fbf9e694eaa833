"""From loose triangles to a mesh whose neighbors share their vertices."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio_product.core.mesh import Mesh

Unit = Literal["mm", "um", "cm", "m", "in", "ft"]
MM: dict[Unit, float] = {"mm": 1.0, "um": 1e-3, "cm": 10.0, "m": 1000.0, "in": 25.4, "ft": 304.8}
"""How many mm each unit is."""

_GAP = 1e-6
"""Relative to the mesh's diagonal: borders nearer to each other were one edge before they were rounded."""


def mesh_of_corners(corners: NDArray[np.float64]) -> Mesh:
    """Triangles (n, 3 corners, xyz) as a mesh. Those that have shrunk to a line or a point by having two
    equal corners are left out; hairline gaps between borders are closed."""
    vertices, faces = _merged(corners.reshape(-1, 3))
    mesh = _without_collapsed(vertices, faces.reshape(-1, 3))
    rim = border_vertices(mesh.faces)
    return _closed_up(mesh, rim) if len(rim) else mesh


def turned_outward(mesh: Mesh) -> Mesh:
    """The mesh with its faces turned round where it is closed and inside out."""
    if len(border_vertices(mesh.faces)) or mesh.volume >= 0:
        return mesh
    return Mesh(mesh.vertices, np.ascontiguousarray(mesh.faces[:, ::-1]))


def border_vertices(faces: NDArray[np.int32]) -> NDArray[np.int64]:
    """Vertices at half-edges whose opposite is not there: none where a surface is closed and oriented."""
    ends = half_edges(faces)
    count = int(faces.max()) + 1 if len(faces) else 0
    there = ends[:, 0] * count + ends[:, 1]
    back = ends[:, 1] * count + ends[:, 0]
    return np.unique(ends[~np.isin(there, back)])


def half_edges(faces: NDArray[np.int32]) -> NDArray[np.int64]:
    """(3 * faces, 2): from each corner of each face to its next; row 3*f + k begins at corner k of face f."""
    turned = faces.astype(np.int64)
    return np.stack([turned, np.roll(turned, -1, axis=1)], axis=2).reshape(-1, 2)


def twins(mesh: Mesh) -> NDArray[np.int64]:
    """For each half-edge of a closed manifold mesh the one between the same vertices the other way."""
    ends = half_edges(mesh.faces)
    count = len(mesh.vertices)
    forth, back = ends[:, 0] * count + ends[:, 1], ends[:, 1] * count + ends[:, 0]
    order = np.argsort(forth)
    return order[np.searchsorted(forth[order], back)]


def _merged(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Points without their equals, and for each the row of the one that stands for it."""
    points = points + 0.0  # -0.0 becomes 0.0: the sort below compares values, and so do we
    order = np.lexsort(points.T)
    ordered = points[order]
    is_new = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])
    stands_for = np.empty(len(points), np.int64)
    stands_for[order] = np.cumsum(is_new) - 1
    return ordered[is_new], stands_for


def _without_collapsed(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> Mesh:
    a, b, c = faces.T
    faces = faces[(a != b) & (b != c) & (c != a)]
    used, rows = np.unique(faces, return_inverse=True)
    return Mesh(vertices[used], rows.reshape(-1, 3).astype(np.int32))


def _closed_up(mesh: Mesh, rim: NDArray[np.int64]) -> Mesh:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import KDTree

    low, high = mesh.bounds
    pairs = KDTree(mesh.vertices[rim]).query_pairs(
        _GAP * float(np.linalg.norm(high - low)), output_type="ndarray"
    )
    if not len(pairs):
        return mesh
    linked = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(rim), len(rim)))
    _, group = connected_components(linked, directed=False)
    _, first = np.unique(group, return_index=True)
    stands_for = np.arange(len(mesh.vertices))
    stands_for[rim] = rim[first[group]]
    return _without_collapsed(mesh.vertices, stands_for[mesh.faces])
