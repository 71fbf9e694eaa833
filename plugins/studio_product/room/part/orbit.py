"""From where parts are looked at: the standard views, and what keys do. No widget."""

from __future__ import annotations

from dataclasses import replace

from studio_product.core.view.camera import Camera
from studio_product.room.part.standard_views import Look

TURN = 0.4
"""Degrees that a drag turns by, a pixel."""
STEP = 15.0
"""Degrees that an arrow key turns by."""
ZOOM_STEP = 1.2
NEAREST, FARTHEST = 1e-2, 1e6
"""mm from the target."""


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


def first_look(dimensions: int) -> Camera:
    """From where a part is shown first: a plate from the front, with y up, anything else from the front right
    and above."""
    return looking(Camera(up="y"), Look.FRONT) if dimensions == 2 else looking(Camera(), Look.ISO)
