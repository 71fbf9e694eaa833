"""Surfaces of bodies: closed, of the right volume, and exact where the study is exact."""

from __future__ import annotations

import manifold3d
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_product.core.mesh import Mesh
from studio_product.core.studies.study import (
    Box,
    Cylinder,
    Load,
    LoadCase,
    Region,
    Solid,
    Space,
    Sphere,
    Support,
    Target,
)
from studio_product.core.studies.voxelize import mesh_coverage
from studio_product.generators.numbers.solve import solve_shape
from studio_product.generators.problem import problem_of
from studio_product.generators.simp.optimize import optimize

from studio.api import BadInput
from tests.studio_product.core.solids import ball, box
from tests.studio_product.generators.surface_studies import (
    ball_density,
    beams,
    domain,
    made,
    require_sound,
    require_within,
    solid_of,
    study_of,
)

CUBE = (24.0, 24.0, 24.0)


@pytest.mark.parametrize("sharpness", [1.0, 4.0, 16.0])
def test_a_ball_keeps_volume_and_shape_however_crisp_the_field(sharpness: float) -> None:
    study = study_of(CUBE)
    space = domain(study, (24, 24, 24))
    density = ball_density(space.grid, 9.0, sharpness)
    mesh = made(density, study, space).mesh
    require_sound(mesh)
    assert mesh.volume == pytest.approx(density.sum(), rel=0.002)
    radius = np.linalg.norm(mesh.vertices - 12, axis=1)
    assert np.abs(radius - radius.mean()).max() < 0.12


def test_a_full_space_is_the_box() -> None:
    study = study_of()
    mesh = made(np.ones((12, 6, 6)), study, domain(study, (12, 6, 6))).mesh
    require_sound(mesh)
    assert mesh.volume == pytest.approx(48 * 24 * 24, rel=1e-9)
    assert mesh.area == pytest.approx(2 * (48 * 24 * 2 + 24 * 24), rel=1e-9)


def test_sides_of_the_space_are_flat_and_in_place() -> None:
    study = study_of()
    space = domain(study, (48, 24, 24))
    density = beams(space.grid)
    mesh = made(density, study, space).mesh
    require_sound(mesh)
    require_within(mesh, study)
    assert mesh.volume == pytest.approx(density.sum(), rel=0.005)
    corners = mesh.corners
    at_wall = corners[(corners[..., 0] == 0).all(axis=1)]
    area = np.linalg.norm(np.cross(at_wall[:, 1] - at_wall[:, 0], at_wall[:, 2] - at_wall[:, 0]), axis=1)
    assert area.sum() / 2 == pytest.approx(24 * 24, rel=0.01)  # the wall covers the whole side


def test_holes_are_round_and_empty() -> None:
    bolt = Cylinder(start=(-1, 12, 12), end=(20, 12, 12), radius=4)
    study = study_of(regions=(Region(name="Bolt", role="keep-out", shape=bolt),))
    space = domain(study, (48, 24, 24))
    mesh = made(np.full((48, 24, 24), 0.9), study, space).mesh
    require_sound(mesh)
    radius = np.hypot(*(mesh.vertices[:, 1:] - 12).T)
    ahead = (mesh.vertices[:, 0] > 0.5) & (mesh.vertices[:, 0] < 19.5)
    assert radius[ahead].min() > 4 - 0.01
    on_hole = ahead & (radius < 4.3)
    assert on_hole.sum() > 50
    assert np.abs(radius[on_hole] - 4).max() < 0.01


def test_kept_shapes_are_all_there_except_what_is_kept_out() -> None:
    pin = Cylinder(start=(30, 0, 12), end=(30, 24, 12), radius=2)
    block = Box(corner=(24.3, 3.3, 6.3), size=(13, 17.4, 11.5))
    study = study_of(
        regions=(
            Region(name="Block", role="keep-in", shape=block),
            Region(name="Pin", role="keep-out", shape=pin),
        )
    )
    space = domain(study, (48, 24, 24))
    mesh = made(beams(space.grid), study, space).mesh
    require_sound(mesh)
    solid = solid_of(mesh)
    wanted = manifold3d.Manifold.cube(block.size).translate(block.corner)
    drill = manifold3d.Manifold.cylinder(40, 2, -1, 256).rotate((-90, 0, 0)).translate((30, -5, 12))
    assert (wanted - drill - solid).volume() < 1e-6 * wanted.volume()
    assert (drill ^ solid).volume() < 5e-3 * (drill ^ wanted).volume()


def test_the_pad_under_a_load_is_flat() -> None:
    top = Load(name="Seat", shape=Box(corner=(30, 6, 24), size=(12, 12, 0)), force=(0, 0, -100))
    study = study_of(cases=(LoadCase(name="Sit", loads=(top,)),))
    space = domain(study, (48, 24, 24))
    assert space.solid.any()
    column = np.where(np.abs(space.grid.centers()[..., 0] - 36) < 3, 1.0, 0.0)
    mesh = made(np.maximum(beams(space.grid), column), study, space).mesh
    require_sound(mesh)
    seat = manifold3d.Manifold.cube((12, 12, 0.5)).translate((30, 6, 23.5))
    assert (seat - solid_of(mesh)).volume() < 1e-6 * seat.volume()
    assert mesh.bounds[1][2] == pytest.approx(24)


def test_a_space_of_another_shape_is_not_left() -> None:
    shape = ball(11.5, (12, 12, 12), level=3)
    study = study_of(
        CUBE,
        space=Space(size=CUBE, shape=Solid(file="ball.stl")),
        supports=(Support(name="Left", shape=Box(corner=(0, 0, 0), size=(6, 24, 24))),),
        cases=(LoadCase(name="Own weight", gravity=(0, 0, -1)),),
    )
    meshes = {"ball.stl": shape}
    space = domain(study, (24, 24, 24), meshes)
    mesh = made(np.ones((24, 24, 24)), study, space, meshes).mesh
    require_sound(mesh)
    assert (solid_of(mesh) - solid_of(shape)).volume() < 1e-6
    assert mesh.volume == pytest.approx(shape.volume, rel=1e-6)


def test_what_hangs_together_with_nothing_is_left_out_but_cavities_stay() -> None:
    study = study_of()
    space = domain(study, (48, 24, 24))
    centers = space.grid.centers()
    far = np.linalg.norm(centers - (44, 4, 4), axis=-1)
    hollow = np.linalg.norm(centers - (12, 12, 12), axis=-1)
    density = np.where(centers[..., 0] < 26, 1.0, 0.0)
    density[far < 2.5] = 1.0
    density[hollow < 6] = 0.0
    mesh = made(density, study, space).mesh
    require_sound(mesh)
    assert mesh.bounds[1][0] < 30
    assert len(solid_of(mesh).decompose()) == 2  # the outside and the cavity


def test_long_edges_are_split_so_that_flat_faces_can_be_colored() -> None:
    study = study_of()
    mesh = made(np.ones((12, 6, 6)), study, domain(study, (12, 6, 6))).mesh
    edges = np.linalg.norm(mesh.corners - np.roll(mesh.corners, 1, axis=1), axis=2)
    assert edges.max() < 4.5 * 4.0


def test_a_shape_with_a_gap_is_an_error_in_words() -> None:
    whole = box((8, 8, 8), (10, 4, 4))
    study = study_of(regions=(Region(name="Hole", role="keep-out", shape=Solid(file="hole.stl")),))
    space = domain(study, (12, 6, 6), {"hole.stl": whole})
    open_ = {"hole.stl": Mesh(whole.vertices, whole.faces[1:])}
    with pytest.raises(BadInput, match=r"hole\.stl.*no closed body"):
        made(np.ones((12, 6, 6)), study, space, open_)


def test_nothing_gives_an_error_in_words() -> None:
    study = study_of()
    with pytest.raises(BadInput, match="Nothing is left") as caught:
        made(np.zeros((12, 6, 6)), study, domain(study, (12, 6, 6)))
    assert caught.value.hint


@pytest.mark.parametrize("cells", [(24, 1, 12), (1, 12, 12), (13, 7, 5), (60, 12, 9)])
def test_thin_odd_and_stretched_grids(cells: tuple[int, int, int]) -> None:
    study = study_of()
    space = domain(study, cells)
    density = np.maximum(beams(space.grid), 0.02)
    mesh = made(density, study, space).mesh
    require_sound(mesh)
    require_within(mesh, study)


@given(st.integers(0, 2**32 - 1), st.floats(0.2, 0.8), st.floats(0.5, 30))
@settings(max_examples=8, deadline=None)
def test_any_field_gives_a_sound_part_within_its_space(seed: int, share: float, sharpness: float) -> None:
    from scipy.ndimage import gaussian_filter

    out = Sphere(center=(20, 10, 12), radius=6)
    study = study_of(regions=(Region(name="Ball", role="keep-out", shape=out),))
    space = domain(study, (16, 8, 8))
    noise = gaussian_filter(np.random.default_rng(seed).normal(size=(16, 8, 8)), 1.2)
    noise -= np.quantile(noise, 1 - share)
    density = 1 / (1 + np.exp(-np.clip(sharpness * noise / noise.std(), -40, 40)))
    mesh = made(density, study, space).mesh
    require_sound(mesh)
    require_within(mesh, study)
    assert np.linalg.norm(mesh.vertices - out.center, axis=1).min() > 6 * 0.98


@pytest.mark.slow
def test_measured_again_on_cells_it_is_as_stiff_as_the_design() -> None:
    study = study_of(target=Target(volume=0.35))
    space = domain(study, (32, 16, 16))
    design = optimize(problem_of(space, study), iterations=45)
    density = design.density.numpy()
    mesh = made(density, study, space).mesh
    require_sound(mesh)
    assert mesh.volume == pytest.approx(density.sum() * space.grid.cell_volume, rel=0.005)
    shares = mesh_coverage(mesh, space.grid).astype(float)
    found = solve_shape(shares, study, space, "cpu").compliances
    # The optimizer's own number counts gray cells as softer than they are.
    as_cells = solve_shape(density, study, space, "cpu").compliances
    assert as_cells[0] * 0.97 < found[0] < float(design.compliances[0]) * 1.03
