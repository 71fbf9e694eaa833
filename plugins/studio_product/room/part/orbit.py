"""From where parts are looked at: the standard views, and what keys do. No widget."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from studio_product.core.view.camera import Camera
from studio_product.room.part.standard_views import Look

TURN = 0.4
"""Degrees that a drag turns by, a pixel."""
STEP = 15.0
"""Degrees that an arrow key turns by."""
ZOOM_STEP = 1.2
NEAREST, FARTHEST = 1e-2, 1e6
"""mm from the target."""
_KEPT = 0.58
"""Of the width and of the height of what is seen: together a third."""

Point = NDArray[np.float64]

_DEGREES: dict[Look, tuple[float, float]] = {
    Look.ISO: (35.0, 28.0),
    Look.FRONT: (0.0, 0.0),
    Look.RIGHT: (90.0, 0.0),
    Look.TOP: (0.0, 90.0),
    Look.BACK: (180.0, 0.0),
    Look.LEFT: (270.0, 0.0),
    Look.BOTTOM: (0.0, -90.0),
}
"""Azimuth and elevation."""


def looking(camera: Camera, look: Look) -> Camera:
    azimuth, elevation = _DEGREES[look]
    return replace(camera, azimuth=azimuth, elevation=elevation)


def zoomed(camera: Camera, factor: float) -> Camera:
    """Things look larger by the factor, as far as there is something to see."""
    nearer = camera.zoomed(factor)
    return replace(nearer, distance=min(max(nearer.distance, NEAREST), FARTHEST))


def held(camera: Camera, bounds: tuple[Point, Point], width: int, height: int) -> Camera:
    """Moved back so far that a third of what lies in the bounds stays in view, or fills a third of it."""
    low, high = (np.asarray(corner, np.float64) for corner in bounds)
    seen = camera.distance * math.tan(math.radians(camera.fov) / 2)
    target = np.asarray(camera.target)
    for axis, reach in zip(camera.axes, (seen * width / max(height, 1), seen), strict=False):
        half = float(np.abs(axis) @ (high - low)) / 2
        most = half + reach - 2 * _KEPT * min(half, reach)
        off = float(axis @ (target - (low + high) / 2))
        target = target + (min(max(off, -most), most) - off) * axis
    return replace(camera, target=(float(target[0]), float(target[1]), float(target[2])))


def first_look(dimensions: int) -> Camera:
    """From where a part is shown first: a plate from the front, with y up, anything else from the front right
    and above."""
    return looking(Camera(up="y"), Look.FRONT) if dimensions == 2 else looking(Camera(), Look.ISO)
