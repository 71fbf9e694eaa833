"""Smoothing that does not shrink: Taubin, "A signal processing approach to fair surface design", 1995."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

_SHRINK, _GROW = 0.5, -0.53


def smoothed(points: NDArray[np.float64], edges: NDArray[np.integer], rounds: int) -> NDArray[np.float64]:
    """Points (n, 2 or 3) drawn towards the mean of their neighbors and pushed back, so many times.

    Args:
        edges: (m, 2), each once.
    """
    count = len(points)
    both = np.concatenate([edges, edges[:, ::-1]])
    joined = csr_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count))
    share = 1 / np.maximum(np.asarray(joined.sum(axis=1)), 1)
    for factor in (_SHRINK, _GROW) * rounds:
        points = points + factor * (joined @ points * share - points)
    return points
