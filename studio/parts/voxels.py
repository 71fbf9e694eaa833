"""The shapes of a study on a grid: the share of each cell they fill, and their distance to points."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from studio.core.study import Box, Cylinder, Face, Shape, Side, Solid, Sphere
from studio.errors import BadInput
from studio.parts.grid import Grid
from studio.parts.mesh import Mesh
from studio.parts.voxelize import mesh_coverage
from studio.words import tr

Floats = NDArray[np.float64]

SAMPLES = {2: 16, 3: 6}
"""Along each edge of a cell that a round shape cuts, by the dimensions: its share is then good to 1 %."""


def shape_coverage(shape: Shape, grid: Grid, meshes: Mapping[str, Mesh]) -> NDArray[np.float32]:
    """The share of each cell's volume inside a shape: (*cells), 0 to 1. A face has no volume.

    Args:
        meshes: By a `Solid`'s file, as the file has them: the shape's scale and offset are applied here.

    Raises:
        BadInput: The mesh is not among `meshes`.
    """
    match shape:
        case Face():
            return np.zeros(grid.cells, np.float32)
        case Box():
            return _box_coverage(shape, grid)
        case Solid():
            return mesh_coverage(placed(shape, meshes), grid)
        case Cylinder() | Sphere():
            return _round_coverage(shape, grid)


def placed(solid: Solid, meshes: Mapping[str, Mesh]) -> Mesh:
    """The mesh of a solid where the study has it.

    Raises:
        BadInput: It is not among `meshes`.
    """
    if solid.file not in meshes:
        raise BadInput(
            tr("The study needs the shape “{file}”, which was not given.", file=solid.file),
            tr("Give its file, or take it out of the study."),
        )
    mesh = meshes[solid.file]
    return Mesh(mesh.vertices * solid.scale + np.array(solid.offset), mesh.faces)


def face_box(side: Side, grid: Grid) -> Box:
    """A side of the space as a flat box."""
    axis = "xyz".index(side[0])
    size = [*grid.size, grid.thickness][:3]
    corner = [0.0, 0.0, 0.0]
    if side[1] == "+":
        corner[axis] = size[axis]
    size[axis] = 0.0
    return Box(corner=(corner[0], corner[1], corner[2]), size=(size[0], size[1], size[2]))


def interval(box: Box, axis: int) -> tuple[float, float]:
    return box.corner[axis], box.corner[axis] + box.size[axis]


def round_distance(shape: Cylinder | Sphere, points: Floats) -> Floats:
    """mm from points (..., 2 or 3) to the surface, negative inside. In two dimensions both are circles.

    Beyond the rim of a cylinder it is a little less than the distance, which only matters far outside.
    """
    dimensions = points.shape[-1]
    match shape:
        case Sphere():
            return np.asarray(np.linalg.norm(points - shape.center[:dimensions], axis=-1) - shape.radius)
        case Cylinder() if dimensions == 2:
            return np.asarray(np.linalg.norm(points - shape.start[:2], axis=-1) - shape.radius)
        case Cylinder():
            return _cylinder_distance(shape, points)


def _cylinder_distance(cylinder: Cylinder, points: Floats) -> Floats:
    start, end = np.array(cylinder.start), np.array(cylinder.end)
    length = float(np.linalg.norm(end - start))
    axis = (end - start) / length
    from_middle = points - (start + end) / 2
    along = from_middle @ axis
    # Not by Pythagoras from the length of `from_middle`: that loses half the digits near the axis.
    across = np.linalg.norm(from_middle - along[..., None] * axis, axis=-1)
    return np.maximum(across - cylinder.radius, np.abs(along) - length / 2)


def _box_coverage(box: Box, grid: Grid) -> NDArray[np.float32]:
    covered = np.ones((1,) * grid.dimensions)
    for axis, (count, step) in enumerate(zip(grid.cells, grid.spacing, strict=True)):
        low, high = interval(box, axis)
        edges = np.arange(count + 1) * step
        overlap = np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)
        share = np.clip(overlap / step, 0, 1)
        covered = covered * np.expand_dims(share, tuple(a for a in range(grid.dimensions) if a != axis))
    return covered.astype(np.float32)


def _round_coverage(shape: Cylinder | Sphere, grid: Grid) -> NDArray[np.float32]:
    """Full and empty cells by the distance of their centers, those on the surface by samples; a sample counts
    by its own depth, so plane caps come out exact."""
    centers = grid.centers()
    reach = float(np.linalg.norm(grid.spacing)) / 2
    distance = round_distance(shape, centers)
    covered = np.where(distance < 0, 1.0, 0.0)
    cut = np.abs(distance) < reach
    per_edge = SAMPLES[grid.dimensions]
    steps = [(np.arange(per_edge) + 0.5) / per_edge - 0.5 for _ in grid.cells]
    offsets = np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, grid.dimensions)
    samples = centers[cut][:, None, :] + offsets * np.array(grid.spacing)
    thickness = float(np.mean(grid.spacing)) / per_edge
    depth = 0.5 - round_distance(shape, samples) / thickness
    covered[cut] = np.clip(depth, 0, 1).mean(axis=1)
    return covered.astype(np.float32)
