"""Panning and zooming never lose a part out of view."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from studio_product.core.view.camera import Camera
from studio_product.room.part import orbit

WIDTH, HEIGHT = 400, 300
sizes = st.tuples(*(st.floats(1, 300) for _ in range(3)))


@given(sizes, st.floats(-180, 180), st.floats(-90, 90), st.floats(1, 5000), st.floats(-1e5, 1e5))
def test_a_third_of_it_stays_in_view(
    size: tuple[float, float, float], azimuth: float, elevation: float, distance: float, off: float
) -> None:
    bounds = np.zeros(3), np.array(size)
    camera = Camera(azimuth=azimuth, elevation=elevation, distance=distance, parallel=True)
    camera = replace(camera, target=(off, -off, off / 2))
    held = orbit.held(camera, bounds, WIDTH, HEIGHT)
    assert (held.distance, held.azimuth, held.elevation) == (distance, camera.azimuth, camera.elevation)
    corners = np.array(np.meshgrid(*zip(*bounds, strict=True))).reshape(3, -1).T
    seen = held.project(corners, WIDTH, HEIGHT)[:, :2]
    low, high = seen.min(axis=0), seen.max(axis=0)
    room = np.array([WIDTH, HEIGHT])
    inside = np.minimum(high, room) - np.maximum(low, 0)
    assert np.all(inside >= 0.57 * np.minimum(high - low, room) - 1e-6)
    assert math.prod(inside) >= 0.32 * math.prod(np.minimum(high - low, room)) - 1e-6


@given(sizes)
def test_what_is_in_view_is_not_moved(size: tuple[float, float, float]) -> None:
    bounds = np.zeros(3), np.array(size)
    camera = Camera().fit(bounds, WIDTH, HEIGHT)
    assert np.allclose(orbit.held(camera, bounds, WIDTH, HEIGHT).target, camera.target)
