"""A density field that goes on beyond what may be filled, so that its level set can be cut exactly there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from studio.api import Domain

REACH = 3
"""Cells by which the field goes on beyond the space and into keep-outs."""
MARGIN = REACH + 1
"""Cells added around the grid: the last of them is empty, which closes every level set."""


def widened(density: NDArray[np.float64], domain: Domain, *, blur: bool) -> NDArray[np.float64]:
    """(*cells + 2 MARGIN), 0 to 1.

    Empty cells take the density of the nearest cell that may be filled; a level set then runs straight into
    a keep-out or a side of the space, instead of ending in steps before it. With `blur`, each value becomes
    the mean of its neighborhood with the weights 1 2 1 along each axis, which takes the steps off a crisp
    field.
    """
    full = np.where(domain.solid, 1.0, np.clip(density, 0.0, 1.0))
    if domain.void.any() and not domain.void.all():
        spacing = np.array(domain.grid.spacing)
        distance, nearest = ndimage.distance_transform_edt(
            domain.void, sampling=spacing / spacing.min(), return_indices=True
        )
        full = np.where(distance <= REACH, full[tuple(nearest)], 0.0)
    full = np.pad(full, REACH, mode="edge")
    if blur:
        for axis in range(full.ndim):
            full = ndimage.convolve1d(full, [0.25, 0.5, 0.25], axis=axis, mode="nearest")
    return np.pad(full, 1)
