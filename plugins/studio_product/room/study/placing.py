"""New shapes where the user points: a side of the space, or around a point on it. And shapes made others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from studio_product.core.mesh import Mesh
from studio_product.core.studies.study import Box, Cylinder, Face, Point, Shape, Side, Sphere, Study
from studio_product.room.study.shapes import center_of, mesh_of, space_mesh
from studio_product.room.study.words import sides_of

PATCH = 0.16
"""Of the shorter edge of a face: how wide is what is put at a point of it."""

ShapeKind = Literal["face", "box", "cylinder", "sphere", "mesh"]


class Spot(Struct, frozen=True):
    """A point on the surface of the space (mm), and the side of the space that faces the same way."""

    point: Point
    side: Side


def spot_on(study: Study, meshes: Mapping[str, Mesh], origin: ArrayLike, way: ArrayLike) -> Spot | None:
    """Where a ray meets the space first; None if it goes by."""
    mesh = space_mesh(study, meshes)
    found = _first_hit(mesh, np.asarray(origin, float), np.asarray(way, float))
    if found is None:
        return None
    point, normal = found
    toward = normal[: study.dimensions]
    axis = int(np.argmax(np.abs(toward)))
    far = toward[axis] > 0
    if study.dimensions == 2 and abs(normal[2]) > 0.9:  # the flat of a plate: the nearest edge of it
        side = nearest_side(study, point)
    else:
        side = sides_of(study.dimensions)[2 * axis + int(far)]
    return Spot(_point(point), side)


def nearest_side(study: Study, point: ArrayLike) -> Side:
    """Of the space, as a part of how long that is."""
    size, sides = np.array(study.space.size), sides_of(study.dimensions)
    share = (np.asarray(point) / size)[: study.dimensions]
    return sides[int(np.argmin(np.stack([share, 1 - share], 1)))]


def middle_of(study: Study, side: Side) -> Spot:
    return Spot(_point(center_of(Face(side=side), study, {})), side)


def patch_at(study: Study, spot: Spot) -> Box:
    """A flat piece of the side around the point, whole on it."""
    size, axis = np.array(study.space.size), _axis(spot.side)
    others = [other for other in range(study.dimensions) if other != axis]
    width = PATCH * float(size[others].min())
    extent = np.zeros(3)
    extent[others] = width
    corner = np.clip(np.array(spot.point) - extent / 2, 0, size - extent)
    corner[axis] = size[axis] if spot.side[1] == "+" else 0.0
    if study.dimensions == 2:
        corner[2], extent[2] = 0.0, size[2]
    return Box(corner=_point(corner), size=_point(extent))


def hole_at(study: Study, spot: Spot) -> Cylinder:
    """Through the whole space, square to the side; in a plate square to the plate."""
    size, axis = np.array(study.space.size), _axis(spot.side) if study.dimensions == 3 else 2
    start, end = np.array(spot.point), np.array(spot.point)
    start[axis], end[axis] = 0.0, size[axis]
    return Cylinder(start=_point(start), end=_point(end), radius=_radius(study, axis))


def boss_at(study: Study, spot: Spot) -> Cylinder:
    """A short cylinder that begins at the side; in a plate a circle."""
    hole = hole_at(study, spot)
    if study.dimensions == 2:
        return hole
    axis = _axis(spot.side)
    depth = min(2 * hole.radius, study.space.size[axis])
    start, end = np.array(hole.start), np.array(hole.end)
    if spot.side[1] == "+":
        start[axis] = end[axis] - depth
    else:
        end[axis] = start[axis] + depth
    return Cylinder(start=_point(start), end=_point(end), radius=hole.radius)


def push(study: Study, spot: Spot, newtons: float) -> Point:
    """A force onto the side: downwards where it stands upright, else into it."""
    force = [0.0, 0.0, 0.0]
    upright = study.dimensions - 1
    axis = _axis(spot.side)
    if axis == upright:
        force[axis] = -newtons if spot.side[1] == "+" else newtons
    else:
        force[upright] = -newtons
    return force[0], force[1], force[2]


def kind_of(shape: Shape) -> ShapeKind:
    match shape:
        case Face():
            return "face"
        case Box():
            return "box"
        case Cylinder():
            return "cylinder"
        case Sphere():
            return "sphere"
    return "mesh"


def shape_as(kind: ShapeKind, shape: Shape, study: Study, meshes: Mapping[str, Mesh]) -> Shape:
    """Another sort of shape at about the same place and of about the same size."""
    if kind == kind_of(shape):
        return shape
    center = center_of(shape, study, meshes)
    low, high = _bounds(shape, study, meshes)
    extent = high - low
    match kind:
        case "face":
            return Face(side=nearest_side(study, center))
        case "box":
            return Box(corner=_point(low), size=_point(extent))
        case "sphere":
            widest = float(extent[: study.dimensions].max())
            return Sphere(center=_point(center), radius=_round(widest / 2) or _radius(study, 2))
    return _cylinder(study, center, extent)


def _cylinder(study: Study, center: NDArray[np.float64], extent: NDArray[np.float64]) -> Cylinder:
    """Along the axis across which it is roundest."""
    axis = 2
    if study.dimensions == 3:
        across = [np.delete(extent, axis) for axis in range(3)]
        axis = int(np.argmin([abs(a - b) / max(a, b, 1e-9) for a, b in across]))
    wide = float(np.delete(extent, axis)[: study.dimensions - 1].mean()) or 2 * _radius(study, axis)
    start, end = center.copy(), center.copy()
    start[axis] -= extent[axis] / 2
    end[axis] += extent[axis] / 2
    if study.dimensions == 2:
        start[axis], end[axis] = 0.0, study.space.size[axis]
    elif extent[axis] == 0:  # a little into the space
        inwards = 1 if 2 * center[axis] < study.space.size[axis] else -1
        end[axis] += inwards * wide / 10
    return Cylinder(start=_point(start), end=_point(end), radius=_round(wide / 2))


def _bounds(
    shape: Shape, study: Study, meshes: Mapping[str, Mesh]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Without the thickness that a shape only has to be seen."""
    if isinstance(shape, Box):
        return np.array(shape.corner), np.array(shape.corner) + np.array(shape.size)
    if isinstance(shape, Face):
        axis = _axis(shape.side)
        low, high = np.zeros(3), np.array(study.space.size)
        low[axis] = high[axis] = high[axis] if shape.side[1] == "+" else 0.0
        return low, high
    mesh = mesh_of(shape, study, meshes)
    size = np.array(study.space.size)
    return mesh.bounds if mesh is not None else (size / 4, 3 * size / 4)


def _first_hit(
    mesh: Mesh, origin: NDArray[np.float64], way: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Point and normal of the nearest face that a ray meets (Moeller and Trumbore 1997)."""
    a, b, c = np.moveaxis(mesh.corners, 1, 0)
    along, beside = b - a, c - a
    across = np.cross(way, beside)
    size = np.einsum("ij,ij->i", along, across)
    offset, faced = origin - a, np.abs(size) > 1e-12 * np.abs(size).max()
    size = np.where(faced, size, 1.0)  # the others are seen edge on
    turned = np.cross(offset, along)
    u = np.einsum("ij,ij->i", offset, across) / size
    v = turned @ way / size
    depth = np.einsum("ij,ij->i", beside, turned) / size
    hit = faced & (u >= 0) & (v >= 0) & (u + v <= 1) & (depth > 0)
    if not hit.any():
        return None
    face = int(np.argmin(np.where(hit, depth, np.inf)))
    normal = np.cross(along[face], beside[face])
    return origin + depth[face] * way, normal / np.linalg.norm(normal)


def _axis(side: Side) -> int:
    return "xyz".index(side[0])


def _radius(study: Study, axis: int) -> float:
    others = [length for number, length in enumerate(study.space.size) if number != axis]
    return _round(min(others) * PATCH / 2)


def _round(value: float) -> float:
    """mm, as a designer would write it."""
    return float(f"{value:.2g}")


def _point(values: NDArray[np.float64]) -> Point:
    x, y, z = (round(float(value), 3) for value in values)
    return x + 0.0, y + 0.0, z + 0.0
