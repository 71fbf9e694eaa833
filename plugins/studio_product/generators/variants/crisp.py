"""From a density field to a shape: the level that keeps the volume, and how much of each cell it fills."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_HALVINGS = 40


def crisp(
    density: NDArray[np.float64], free: NDArray[np.bool_], solid: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """How much of each cell lies inside the level set of a density field that holds the field's volume.

    A cell's share is clip(1/2 + (rho - level) / |grad rho|, 0, 1), the linear reconstruction within it; the
    level is found by bisection. Two designs of equal volume are compared fairly only in this form.

    Args:
        density: (*cells), 0 to 1.
        free: cells that may be filled; the others become 0.
        solid: cells that are kept; they become 1.

    Returns:
        (*cells), 0 to 1, with the sum of `density` over free and solid cells (as near as solid cells allow).
    """
    slope = np.sqrt(sum(np.square(along) for along in _gradient(density)))
    slope = np.maximum(slope, 1e-9)
    material = free | solid
    wanted = float(density[material].sum())
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        level = (low + high) / 2
        shares = _shares(density, slope, level, free, solid)
        if shares.sum() > wanted:
            low = level
        else:
            high = level
    return _shares(density, slope, (low + high) / 2, free, solid)


def _shares(
    density: NDArray[np.float64],
    slope: NDArray[np.float64],
    level: float,
    free: NDArray[np.bool_],
    solid: NDArray[np.bool_],
) -> NDArray[np.float64]:
    shares = np.clip(0.5 + (density - level) / slope, 0.0, 1.0)
    return np.where(solid, 1.0, np.where(free, shares, 0.0))


def _gradient(field: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Per cell along each axis; along an axis of one cell there is none."""
    axes = [axis for axis in range(field.ndim) if field.shape[axis] > 1]
    return [np.gradient(field, axis=axis) for axis in axes] or [np.zeros_like(field)]
