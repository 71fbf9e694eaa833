"""Whether a product stands: how far it may be tilted before it falls over."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from studio_product.generators.families.family import Standing


def tipping_angle(mass: float, center: NDArray[np.float64], standing: Standing) -> float:
    """Degrees by which the floor may lean, in the worst direction, before the product tips; 0 if it does not
    stand at all. The center of gravity then is above the edge of the feet's convex hull.

    Args:
        mass: Of the product, g.
        center: Its center of gravity (3,), mm above the floor z = 0.
    """
    from scipy.spatial import ConvexHull

    total = mass + standing.payload
    balance = (mass * center + standing.payload * np.asarray(standing.payload_at)) / total
    hull = ConvexHull(np.asarray(standing.feet))
    normals, offsets = hull.equations[:, :2], hull.equations[:, 2]
    inside = -(normals @ balance[:2] + offsets)  # distance to each edge, mm
    return max(math.degrees(math.atan2(float(inside.min()), float(balance[2]))), 0.0)


def center_of_gravity(share: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of cells that are filled so far (*cells) at these centers (*cells, 3): (3,), mm."""
    found: NDArray[np.float64] = np.tensordot(share, centers, axes=share.ndim) / share.sum()
    return found
