"""How much of each cell a closed mesh fills: exact, by the divergence theorem."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh

Triangles = NDArray[np.float64]
"""(n, 3 corners, 3), in units of cells from the grid's origin."""

AT_ONCE = 100_000
"""Triangles: bounds the memory whatever the mesh."""

TINY = 1e-9
"""Of a cell: what crosses a plane by less does not cross it."""


def mesh_coverage(mesh: Mesh, grid: Grid) -> NDArray[np.float32]:
    """The share of each cell's volume inside a closed mesh: (*cells), 0 to 1.

    Every triangle is cut along the planes between cells. The volume between a piece and the floor of its cell
    counts for that cell, and the piece's shadow for the whole height of the cells below: added where the
    piece looks up, taken away where it looks down. So the result is exact to rounding, without any sampling.

    On a plate's grid the mesh counts between z = 0 and the thickness. Where bodies overlap, a cell is full
    once. An open mesh gives nonsense; see `is_closed`.
    """
    plate = grid.dimensions == 2
    cells = np.array((*grid.cells, 1) if plate else grid.cells)
    spacing = np.array((*grid.spacing, grid.thickness) if plate else grid.spacing)
    partial, shadow = np.zeros((2, cells.prod()))
    for first in range(0, len(mesh.faces), AT_ONCE):
        triangles = mesh.vertices[mesh.faces[first : first + AT_ONCE]] / spacing
        _add(_pieces(triangles, cells), cells, partial, shadow)
    shadow = shadow.reshape(cells)
    above = np.cumsum(shadow[..., ::-1], axis=2)[..., ::-1] - shadow
    inside = partial.reshape(cells) + above
    if mesh.volume < 0:
        inside = -inside
    covered: NDArray[np.float32] = np.clip(inside, 0, 1).astype(np.float32).reshape(grid.cells)
    return covered


def is_closed(mesh: Mesh) -> bool:
    """Whether the triangles pass every edge as often in one direction as in the other."""
    count = len(mesh.vertices)
    faces = mesh.faces.astype(np.int64)
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    there, back = np.sort(start * count + end), np.sort(end * count + start)
    return len(faces) > 0 and bool(np.array_equal(there, back))


def _add(
    pieces: Triangles, cells: NDArray[np.int64], partial: NDArray[np.float64], shadow: NDArray[np.float64]
) -> None:
    area = _upright_area(pieces)
    middle = pieces.mean(axis=1)
    cell = np.minimum(middle.astype(np.int64), cells - 1)
    place = np.ravel_multi_index(tuple(cell.T), tuple(cells))
    partial += np.bincount(place, weights=area * (middle[:, 2] - cell[:, 2]), minlength=len(partial))
    shadow += np.bincount(place, weights=area, minlength=len(shadow))


def _pieces(triangles: Triangles, cells: NDArray[np.int64]) -> Triangles:
    """Each lies in one cell. What is beside the grid is left out, what is above or below it is pressed flat
    onto its top or bottom."""
    pieces = triangles[_upright_area(triangles) != 0]
    for axis in (0, 1):
        pieces = _cut_ends(pieces, axis, cells[axis])
        middle = pieces[..., axis].mean(axis=1)
        pieces = pieces[(middle > 0) & (middle < cells[axis])]
    pieces = _cut_ends(pieces, 2, cells[2])
    pieces[..., 2] = np.clip(pieces[..., 2], 0, cells[2])
    for axis in range(3):
        pieces = _cut_between_cells(pieces, axis)
    return pieces


def _upright_area(triangles: Triangles) -> NDArray[np.float64]:
    """Of the projections along z, positive where a triangle looks up."""
    (ax, ay), (bx, by), (cx, cy) = np.moveaxis(triangles[..., :2], 0, -1)
    return np.asarray((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2


def _cut_ends(triangles: Triangles, axis: int, end: int) -> Triangles:
    for plane in (0, end):
        low, high = triangles[..., axis].min(axis=1), triangles[..., axis].max(axis=1)
        crossing = (low < plane - TINY) & (high > plane + TINY)
        cut = _cut(triangles[crossing], axis, np.full(int(crossing.sum()), float(plane)))
        triangles = np.concatenate([triangles[~crossing], cut])
    return triangles


def _cut_between_cells(triangles: Triangles, axis: int) -> Triangles:
    """In halves, and again, so that a triangle over n cells takes log2(n) rounds."""
    done = []
    while len(triangles):
        low = np.floor(triangles[..., axis].min(axis=1) + TINY)
        high = np.ceil(triangles[..., axis].max(axis=1) - TINY)
        crossing = high - low > 1
        done.append(triangles[~crossing])
        planes = np.floor((low + high) / 2)[crossing]
        triangles = _cut(triangles[crossing], axis, planes)
    return np.concatenate(done) if done else triangles


def _cut(triangles: Triangles, axis: int, planes: NDArray[np.float64]) -> Triangles:
    """Three triangles for each one: the corner that is alone on its side of the plane, and the rest."""
    distance = triangles[..., axis] - planes[:, None]
    above = distance >= 0
    alone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), (~above).argmax(axis=1))
    order = (alone[:, None] + np.arange(3)) % 3
    a, b, c = np.moveaxis(np.take_along_axis(triangles, order[..., None], axis=1), 1, 0)
    to_a, to_b, to_c = np.take_along_axis(distance, order, axis=1).T
    ab = a + (to_a / (to_a - to_b))[:, None] * (b - a)
    ac = a + (to_a / (to_a - to_c))[:, None] * (c - a)
    ab[:, axis] = ac[:, axis] = planes
    cut = [np.stack(corners, axis=1) for corners in ((a, ab, ac), (ab, b, c), (ab, c, ac))]
    return np.concatenate(cut)
