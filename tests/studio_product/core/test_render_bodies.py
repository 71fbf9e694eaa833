"""Meshes made ready to be drawn, and the colors of their numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_product.core.mesh import Mesh
from studio_product.core.view.body import body_of
from studio_product.core.view.colormap import color_table, colors, ticks

from tests.studio_product.core.solids import ball, box


def test_a_box_has_flat_faces_and_twelve_edges() -> None:
    body = body_of(box())
    assert body.closed
    assert len(body.vertices) == 24  # three at each corner
    assert len(body.edges) == 12
    facing = np.abs(body.normals).max(axis=1)
    np.testing.assert_allclose(facing, 1, atol=1e-6)


def test_a_ball_is_smooth() -> None:
    mesh = ball(10.0, level=3)
    body = body_of(mesh)
    assert len(body.vertices) == len(mesh.vertices)
    assert not len(body.edges)
    np.testing.assert_allclose(body.normals, body.vertices / 10, atol=0.015)


def test_the_crease_angle_decides() -> None:
    mesh = ball(10.0, level=1)
    assert len(body_of(mesh, crease=5).vertices) == 3 * len(mesh.faces)
    assert len(body_of(mesh, crease=90).vertices) == len(mesh.vertices)


def test_a_sliver_has_no_shade_of_its_own() -> None:
    """Two triangles of a square, and between them one that is all but a line and stands up by chance."""
    points = np.array([[0.0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0], [5, 5, 0.01]])
    faces = np.array([[0, 1, 2], [0, 2, 4], [0, 4, 3], [4, 2, 3]], np.int32)
    np.testing.assert_allclose(body_of(Mesh(points, faces)).normals[:, 2], 1, atol=0.01)


def test_an_open_mesh_is_known_and_shows_its_rim() -> None:
    mesh = box()
    body = body_of(Mesh(mesh.vertices, mesh.faces[2:]))
    assert not body.closed
    assert len(body.edges) == 12  # eight creases and the four of the rim


def test_a_mesh_without_faces_is_no_error() -> None:
    body = body_of(Mesh(np.zeros((0, 3)), np.zeros((0, 3), np.int32)))
    assert not body.closed
    assert len(body.vertices) == 0


def test_faces_without_area_have_no_normal() -> None:
    line = Mesh(np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0]]), np.array([[0, 1, 2]], np.int32))
    np.testing.assert_array_equal(body_of(line).normals, 0)


def test_moving_the_vertices_moves_points_and_normals() -> None:
    mesh = box((2.0, 2.0, 2.0))
    bent = mesh.vertices + np.array([0.5, 0, 0]) * mesh.vertices[:, 2:]
    moved, made = body_of(mesh).moved(bent), body_of(Mesh(bent, mesh.faces))
    np.testing.assert_allclose(moved.vertices, made.vertices)
    np.testing.assert_allclose(moved.normals, made.normals, atol=1e-6)


def test_lightness_of_the_colors_grows_evenly() -> None:
    table = color_table().astype(float)
    light = np.where(table <= 0.04045, table / 12.92, ((table + 0.055) / 1.055) ** 2.4)
    luminance = light @ [0.2126, 0.7152, 0.0722]
    steps = np.diff(np.cbrt(luminance))
    assert steps.min() > 0
    assert steps.max() < 2.5 * steps.min()


def test_values_beyond_the_ends_have_the_colors_of_the_ends() -> None:
    table = color_table()
    found = colors(np.array([[-5.0, 2.0], [7.0, 100.0]]), 2.0, 7.0)
    np.testing.assert_array_equal(found, [[table[0], table[0]], [table[-1], table[-1]]])


def test_where_all_values_are_equal_there_is_a_color() -> None:
    assert np.isfinite(colors(np.full(3, 4.0), 4.0, 4.0)).all()


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e9), st.integers(2, 12))
def test_ticks_are_round_and_within(low: float, span: float, most: int) -> None:
    found = ticks(low, low + span, most)
    assert len(found) <= most
    assert all(low - 1e-6 * span <= tick <= low + span * (1 + 1e-6) for tick in found)
    if len(found) > 1:
        assert f"{found[1] - found[0]:.3e}"[:5] in ("1.000", "2.000", "5.000")


def test_the_ticks_of_usual_bars() -> None:
    assert ticks(0, 137.3) == [0, 50, 100]
    assert ticks(0, 1) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert ticks(3, 3) == [3]
