"""Every mistake has its remark, and what is right has none."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_product.core.mesh import Mesh
from studio_product.core.studies.catalog import presets
from studio_product.core.studies.check import check_study
from studio_product.core.studies.domain import domain_of
from studio_product.core.studies.quality import grid_of
from studio_product.core.studies.remark import Remark
from studio_product.core.studies.study import (
    Box,
    Face,
    Load,
    LoadCase,
    Making,
    Material,
    Method,
    Point,
    Region,
    Shape,
    Side,
    Solid,
    Space,
    Sphere,
    Study,
    Support,
    Target,
    to_json,
)
from studio_product.core.studies.study_file import study_from_json

STEEL = Material(name="Steel", youngs_modulus=210_000, poissons_ratio=0.3, density=7.85, yield_strength=235)
WALL = Support(name="Wall", shape=Face(side="x-"))


def box(corner: Point, size: Point) -> Box:
    return Box(corner=corner, size=size)


def pull(shape: Shape, name: str = "Tip", **changes: Any) -> Load:
    return Load(**{"name": name, "shape": shape, "force": (0, 0, -10), **changes})


TIP = pull(box((40, 0, 0), (0, 20, 10)))


def study_of(*loads: Load, **changes: Any) -> Study:
    space = Space(
        size=changes.pop("size", (40, 20, 20)),
        cells=changes.pop("cells", (20, 10, 10)),
        shape=changes.pop("shape", None),
    )
    given = {
        "material": STEEL,
        "supports": (WALL,),
        "cases": (LoadCase(name="Case", loads=loads or (TIP,)),),
        "target": Target(volume=0.4),
        **changes,
    }
    return Study(name="Test", space=space, **given)


def check(study: Study, meshes: dict[str, Mesh] | None = None, **more: Any) -> list[Remark]:
    return check_study(study, meshes or {}, grid_of(study), **more)


def cube(low: Point, high: Point) -> Mesh:
    made = trimesh.creation.box(bounds=[low, high])
    return Mesh(np.array(made.vertices, float), np.array(made.faces, np.int32))


def test_a_good_study_has_no_remarks() -> None:
    assert check(study_of()) == []


@pytest.mark.parametrize("key", list(presets()))
def test_examples_have_no_remarks_at_any_quality(key: str) -> None:
    study = presets()[key]
    assert check_study(study, {}, grid_of(study), memory=8 * 2**30) == []
    assert check_study(study, {}, grid_of(study, max_cells=60_000), memory=8 * 2**30) == []


def twice(one: Load, other: Load) -> tuple[LoadCase, ...]:
    return (LoadCase(name="Case", loads=(one, other)),)


def region(name: str, role: Any, corner: Point, size: Point) -> Region:
    return Region(name=name, role=role, shape=box(corner, size))


def keep(corner: Point, size: Point) -> Region:
    return region("In", "keep-in", corner, size)


def out(corner: Point, size: Point, name: str = "Out") -> Region:
    return region(name, "keep-out", corner, size)


def held(shape: Shape, *axes: Any) -> tuple[Support, ...]:
    return (Support(name="Held", shape=shape, fixed=axes or ("x", "y", "z")),)


def case(*loads: Load) -> tuple[LoadCase, ...]:
    return (LoadCase(name="Case", loads=loads),)


def steel(**changes: Any) -> Material:
    return msgspec.structs.replace(STEEL, **changes)


EDGE = box((40, 0, 20), (0, 20, 0))
UP = pull(EDGE, "Up", spread="nodes", force=(0, 0, 10))
DOWN = pull(EDGE, "Down", spread="nodes", force=(0, 0, -10))
LEFT = pull(Face(side="y-"), "Left", force=(0, 5, 0))
RIGHT = pull(Face(side="y+"), "Right", force=(0, -5, 0))
TWIST = pull(box((40, 0, 0), (0, 0, 0)), "Twist", moment=(1, 0, 0))
NEAR_AND_FAR = (WALL, Support(name="Far", shape=box((40, 0, 12), (0, 20, 8))))
ACROSS = out((10, 0, 0), (4, 20, 20))
BELOW = out((20, 0, 12), (20, 20, 4), "Below")
BESIDE = out((20, 0, 16), (4, 20, 4), "Beside")
CORNER = (keep((0, 0, 0), (8, 8, 8)),)

MISTAKES: list[tuple[dict[str, Any], list[str], str]] = [
    ({"supports": ()}, ["error no-support"], "Nothing holds"),
    ({"cases": ()}, ["error no-load"], "Nothing pulls"),
    ({"cases": case()}, ["error no-load"], "Nothing pulls"),
    ({"cases": (*case(TIP), LoadCase(name="b"))}, ["error case-empty"], "“b” has no force"),
    (
        {"supports": held(Face(side="z-"), "z")},
        ["error rigid-motion"],
        "slide along x, slide along y, turn about z.",
    ),
    (
        {"supports": held(box((0, 0, 0), (0, 0, 0)))},
        ["error rigid-motion"],
        "turn about x, turn about y, turn about z.",
    ),
    ({"supports": held(box((0, 0, 0), (0, 20, 0)))}, ["error rigid-motion"], "let the part turn about y."),
    (
        {"supports": (WALL, *held(Sphere(center=(70, 0, 0), radius=2)))},
        ["error support-on-nothing"],
        "“Held” holds nothing",
    ),
    (
        {"cases": case(TIP, pull(box((50, 0, 0), (9, 9, 9)), "Lost"))},
        ["error load-on-nothing"],
        "“Lost” acts on nothing",
    ),
    ({"regions": (ACROSS,)}, ["error floating-load"], "from the load “Tip” to a support"),
    (
        {"regions": (ACROSS,), "supports": NEAR_AND_FAR},
        ["warning unreached", "warning floating-support"],
        "is cut off from the supports or the loads",
    ),
    (
        {"regions": (ACROSS,), "supports": NEAR_AND_FAR, "cases": case(LEFT)},
        ["warning separate"],
        "falls into 2 parts",
    ),
    ({"cases": case(UP, DOWN)}, ["error loads-cancel"], "cancel each other"),
    ({"cases": case(LEFT, RIGHT)}, ["note loads-balance"], "balance each other"),
    ({"cases": case(pull(Face(side="x-"), "Held"))}, ["error load-held"], "“Held” acts only where"),
    ({"cases": case(TWIST)}, ["error moment-lever"], "“Twist” has no lever"),
    (
        {"cases": case(pull(Face(side="z+"), "Press", force=(0, 0, -240_000)))},
        ["warning pressure"],
        "presses with 300 MPa, and Steel yields at 235",
    ),
    (
        {"regions": (keep((12, 6, 6), (2, 2, 2)), out((10, 4, 4), (6, 6, 6)))},
        ["error keep-in-kept-out"],
        "“In” lies where nothing may be",
    ),
    (
        {"regions": (keep((10, 4, 4), (6, 6, 6)), out((10, 4, 4), (4, 6, 6)))},
        ["warning keep-in-cut"],
        "67 % of the keep-in “In”",
    ),
    ({"regions": (keep((50, 0, 0), (6, 6, 6)),)}, ["error keep-in-outside"], "“In” lies outside"),
    ({"regions": (keep((10, 0, 0), (0.5, 6, 6)),)}, ["warning keep-in-thin"], "“In” is thinner"),
    ({"regions": (out((10, 0, 0), (0.5, 6, 6)),)}, ["warning keep-out-thin"], "“Out” is thinner"),
    (
        {"regions": (keep((30, 0, 16), (10, 20, 4)), BELOW, BESIDE)},
        ["error floating-keep-in", "warning unreached"],
        "“In” floats",
    ),
    ({"regions": (BELOW, BESIDE)}, ["warning unreached"], "9.1 % of the space is cut off"),
    ({"regions": (out((-1, -1, -1), (99, 99, 99)),)}, ["error no-space"], "nowhere for material"),
    (
        {"target": Target(volume=None, mass=900)},
        ["error mass-unreachable"],
        "holds only 125.6 g of Steel",
    ),
    (
        {"target": Target(volume=0.1), "regions": (keep((0, 0, 0), (20, 20, 20)),)},
        ["error mass-unreachable"],
        "What must be kept",
    ),
    (
        {"regions": (keep((0, 0, 0), (14, 20, 20)),)},
        ["warning little-left"],
        "of the material is kept anyway",
    ),
    (
        {"target": Target(volume=0.015), "cases": case(UP)},
        ["warning target-small"],
        "too little for members",
    ),
    ({"making": Making(minimum_member=5)}, ["warning member-thin"], "only 2.5 cells wide"),
    ({"method": Method(radius=1.9)}, ["warning radius-small"], "does not reach the next cell"),
    ({"method": Method(void_stiffness=1e-14)}, ["error stiffness-ratio"], "too little to compute"),
    ({"method": Method(void_stiffness=1e-3)}, ["warning stiffness-ratio"], "will bear load"),
    ({"cells": (20, 10, 2)}, ["warning space-thin"], "Along z the space is only 2 cells thick"),
    ({"making": Making(symmetry=("x",)), "regions": CORNER}, ["warning not-symmetric"], "along x"),
    ({"making": Making(extrusion="y"), "regions": CORNER}, ["warning not-extruded"], "along y"),
    ({"material": steel(youngs_modulus=210e9)}, ["warning units-modulus"], "written in Pa?"),
    ({"material": steel(youngs_modulus=210, yield_strength=9)}, ["warning units-modulus"], "in GPa?"),
    ({"material": steel(density=7850)}, ["warning units-density"], "written in kg/m³?"),
    ({"material": steel(density=7.85e-6)}, ["warning units-density"], "written in kg/mm³?"),
    ({"material": steel(yield_strength=235e6)}, ["warning units-strength"], "by a fifth"),
]


@pytest.mark.parametrize(("changes", "expected", "words"), MISTAKES)
def test_every_mistake_has_its_remark(changes: dict[str, Any], expected: list[str], words: str) -> None:
    study = study_of(**changes)
    study_from_json(to_json(study))
    remarks = check(study)
    assert [f"{remark.severity} {remark.code}" for remark in remarks] == expected
    assert words in remarks[0].message
    assert all(remark.hint for remark in remarks)


@pytest.mark.parametrize("scale", [0.001, 1000])
def test_lengths_that_are_off_by_1000(scale: float) -> None:
    size = (400 * scale, 200 * scale, 200 * scale)
    tip = pull(box((size[0], 0, 0), (0, size[1], size[2] / 2)))
    assert check(study_of(tip, size=size))[0].code == "units-space"


def test_published_problems_have_no_units() -> None:
    unit = Material(name="Unit", youngs_modulus=1, poissons_ratio=0.3, density=1, yield_strength=1)
    tip = pull(box((0.5, 0, 0), (0, 0.2, 0.1)))
    assert check(study_of(tip, size=(0.5, 0.2, 0.2), material=unit)) == []


def test_a_plate_that_is_not_held_in_its_plane() -> None:
    tip = pull(box((40, 0, 0), (0, 20, 0)), force=(0, -1, 0))
    for fixed, words in ((("x",), "slide along y."), (("y",), "slide along x, turn about z.")):
        wall = Support(name="Wall", shape=Face(side="x-"), fixed=fixed)
        (remark,) = check(study_of(tip, dimensions=2, cells=(20, 10), supports=(wall,)))
        assert remark.code == "rigid-motion"
        assert words in remark.message
    point = Support(name="Pin", shape=box((0, 0, 0), (0, 0, 0)))
    (remark,) = check(study_of(tip, dimensions=2, cells=(20, 10), supports=(point,)))
    assert "turn about z." in remark.message


def test_the_grid_must_fit_into_memory() -> None:
    study = study_of(cells=(250, 200, 200))
    (remark,) = check(study, memory=2 * 10**9)
    assert remark.code == "grid-memory"
    assert "10,000,000 cells" in remark.message
    assert "2.0 GB are free" in remark.message


def test_meshes_must_be_given_closed_and_in_the_right_units() -> None:
    study = study_of(shape=Solid(file="space.stl"))
    whole = cube((0, 0, 0), (40, 20, 20))
    opened = Mesh(whole.vertices, whole.faces[2:])
    expected: list[tuple[dict[str, Mesh], list[str]]] = [
        ({}, ["mesh-missing"]),
        ({"space.stl": opened}, ["mesh-open"]),
        ({"space.stl": whole}, []),
        ({"space.stl": cube((0, 0, 0), (0.04, 0.02, 0.02))}, ["units-mesh", "no-space"]),
        ({"space.stl": cube((90, 0, 0), (130, 20, 20))}, ["no-space", "mesh-outside"]),
    ]
    for meshes, codes in expected:
        assert [remark.code for remark in check(study, meshes)] == codes


def test_what_the_check_lets_through_has_a_domain() -> None:
    for study in presets().values():
        assert domain_of(study, grid_of(study), {}).loads.any()


coordinates = st.sampled_from([-3.0, 0.0, 2.5, 5.0, 10.0, 12.0, 30.0])
sizes = st.sampled_from([0.0, 0.1, 1.0, 4.0, 11.0])
sides: list[Side] = ["x-", "x+", "y-", "y+", "z-", "z+"]
shapes: st.SearchStrategy[Shape] = st.one_of(
    st.builds(Face, side=st.sampled_from(sides)),
    st.builds(Box, corner=st.tuples(*[coordinates] * 3), size=st.tuples(*[sizes] * 3)),
    st.builds(Sphere, center=st.tuples(*[coordinates] * 3), radius=st.sampled_from([0.2, 3.0, 9.0])),
)
bodies = shapes.filter(
    lambda shape: isinstance(shape, Sphere) or (isinstance(shape, Box) and min(shape.size) > 0)
)
vectors = st.tuples(*[st.sampled_from([0.0, 1.0, -1.0])] * 3)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_study_is_checked_and_without_errors_placed(data: st.DataObject) -> None:
    draw = data.draw
    supports = [
        Support(name=f"{at}", shape=shape, keep=draw(st.booleans()))
        for at, shape in enumerate(draw(st.lists(shapes, max_size=2)))
    ]
    loads = [
        Load(name=f"{at}", shape=shape, force=draw(vectors), moment=draw(vectors))
        for at, shape in enumerate(draw(st.lists(shapes, max_size=2)))
    ]
    regions = [
        Region(name=f"{at}", role=draw(st.sampled_from(["keep-in", "keep-out"])), shape=shape)
        for at, shape in enumerate(draw(st.lists(bodies, max_size=3)))
    ]
    study = study_of(
        size=(12, 10, 9),
        cells=(6, 5, 4),
        supports=tuple(supports),
        cases=(LoadCase(name="Case", loads=tuple(loads), gravity=draw(vectors)),),
        regions=tuple(regions),
    )
    study = study_from_json(to_json(study))
    remarks = check(study)
    if any(remark.severity == "error" for remark in remarks):
        return
    domain = domain_of(study, grid_of(study), {})
    force = np.sum([load.force for load in loads], axis=0) if loads else np.zeros(3)
    assert np.allclose(domain.loads[0].sum(axis=(0, 1, 2)), force, atol=1e-9)
    assert (domain.free.astype(int) + domain.solid + domain.void == 1).all()
