"""Members, overhangs and stresses of shapes whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from studio_product.core.mesh import Mesh
from studio_product.generators.numbers.overhang import unsupported_share
from studio_product.generators.numbers.stress import percentile, von_mises
from studio_product.generators.numbers.thickness import thin_members, thinnest_member


@pytest.mark.parametrize("width", [3, 4, 7, 10])
def test_a_bar_is_as_thick_as_it_is(width: int) -> None:
    shape = np.zeros((50, 30), bool)
    shape[2:48, 8 : 8 + width] = True
    member, error = thinnest_member(shape, (2.0, 2.0))
    assert error == 1
    assert abs(member - 2 * width) <= error


def test_the_thinner_of_two_members_counts() -> None:
    shape = np.zeros((60, 60), bool)
    shape[5:55, 5:15] = shape[5:55, 45:55] = shape[45:55, 5:55] = True
    shape[5:9, 5:55] = True
    member, error = thinnest_member(shape, (1.0, 1.0))
    assert abs(member - 4) <= error


def test_corners_are_no_thin_members() -> None:
    shape = np.zeros((40, 40), bool)
    shape[5:35, 5:35] = True
    assert thinnest_member(shape, (1.0, 1.0))[0] == pytest.approx(29.5, abs=1)


@pytest.mark.parametrize("width", [4, 5, 6])
def test_a_beam_in_three_dimensions(width: int) -> None:
    shape = np.zeros((40, 16, 16), bool)
    shape[3:37, 4 : 4 + width, 5:13] = True
    member, error = thinnest_member(shape, (1.0, 1.0, 1.0))
    assert abs(member - width) <= error


def test_a_ball_is_as_thick_as_its_diameter() -> None:
    grid = np.indices((25, 25, 25)) - 12
    member, _ = thinnest_member(np.sqrt((grid**2).sum(axis=0)) <= 8, (1.0, 1.0, 1.0))
    assert member == pytest.approx(17, abs=1.6)


def test_one_cell_is_a_member() -> None:
    assert thinnest_member(np.ones((1, 1), bool), (3.0, 3.0))[0] == pytest.approx(4.5)


def _lofted(*levels: tuple[float, float]) -> Mesh:
    """Square cross-sections (half side, height), one upon the other."""
    ring = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], float)
    corners = np.concatenate([np.column_stack([ring * half, np.full(4, z)]) for half, z in levels])
    faces = [(0, 2, 1), (0, 3, 2)]
    for below in range(0, 4 * (len(levels) - 1), 4):
        for a, b in ((0, 1), (1, 2), (2, 3), (3, 0)):
            faces += [(below + a, below + b, below + 4 + b), (below + a, below + 4 + b, below + 4 + a)]
    top = 4 * (len(levels) - 1)
    faces += [(top, top + 1, top + 2), (top, top + 2, top + 3)]
    return Mesh(corners, np.array(faces, np.int32))


def test_a_pillar_stands_and_its_roof_hangs() -> None:
    pillar = _lofted((1, 0), (1, 8))
    assert pillar.volume == pytest.approx(32)
    assert unsupported_share(pillar, "z+") == 0
    roofed = _lofted((1, 0), (1, 8), (3, 8), (3, 9))
    assert unsupported_share(roofed, "z+") == pytest.approx(32 / 36)
    assert unsupported_share(roofed, "z-") == 0, "upside down it stands on its roof"
    assert unsupported_share(roofed, "x+") == pytest.approx(16 / 22)


def test_slopes_of_45_degrees_carry_themselves() -> None:
    assert unsupported_share(_lofted((1, 0), (5, 4)), "z+") == 0
    assert unsupported_share(_lofted((1, 0), (5, 2)), "z+") == pytest.approx(96 / 100)


@given(arrays(np.float64, (4, 6), elements=st.floats(-100, 100)), st.floats(-50, 50))
def test_pressure_from_all_sides_is_no_von_mises_stress(stress: NDArray[np.float64], pressure: float) -> None:
    pressed = stress + pressure * np.array([1, 1, 1, 0, 0, 0])
    np.testing.assert_allclose(von_mises(pressed), von_mises(stress), atol=1e-4)


def test_von_mises_of_tension_and_shear() -> None:
    assert von_mises(np.array([250.0, 0, 0])) == pytest.approx(250)
    assert von_mises(np.array([0.0, 0, 100])) == pytest.approx(100 * 3**0.5)
    assert von_mises(np.array([0.0, 0, -250, 0, 0, 0])) == pytest.approx(250)
    assert von_mises(np.array([0.0, 0, 0, 0, 100, 0])) == pytest.approx(100 * 3**0.5)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.floats(0, 1))
def test_percentiles_with_equal_weights(values: list[float], share: float) -> None:
    value = percentile(np.array(values), np.ones(len(values)), share)
    below = sum(v <= value for v in values)
    assert value in values
    assert below >= share * len(values) * (1 - 1e-9)


def test_a_heavy_value_pulls_the_percentile() -> None:
    values, weights = np.array([5.0, 1.0, 9.0]), np.array([1.0, 1.0, 98.0])
    assert percentile(values, weights, 0.5) == 9
    assert percentile(values, weights, 0.02) == 5


def test_thin_members_are_found_and_corners_are_none() -> None:
    frame = np.zeros((60, 60), bool)
    frame[5:55, 5:15] = frame[5:55, 45:55] = frame[45:55, 5:55] = True
    whole = frame.copy()
    whole[20:23, 5:55] = True
    (bar,) = thin_members(whole, (1.0, 1.0), 6.0)
    assert not bar[frame].any()
    assert bar.sum() >= (whole & ~frame).sum() - 4, "but for where it begins"
    assert thin_members(whole, (1.0, 1.0), 2.0) == []
    block = np.zeros((16, 16, 16), bool)
    block[3:13, 3:13, 3:13] = True
    assert thin_members(block, (1.0, 1.0, 1.0), 6.0) == []
    (everything,) = thin_members(block, (1.0, 1.0, 1.0), 20.0)
    np.testing.assert_array_equal(everything, block)
