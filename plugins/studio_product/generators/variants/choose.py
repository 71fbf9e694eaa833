"""Which designs of a pool are shown: those that are farthest apart, beginning with the best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def farthest_first(
    distances: NDArray[np.float64], chosen: Sequence[int], candidates: Sequence[int], floor: float
) -> int | None:
    """The candidate whose nearest chosen design is farthest away; the earlier one of equals.

    Repeated, this is the greedy max-min choice of Gonzalez 1985 (within a factor of two of the best set).

    Returns:
        None where every candidate is nearer than `floor` to one that is chosen.
    """
    if not candidates:
        return None
    nearest = distances[np.ix_(list(candidates), list(chosen))].min(axis=1)
    best = int(nearest.argmax())
    return candidates[best] if nearest[best] >= floor else None


def spread(distances: NDArray[np.float64], chosen: Sequence[int]) -> tuple[float, float]:
    """Least and mean distance between the chosen ones, of which there are at least two."""
    pairs = distances[np.ix_(list(chosen), list(chosen))][np.triu_indices(len(chosen), 1)]
    return float(pairs.min()), float(pairs.mean())
