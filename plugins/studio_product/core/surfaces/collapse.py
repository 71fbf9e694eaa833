"""Fewer triangles by collapsing edges onto one of their ends, where quadric errors say that it hardly shows.

Source: Garland and Heckbert, Surface Simplification Using Quadric Error Metrics, 1997. Many collapses are
done at once, which are chosen so that none touches the triangles of another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio_product.core.files.mesh_clean import half_edges, twins
from studio_product.core.mesh import Mesh

_LEAST_TURN = 0.7
"""Cosine between a triangle's normals before and after a collapse."""
_LEAST_SHAPE = 0.05
"""Twice a triangle's area over its longest edge squared: 0.87 for an equilateral one, 0 for a line."""
_LEAST_VALENCE = 4
"""Edges at a vertex that is removed, and at one that loses an edge: a tetrahedron is never folded flat."""
_SHARP = 0.1
"""Second to first eigenvalue of a quadric's matrix: greater where planes meet at an edge."""
_FLAT = 1e-8
"""1 - cosine between the normals of triangles in one plane, but for single precision."""
_TRIES = 3
"""Ends that are tried for a vertex in one pass, the cheapest first."""
_WORTH = 0.02
"""Of the vertices: it ends after passes that remove fewer."""


def collapsed(mesh: Mesh, deviation: float) -> Mesh:
    """A closed manifold mesh with fewer triangles. No vertex goes to a place that is farther than `deviation`
    (mm) from a plane of the triangles that it stands for; for the surface itself that is no bound.

    At last the vertices of round places move to where they are nearest to these planes, which makes up for
    the volume that larger triangles cut off. Those of flat faces, edges and corners stay.
    """
    faces = mesh.faces.astype(np.int64)
    quadrics = _quadrics(mesh)
    count = len(mesh.vertices)
    rng = np.random.default_rng(0)
    removed = count
    while removed > _WORTH * len(np.unique(faces)):
        moves = _apart(faces, _moves(mesh.vertices, faces, quadrics, deviation), rng.permutation(count))
        gone, onto = moves.T
        np.add.at(quadrics, onto, quadrics[gone])
        target = np.arange(count)
        target[gone] = onto
        faces = _without_collapsed(target[faces])
        removed = len(gone)
    used, rows = np.unique(faces, return_inverse=True)
    round_ones = used[~_is_flat(mesh, used)]
    vertices = mesh.vertices.copy()
    vertices[round_ones] = _centered(vertices[round_ones], quadrics[round_ones])
    return Mesh(vertices[used], rows.reshape(-1, 3).astype(np.int32))


def _without_collapsed(faces: NDArray[np.int64]) -> NDArray[np.int64]:
    a, b, c = faces.T
    left: NDArray[np.int64] = faces[(a != b) & (b != c) & (c != a)]
    return left


def _quadrics(mesh: Mesh) -> NDArray[np.float64]:
    """(vertices, 4, 4): the sum of p p^T over a vertex's triangles, p being the plane (n, -n.x). With a point
    it gives the sum of squared distances, which is at least the square of the greatest one."""
    a, b, c = np.moveaxis(mesh.corners, 1, 0)
    normal = np.cross(b - a, c - a)
    doubled = np.linalg.norm(normal, axis=1)
    normal = normal / np.maximum(doubled, np.finfo(float).tiny)[:, None]
    plane = np.concatenate([normal, -np.einsum("ij,ij->i", normal, a)[:, None]], axis=1)
    quadrics = np.zeros((len(mesh.vertices), 4, 4))
    for corner in mesh.faces.T:
        np.add.at(quadrics, corner, plane[:, :, None] * plane[:, None, :])
    return quadrics


def _centered(points: NDArray[np.float64], quadrics: NDArray[np.float64]) -> NDArray[np.float64]:
    """The minima of the quadrics along their main direction, where they have just one: not at an edge."""
    spread, directions = np.linalg.eigh(quadrics[:, :3, :3])
    along = directions[:, :, 2]
    slope = np.einsum("nij,nj->ni", quadrics[:, :3, :3], points) + quadrics[:, :3, 3]
    step = np.einsum("ni,ni->n", slope, along) / spread[:, 2]
    step[spread[:, 1] > _SHARP * spread[:, 2]] = 0
    moved: NDArray[np.float64] = points - step[:, None] * along
    return moved


def _is_flat(mesh: Mesh, vertices: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether some edge at a vertex lies between two triangles of one plane."""
    edges = half_edges(mesh.faces)
    normal = _normal(mesh.corners)
    normal = normal / np.maximum(np.linalg.norm(normal, axis=1), np.finfo(float).tiny)[:, None]
    beyond = normal[twins(mesh) // 3]
    flat = np.einsum("ij,ij->i", np.repeat(normal, 3, axis=0), beyond) > 1 - _FLAT
    return np.isin(vertices, edges[flat])


def _moves(
    vertices: NDArray[np.float64],
    faces: NDArray[np.int64],
    quadrics: NDArray[np.float64],
    deviation: float,
) -> NDArray[np.int64]:
    """(n, 2): vertices that may go, each with the neighbor that it goes to."""
    edges = half_edges(faces.astype(np.int32))
    start, end = edges.T
    ends = np.concatenate([vertices[end], np.ones((len(end), 1))], axis=1)
    cost = np.einsum("ni,nij,nj->n", ends, quadrics[start], ends)
    order = np.lexsort([cost, start])
    order = order[cost[order] <= deviation**2]
    edges = edges[order]
    _, first = np.unique(edges[:, 0], return_index=True)
    rank = np.arange(len(edges)) - np.repeat(first, np.diff([*first, len(edges)]))
    valence = np.bincount(start, minlength=len(vertices))
    rings = _Rings(vertices, faces, valence)
    found = np.zeros((0, 2), np.int64)
    for number in range(_TRIES):
        tried = edges[(rank == number) & ~np.isin(edges[:, 0], found[:, 0])]
        found = np.concatenate([found, tried[rings.allow(tried)]])
    return found


class _Rings:
    """Which triangles and neighbors each vertex has."""

    def __init__(
        self, vertices: NDArray[np.float64], faces: NDArray[np.int64], valence: NDArray[np.int64]
    ) -> None:
        from scipy.sparse import csr_array

        self._vertices, self._faces, self._valence = vertices, faces, valence
        edges = half_edges(faces.astype(np.int32))
        shape = (len(vertices), len(vertices))
        self._linked = csr_array((np.ones(len(edges), np.int32), tuple(edges.T)), shape=shape)
        self._around = np.argsort(faces.ravel(), kind="stable") // 3
        self._begin = np.concatenate([[0], np.cumsum(np.bincount(faces.ravel(), minlength=len(vertices)))])

    def allow(self, moves: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Moves that leave the surface manifold and turn or squeeze no triangle."""
        good = self._valence[moves[:, 0]] >= _LEAST_VALENCE
        good[good] = self._keeps_manifold(moves[good])
        good[good] = self._keeps_shape(moves[good])
        return good

    def _keeps_manifold(self, moves: NDArray[np.int64]) -> NDArray[np.bool_]:
        """The link condition: the two ends have just the two neighbors in common that share a triangle."""
        common = self._linked[moves[:, 0]].multiply(self._linked[moves[:, 1]])
        enough = common.multiply((self._valence >= _LEAST_VALENCE)[None, :])
        result: NDArray[np.bool_] = (common.sum(axis=1) == 2) & (enough.sum(axis=1) == 2)
        return result

    def _keeps_shape(self, moves: NDArray[np.int64]) -> NDArray[np.bool_]:
        gone, onto = moves.T
        count = self._begin[gone + 1] - self._begin[gone]
        move = np.repeat(np.arange(len(moves)), count)
        place = np.arange(len(move)) - np.repeat(np.cumsum(count) - count, count) + self._begin[gone][move]
        around = self._faces[self._around[place]]
        stays = (around != onto[move][:, None]).all(axis=1)
        around, move = around[stays], move[stays]
        before = self._vertices[around]
        after = self._vertices[np.where(around == gone[move][:, None], onto[move][:, None], around)]
        old, new = _normal(before), _normal(after)
        sizes = np.linalg.norm(old, axis=1) * np.linalg.norm(new, axis=1)
        longest = (np.diff(after[:, [0, 1, 2, 0]], axis=1) ** 2).sum(axis=2).max(axis=1)
        bad = np.einsum("ij,ij->i", old, new) < _LEAST_TURN * sizes
        bad |= np.linalg.norm(new, axis=1) < _LEAST_SHAPE * longest
        result: NDArray[np.bool_] = np.bincount(move[bad], minlength=len(moves)) == 0
        return result


def _normal(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])


def _apart(faces: NDArray[np.int64], moves: NDArray[np.int64], rank: NDArray[np.int64]) -> NDArray[np.int64]:
    """Moves that share no neighbor, chosen by lot: `rank` has a number for each vertex."""
    last = len(rank)
    own = np.full(len(rank), last)
    own[moves[:, 0]] = rank[moves[:, 0]]
    start, end = half_edges(faces.astype(np.int32)).T
    first = own.copy()
    np.minimum.at(first, end, own[start])
    beaten = np.bincount(start[first[end] < own[start]], minlength=len(rank)) > 0
    beaten |= first < own
    return moves[~beaten[moves[:, 0]]]
