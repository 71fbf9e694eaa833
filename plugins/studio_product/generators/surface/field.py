"""A density field that goes on beyond what may be filled, so that its level set can be cut exactly there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from studio_product.core.studies.domain import Domain

REACH = 3
"""Cells by which the field goes on beyond the space and into keep-outs."""
SATURATED = 12.0
MARGIN = REACH + 1
"""Cells added around the grid: the last of them is empty, which closes every level set."""


def widened(density: NDArray[np.float64], domain: Domain) -> NDArray[np.float64]:
    """(*cells + 2 MARGIN): log(rho / (1 - rho)), between -SATURATED and SATURATED.

    A projection rho = 1 / (1 + exp(-beta (x - eta))) makes a smooth field x crisp, and its level sets stairs.
    The logarithm undoes it, whatever beta and eta were, so that a level set runs through each cell where
    that of x does; on gray fields it does no harm.

    Empty cells take the density of the nearest cell that may be filled; a level set then runs straight into
    a keep-out or a side of the space, instead of ending before it.
    """
    full = np.where(domain.solid, 1.0, np.clip(density, 0.0, 1.0))
    if domain.void.any() and not domain.void.all():
        spacing = np.array(domain.grid.spacing)
        distance, nearest = ndimage.distance_transform_edt(
            domain.void, sampling=spacing / spacing.min(), return_indices=True
        )
        full = np.where(distance <= REACH, full[tuple(nearest)], 0.0)
    least = 1 / (1 + np.exp(SATURATED))
    full = np.clip(np.pad(full, REACH, mode="edge"), least, 1 - least)
    return np.pad(np.log(full / (1 - full)), 1, constant_values=-SATURATED)
