"""The shapes of a study as exact bodies, and as exact outlines for plates."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from manifold3d import CrossSection, Error, Manifold, Mesh64
from numpy.typing import NDArray

from studio.api import BadInput, tr
from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.studies.domain import Domain
from studio_product.core.studies.study import Box, Cylinder, Face, Load, Shape, Solid, Sphere, Study, Support

_LONGEST = 2.0
"""Spacings."""
_SPLITS = 2
_Block = tuple[tuple[int, ...], tuple[int, ...]]
_ROUND = 0.004
"""Of the spacing: how far a round shape's facets may lie inside of it."""


def body_of(shape: Shape, grid: Grid, meshes: Mapping[str, Mesh]) -> Manifold:
    """A shape in three dimensions; one without volume is empty."""
    match shape:
        case Box():
            return Manifold.cube(shape.size).translate(shape.corner)
        case Sphere():
            return Manifold.sphere(shape.radius, _segments(shape.radius, grid)).translate(shape.center)
        case Cylinder():
            return _cylinder(shape, grid)
        case Solid():
            return _solid(shape, meshes)
        case Face():
            return Manifold()


def outline_of(shape: Shape, grid: Grid, meshes: Mapping[str, Mesh]) -> CrossSection:
    """A shape of a plate; one without area is empty."""
    match shape:
        case Box():
            return CrossSection.square(shape.size[:2]).translate(shape.corner[:2])
        case Sphere():
            return _circle(shape.radius, shape.center, grid)
        case Cylinder():
            return _circle(shape.radius, shape.start, grid)
        case Solid():
            return body_of(shape, grid, meshes).slice(grid.thickness / 2)
        case Face():
            return CrossSection()


def manifold_of(mesh: Mesh) -> Manifold:
    return Manifold(Mesh64(np.asarray(mesh.vertices, np.float64), mesh.faces.astype(np.uint64)))


def meshed(body: Manifold, spacing: float) -> Mesh:
    """A body's surface, where long edges are split: colors on flat faces need vertices to stand on."""
    for _ in range(_SPLITS):  # once leaves some inside of long faces
        body = body.refine_to_length(_LONGEST * spacing)
    made = body.to_mesh64()
    return Mesh(np.array(made.vert_properties[:, :3]), np.array(made.tri_verts, np.int32))


def pads(study: Study, domain: Domain) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """The cells that supports and loads on plane patches keep full, as blocks: their least and greatest
    corners, mm. Cells at round patches would make steps: there keep-outs and the field are the shape."""
    grid = domain.grid
    things: list[Support | Load] = list(study.supports)
    things += [load for case in study.cases for load in case.loads]
    blocks: dict[_Block, None] = {}
    for thing, patch in zip(things, domain.patches, strict=True):
        if isinstance(thing.shape, Box | Face):
            kept = np.zeros(grid.cell_count, bool)
            kept[patch.kept] = True
            blocks |= dict.fromkeys(_blocks(kept.reshape(grid.cells)))
    spacing = np.array(grid.spacing)
    return [(np.array(low) * spacing, np.array(high) * spacing) for low, high in blocks]


def _blocks(kept: NDArray[np.bool_]) -> list[_Block]:
    """Boxes of cells that fill a mask, each as its first cell and the one after its last."""
    found = []
    rest = kept.copy()
    for low in np.argwhere(kept):
        if not rest[tuple(low)]:
            continue
        high = low + 1
        for axis in reversed(range(kept.ndim)):
            while high[axis] < kept.shape[axis]:
                ahead = [slice(a, b) for a, b in zip(low, high, strict=True)]
                ahead[axis] = slice(high[axis], high[axis] + 1)
                if not rest[tuple(ahead)].all():
                    break
                high[axis] += 1
        rest[tuple(slice(a, b) for a, b in zip(low, high, strict=True))] = False
        found.append((tuple(low.tolist()), tuple(high.tolist())))
    return found


def _solid(shape: Solid, meshes: Mapping[str, Mesh]) -> Manifold:
    body = manifold_of(meshes[shape.file])
    if body.status() != Error.NoError:
        raise BadInput(
            tr(
                "The shape “{file}” is no closed body: its surface has gaps, or crosses itself.",
                file=shape.file,
            ),
            tr("Close it in a mesh program (“make manifold”), then give it again."),
        )
    return body.scale((shape.scale,) * 3).translate(shape.offset)


def _circle(radius: float, center: tuple[float, float, float], grid: Grid) -> CrossSection:
    return CrossSection.circle(radius, _segments(radius, grid)).translate(center[:2])


def _segments(radius: float, grid: Grid) -> int:
    sagitta = min(1.0, _ROUND * min(grid.spacing) / radius)
    return 4 * math.ceil(min(64.0, max(6.0, math.pi / math.acos(1 - sagitta) / 4)))


def _cylinder(shape: Cylinder, grid: Grid) -> Manifold:
    start, end = np.array(shape.start), np.array(shape.end)
    length = float(np.linalg.norm(end - start))
    along = (end - start) / length
    side = np.eye(3)[np.argmin(np.abs(along))]
    across = np.cross(side, along)
    across /= np.linalg.norm(across)
    frame = np.stack([across, np.cross(along, across), along, start], axis=1)
    return Manifold.cylinder(length, shape.radius, -1.0, _segments(shape.radius, grid)).transform(frame)
