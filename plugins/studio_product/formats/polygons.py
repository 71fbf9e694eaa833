"""The flat faces of a triangle mesh: neighbors in one plane become one polygon, with holes where it has them.

A mesh of a designed part is flat where it touches its space and where the optimizer left straight cuts;
whoever opens it in a CAD program wants to select such a face as one, not as hundreds of triangles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studio_product.core.files.mesh_clean import half_edges, twins
from studio_product.core.mesh import Mesh

Vector = tuple[float, float, float]
Loop = list[int]
"""Rows of vertices. With the face seen from outside it runs counterclockwise; around a hole clockwise."""

_TOWARD = 0.9
"""Cosine: a neighbor in the plane must face the same way, not be folded back."""


@dataclass(frozen=True)
class Polygon:
    normal: Vector
    """Unit, out of the solid."""
    loops: list[Loop]
    """The outer one first, then those around holes."""


def polygons(mesh: Mesh, tolerance: float) -> list[Polygon]:
    """The faces of a closed manifold mesh. No vertex is farther than `tolerance` (mm) from the plane of its
    face, two faces share whole edges only, and vertices in the middle of a straight edge are left out.

    A set of neighbors whose outline is not one polygon with holes in it stays in triangles.
    """
    border = _Borders(mesh, tolerance)
    while tangled := border.tangled():
        border.dissolve(tangled)
    found = border.polygons(straighten=True)
    return found if _fit_together(found) else border.polygons(straighten=False)


class _Borders:
    """Half-edge h begins at corner h % 3 of face h // 3. It is a border where the face of its twin is of
    another region."""

    def __init__(self, mesh: Mesh, tolerance: float) -> None:
        self._mesh = mesh
        self._points: list[Vector] = [tuple(row) for row in mesh.vertices.tolist()]
        self._tolerance = tolerance
        self._ends = half_edges(mesh.faces)
        self._start: list[int] = self._ends[:, 0].tolist()
        self._twin_row = twins(mesh)
        self._twin: list[int] = self._twin_row.tolist()
        a, b, c = np.moveaxis(mesh.corners, 1, 0)
        cross = np.cross(b - a, c - a)
        self._doubled = np.linalg.norm(cross, axis=1)
        self._normals = cross / np.maximum(self._doubled, np.finfo(float).tiny)[:, None]
        self._region, self._planes = self._grow()

    def _grow(self) -> tuple[list[int], list[int]]:
        """For each face the number of its region, and for each region the face whose plane it lies in.
        Regions grow from the largest faces, whose planes are the surest."""
        slivers = self._slivers()
        normals, offsets = (
            self._normals.tolist(),
            np.einsum("ij,ij->i", self._normals, self._mesh.corners[:, 0]),
        )
        corners = self._mesh.corners.tolist()
        joins = self._may_join(slivers)
        planes: list[int] = []
        region = [-1] * len(corners)
        for seed in np.argsort(-self._doubled, kind="stable").tolist():
            if region[seed] >= 0:
                continue
            (x, y, z), offset = normals[seed], float(offsets[seed])
            region[seed] = len(planes)
            waiting = [seed]
            while waiting:
                face = waiting.pop()
                for edge in range(3 * face, 3 * face + 3):
                    other = self._twin[edge] // 3
                    if region[other] >= 0 or not joins[edge]:
                        continue
                    same = normals[other][0] * x + normals[other][1] * y + normals[other][2] * z > _TOWARD
                    if (same or slivers[other]) and all(
                        abs(p * x + q * y + r * z - offset) <= self._tolerance for p, q, r in corners[other]
                    ):
                        region[other] = len(planes)
                        waiting.append(other)
            planes.append(seed)
        return region, planes

    def _slivers(self) -> list[bool]:
        """Faces that are flatter than the tolerance, so that their normals say nothing."""
        lengths = np.linalg.norm(np.diff(self._mesh.vertices[self._ends], axis=1)[:, 0], axis=1).reshape(
            -1, 3
        )
        flat: list[bool] = (self._doubled <= self._tolerance / 2 * lengths.max(axis=1)).tolist()
        return flat

    def _may_join(self, slivers: list[bool]) -> list[bool]:
        """Half-edges over which the neighbor's far corner is near the face's plane: a quick look at all at
        once, since most edges of a curved surface fail it."""
        far = self._ends[(self._twin_row // 3) * 3 + (self._twin_row + 2) % 3, 0]
        face = np.arange(len(self._twin_row)) // 3
        away = self._mesh.vertices[far] - self._mesh.vertices[self._ends[:, 0]]
        height = np.abs(np.einsum("ij,ij->i", away, self._normals[face]))
        near: list[bool] = ((height <= 2 * self._tolerance) | np.array(slivers)[face]).tolist()
        return near

    def _is_border(self, edge: int) -> bool:
        return self._region[edge // 3] != self._region[self._twin[edge] // 3]

    def _loops(self) -> Iterator[tuple[int, Loop]]:
        """Every simple loop of every region."""
        done = [False] * len(self._twin)
        for first in range(len(self._twin)):
            if done[first] or not self._is_border(first):
                continue
            around, edge = [], first
            while not done[edge]:
                done[edge] = True
                around.append(self._start[edge])
                edge = self._following(edge)
                while not self._is_border(edge):  # around the corner, through the fan of this region's faces
                    edge = self._following(self._twin[edge])
            for loop in _simple(around):
                yield self._region[first // 3], loop

    @staticmethod
    def _following(edge: int) -> int:
        return edge - 2 if edge % 3 == 2 else edge + 1

    def tangled(self) -> set[int]:
        """Regions that are not one polygon with holes: of several outlines, or of none."""
        outlines = [0] * len(self._planes)
        for region, loop in self._loops():
            outlines[region] += self._turns_left(region, loop)
        sizes = np.bincount(self._region)
        return {region for region, count in enumerate(outlines) if count != 1 and sizes[region] > 1}

    def dissolve(self, regions: set[int]) -> None:
        for face, region in enumerate(self._region):
            if region in regions and face != self._planes[region]:
                self._region[face] = len(self._planes)
                self._planes.append(face)

    def _turns_left(self, region: int, loop: Loop) -> bool:
        """The sign of its area (Newell's sum), seen against the region's normal."""
        area = 0.0
        nx, ny, nz = self._normals[self._planes[region]].tolist()
        ox, oy, oz = self._points[loop[0]]
        for one, other in pairwise(loop[1:]):
            ax, ay, az = self._points[one]
            bx, by, bz = self._points[other]
            ax, ay, az, bx, by, bz = ax - ox, ay - oy, az - oz, bx - ox, by - oy, bz - oz
            area += nx * (ay * bz - az * by) + ny * (az * bx - ax * bz) + nz * (ax * by - ay * bx)
        return area > 0

    def polygons(self, *, straighten: bool) -> list[Polygon]:
        straight = self._straight() if straighten else set()
        loops: list[list[Loop]] = [[] for _ in self._planes]
        for region, loop in self._loops():
            place = 0 if self._turns_left(region, loop) else len(loops[region])
            loops[region].insert(place, self._without(loop, straight))
        normals = self._normals[self._planes].tolist()
        return [Polygon(tuple(normal), found) for normal, found in zip(normals, loops, strict=True)]

    def _straight(self) -> set[int]:
        """Vertices at which two border edges meet, in one line."""
        edges = self._ends[[edge for edge in range(len(self._twin)) if self._is_border(edge)]]
        starts, ends = edges[np.argsort(edges[:, 0], kind="stable")].T
        vertices, first, count = np.unique(starts, return_index=True, return_counts=True)
        middle, first = vertices[count == 2], first[count == 2]
        points = self._mesh.vertices
        off = _distances(points[middle], points[ends[first]], points[ends[first + 1]])
        return set(middle[off <= self._tolerance].tolist())

    def _without(self, loop: Loop, straight: set[int]) -> Loop:
        """Leaves out what is near the chord between two corners; the face beyond decides the same."""
        corners = [place for place, vertex in enumerate(loop) if vertex not in straight]
        if len(corners) in (0, 1, len(loop)):
            return loop
        kept: Loop = []
        for begin, end in zip(corners, [*corners[1:], corners[0] + len(loop)], strict=True):
            chain = [loop[place % len(loop)] for place in range(begin, end)]
            points = self._mesh.vertices[chain]
            last = self._mesh.vertices[loop[end % len(loop)]]
            is_near = len(chain) == 1 or _distances(points, points[:1], last[None]).max() <= self._tolerance
            kept += chain[:1] if is_near else chain
        return kept


def _fit_together(found: list[Polygon]) -> bool:
    """Whether each edge is there once, and once the other way round, in another place."""
    loops = [loop for polygon in found for loop in polygon.loops]
    edges = [edge for loop in loops for edge in pairwise([*loop, loop[0]])]
    there = set(edges)
    return len(there) == len(edges) and all((b, a) in there for a, b in edges) and min(map(len, loops)) > 2


def _simple(around: Loop) -> Iterator[Loop]:
    """A walk that comes by a vertex twice, cut there into loops that touch."""
    path: Loop = []
    place: dict[int, int] = {}
    for vertex in around:
        if vertex in place:
            begin = place[vertex]
            yield path[begin:]
            for gone in path[begin:]:
                del place[gone]
            del path[begin:]
        place[vertex] = len(path)
        path.append(vertex)
    yield path


def _distances(
    points: NDArray[np.float64], starts: NDArray[np.float64], ends: NDArray[np.float64]
) -> NDArray[np.float64]:
    """From each point to the line through a start and an end."""
    along = ends - starts
    length = np.maximum(np.linalg.norm(along, axis=1), np.finfo(float).tiny)
    distance: NDArray[np.float64] = np.linalg.norm(np.cross(along, points - starts), axis=1) / length
    return distance
