"""Coverage is exact for meshes, and good to 2 % for round shapes."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.studies.study import Box, Cylinder, Face, Solid, Sphere
from studio_product.core.studies.voxelize import is_closed, mesh_coverage
from studio_product.core.studies.voxels import shape_coverage

from studio.errors import BadInput

GRID = Grid((20, 16, 12), (20.0, 24.0, 12.0))


def mesh_of(made: trimesh.Trimesh) -> Mesh:
    return Mesh(np.array(made.vertices, float), np.array(made.faces, np.int32))


def box_mesh(low: tuple[float, ...], high: tuple[float, ...]) -> Mesh:
    return mesh_of(trimesh.creation.box(bounds=[low, high]))


def volume(covered: np.ndarray, grid: Grid) -> float:
    return float(covered.sum(dtype=float)) * grid.cell_volume


places = st.tuples(*[st.floats(-4, 28)] * 3)


@settings(max_examples=30)
@given(places, places)
def test_a_box_fills_cells_by_their_overlap(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    low, high = np.minimum(one, other), np.maximum(one, other) + 0.01
    exact = shape_coverage(Box(corner=tuple(low), size=tuple(high - low)), GRID, {})
    assert np.allclose(mesh_coverage(box_mesh(tuple(low), tuple(high)), GRID), exact, atol=1e-5)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_turned_body_keeps_its_volume(seed: int) -> None:
    made = trimesh.creation.capsule(height=5, radius=2.3)
    made.apply_transform(
        trimesh.transformations.random_rotation_matrix(np.random.default_rng(seed).random(3))
    )
    made.apply_translation([10.1, 12.2, 6.3])
    mesh = mesh_of(made)
    covered = mesh_coverage(mesh, GRID)
    assert volume(covered, GRID) == pytest.approx(mesh.volume, rel=1e-6)
    center = (covered[..., None] * GRID.centers()).sum(axis=(0, 1, 2)) / covered.sum()
    assert np.allclose(center, made.center_mass, atol=0.02)


def test_every_cell_agrees_with_many_samples() -> None:
    grid = Grid((8, 6, 5), (8.0, 9.0, 5.0))
    made = trimesh.creation.icosphere(subdivisions=1, radius=2.2)
    made.apply_translation([4.3, 4.1, 2.4])
    axes = [(np.arange(n * 10) + 0.5) * h / 10 for n, h in zip(grid.cells, grid.spacing, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    # Inside a convex body is what lies behind all of its planes.
    inside = np.ones(points.shape[:3], bool)
    for normal, corner in zip(made.face_normals, made.triangles[:, 0], strict=True):
        inside &= points @ normal <= normal @ corner
    sampled = inside.reshape(8, 10, 6, 10, 5, 10).mean(axis=(1, 3, 5))
    error = mesh_coverage(mesh_of(made), grid) - sampled
    assert np.abs(error).max() < 0.03
    assert np.abs(error).mean() < 1e-3


def test_what_lies_beside_the_grid_does_not_count() -> None:
    covered = mesh_coverage(box_mesh((-5, -5, -5), (10, 100, 6)), GRID)
    assert volume(covered, GRID) == pytest.approx(10 * 24 * 6, rel=1e-6)
    assert not mesh_coverage(box_mesh((30, 30, 30), (40, 40, 40)), GRID).any()


def test_a_hole_is_empty_and_overlaps_count_once() -> None:
    outer, inner = box_mesh((1, 3, 1), (11, 12, 11)), box_mesh((3, 6, 3), (9, 9, 9))
    inward = inner.faces[:, ::-1] + 8
    hollow = Mesh(
        np.concatenate([outer.vertices, inner.vertices]),
        np.concatenate([outer.faces, inward]),
    )
    assert volume(mesh_coverage(hollow, GRID), GRID) == pytest.approx(900 - 108, rel=1e-6)
    doubled = Mesh(
        np.concatenate([outer.vertices, outer.vertices]), np.concatenate([outer.faces, outer.faces + 8])
    )
    assert volume(mesh_coverage(doubled, GRID), GRID) == pytest.approx(900, rel=1e-6)


def test_a_mesh_that_is_inside_out_is_filled_all_the_same() -> None:
    mesh = box_mesh((2, 2, 2), (6, 6, 6))
    turned = Mesh(mesh.vertices, mesh.faces[:, ::-1])
    assert np.allclose(mesh_coverage(turned, GRID), mesh_coverage(mesh, GRID), atol=1e-6)


def test_a_plate_is_covered_by_its_thickness() -> None:
    plate = Grid((10, 8), (10.0, 8.0), thickness=4.0)
    covered = mesh_coverage(box_mesh((2, 2, 0), (6, 6, 2)), plate)
    assert covered.shape == (10, 8)
    assert covered[3, 3] == pytest.approx(0.5)
    assert volume(covered, plate) == pytest.approx(4 * 4 * 2)


def test_only_closed_meshes_are_closed() -> None:
    mesh = box_mesh((0, 0, 0), (1, 1, 1))
    assert is_closed(mesh)
    assert not is_closed(Mesh(mesh.vertices, mesh.faces[1:]))
    flipped = mesh.faces.copy()
    flipped[0] = flipped[0, ::-1]
    assert not is_closed(Mesh(mesh.vertices, flipped))
    assert not is_closed(Mesh(mesh.vertices, mesh.faces[:0]))


@pytest.mark.parametrize("radius", [0.7, 2.6, 5.0])
def test_round_shapes_fill_cells_as_fine_meshes_do(radius: float) -> None:
    grid = Grid((18, 18, 18), (18.0, 18.0, 18.0))
    start, end = (5.2, 6.1, 7.3), (11.4, 10.2, 9.9)
    ball = trimesh.creation.icosphere(subdivisions=4, radius=radius)
    ball.apply_translation(start)
    # A polygon of the circle's area.
    widened = radius * np.sqrt(2 * np.pi / 128 / np.sin(2 * np.pi / 128))
    rod = trimesh.creation.cylinder(radius=widened, segment=[start, end], sections=128)
    for shape, made in (
        (Sphere(center=start, radius=radius), ball),
        (Cylinder(start=start, end=end, radius=radius), rod),
    ):
        error = shape_coverage(shape, grid, {}) - mesh_coverage(mesh_of(made), grid)
        assert np.abs(error).max() < 0.02


def test_circles_in_two_dimensions() -> None:
    grid = Grid((30, 20), (30.0, 20.0))
    for shape in (
        Cylinder(start=(12.3, 9.1, 0), end=(12.3, 9.1, 5), radius=4.4),
        Sphere(center=(12.3, 9.1, 99), radius=4.4),
    ):
        assert volume(shape_coverage(shape, grid, {}), grid) == pytest.approx(np.pi * 4.4**2, rel=2e-3)


def test_a_solid_is_scaled_and_then_moved() -> None:
    meshes = {"cube.stl": box_mesh((0, 0, 0), (0.1, 0.1, 0.1))}
    covered = shape_coverage(Solid(file="cube.stl", scale=40, offset=(10, 12, 3)), GRID, meshes)
    box = Box(corner=(10, 12, 3), size=(4, 4, 4))
    assert np.allclose(covered, shape_coverage(box, GRID, {}), atol=1e-6)
    with pytest.raises(BadInput, match=r"other\.stl"):
        shape_coverage(Solid(file="other.stl"), GRID, meshes)


def test_a_face_has_no_volume() -> None:
    assert not shape_coverage(Face(side="z+"), GRID, {}).any()
