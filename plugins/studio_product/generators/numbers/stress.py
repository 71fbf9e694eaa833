"""Von Mises stresses and their weighted percentiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def von_mises(stress: NDArray[np.float64]) -> NDArray[np.float64]:
    """(…, 3) plane stress (xx, yy, xy) or (…, 6) (xx, yy, zz, yz, zx, xy) to (…), the same unit."""
    if stress.shape[-1] == 3:
        xx, yy, xy = np.moveaxis(stress, -1, 0)
        return np.asarray(np.sqrt(xx**2 - xx * yy + yy**2 + 3 * xy**2))
    xx, yy, zz, yz, zx, xy = np.moveaxis(stress, -1, 0)
    apart = ((xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2) / 2
    return np.asarray(np.sqrt(apart + 3 * (yz**2 + zx**2 + xy**2)))


def percentile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """The least value that at least `share` (0 to 1) of all weight lies at or below."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12)))
    return float(values[order[min(place, len(order) - 1)]])
