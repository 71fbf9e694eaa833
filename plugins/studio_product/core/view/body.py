"""A mesh made ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio_product.core.mesh import Mesh

CREASE = 35.0
_THIN = 0.01
"""Of a face's longest side: its height."""
_LEAST = 1e-12
"""mm^2: so that a face without area is not without direction, where its neighbor has one."""


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
    like: NDArray[np.int64]
    """(faces,): the face whose direction each is shaded with: its own, or of a sliver its neighbor's."""
    closed: bool
    """Every edge joins two faces of one orientation, so the inside is never seen."""

    def moved(self, vertices: NDArray[np.float64]) -> Body:
        """The same body with the vertices of its mesh elsewhere: (vertices of the mesh, 3)."""
        points = np.asarray(vertices, np.float64)[self.source]
        return replace(self, vertices=points, normals=_point_normals(points, self.faces, self.like))


def body_of(mesh: Mesh, *, crease: float = CREASE) -> Body:
    """Smooth where neighboring faces turn by less than `crease` degrees."""
    count = len(mesh.faces)
    first, second, paired = _neighbors(mesh)
    normals = face_normals(mesh.vertices, mesh.faces)
    turn = np.einsum("ij,ij->i", normals[first // 3], normals[second // 3])
    sliver = _longest_of_slivers(mesh)
    soft = paired & ((turn > np.cos(np.radians(crease))) | sliver[first] | sliver[second])
    like = np.arange(count)
    for one, other in ((first, second), (second, first)):
        like[one[sliver[one]] // 3] = other[sliver[one]] // 3
    # The edge from corner c runs to the next corner of its face; its partner runs the other way.
    a, b = first[soft], second[soft]
    joined = np.concatenate([a, _next(a)]), np.concatenate([_next(b), b])
    points, group = connected(3 * count, *joined)
    source = np.zeros(points, np.int32)
    source[group] = mesh.faces.ravel()
    faces = group.reshape(-1, 3).astype(np.int32)
    vertices = np.asarray(mesh.vertices, np.float64)[source]
    sharp = first[~soft]
    edges = np.stack([group[sharp], group[_next(sharp)]], axis=1).astype(np.int32)
    return Body(
        vertices=vertices,
        normals=_point_normals(vertices, faces, like),
        faces=faces,
        source=source,
        edges=edges,
        like=like,
        closed=bool(paired.all() and count > 0),
    )


def connected(
    count: int, first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[int, NDArray[np.int64]]:
    """How many pieces `count` nodes make that are linked in pairs, and the number of each node's piece.

    SciPy has this too, but to import its graphs takes a third of a second, and the window draws bodies.
    """
    least = np.arange(count)
    while True:
        one, other = least[first], least[second]
        if np.array_equal(one, other):
            break
        np.minimum.at(least, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(further := least[least], least):
            least = further
    pieces, group = np.unique(least, return_inverse=True)
    return len(pieces), group.reshape(-1)


def _longest_of_slivers(mesh: Mesh) -> NDArray[np.bool_]:
    """(corners,): whether the edge that begins there is the longest of a face so thin that its normal means
    nothing."""
    corners = mesh.corners
    ahead = np.roll(corners, -1, axis=1) - corners
    length = np.linalg.norm(ahead, axis=2)
    longest = length.max(axis=1)
    height = np.linalg.norm(np.cross(ahead[:, 0], ahead[:, 1]), axis=1) / np.where(longest > 0, longest, 1)
    thin: NDArray[np.bool_] = (length == longest[:, None]) & (height < _THIN * longest)[:, None]
    return thin.ravel()


def face_normals(vertices: NDArray[np.float64], faces: NDArray[np.int32]) -> NDArray[np.float64]:
    """(faces, 3), of length 1; 0 for a face without area."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    return _unit(np.cross(b - a, c - a))


def _next(corner: NDArray[np.int64]) -> NDArray[np.int64]:
    """The next corner of the same face, where corner k of face f has the number 3 f + k."""
    return corner // 3 * 3 + (corner + 1) % 3


def _neighbors(mesh: Mesh) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """For each edge the corners at which its two faces begin it, and whether it is just two that run opposite
    ways. An open edge comes with itself."""
    begin = mesh.faces.ravel().astype(np.int64)
    end = np.roll(mesh.faces, -1, axis=1).ravel().astype(np.int64)
    key = np.minimum(begin, end) * (len(mesh.vertices) + 1) + np.maximum(begin, end)
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    many = np.diff(starts, append=len(order))
    first, last = order[starts], order[starts + many - 1]
    return first, last, (many == 2) & (begin[first] == end[last])


def _point_normals(
    vertices: NDArray[np.float64], faces: NDArray[np.int32], like: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Of the faces around each point, the larger ones more: (points, 3)."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    crossed = np.cross(b - a, c - a)
    area = np.linalg.norm(crossed, axis=1, keepdims=True)
    normals = np.repeat(_unit(crossed)[like] * np.maximum(area, _LEAST), 3, axis=0)
    sums = [np.bincount(faces.ravel(), along, minlength=len(vertices)) for along in normals.T]
    return _unit(np.stack(sums, axis=1)).astype(np.float32)


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: NDArray[np.float64] = vectors / np.where(length > 0, length, 1)
    return unit
