"""How much of a part hangs in the air while it is printed layer by layer."""

from __future__ import annotations

import numpy as np

from studio_product.core.mesh import Mesh
from studio_product.core.studies.study import Side

STEEPEST = 40.0
"""Degrees from level: printers manage 45 (Langelaar 2016); 5 are left to smoothing and triangulation."""
_ON_PLATE = 1e-3
"""Of the part's height: what lies no higher stands on the plate."""


def unsupported_share(mesh: Mesh, build: Side) -> float:
    """The share of the part's undersides, as seen from below, that are too flat to carry themselves: 0 to 1.

    Args:
        mesh: closed.
        build: where up is; the part's lowest faces stand on the plate.
    """
    axis, sign = "xyz".index(build[0]), 1 if build[1] == "+" else -1
    corners = mesh.corners
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2
    below = -sign * areas[:, axis]
    heights = sign * corners[:, :, axis]
    floor = heights.min() + _ON_PLATE * np.ptp(heights)
    flat = below > np.cos(np.radians(STEEPEST)) * np.linalg.norm(areas, axis=1)
    hanging = flat & (heights.max(axis=1) > floor)
    return float(below[hanging].sum() / below[below > 0].sum())
