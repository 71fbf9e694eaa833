"""Numbers measured on parts whose answers are known on paper."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.part_numbers import PartNumbers
from studio_product.core.studies.domain import domain_of
from studio_product.core.studies.study import Cylinder, Face, Load, LoadCase, Material, Space, Study, Support
from studio_product.core.studies.voxels import shape_coverage
from studio_product.generators.numbers.fields import at_points, nodal_means, nodes_of, onto_material
from studio_product.generators.numbers.measure import Measured, measure
from studio_product.generators.numbers.solve import solve_shape

STEEL = Material(
    name="Steel", youngs_modulus=210_000.0, poissons_ratio=0.3, density=7.85, yield_strength=235.0
)
CORK = replace(STEEL, name="Cork", poissons_ratio=0.0)


def _block(size: tuple[float, float, float]) -> Mesh:
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float) * size
    squares = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [triangle for a, b, c, d in squares for triangle in ((a, b, c), (a, c, d))]
    return Mesh(corners, np.array(faces, np.int32))


def _beam(dimensions: int, material: Material, *cases: LoadCase) -> Study:
    """80 long, 10 deep and 10 wide, clamped at its left end."""
    return Study(
        name="Beam",
        dimensions=2 if dimensions == 2 else 3,
        space=Space(size=(80.0, 10.0, 10.0)),
        material=material,
        supports=(Support(name="Wall", shape=Face(side="x-")),),
        cases=cases,
    )


def _tip(name: str, x: float, y: float) -> LoadCase:
    return LoadCase(name=name, loads=(Load(name=name, shape=Face(side="x+"), force=(x, y, 0.0)),))


def _measured(study: Study, *cells: int) -> Measured:
    grid = Grid(cells, study.space.size[: len(cells)], study.space.size[2] if len(cells) == 2 else 1.0)
    return measure(_block(study.space.size), study, grid, {}, "cpu")


def _worst(numbers: PartNumbers, name: str) -> float:
    number = numbers.find(name)
    assert number is not None
    return number.worst.value


@pytest.mark.parametrize("cells", [(16, 2), (16, 2, 2)])
def test_a_bar_under_tension_is_exact_in_mm_newton_and_megapascal(cells: tuple[int, ...]) -> None:
    study = _beam(len(cells), CORK, _tip("Pull", 1000.0, 0.0))
    measured = _measured(study, *cells)
    numbers = measured.numbers
    stretch = 1000 * 80 / (210_000 * 100)
    assert _worst(numbers, "mass") == pytest.approx(80 * 10 * 10 * 7.85e-3)
    assert _worst(numbers, "compliance") == pytest.approx(1000 * stretch, rel=1e-4)
    assert measured.compliance == pytest.approx(1000 * stretch, rel=1e-4)
    assert _worst(numbers, "stiffness") == pytest.approx(1000 / stretch, rel=1e-4)
    assert _worst(numbers, "displacement") == pytest.approx(stretch, rel=1e-4)
    assert _worst(numbers, "stress") == pytest.approx(10, rel=1e-4)
    assert _worst(numbers, "stress_999") == pytest.approx(10, rel=1e-4)
    assert _worst(numbers, "safety_factor") == pytest.approx(23.5, rel=1e-4)
    assert _worst(numbers, "holes") == 0
    np.testing.assert_allclose(measured.stresses, 10, rtol=1e-3)
    ends = measured.displacements[0][:, 0]
    np.testing.assert_allclose(sorted(ends)[-4:], stretch, rtol=1e-3)
    np.testing.assert_allclose(sorted(ends)[:4], 0, atol=1e-9)


def test_a_bar_that_hangs_stretches_under_its_own_weight() -> None:
    study = _beam(2, CORK, LoadCase(name="Hang", gravity=(1.0, 0.0, 0.0)))
    numbers = _measured(study, 32, 4).numbers
    weight = 7.85e-6 * 9.80665
    assert _worst(numbers, "displacement") == pytest.approx(weight * 80**2 / (2 * 210_000), rel=1e-3)
    stiffness = numbers.find("stiffness")
    assert stiffness is not None, "its own weight is a force"


@pytest.mark.parametrize("cells", [(64, 8), pytest.param((64, 8, 8), marks=pytest.mark.slow)])
def test_a_cantilever_bends_as_timoshenko_says(cells: tuple[int, ...]) -> None:
    """Within 2 % at 8 cells, and the error bar reaches the beam theory's value."""
    numbers = _measured(_beam(len(cells), STEEL, _tip("Down", 0.0, -100.0)), *cells).numbers
    bending = 100 * 80**3 / (3 * 210_000 * 10 * 10**3 / 12)
    shear = 100 * 80 / (5 / 6 * 100 * 210_000 / 2.6)
    number = numbers.find("compliance")
    assert number is not None
    assert number.worst.value == pytest.approx(100 * (bending + shear), rel=0.02)
    assert number.worst.error is not None
    assert 0 < number.worst.error < 0.03 * number.worst.value


def test_every_case_has_its_numbers_and_the_worst_is_told() -> None:
    study = _beam(2, STEEL, _tip("Pull", 100.0, 0.0), _tip("Down", 0.0, -100.0))
    numbers = _measured(study, 16, 4).numbers
    for name, worst in {"compliance": "Down", "stiffness": "Down", "safety_factor": "Down"}.items():
        number = numbers.find(name)
        assert number is not None
        assert [figure.case for figure in number.cases] == ["Pull", "Down"]
        assert number.worst.case == worst
    assert "certification" in numbers.concept


def test_a_moment_alone_has_no_stiffness_in_newton_per_mm() -> None:
    twist = Load(name="Bend", shape=Face(side="x+"), moment=(0.0, 0.0, 5000.0))
    numbers = _measured(_beam(2, STEEL, LoadCase(name="Bend", loads=(twist,))), 32, 4).numbers
    assert numbers.find("stiffness") is None
    assert _worst(numbers, "displacement") == pytest.approx(
        5000 * 80**2 / (2 * 210_000 * 10 * 10**3 / 12), rel=0.05
    )


@pytest.mark.slow
def test_the_hole_in_a_plate_concentrates_stress_threefold() -> None:
    """A quarter of a plate with a hole of an eighth of its width, 32 cells to the radius: 3.05 +- 5 %
    (Heywood's formula, of the gross section)."""
    side, radius, cells = 80.0, 10.0, 256
    plate = Study(
        name="Plate",
        dimensions=2,
        space=Space(size=(side, side, 1.0)),
        material=STEEL,
        supports=(
            Support(name="Left", shape=Face(side="x-"), fixed=("x",)),
            Support(name="Bottom", shape=Face(side="y-"), fixed=("y",)),
        ),
        cases=(
            LoadCase(name="Pull", loads=(Load(name="Pull", shape=Face(side="x+"), force=(side, 0.0, 0.0)),)),
        ),
    )
    grid = Grid((cells, cells), (side, side), 1.0)
    hole = shape_coverage(Cylinder(start=(0.0, 0.0, -1.0), end=(0.0, 0.0, 2.0), radius=radius), grid, {})
    solved = solve_shape(1.0 - hole.astype(np.float64), plate, domain_of(plate, grid, {}), "cpu")
    assert solved.stresses.max() == pytest.approx(3.05, rel=0.05)


def test_forces_beside_the_material_move_onto_it() -> None:
    grid = Grid((4, 2), (4.0, 2.0))
    loads = np.zeros((2, 5, 3, 2))
    loads[0, 4, 1] = (3.0, -1.0)
    loads[0, 3, 1] = (1.0, 0.0)
    loads[1, 0, 0] = (0.0, 5.0)
    material = np.zeros((5, 3), bool)
    material[:4] = True
    moved = onto_material(loads, material, grid)
    np.testing.assert_allclose(moved.sum(axis=(1, 2)), loads.sum(axis=(1, 2)))
    np.testing.assert_allclose(moved[0, 3, 1], (4.0, -1.0))
    assert not moved[:, ~material].any()
    assert onto_material(loads, np.ones((5, 3), bool), grid) is loads


def test_fields_reach_the_surface_from_the_material_alone() -> None:
    grid = Grid((4, 1), (8.0, 2.0))
    values: NDArray[np.float64] = np.array([[[1.0], [3.0], [99.0], [99.0]]])
    shares = np.array([[1.0], [1.0], [0.0], [0.0]])
    nodal = nodal_means(values, shares)
    np.testing.assert_allclose(nodal[0, :, 0], [1, 2, 3, 0, 0])
    known = nodes_of(shares > 0)
    at = at_points(nodal[0], known, np.array([[0.0, 1.0, 0], [3.0, 1.0, 0], [6.0, 1.0, 0]]), grid)
    np.testing.assert_allclose(at, [1, 2.5, 3])
