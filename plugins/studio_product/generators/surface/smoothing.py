"""Smoothing that does not shrink: Taubin, "A signal processing approach to fair surface design", 1995."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

_SHRINK = 0.5


def smoothed(
    points: NDArray[np.float64], edges: NDArray[np.integer[Any]], rounds: int, passed: float
) -> NDArray[np.float64]:
    """Points (n, 2 or 3) drawn towards the mean of their neighbors and pushed back, so many times.

    Args:
        edges: (m, 2), each once.
        passed: What is left as it is: eigenvalues of the normalized Laplacian (0 to 2) up to this; along a
            line of points, 1 - cos(2 pi / w) for a wave of w points.
    """
    count = len(points)
    both = np.concatenate([edges, edges[:, ::-1]])
    joined = csr_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count))
    share = 1 / np.maximum(np.asarray(joined.sum(axis=1)), 1)
    grow = 1 / (passed - 1 / _SHRINK)
    for factor in (_SHRINK, grow) * rounds:
        points = points + factor * (joined @ points * share - points)
    return points
