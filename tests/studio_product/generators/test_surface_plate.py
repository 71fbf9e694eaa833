"""Outlines of plates, the search for a level, and smoothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_product.core.studies.study import Box, Cylinder, Face, Load, LoadCase, Region, Target
from studio_product.core.studies.voxelize import mesh_coverage
from studio_product.generators.numbers.solve import solve_shape
from studio_product.generators.problem import problem_of
from studio_product.generators.simp.optimize import optimize
from studio_product.generators.surface.level import at_volume, guess
from studio_product.generators.surface.smoothing import smoothed

from studio.api import BadInput
from tests.studio_product.generators.surface_studies import (
    ball_density,
    beams,
    domain,
    made,
    require_sound,
    require_within,
    study_of,
)

PLATE = (60.0, 30.0, 5.0)


def area_of(loop: np.ndarray) -> float:
    x, y = loop.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def test_a_plate_has_the_outline_and_the_volume_of_its_design() -> None:
    study = study_of(PLATE, dimensions=2)
    space = domain(study, (120, 60))
    density = beams(space.grid)
    found = made(density, study, space)
    require_sound(found.mesh)
    require_within(found.mesh, study)
    assert found.mesh.volume == pytest.approx(density.sum() * space.grid.cell_volume, rel=0.005)
    areas = sorted(area_of(loop) for loop in found.contours)
    assert areas[-1] > 0 and areas[0] < 0 and len(areas) == 2  # outside, and the hole between the rods
    assert sum(areas) * 5 == pytest.approx(found.mesh.volume, rel=1e-6)
    assert set(np.unique(found.mesh.vertices[:, 2])) >= {0.0, 5.0}


@pytest.mark.parametrize("sharpness", [1.0, 20.0])
def test_a_disk_is_round_however_crisp_the_field(sharpness: float) -> None:
    study = study_of((30.0, 30.0, 2.0), dimensions=2)
    space = domain(study, (40, 40))
    found = made(ball_density(space.grid, 10.0, sharpness), study, space)
    radius = np.linalg.norm(found.contours[0] - 15, axis=1)
    assert len(found.contours) == 1
    assert np.ptp(radius) < 0.12


def test_holes_and_kept_shapes_of_plates_are_exact() -> None:
    hole = Cylinder(start=(30, 15, 0), end=(30, 15, 5), radius=4)
    tab = Box(corner=(50, 10.2, 0), size=(8, 9.6, 5))
    study = study_of(
        PLATE,
        dimensions=2,
        regions=(
            Region(name="Hole", role="keep-out", shape=hole),
            Region(name="Tab", role="keep-in", shape=tab),
        ),
    )
    space = domain(study, (120, 60))
    found = made(np.maximum(beams(space.grid), ball_density(space.grid, 8.0)), study, space)
    require_sound(found.mesh)
    radius = np.linalg.norm(found.mesh.vertices[:, :2] - (30, 15), axis=1)
    assert radius.min() == pytest.approx(4, abs=0.01)
    full = mesh_coverage(found.mesh, space.grid)[102:114, 22:38]
    assert full.min() > 0.999


def test_the_pad_under_a_load_on_an_edge_is_flat() -> None:
    top = Load(name="Top", shape=Face(side="y+"), force=(0, -100, 0))
    study = study_of(PLATE, dimensions=2, cases=(LoadCase(name="Down", loads=(top,)),))
    space = domain(study, (60, 30))
    found = made(beams(space.grid), study, space)
    require_sound(found.mesh)
    (outside,) = (loop for loop in found.contours if area_of(loop) > 0)
    flat = outside[outside[:, 1] == 30]
    assert (flat[:, 0].min(), flat[:, 0].max()) == (0, 60)


def test_an_empty_plate_is_an_error_in_words() -> None:
    study = study_of(PLATE, dimensions=2)
    with pytest.raises(BadInput, match="Nothing is left"):
        made(np.zeros((12, 6)), study, domain(study, (12, 6)))


@given(st.integers(0, 2**32 - 1), st.floats(0.2, 0.8), st.floats(0.5, 30))
@settings(max_examples=10, deadline=None)
def test_any_field_gives_a_sound_plate(seed: int, share: float, sharpness: float) -> None:
    from scipy.ndimage import gaussian_filter

    study = study_of(PLATE, dimensions=2)
    space = domain(study, (30, 15))
    noise = gaussian_filter(np.random.default_rng(seed).normal(size=(30, 15)), 1.2)
    noise -= np.quantile(noise, 1 - share)
    density = 1 / (1 + np.exp(-np.clip(sharpness * noise / noise.std(), -40, 40)))
    found = made(density, study, space)
    require_sound(found.mesh)
    require_within(found.mesh, study)


@pytest.mark.slow
def test_measured_again_on_cells_a_plate_is_as_stiff_as_its_design() -> None:
    study = study_of(PLATE, dimensions=2, target=Target(volume=0.45))
    space = domain(study, (100, 50))
    density = optimize(problem_of(space, study), iterations=50).density.numpy()
    found = made(density, study, space)
    shares = mesh_coverage(found.mesh, space.grid).astype(float)
    cells, surface = (solve_shape(each, study, space, "cpu").compliances[0] for each in (density, shares))
    assert surface == pytest.approx(cells, rel=0.03)


def test_smoothing_takes_short_waves_and_leaves_long_ones() -> None:
    count = 400
    around = np.arange(count)
    angle = around * 2 * np.pi / count
    edges = np.stack([around, np.roll(around, -1)], axis=1)

    def radii(waves: int) -> np.ndarray:
        radius = 100 + np.cos(waves * angle)
        points = smoothed(radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), edges, 80, 0.05)
        return np.linalg.norm(points, axis=1)

    assert np.ptp(radii(100)) < 0.1
    assert np.ptp(radii(8)) == pytest.approx(2, rel=0.05)
    assert radii(8).mean() == pytest.approx(100, rel=0.001)


def test_the_level_of_a_volume_is_found_or_the_nearest_to_it() -> None:
    tried = []

    def make(level: float) -> float:
        tried.append(level)
        return float(np.exp(-level))

    assert at_volume(make, float, 2.0, 1.0, -0.3) == pytest.approx(2, rel=1e-3)
    assert len(tried) <= 8
    assert at_volume(lambda level: 5.0 - level / 100, float, 1.0, 0.0, -0.1) == pytest.approx(4.92)


def test_the_first_guess_counts_shares_of_cells() -> None:
    ramp = np.linspace(-5, 5, 101)[:, None] * np.ones((1, 4))
    level, slope = guess(np.pad(ramp, 1, mode="edge"), np.ones_like(ramp, bool), 1, 4 * 30.0)
    assert level == pytest.approx(2.05, abs=0.06)
    assert slope == pytest.approx(-40, rel=0.05)
