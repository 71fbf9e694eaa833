"""Results of a solve at the points of a mesh."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio_product.core.grid import Grid

FILLED = 0.5
"""The least share of a cell that counts as material."""


def nodes_of(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """All corners of these cells: (*cells) to (*nodes)."""
    return _onto_nodes(cells.astype(np.float64)) > 0


def nodal_means(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weighted mean of the cells around each node: (cases, *cells) to (cases, *nodes).

    Args:
        weights: (*cells), at least 0. A node whose cells all have none gets 0.
    """
    total = _onto_nodes(weights)
    sums = np.stack([_onto_nodes(value * weights) for value in values])
    return np.divide(sums, total, out=np.zeros_like(sums), where=np.broadcast_to(total > 0, sums.shape))


def at_points(
    values: NDArray[np.float64], known: NDArray[np.bool_], points: NDArray[np.float64], grid: Grid
) -> NDArray[np.float64]:
    """Multilinear interpolation of one nodal field, (*nodes), at points (n, at least d) in mm: (n,).

    Nodes that are not `known`, of which there must be some, take the value of the nearest one that is.
    """
    from scipy.ndimage import distance_transform_edt, map_coordinates

    nearest = distance_transform_edt(
        ~known, sampling=grid.spacing, return_distances=False, return_indices=True
    )
    filled = values[tuple(nearest)]
    places = points[:, : grid.dimensions] / np.array(grid.spacing)
    return np.asarray(map_coordinates(filled, places.T, order=1, mode="nearest"))


def onto_material(loads: NDArray[np.float64], material: NDArray[np.bool_], grid: Grid) -> NDArray[np.float64]:
    """Forces on nodes without material moved to the nearest node that has some.

    The finished surface and the cells that were kept under a load differ by less than a cell; a force on the
    difference would pull at nothing.

    Args:
        loads: (cases, *nodes, d), N.
        material: (*nodes), at least one.
    """
    from scipy.ndimage import distance_transform_edt

    stray = (loads != 0).any(axis=(0, -1)) & ~material
    if not stray.any():
        return loads
    nearest = distance_transform_edt(
        ~material, sampling=grid.spacing, return_distances=False, return_indices=True
    )
    moved = np.where(stray[None, ..., None], 0.0, loads)
    targets = tuple(axis[stray] for axis in nearest)
    for case, load in zip(moved, loads, strict=True):
        np.add.at(case, targets, load[stray])
    return moved


def _onto_nodes(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum of the cells around each node."""
    nodes = np.pad(cells, 1)
    for axis in range(cells.ndim):
        low = [slice(None)] * cells.ndim
        high = [slice(None)] * cells.ndim
        low[axis], high[axis] = slice(None, -1), slice(1, None)
        nodes = nodes[tuple(low)] + nodes[tuple(high)]
    return nodes
