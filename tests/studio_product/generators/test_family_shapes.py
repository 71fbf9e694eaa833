"""Distances of families: their primitives against closed forms, their shapes against what they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_product.core.studies.catalog import materials
from studio_product.core.studies.study import Box, Cylinder, Face, Sphere
from studio_product.generators.families import sdf
from studio_product.generators.families.chair import Chair
from studio_product.generators.families.family import Family, Standing
from studio_product.generators.families.hook import WallHook
from studio_product.generators.families.phone_stand import PhoneStand
from studio_product.generators.families.shelf_bracket import ShelfBracket
from studio_product.generators.families.tipping import center_of_gravity, tipping_angle

FAMILIES: list[type[Family]] = [Chair, ShelfBracket, WallHook, PhoneStand]
MATERIAL = materials()[0]


def points_in(size: float, step: float) -> np.ndarray:
    axis = np.arange(-size + step / 2, size, step)
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)


@pytest.mark.parametrize(
    ("distance", "volume"),
    [
        (lambda p: sdf.box(p, (0, 0, 0), (8, 6, 4)), 192.0),
        (lambda p: sdf.rod(p, (0, 0, -2), (0, 0, 2), 2), math.pi * 4 * 4 + 4 / 3 * math.pi * 8),
        (lambda p: sdf.hole(p, (-3, 0, 0), (3, 0, 0), 2), math.pi * 4 * 6),
        (
            lambda p: sdf.plank(p, (-4, 0, 0), (4, 0, 0), (0, 1, 0), (5, 2)),
            80 - (1 - math.pi / 4) * 0.25**2 * 60,
        ),
        (lambda p: sdf.arc(p, (0, 0, 0), 3, 2, 0, 180), math.pi * math.pi * 3 + 4 / 3 * math.pi),
        (lambda p: sdf.ribbon(p, [(0, -3, 0), (0, 0, 0), (0, 3, 0)], (4, 2)), 4 * (6 * 2 + math.pi)),
    ],
    ids=["box", "rod", "hole", "plank", "arc", "ribbon"],
)
def test_a_primitive_has_the_volume_of_its_closed_form(distance: object, volume: float) -> None:
    points = points_in(6, 0.1)
    shares = sdf.coverage(distance(points), 0.1)  # type: ignore[operator]
    assert shares.sum() * 0.1**3 == pytest.approx(volume, rel=0.01)


@given(
    point=st.tuples(*[st.floats(-10, 10)] * 3),
    end=st.tuples(*[st.floats(-5, 5)] * 3),
    radius=st.floats(0.1, 3),
)
def test_a_distance_to_a_rod_is_that_to_its_nearest_point(
    point: tuple[float, ...], end: tuple[float, ...], radius: float
) -> None:
    at = np.array(point)
    along = np.linspace(0, 1, 2001)[:, None] * np.array(end)
    brute = np.linalg.norm(along - at, axis=1).min() - radius
    assert sdf.rod(at, (0, 0, 0), end, radius) == pytest.approx(brute, abs=0.01)


def test_a_fillet_adds_material_only_where_parts_meet() -> None:
    points = points_in(10, 0.5)
    one = sdf.box(points, (0, 0, 0), (20, 4, 4))
    two = sdf.box(points, (0, 0, 0), (4, 20, 4))
    plain, filleted = sdf.union([one, two]), sdf.union([one, two], fillet=3)
    assert (filleted <= plain + 1e-12).all()
    far = (np.linalg.norm(points[..., :2], axis=-1) > 6) & (np.abs(plain) < 0.5)
    assert filleted[far] == pytest.approx(plain[far])
    corner = np.array([[2.3, 2.3, 0.0]])
    assert (
        sdf.union([sdf.box(corner, (0, 0, 0), (20, 4, 4)), sdf.box(corner, (0, 0, 0), (4, 20, 4))], fillet=3)
        < 0
    )


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_shape_of_a_family_fits_its_study(family: type[Family], data: st.DataObject) -> None:
    values = {
        each.name: data.draw(st.floats(each.least, each.most), label=each.name) for each in family.parameters
    }
    made = family()
    study = made.study(values, MATERIAL, 1.0)
    for case in study.cases:
        for load in case.loads:
            assert isinstance(load.shape, Box)
            corners = np.array(load.shape.corner) + np.array(load.shape.size) * np.array([[0.5, 0.5, 0.5]])
            assert made.distance(corners, values).max() <= 1.0  # a load pulls at material
    size = np.array(study.space.size)
    for support in study.supports:
        low, high = _extent(support.shape, size)
        assert (low >= -1e-9).all(), support.name
        assert (high <= size + 1e-9).all(), support.name


def _extent(shape: object, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    match shape:
        case Box():
            return np.array(shape.corner), np.array(shape.corner) + np.array(shape.size)
        case Cylinder():
            ends = np.array([shape.start, shape.end])
            return ends.min(axis=0), ends.max(axis=0)
        case Sphere():
            return np.array(shape.center), np.array(shape.center)
        case Face():
            return np.zeros(3), size
    raise AssertionError(shape)


def test_a_cube_tips_at_forty_five_degrees_and_a_payload_up_high_makes_it_tip_sooner() -> None:
    feet = ((0.0, 0.0), (10.0, 0.0), (0.0, 10.0), (10.0, 10.0))
    middle = np.array([5.0, 5.0, 5.0])
    assert tipping_angle(100, middle, Standing(feet)) == pytest.approx(45)
    loaded = Standing(feet, payload=100, payload_at=(5, 5, 15))
    assert tipping_angle(100, middle, loaded) == pytest.approx(math.degrees(math.atan(0.5)))


def test_what_leans_beyond_its_feet_does_not_stand() -> None:
    feet = ((0.0, 0.0), (10.0, 0.0), (0.0, 10.0))
    assert tipping_angle(1, np.array([9.0, 9.0, 1.0]), Standing(feet)) == 0


def test_the_center_of_gravity_weighs_cells_by_what_fills_them() -> None:
    centers = np.zeros((2, 1, 1, 3))
    centers[1, 0, 0] = (4, 0, 0)
    shares = np.array([0.25, 0.75]).reshape(2, 1, 1)
    assert center_of_gravity(shares, centers) == pytest.approx([3, 0, 0])
