"""The shapes of a study as meshes to look at, in mm.

What has no thickness (a face, a plate, a line, a point) is given a little, so that it is seen and clicked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio_product.core.mesh import Mesh
from studio_product.core.studies.study import Box, Cylinder, Face, Point, Shape, Solid, Space, Sphere, Study

THIN = 0.008
"""Of the space's diagonal: how thick is drawn what has no thickness."""
_ROUND = 40
"""Corners of a circle."""
_BOX_FACES = np.array(
    [
        [0, 2, 3], [0, 3, 1], [4, 5, 7], [4, 7, 6], [0, 1, 5], [0, 5, 4],
        [2, 6, 7], [2, 7, 3], [0, 4, 6], [0, 6, 2], [1, 3, 7], [1, 7, 5],
    ],
    np.int32,
)  # fmt: skip
"""Of the corners in the order of the binary numbers zyx, counterclockwise from outside."""


def diagonal(space: Space) -> float:
    """mm, of the space's box."""
    return math.hypot(*space.size)


def mesh_of(shape: Shape, study: Study, meshes: Mapping[str, Mesh]) -> Mesh | None:
    """A shape as it is seen; None for a file that is not there."""
    size = study.space.size
    thin = THIN * diagonal(study.space)
    match shape:
        case Face():
            return box(*_plate(shape.side, size, thin))
        case Box():
            corner, extent = (np.array(values, float) for values in (shape.corner, shape.size))
            if study.dimensions == 2:
                corner[2], extent[2] = 0.0, size[2]
            slim = np.maximum(extent, thin)
            return box(corner - (slim - extent) / 2, slim)
        case Cylinder() if study.dimensions == 2:
            return disk(shape.start, shape.radius, size[2])
        case Cylinder():
            return cylinder(shape.start, shape.end, shape.radius)
        case Sphere() if study.dimensions == 2:
            return disk(shape.center, shape.radius, size[2])
        case Sphere():
            return sphere(shape.center, shape.radius)
        case Solid():
            found = meshes.get(shape.file)
            return found and Mesh(found.vertices * shape.scale + np.array(shape.offset), found.faces)


def center_of(shape: Shape, study: Study, meshes: Mapping[str, Mesh]) -> NDArray[np.float64]:
    """Of its bounds, without the thickness that it only has to be seen; the space's for a missing file."""
    size = np.array(study.space.size)
    match shape:
        case Face():
            axis, is_far = "xyz".index(shape.side[0]), shape.side[1] == "+"
            middle = size / 2
            middle[axis] = size[axis] if is_far else 0.0
            return middle
        case Box():
            found = np.array(shape.corner) + np.array(shape.size) / 2
        case Cylinder():
            found = (np.array(shape.start) + np.array(shape.end)) / 2
        case Sphere():
            found = np.array(shape.center)
        case Solid():
            mesh = mesh_of(shape, study, meshes)
            found = size / 2 if mesh is None else np.mean(mesh.bounds, axis=0)
    if study.dimensions == 2:
        found[2] = size[2] / 2
    return found


def space_mesh(study: Study, meshes: Mapping[str, Mesh]) -> Mesh:
    """What may be filled: the shape from a file, else the whole box."""
    shape = study.space.shape
    mesh = mesh_of(shape, study, meshes) if shape is not None else None
    return mesh or box(np.zeros(3), np.array(study.space.size))


def space_edges(study: Study) -> NDArray[np.float64]:
    """(12, 2, 3): the edges of the space's box."""
    corners = box(np.zeros(3), np.array(study.space.size)).vertices
    pairs = [(a, b) for a in range(8) for b in range(a + 1, 8) if (a ^ b) in (1, 2, 4)]
    return corners[np.array(pairs)]


def box(corner: NDArray[np.float64], size: NDArray[np.float64]) -> Mesh:
    bits = np.array([[n & 1, n >> 1 & 1, n >> 2 & 1] for n in range(8)], float)
    return Mesh(corner + bits * size, _BOX_FACES)


def disk(center: Sequence[float], radius: float, thickness: float) -> Mesh:
    """A circle in the plane of a plate, through all of it."""
    x, y = center[0], center[1]
    return cylinder((x, y, 0.0), (x, y, thickness), radius)


def cylinder(start: ArrayLike, end: ArrayLike, radius: float) -> Mesh:
    """A point at both ends where they are one."""
    return _turned(start, end, [(0.0, radius), (1.0, radius)])


def arrow(start: ArrayLike, end: ArrayLike, radius: float) -> Mesh:
    """A shaft with a head that ends at `end`; the head is three times as wide."""
    length = float(np.linalg.norm(np.subtract(end, start)))
    neck = max(0.0, 1 - 8 * radius / length)
    return _turned(start, end, [(0.0, radius), (neck, radius), (neck, 3 * radius), (1.0, 0.0)])


def curl(center: ArrayLike, axis: ArrayLike, reach: float, radius: float) -> Mesh:
    """Three quarters of a turn about an axis, with a head: a moment by the right hand."""
    along, across, upward = frame_of(axis)
    angles = np.linspace(0.0, 1.5 * math.pi, 28)
    middle = np.array(center, float)

    def at(angle: float) -> NDArray[np.float64]:
        return middle + reach * (math.cos(angle) * across + math.sin(angle) * upward)

    pieces = [cylinder(at(a), at(b), radius) for a, b in pairwise(angles[:-1])]
    last, ahead = at(angles[-2]), np.cross(along, at(angles[-2]) - middle) / reach
    pieces.append(_turned(last, last + 7 * radius * ahead, [(0.0, 3 * radius), (1.0, 0.0)]))
    return joined(pieces)


def sphere(center: ArrayLike, radius: float) -> Mesh:
    turns = np.linspace(0.0, math.pi, _ROUND // 2 + 1)
    middle, reach = np.array(center, float), np.array([0.0, 0.0, radius])
    profile = [((1 - math.cos(turn)) / 2, radius * math.sin(turn)) for turn in turns]
    return _turned(middle - reach, middle + reach, profile)


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """All of them as one."""
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes)])
    faces = [mesh.faces + start for mesh, start in zip(meshes, starts[:-1], strict=True)]
    return Mesh(np.concatenate([mesh.vertices for mesh in meshes]), np.concatenate(faces).astype(np.int32))


def frame_of(axis: ArrayLike) -> NDArray[np.float64]:
    """Three unit vectors in rows, by the right hand: the axis (z where it has no length), two across it."""
    along = np.array(axis, float)
    length = np.linalg.norm(along)
    along = along / length if length else np.array([0.0, 0.0, 1.0])
    across = np.cross(np.eye(3)[np.argmin(np.abs(along))], along)
    across /= np.linalg.norm(across)
    return np.stack([along, across, np.cross(along, across)])


def _turned(start: ArrayLike, end: ArrayLike, profile: Sequence[tuple[float, float]]) -> Mesh:
    """A solid of revolution about the line from start to end; the profile is (way along it, radius)."""
    begin, way = np.array(start, float), np.subtract(end, start).astype(float)
    _, across, upward = frame_of(way)
    angles = 2 * math.pi * np.arange(_ROUND) / _ROUND
    ring = np.cos(angles)[:, None] * across + np.sin(angles)[:, None] * upward
    rings = [begin + share * way + radius * ring for share, radius in profile]
    ends = [begin + profile[0][0] * way, begin + profile[-1][0] * way]
    here, after = np.arange(_ROUND), (np.arange(_ROUND) + 1) % _ROUND
    faces = []
    for low in range(0, _ROUND * (len(profile) - 1), _ROUND):
        high = low + _ROUND
        faces += [np.stack([low + here, low + after, high + after], 1)]
        faces += [np.stack([low + here, high + after, high + here], 1)]
    first, top = _ROUND * len(profile), _ROUND * (len(profile) - 1)
    faces += [np.stack([np.full(_ROUND, first), after, here], 1)]
    faces += [np.stack([np.full(_ROUND, first + 1), top + here, top + after], 1)]
    return Mesh(np.concatenate([*rings, ends]), np.concatenate(faces).astype(np.int32))


def _plate(side: str, size: Point, thin: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corner and size of a thin box upon a side of the space, outside of it."""
    axis = "xyz".index(side[0])
    corner, extent = np.zeros(3), np.array(size, float)
    corner[axis] = size[axis] if side[1] == "+" else -thin
    extent[axis] = thin
    return corner, extent
