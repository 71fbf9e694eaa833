"""The main colors of a picture: k-means of its pixels, in Oklab, where distances are as people see them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio_palette.core.palette import of_bytes

MOST_PIXELS = 20_000
_ROUNDS = 12
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

Floats = NDArray[np.float64]


def main_colors(pixels: NDArray[np.uint8], count: int, seed: int) -> tuple[str, ...]:
    """At most `count` colors of an RGB picture, the most frequent first; fewer where it has fewer."""
    flat = pixels.reshape(-1, pixels.shape[-1])[:, :3]
    seen = flat[:: max(1, len(flat) // MOST_PIXELS)]
    lab = _oklab(seen)
    centers = _first_centers(lab, count, np.random.default_rng(seed))
    for _ in range(_ROUNDS):
        nearest = _nearest(lab, centers)
        centers = np.stack(
            [
                lab[nearest == n].mean(axis=0) if (nearest == n).any() else centers[n]
                for n in range(len(centers))
            ]
        )
    nearest = _nearest(lab, centers)
    sizes = np.bincount(nearest, minlength=len(centers))
    means = [seen[nearest == n].mean(axis=0) for n in np.argsort(-sizes, kind="stable") if sizes[n]]
    found = [of_bytes(*(round(float(part)) for part in mean)) for mean in means]
    return tuple(dict.fromkeys(found))


def _first_centers(lab: Floats, count: int, random: np.random.Generator) -> Floats:
    """Far from one another (k-means++)."""
    centers: Floats = lab[random.integers(len(lab))][None]
    while len(centers) < count:
        distance = ((lab[:, None] - centers[None]) ** 2).sum(axis=2).min(axis=1)
        total = distance.sum()
        if total <= 0:  # fewer colors than are asked for
            break
        centers = np.vstack([centers, lab[random.choice(len(lab), p=distance / total)]])
    return centers


def _nearest(lab: Floats, centers: Floats) -> NDArray[np.intp]:
    nearest: NDArray[np.intp] = ((lab[:, None] - centers[None]) ** 2).sum(axis=2).argmin(axis=1)
    return nearest


def _oklab(pixels: NDArray[np.uint8]) -> Floats:
    srgb = pixels.astype(np.float64) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    lab: Floats = np.cbrt(linear @ _TO_CONES.T) @ _TO_LAB.T
    return lab
