"""Which nodes of a grid a shape takes hold of, and the share of a load that each of them bears."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.studies.study import Box, Cylinder, Face, Shape, Solid, Sphere
from studio_product.core.studies.voxels import face_box, interval, nodes_near, shape_coverage

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

NEAR = 0.5 + 1e-6
"""Of a cell: so far from a shape that lies between the nodes the nearest ones are taken."""

HALF = 0.5 - 1e-6
"""A cell that is covered so far counts as in a shape."""

FILLED = 1e-3
"""Of an empty cell: a shape that covers less does not lie in it."""

ON = 1e-6
"""Of a cell: what is closer to a plane of nodes lies on it."""


@dataclass(frozen=True)
class Hold:
    """A shape's hold on the grid. All is empty where the shape meets no cell that may be filled."""

    nodes: Mask
    """(*nodes): in the shape."""
    shares: Floats
    """(*nodes): the share of the shape's area (volume, length) that each node stands for; their sum is 1."""
    under: Mask
    """(*cells): cells under it, which `keep` keeps full; none under a point or a line."""


Span = tuple[float, float]
"""From, to: in cells, along one axis, within the grid."""

Spans = list[Span]
"""Of a box, along each axis."""


def hold_of(shape: Shape, grid: Grid, allowed: Mask, meshes: Mapping[str, Mesh]) -> Hold:
    """Where a shape meets the cells (*cells) that are `allowed` to be filled.

    A face or a box is integrated exactly with the shape functions, wherever its edges lie between the nodes,
    so a resultant goes through its center. A round body or a mesh counts by the volume it fills. A body that
    lies mostly in cells that stay empty, as a bolt in its hole, takes hold of the walls around it. What is so
    small, or so near, that no node lies in it takes the nearest nodes within half a cell.

    Raises:
        BadInput: A mesh is missing.
    """
    if isinstance(shape, Face):
        return _box_hold(_spans(face_box(shape.side, grid), grid), allowed)
    if isinstance(shape, Box):
        spans = _spans(shape, grid)
        hold = _box_hold(spans, allowed)
        if spans is None or any(_is_flat(span) for span in spans):
            return hold
        covered = shape_coverage(shape, grid, meshes)
    else:
        covered = shape_coverage(shape, grid, meshes)
        hold = _body_hold(shape, covered, grid, allowed)
    if covered[~allowed].sum() <= covered[allowed].sum():
        return hold
    walls = _wall_hold(~allowed & (covered > FILLED), grid, allowed)
    return Hold(hold.nodes | walls.nodes, walls.shares, walls.under) if walls.nodes.any() else hold


def nodes_of(cells: Mask) -> Mask:
    """(*nodes): the corners of cells (*cells)."""
    return _to_corners(cells.astype(float)) > 0


def _to_corners(values: NDArray[np.floating]) -> Floats:
    """Every cell's value (*cells), shared equally by its corners: (*nodes)."""
    nodes = np.zeros([count + 1 for count in values.shape])
    for corner in np.ndindex(*(2,) * values.ndim):
        at = tuple(slice(first, first + count) for first, count in zip(corner, values.shape, strict=True))
        nodes[at] += values
    nodes /= 2**values.ndim
    return nodes


def _nothing(allowed: Mask) -> Hold:
    nodes = np.zeros([count + 1 for count in allowed.shape])
    return Hold(nodes > 0, nodes, np.zeros(allowed.shape, bool))


# Boxes: everything is a product of one-dimensional terms, in units of cells.


def _spans(box: Box, grid: Grid) -> Spans | None:
    """None where it is off the grid by more than half a cell."""
    spans = []
    for axis, (count, step) in enumerate(zip(grid.cells, grid.spacing, strict=True)):
        low, high = (end / step for end in interval(box, axis))
        if high < -NEAR or low > count + NEAR:
            return None
        spans.append((min(max(low, 0.0), count), min(max(high, 0.0), count)))
    return spans


def _is_flat(span: Span) -> bool:
    return span[1] - span[0] <= ON


def _box_hold(spans: Spans | None, allowed: Mask) -> Hold:
    if spans is None:
        return _nothing(allowed)
    corners = nodes_of(allowed)
    nodes = _product(_nodes_in, spans, allowed) & corners
    if not nodes.any():
        wide = [(low - NEAR, high + NEAR) for low, high in spans]
        nodes = _product(_nodes_in, wide, allowed) & corners
    if not nodes.any():
        return _nothing(allowed)
    shares = _integral(spans, allowed)
    if not shares.any():
        # A plate in an empty cell, as on a surface that the grid has moved: to the nearest plane of nodes.
        spans = [(float(round(span[0])),) * 2 if _is_flat(span) else span for span in spans]
        shares = _integral(spans, allowed)
    if not shares.any():
        shares = nodes.astype(float)
    is_area = sum(map(_is_flat, spans)) < 2
    under = _product(_cells_in, spans, allowed) & allowed & is_area
    return Hold(nodes, shares / shares.sum(), under)


def _product(term: Callable[[Span, int], Mask], spans: Spans, allowed: Mask) -> Mask:
    """What holds along each axis, for all of them together."""
    lines = [term(span, count) for span, count in zip(spans, allowed.shape, strict=True)]
    return reduce(lambda mask, line: np.asarray(mask[..., None] & line), lines)


def _nodes_in(span: Span, count: int) -> Mask:
    """(count + 1,): the nodes in it, else the nearest ones, two if it lies halfway."""
    places = np.arange(count + 1)
    away = np.maximum(np.maximum(span[0] - places, places - span[1]), 0)
    return np.asarray(away <= away.min() + ON)


def _cells_in(span: Span, count: int) -> Mask:
    """(count,): those of which at least half lies in it, else the fullest ones; on both sides of a plane."""
    cells = np.arange(count)
    if _is_flat(span):
        return np.asarray((cells < span[0] + ON) & (cells + 1 > span[0] - ON))
    overlap = np.minimum(span[1], cells + 1) - np.maximum(span[0], cells)
    return np.asarray(overlap >= min(0.5, overlap.max()) - ON)


def _integral(spans: Spans, allowed: Mask) -> Floats:
    """(*nodes): of each node's shape function over the part of a box that lies in allowed cells."""
    values = allowed.astype(float)
    # Across planes first: there a cell on either side is enough, but two do not count twice.
    for axis in sorted(range(allowed.ndim), key=lambda axis: not _is_flat(spans[axis])):
        along = np.moveaxis(values, axis, 0)
        summed = _at_plane(along, spans[axis][0]) if _is_flat(spans[axis]) else _over(along, spans[axis])
        values = np.moveaxis(summed, 0, axis)
    return values


def _at_plane(values: Floats, place: float) -> Floats:
    nodes = np.zeros((len(values) + 1, *values.shape[1:]))
    nearest = round(place)
    if abs(place - nearest) <= ON:
        nodes[nearest] = values[max(nearest - 1, 0) : nearest + 1].max(axis=0)
        return nodes
    cell = int(place)
    nodes[cell] = (cell + 1 - place) * values[cell]
    nodes[cell + 1] = (place - cell) * values[cell]
    return nodes


def _over(values: Floats, span: Span) -> Floats:
    cells = np.arange(len(values))
    start, end = np.clip(span[0] - cells, 0, 1), np.clip(span[1] - cells, 0, 1)
    second = (end**2 - start**2) / 2
    first = end - start - second
    rest = (1,) * (values.ndim - 1)
    nodes = np.zeros((len(values) + 1, *values.shape[1:]))
    nodes[:-1] += first.reshape(-1, *rest) * values
    nodes[1:] += second.reshape(-1, *rest) * values
    return nodes


# Bodies


def _body_hold(
    shape: Cylinder | Sphere | Solid, covered: NDArray[np.float32], grid: Grid, allowed: Mask
) -> Hold:
    corners = nodes_of(allowed)
    shares = _to_corners(covered * allowed)
    if isinstance(shape, Solid):
        nodes = nodes_of(covered >= HALF) & corners
    else:
        nodes = nodes_near(shape, grid, ON * min(grid.spacing)) & corners
        if not nodes.any() and not shares.any():
            nodes = nodes_near(shape, grid, NEAR * max(grid.spacing)) & corners
    if not nodes.any():
        nodes = shares > 0
    if not nodes.any():
        return _nothing(allowed)
    if not shares.any():
        shares = nodes.astype(float)
    fill = covered * allowed
    return Hold(nodes, shares / shares.sum(), (fill > 0) & (fill >= min(HALF, float(fill.max()))))


def _wall_hold(empty: Mask, grid: Grid, allowed: Mask) -> Hold:
    """The faces between these empty cells and allowed ones."""
    shares = np.zeros(grid.nodes)
    under = np.zeros(allowed.shape, bool)
    for axis, step in enumerate(grid.spacing):
        hole, solid, beside = (np.moveaxis(array, axis, 0) for array in (empty, allowed, under))
        before = hole[:-1] & solid[1:]
        after = solid[:-1] & hole[1:]
        beside[1:] |= before
        beside[:-1] |= after
        area = grid.cell_volume / step
        faces = _face_corners((before | after) * area)
        np.moveaxis(shares, axis, 0)[1:-1] += faces
    total = shares.sum()
    return Hold(shares > 0, shares / total if total else shares, under)


def _face_corners(values: NDArray[np.floating]) -> Floats:
    """Faces across the first axis, shared equally by their corners."""
    corners = [_to_corners(layer) for layer in values]
    return np.stack(corners) if corners else np.zeros(())
