"""Where a surface passes through itself.

Boxes around triangles are gathered in a binary tree, which is walked against itself level by level (a
simultaneous traversal, as in Ericson, Real-Time Collision Detection, 2005, 6.3.2); the pairs that remain are
tested exactly: an edge of one triangle pierces the inside of the other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from studio_product.core.mesh import Mesh

Pairs = NDArray[np.int64]

_TOLERANCE = 1e-7
"""Relative to the diagonal: what is nearer than this touches, and does not cross."""
_INSIDE = 1e-6
"""How far from a triangle's border, in barycentric coordinates, a crossing must be."""
_AT_ONCE = 500_000
"""Pairs that are looked at together."""


def crossing_pairs(mesh: Mesh) -> Pairs:
    """(n, 2) faces that cross. Triangles that only touch, or lie in one plane, do not."""
    corners = mesh.corners
    low, high = mesh.bounds
    tolerance = _TOLERANCE * float(np.linalg.norm(high - low))
    found = [np.zeros((0, 2), np.int64)]
    for pairs in _overlapping_boxes(corners):
        some = pairs[_straddles(corners, pairs, tolerance)]
        some = some[_straddles(corners, some[:, ::-1], tolerance)]
        pierced = _pierces(corners, some, tolerance) | _pierces(corners, some[:, ::-1], tolerance)
        found.append(some[pierced])
    return np.concatenate(found)


def _straddles(corners: NDArray[np.float64], pairs: Pairs, tolerance: float) -> NDArray[np.bool_]:
    """Whether the first triangle has corners on both sides of the second one's plane."""
    heights = _heights(corners[pairs[:, 0]], corners[pairs[:, 1]])
    result: NDArray[np.bool_] = (heights.max(axis=1) > tolerance) & (heights.min(axis=1) < -tolerance)
    return result


def _heights(points: NDArray[np.float64], triangles: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, k): of k points above the plane of each of n triangles. 0 for a triangle that has no plane."""
    normal = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    length = np.linalg.norm(normal, axis=1)
    normal = normal / np.where(length > 0, length, 1.0)[:, None]
    heights: NDArray[np.float64] = np.einsum("nki,ni->nk", points - triangles[:, :1], normal)
    return heights


def _pierces(corners: NDArray[np.float64], pairs: Pairs, tolerance: float) -> NDArray[np.bool_]:
    """Whether an edge of the first triangle goes through the inside of the second."""
    edges, target = corners[pairs[:, 0]], corners[pairs[:, 1]]
    heights = _heights(edges, target)
    result = np.zeros(len(pairs), bool)
    for k in range(3):
        start, end = edges[:, k], edges[:, (k + 1) % 3]
        above, below = heights[:, k], heights[:, (k + 1) % 3]
        passes = (above * below < 0) & (np.minimum(np.abs(above), np.abs(below)) > tolerance)
        share = np.divide(above, above - below, out=np.zeros_like(above), where=passes)
        result |= passes & _contains(target, start + share[:, None] * (end - start))
    return result


def _contains(triangles: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each point, in its triangle's plane, is inside: by barycentric coordinates."""
    a, b, c = np.moveaxis(triangles, 1, 0)
    normal = np.cross(b - a, c - a)
    twice = np.einsum("ni,ni->n", normal, normal)
    twice = np.where(twice > 0, twice, np.inf)
    weights = [
        np.einsum("ni,ni->n", np.cross(second - first, points - first), normal) / twice
        for first, second in ((a, b), (b, c), (c, a))
    ]
    result: NDArray[np.bool_] = np.min(weights, axis=0) > _INSIDE
    return result


def _overlapping_boxes(corners: NDArray[np.float64]) -> Iterator[Pairs]:
    """(n, 2) triangles whose boxes overlap, the lower number first; not all at once, to spare memory."""
    order = _along_curve(corners.mean(axis=1))
    levels = _tree(corners.min(axis=1)[order], corners.max(axis=1)[order])
    waiting = [(0, np.zeros((1, 2), np.int64))]
    while waiting:
        level, pairs = waiting.pop()
        if len(pairs) > _AT_ONCE:
            half = len(pairs) // 2
            waiting += [(level, pairs[:half]), (level, pairs[half:])]
        elif level == len(levels) - 1:
            yield np.sort(order[pairs[pairs[:, 0] != pairs[:, 1]]], axis=1)
        else:
            below = _children(pairs)
            low, high = levels[level + 1]
            first, second = below.T
            overlaps = ((low[first] <= high[second]) & (low[second] <= high[first])).all(axis=1)
            waiting.append((level + 1, below[overlaps]))


def _children(pairs: Pairs) -> Pairs:
    """The pairs of children of each pair of nodes, each only once."""
    first, second = 2 * pairs.T
    found = np.concatenate([np.stack([first + i, second + j], axis=1) for i in (0, 1) for j in (0, 1)])
    return found[found[:, 0] <= found[:, 1]]


def _tree(
    low: NDArray[np.float64], high: NDArray[np.float64]
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Levels of a complete binary tree of boxes, the root first. Boxes that fill it up overlap nothing."""
    missing = (1 << max(len(low) - 1, 0).bit_length()) - len(low)
    low = np.concatenate([low, np.full((missing, 3), np.inf)])
    high = np.concatenate([high, np.full((missing, 3), -np.inf)])
    levels = [(low, high)]
    while len(low) > 1:
        low, high = np.minimum(low[::2], low[1::2]), np.maximum(high[::2], high[1::2])
        levels.insert(0, (low, high))
    return levels


def _along_curve(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """The order of points along Morton's curve, so that neighbors in it are near each other."""
    low = points.min(axis=0)
    size = max(float((points.max(axis=0) - low).max()), np.finfo(float).tiny)
    cells = ((points - low) / size * (2**16 - 1)).astype(np.int64)
    code = np.zeros(len(points), np.int64)
    for bit in range(16):
        for axis in range(3):
            code |= ((cells[:, axis] >> bit) & 1) << (3 * bit + axis)
    return np.argsort(code, kind="stable")
