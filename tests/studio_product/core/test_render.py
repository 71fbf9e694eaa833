"""Pictures of parts against rays cast one by one, and what is drawn over them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from studio_product.core.mesh import Mesh
from studio_product.core.view.body import body_of
from studio_product.core.view.camera import Camera
from studio_product.core.view.render import Frame, Layer, Lines, Section, render

from tests.studio_product.core.solids import ball, box, together

FRONT = Camera(target=(15, 10, 5), distance=100, azimuth=0, elevation=0)


def nearest(
    mesh: Mesh, camera: Camera, width: int, height: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Depth and face at the middle of each pixel, by Moeller and Trumbore 1997."""
    depth = np.full((height, width), np.inf)
    face = np.full((height, width), -1)
    a, b, c = np.moveaxis(mesh.corners, 1, 0)
    for y in range(height):
        for x in range(width):
            origin, direction = camera.ray(x + 0.5, y + 0.5, width, height)
            across = np.cross(direction, c - a)
            size = np.einsum("ij,ij->i", b - a, across)
            with np.errstate(divide="ignore", invalid="ignore"):
                u = np.einsum("ij,ij->i", origin - a, across) / size
                turned = np.cross(origin - a, b - a)
                v = turned @ direction / size
                t = np.einsum("ij,ij->i", c - a, turned) / size
            hit = (u >= 0) & (v >= 0) & (u + v <= 1) & ((t > 0) | camera.parallel)
            if hit.any():
                face[y, x] = np.flatnonzero(hit)[np.argmin(t[hit])]
                depth[y, x] = t[face[y, x]]
    return depth, face


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("smooth", [False, True])
def test_each_pixel_shows_what_its_ray_meets(parallel: bool, smooth: bool) -> None:
    mesh = together([box(), ball(9.0, (20, -8, 12)), box((4, 40, 4), (-8, -10, 3))])
    camera = Camera(azimuth=-35, elevation=28, parallel=parallel).fit(mesh.bounds, 40, 30)
    frame = render([Layer(body_of(mesh))], camera, 40, 30, smooth=smooth)
    depth, face = nearest(mesh, camera, 40, 30)
    same = frame.faces == face
    # With four samples, a pixel is known by one that is a quarter of a pixel off its middle.
    assert same.mean() > (0.8 if smooth else 0.995)
    both = np.isfinite(depth) & same
    np.testing.assert_allclose(frame.depth[both], depth[both], rtol=0.02 if smooth else 1e-4)
    assert (np.isfinite(frame.depth) == (frame.ids == 0)).all()


def test_depth_normals_and_cover_of_a_face_seen_straight_on() -> None:
    frame = render([Layer(body_of(box()))], FRONT, 320, 240)
    seen = np.isfinite(frame.depth)
    # The front face lies 90 mm before the eye.
    np.testing.assert_allclose(frame.depth[seen], 90, rtol=1e-5)
    np.testing.assert_allclose(frame.normals[seen], [[0, 0, 1]] * seen.sum(), atol=1e-5)
    scale = FRONT.scale(240) * 100 / 90
    assert frame.color[..., 3].sum() / 255 == pytest.approx(30 * 10 * scale**2, rel=0.005)
    assert (frame.normals[~seen] == 0).all()


def test_edges_are_soft_with_four_samples_and_hard_with_one() -> None:
    layers = [Layer(body_of(ball()))]
    camera = Camera().fit((np.full(3, -10.0), np.full(3, 10.0)))
    soft = render(layers, camera, 100, 100).color[..., 3]
    hard = render(layers, camera, 100, 100, smooth=False).color[..., 3]
    assert len(np.unique(soft)) > 3
    assert set(np.unique(hard)) == {0, 255}
    assert soft.mean() == pytest.approx(hard.mean(), rel=0.02)


def test_light_comes_from_the_upper_left() -> None:
    camera = Camera(azimuth=0, elevation=0).fit((np.full(3, -10.0), np.full(3, 10.0)))
    color = render([Layer(body_of(ball(level=3)), outline=0)], camera, 100, 100).color.astype(float)
    assert color[30, 35, :3].mean() > color[70, 65, :3].mean() + 40


def test_the_nearer_layer_is_seen_and_picked() -> None:
    behind, before = body_of(box(at=(0, 60, 0))), body_of(box((10, 10, 10), (10, -20, 0)))
    for layers in ([Layer(behind), Layer(before)], [Layer(before), Layer(behind)]):
        frame = render(layers, FRONT, 80, 60)
        assert layers[frame.ids[30, 40]].body is before


def test_what_cannot_be_picked_hides_what_it_hides() -> None:
    frame = render([Layer(body_of(box()), pickable=False)], FRONT, 80, 60)
    assert frame.ids[30, 40] == -1
    assert np.isfinite(frame.depth[30, 40])


def test_a_see_through_layer_mixes_and_is_picked_but_has_no_depth() -> None:
    inner = Layer(body_of(box((10, 10, 4), (10, 5, 3))), (0.1, 0.1, 0.8))
    glass = Layer(body_of(box()), (0.9, 0.2, 0.2), opacity=0.4)
    alone, covered = (render(layers, FRONT, 160, 120) for layers in ([inner], [inner, glass]))
    middle, rim = (60, 80), (60, 50)
    assert covered.color[middle][0] > alone.color[middle][0]  # redder
    assert covered.color[middle][2] > 60  # and the blue is still there
    assert 0 < covered.color[rim][3] < 255
    assert covered.ids[middle] == 1
    np.testing.assert_array_equal(covered.depth, alone.depth)
    unpicked = render([inner, replace(glass, pickable=False)], FRONT, 160, 120)
    assert unpicked.ids[middle] == 0


def test_see_through_layers_behind_something_are_hidden() -> None:
    solid, glass = Layer(body_of(box())), Layer(body_of(box(at=(0, 50, 0))), opacity=0.5)
    frame = render([solid, glass], FRONT, 80, 60)
    np.testing.assert_array_equal(frame.color, render([solid], FRONT, 80, 60).color)


def test_a_background_fills_what_is_not_covered() -> None:
    frame = render([Layer(body_of(box()))], FRONT, 80, 60, background=(0.2, 0.4, 0.6))
    np.testing.assert_array_equal(frame.color[0, 0], [51, 102, 153, 255])
    assert (frame.color[..., 3] == 255).all()


def test_a_color_for_each_vertex() -> None:
    mesh = box()
    share = (mesh.vertices[:, 0] / 30).astype(np.float32)
    color = np.stack([share, np.zeros_like(share), 1 - share], axis=1)
    frame = render([Layer(body_of(mesh), color, outline=0)], FRONT, 160, 120)
    row = frame.color[60, np.isfinite(frame.depth[60])].astype(int)
    assert row[0, 2] > row[0, 0] and row[-1, 0] > row[-1, 2]
    assert (np.diff(row[:, 0]) >= -1).all()


def test_a_layer_of_one_color_beside_one_of_many() -> None:
    mesh = box()
    many = Layer(body_of(mesh), np.zeros((8, 3), np.float32))
    one = Layer(body_of(box(at=(0, 0, 15))), (1.0, 1.0, 1.0))
    together_, alone = render([many, one], FRONT, 80, 60), render([one], FRONT, 80, 60, smooth=False)
    seen = alone.ids == 0
    assert together_.color[seen][:, :3].mean() > 150


@pytest.mark.parametrize("parallel", [False, True])
def test_a_section_is_filled_at_its_depth(parallel: bool) -> None:
    camera = replace(FRONT, parallel=parallel)
    cut = Section((0, 6, 0), (0, -1, 0), (1.0, 0.0, 0.0))
    frame = render([Layer(body_of(box()))], camera, 80, 60, section=cut)
    seen = np.isfinite(frame.depth)
    np.testing.assert_allclose(frame.depth[seen], 96, rtol=1e-4)
    assert (frame.color[30, 40, 0] > 100) and (frame.color[30, 40, 1] < 90)
    np.testing.assert_allclose(frame.normals[30, 40], [0, 0, 1], atol=1e-6)


def test_a_section_from_the_other_side_hides_nothing() -> None:
    cut = Section((0, 6, 0), (0, 1, 0))
    frame = render([Layer(body_of(box()))], FRONT, 80, 60, section=cut)
    np.testing.assert_allclose(frame.depth[30, 40], 90, rtol=1e-4)


def test_a_cut_shell_shows_its_inside_through_the_cut() -> None:
    outer, inner = box((30, 20, 10)), box((26, 16, 6), (2, 2, 2))
    shell = together([outer, Mesh(inner.vertices, inner.faces[:, ::-1].copy())])
    frame = render([Layer(body_of(shell))], FRONT, 160, 120, section=Section((0, 10, 0), (0, -1, 0)))
    assert frame.depth[60, 80] == pytest.approx(108, rel=1e-3)  # the far wall of the cavity
    assert np.nanmin(frame.depth) == pytest.approx(100, rel=1e-3)  # the cut


def test_from_inside_and_with_corners_behind_the_eye() -> None:
    camera = Camera(target=(15, 10, 5), distance=2, azimuth=0, elevation=0)
    room = box()
    inside_out = Mesh(room.vertices, room.faces[:, ::-1].copy())
    frame = render([Layer(body_of(inside_out))], camera, 80, 60, smooth=False)
    depth, _ = nearest(room, camera, 80, 60)
    np.testing.assert_allclose(frame.depth, depth, rtol=1e-3)
    assert (frame.ids == 0).all()


def test_what_lies_behind_the_eye_is_not_drawn() -> None:
    frame = render([Layer(body_of(box(at=(0, -300, 0))))], FRONT, 80, 60)
    assert not frame.color.any()


def test_lines_are_soft_and_hidden_by_what_is_before_them() -> None:
    ends = np.array([[[-20.0, 30.0, 5.0], [50.0, 30.0, 7.0]]])  # behind the box
    frame = render([Layer(body_of(box()))], FRONT, 160, 120, lines=[Lines(ends, (1.0, 0, 0), width=2)])
    without = render([Layer(body_of(box()))], FRONT, 160, 120)
    changed = (frame.color != without.color).any(axis=2)
    inside = np.isfinite(frame.depth)
    assert changed[~inside].any() and not changed[inside].any()
    assert len(np.unique(frame.color[..., 3])) > 3


def test_lines_on_a_surface_are_seen_and_those_behind_the_eye_are_cut() -> None:
    along = np.array([[[0.0, 0.0, 0.0], [30.0, 0.0, 0.0]], [[15.0, -500.0, 5.0], [15.0, 0.0, 5.0]]])
    frame = render([], FRONT, 160, 120, lines=[Lines(along, (0.0, 0.0, 0.0), opacity=0.5, width=3)])
    assert frame.color[..., 3].max() == pytest.approx(128, abs=1)
    on_box = render([Layer(body_of(box()))], FRONT, 160, 120, lines=[Lines(along[:1], (1.0, 0, 0), width=3)])
    red = (on_box.color[..., 0] > 200) & (on_box.color[..., 1] < 60)
    assert red.any(axis=0).sum() == pytest.approx(30 * FRONT.scale(120) / 0.9, abs=3)


def test_nothing_gives_an_empty_picture() -> None:
    frame = render([], FRONT, 7, 5)
    assert frame.color.shape == (5, 7, 4)
    assert not frame.color.any()
    assert np.isinf(frame.depth).all()
    empty = body_of(Mesh(np.zeros((0, 3)), np.zeros((0, 3), np.int32)))
    assert not render([Layer(empty), Layer(empty, opacity=0.5)], FRONT, 7, 5).color.any()


def test_far_from_the_origin_it_looks_the_same() -> None:
    near = render([Layer(body_of(box()))], FRONT, 80, 60)
    away = replace(FRONT, target=(1e6 + 15, 10, 5))
    far = render([Layer(body_of(box(at=(1e6, 0, 0))))], away, 80, 60)
    assert np.abs(near.color.astype(int) - far.color).max() <= 2


def test_the_same_picture_twice_to_the_byte() -> None:
    def draw() -> Frame:
        return render([Layer(body_of(ball()))], Camera(distance=60), 60, 50)

    assert draw().color.tobytes() == draw().color.tobytes()


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (101, 77)])
def test_any_size_of_picture(size: tuple[int, int]) -> None:
    frame = render([Layer(body_of(box()))], FRONT, *size)
    assert frame.color.shape == (size[1], size[0], 4)
