"""Where pictures of parts are taken from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_product.core.view.camera import Camera

BOUNDS = np.array([-10.0, 5.0, 0.0]), np.array([30.0, 25.0, 60.0])

cameras = st.builds(
    Camera,
    target=st.tuples(*[st.floats(-50, 50)] * 3),
    distance=st.floats(1, 500),
    azimuth=st.floats(0, 360),
    elevation=st.floats(-90, 90),
    fov=st.floats(5, 90),
    parallel=st.booleans(),
    up=st.sampled_from(["y", "z"]),
)


@given(cameras, st.floats(0, 640), st.floats(0, 480), st.floats(0.1, 900))
def test_a_ray_meets_what_is_seen_at_its_pixel(camera: Camera, x: float, y: float, depth: float) -> None:
    origin, direction = camera.ray(x, y, 640, 480)
    place = origin + depth * direction
    seen = camera.project(place[None], 640, 480)[0]
    np.testing.assert_allclose(seen, [x, y, depth], rtol=1e-6, atol=1e-6 * (1 + camera.distance))


@given(cameras)
def test_the_axes_are_right_handed_and_of_length_one(camera: Camera) -> None:
    axes = camera.axes
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1)


@pytest.mark.parametrize(
    ("azimuth", "elevation", "up", "right", "upward"),
    [
        (0, 0, "z", [1, 0, 0], [0, 0, 1]),  # from the front
        (90, 0, "z", [0, 1, 0], [0, 0, 1]),  # from the right
        (0, 90, "z", [1, 0, 0], [0, 1, 0]),  # from above
        (0, 0, "y", [1, 0, 0], [0, 1, 0]),  # a plate as it is drawn on paper
    ],
)
def test_standard_views(
    azimuth: float, elevation: float, up: str, right: list[float], upward: list[float]
) -> None:
    axes = Camera(azimuth=azimuth, elevation=elevation, up="y" if up == "y" else "z").axes
    np.testing.assert_allclose(axes[:2], [right, upward], atol=1e-12)


@given(cameras, st.sampled_from([(640, 480), (300, 900), (64, 64)]))
def test_fitting_shows_the_whole_box_and_wastes_no_room(camera: Camera, size: tuple[int, int]) -> None:
    width, height = size
    fitted = camera.fit(BOUNDS, width, height)
    corners = np.array(np.meshgrid(*zip(*BOUNDS, strict=True))).reshape(3, -1).T
    seen = fitted.project(corners, width, height)
    assert seen[:, 2].min() > 0 or camera.parallel
    room = np.array([width, height])
    least, most = seen[:, :2].min(axis=0) / room, seen[:, :2].max(axis=0) / room
    margin = np.minimum(least, 1 - most)
    assert margin.min() == pytest.approx(0.06, abs=0.002)
    tight = np.argmin(margin)
    assert least[tight] == pytest.approx(1 - most[tight], abs=0.005)  # in the middle


def test_fitting_a_point_keeps_the_distance() -> None:
    point = np.array([1.0, 2.0, 3.0])
    fitted = Camera(distance=70).fit((point, point))
    assert (fitted.target, fitted.distance) == (pytest.approx((1, 2, 3)), 70)


@given(cameras, st.floats(-100, 100), st.floats(-100, 100))
def test_panning_moves_the_target_with_the_pointer(camera: Camera, x: float, y: float) -> None:
    moved = camera.panned(x, y, 480)
    seen = moved.project(np.array([camera.target]), 640, 480)[0]
    np.testing.assert_allclose(seen[:2], [320 + x, 240 + y], atol=1e-3)


def test_orbiting_stops_at_the_poles_and_goes_around() -> None:
    turned = Camera(azimuth=350, elevation=80).orbited(20, 30)
    assert (turned.azimuth, turned.elevation) == (pytest.approx(10), 90)


def test_zooming_makes_larger() -> None:
    camera = Camera()
    assert camera.zoomed(2).scale(400) == pytest.approx(2 * camera.scale(400))


def test_without_perspective_the_target_keeps_its_size() -> None:
    camera = Camera(azimuth=0, elevation=0)
    points = np.array([[5.0, 0.0, 5.0]])
    flat = replace(camera, parallel=True)
    np.testing.assert_allclose(camera.project(points, 200, 200), flat.project(points, 200, 200))
