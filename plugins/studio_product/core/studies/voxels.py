"""The shapes of a study on a grid: the share of each cell they fill, and their distance to points."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from studio.api.values import BadInput, tr
from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.studies.study import Box, Cylinder, Face, Shape, Side, Solid, Sphere
from studio_product.core.studies.voxelize import mesh_coverage

Floats = NDArray[np.float64]

SAMPLES = {2: 16, 3: 4}
"""Along each edge of a cell that a round shape cuts, by the dimensions: its share is then good to 2 %."""


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
            return _length(points - np.array(shape.center[:dimensions])) - shape.radius
        case Cylinder() if dimensions == 2:
            return _length(points - np.array(shape.start[:2])) - shape.radius
        case Cylinder():
            return _cylinder_distance(shape, points)


def nodes_near(shape: Cylinder | Sphere, grid: Grid, distance: float) -> NDArray[np.bool_]:
    """(*nodes): inside a shape, or at most so many mm away from it."""
    near = np.zeros(grid.nodes, bool)
    window = _window(shape, grid, grid.nodes, distance)
    near[window] = round_distance(shape, _places(grid, window, 0.0)) <= distance
    return near


def _cylinder_distance(cylinder: Cylinder, points: Floats) -> Floats:
    start, end = np.array(cylinder.start), np.array(cylinder.end)
    length = float(np.linalg.norm(end - start))
    axis = (end - start) / length
    from_middle = points - (start + end) / 2
    along = from_middle @ axis
    # Not by Pythagoras from the length of `from_middle`: that loses half the digits near the axis.
    across = _length(from_middle - along[..., None] * axis)
    distance: Floats = np.maximum(across - cylinder.radius, np.abs(along) - length / 2)
    return distance


def _length(vectors: Floats) -> Floats:
    length: Floats = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))
    return length


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
    covered = np.zeros(grid.cells, np.float32)
    window = _window(shape, grid, grid.cells, 0.0)
    centers = _places(grid, window, 0.5)
    distance = round_distance(shape, centers)
    inside = np.where(distance < 0, 1.0, 0.0)
    cut = np.abs(distance) < float(np.linalg.norm(grid.spacing)) / 2
    per_edge = SAMPLES[grid.dimensions]
    steps = [(np.arange(per_edge) + 0.5) / per_edge - 0.5 for _ in grid.cells]
    offsets = np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, grid.dimensions)
    samples = centers[cut][:, None, :] + offsets * np.array(grid.spacing)
    thickness = float(np.mean(grid.spacing)) / per_edge
    depth = 0.5 - round_distance(shape, samples) / thickness
    inside[cut] = np.clip(depth, 0, 1).mean(axis=1)
    covered[window] = inside
    return covered


def _window(
    shape: Cylinder | Sphere, grid: Grid, counts: tuple[int, ...], margin: float
) -> tuple[slice, ...]:
    """Of an array over cells or nodes: where the shape with a margin (mm) can be."""
    ends = (shape.start, shape.end) if isinstance(shape, Cylinder) else (shape.center,)
    window = []
    for axis, (count, step) in enumerate(zip(counts, grid.spacing, strict=True)):
        # In two dimensions only a cylinder's start counts.
        places = [end[axis] for end in (ends if grid.dimensions == 3 else ends[:1])]
        first = math.floor((min(places) - shape.radius - margin) / step)
        last = math.ceil((max(places) + shape.radius + margin) / step) + 1
        window.append(slice(min(max(first, 0), count), min(max(last, 0), count)))
    return tuple(window)


def _places(grid: Grid, window: tuple[slice, ...], shift: float) -> Floats:
    """(*window, dimensions), mm: nodes, or with a shift of half a cell the centers of cells."""
    axes = [
        (np.arange(at.start, at.stop) + shift) * step for at, step in zip(window, grid.spacing, strict=True)
    ]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
