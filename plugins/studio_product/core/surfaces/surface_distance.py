"""Whether two surfaces are near each other everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio_product.core.mesh import Mesh

Points = NDArray[np.float64]

_LOOKED_AT = (1, 12, 96)
"""How many vertices near a point have their triangles looked at, in turn, before it is said to be far."""


def are_within(bound: float, fine: Mesh, coarse: Mesh) -> bool:
    """Whether no vertex of the fine surface is farther than `bound` (mm) from the coarse one, and no middle
    of an edge or a triangle of the coarse surface from the fine one. It may say no too often, never yes."""
    corners = coarse.corners
    of_edges = (corners + np.roll(corners, -1, axis=1)) / 2
    middles = np.concatenate([of_edges, corners.mean(axis=1)[:, None]], axis=1).reshape(-1, 3)
    return _are_near(bound, middles, fine) and _are_near(bound, fine.vertices, coarse)


def _are_near(bound: float, points: Points, mesh: Mesh) -> bool:
    from scipy.spatial import KDTree

    tree = KDTree(mesh.vertices)
    for count in _LOOKED_AT:
        _, near = tree.query(points, k=[*range(1, min(count, len(mesh.vertices)) + 1)])
        distances = [to_triangles_around(points, mesh, vertices) for vertices in near.T]
        points = points[np.min(distances, axis=0) > bound]
        if not len(points):
            return True
    return False


def to_triangles_around(points: Points, mesh: Mesh, vertices: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n,): from each point to the triangles around a vertex of a mesh."""
    around = np.argsort(mesh.faces.ravel(), kind="stable") // 3
    begin = np.concatenate([[0], np.cumsum(np.bincount(mesh.faces.ravel(), minlength=len(mesh.vertices)))])
    count = begin[vertices + 1] - begin[vertices]
    first = np.cumsum(count) - count
    of = np.repeat(np.arange(len(points)), count)
    triangles = around[np.arange(len(of)) - first[of] + begin[vertices][of]]
    result: NDArray[np.float64] = np.minimum.reduceat(
        to_triangles(points[of], mesh.corners[triangles]), first
    )
    return result


def to_triangles(points: Points, corners: Points) -> NDArray[np.float64]:
    """(n,): from each point to its triangle (n, 3 corners, xyz): to its plane where the point is above its
    inside, else to its nearest edge."""
    ends = np.roll(corners, -1, axis=1)
    along, away = ends - corners, points[:, None] - corners
    squared = np.maximum(np.einsum("nki,nki->nk", along, along), np.finfo(float).tiny)
    share = np.clip(np.einsum("nki,nki->nk", along, away) / squared, 0, 1)
    to_edges = np.linalg.norm(away - share[..., None] * along, axis=2).min(axis=1)
    normal = np.cross(along[:, 0], -along[:, 2])
    length = np.linalg.norm(normal, axis=1)
    turns = np.einsum("nki,ni->nk", np.cross(along, away), normal)
    inside = (turns >= 0).all(axis=1) & (length > 0)
    height = np.abs(np.einsum("ni,ni->n", away[:, 0], normal)) / np.where(length > 0, length, 1)
    result: NDArray[np.float64] = np.where(inside, height, to_edges)
    return result
