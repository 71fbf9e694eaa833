"""Where the optimizations of a pool begin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEAST, _MOST = 0.02, 0.98


def smooth_start(
    cells: tuple[int, ...], volume_fraction: float, amplitude: float, seed: tuple[int, ...]
) -> NDArray[np.float64]:
    """Random smooth densities around the volume fraction: (*cells), in 0.02 to 0.98.

    White noise under a Gaussian of a twentieth of the grid's middle side, at least two cells, scaled to a
    standard deviation of `amplitude` times the volume fraction. The same seed gives the same field.
    """
    from scipy.ndimage import gaussian_filter

    noise = np.random.default_rng(seed).standard_normal(cells)
    width = max(2.0, 0.05 * sorted(cells)[len(cells) // 2])
    smooth = gaussian_filter(noise, width, mode="nearest")
    deviation = smooth.std()
    wave = smooth / deviation if deviation > 0 else smooth
    return np.asarray(np.clip(volume_fraction * (1 + amplitude * wave), _LEAST, _MOST))
