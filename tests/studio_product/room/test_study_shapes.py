"""Shapes as they are seen, and new ones where somebody points."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtGui import QPalette
from studio_product.core.mesh import Mesh
from studio_product.core.studies.catalog import presets
from studio_product.core.studies.study import (
    Box,
    Cylinder,
    Face,
    Material,
    Shape,
    Solid,
    Space,
    Sphere,
    Study,
    to_json,
)
from studio_product.core.studies.study_file import study_from_json
from studio_product.room.study import edits, placing, shapes
from studio_product.room.study.blank import blank
from studio_product.room.study.places import STUDY, Place
from studio_product.room.study.placing import Spot
from studio_product.room.study.scene import SceneMaker

STEEL = Material(name="Steel", youngs_modulus=210_000, poissons_ratio=0.3, density=7.85, yield_strength=235)
SPACE = Study(name="S", space=Space(size=(100, 50, 60)), material=STEEL)
PLATE = blank(2, STEEL)
CUBE = shapes.box(np.zeros(3), np.full(3, 10.0))


def closed(mesh: Mesh) -> bool:
    """Every edge is run along once in each way."""
    edges = np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]])
    ways = {tuple(edge) for edge in edges.tolist()}
    return len(ways) == len(edges) and all((b, a) in ways for a, b in ways)


@pytest.mark.parametrize(
    ("mesh", "volume"),
    [
        (shapes.box(np.array([1.0, 2, 3]), np.array([2.0, 3, 4])), 24.0),
        (shapes.cylinder((0, 0, 0), (3, 4, 0), 2), math.pi * 4 * 5),
        (shapes.sphere((5, 5, 5), 3), 4 / 3 * math.pi * 27),
        (shapes.arrow((0, 0, 0), (0, 0, 20), 1), math.pi * 12 + math.pi * 9 * 8 / 3),
    ],
)
def test_bodies_are_closed_and_face_outwards(mesh: Mesh, volume: float) -> None:
    assert closed(mesh)
    assert mesh.volume == pytest.approx(volume, rel=0.02)


def test_a_moment_turns_by_the_right_hand() -> None:
    mesh = shapes.curl((0, 0, 0), (0, 0, 5), 10, 1)
    _, across, upward = shapes.frame_of((0, 0, 5))
    tip = mesh.vertices[-1]
    turned = math.atan2(tip @ upward, tip @ across) % (2 * math.pi)
    assert 1.5 * math.pi < turned < 1.9 * math.pi
    np.testing.assert_allclose(np.cross(across, upward), (0, 0, 1), atol=1e-12)


@pytest.mark.parametrize(
    "shape",
    [
        Face(side="z+"),
        Box(corner=(0, 0, 0), size=(10, 0, 0)),
        Cylinder(start=(0, 0, 0), end=(10, 0, 0), radius=2),
        Sphere(center=(5, 5, 5), radius=2),
        Solid(file="shape_1", scale=2.0, offset=(1, 2, 3)),
    ],
)
def test_every_shape_is_seen_in_space_and_in_a_plate(shape: Shape) -> None:
    for study in (SPACE, PLATE):
        if isinstance(shape, Face) and study is PLATE:
            continue
        mesh = shapes.mesh_of(shape, study, {"shape_1": CUBE})
        assert mesh is not None
        assert mesh.volume > 0
        assert (np.ptp(mesh.vertices, axis=0) > 0).all()
    assert shapes.mesh_of(Solid(file="gone"), SPACE, {}) is None


def test_a_shape_from_a_file_is_scaled_and_then_moved() -> None:
    mesh = shapes.mesh_of(Solid(file="a", scale=2.0, offset=(1, 2, 3)), SPACE, {"a": CUBE})
    assert mesh is not None
    np.testing.assert_allclose(mesh.bounds, [(1, 2, 3), (21, 22, 23)])


def test_a_ray_finds_the_side_that_is_seen() -> None:
    spot = placing.spot_on(SPACE, {}, (50, -100, 30), (0, 1, 0))
    assert spot == Spot((50.0, 0.0, 30.0), "y-")
    assert placing.spot_on(SPACE, {}, (50, 25, 500), (0, 0, -1)) == Spot((50.0, 25.0, 60.0), "z+")
    assert placing.spot_on(SPACE, {}, (50, -100, 300), (0, 1, 0)) is None
    assert placing.spot_on(SPACE, {}, (50, -100, 30), (0, -1, 0)) is None, "behind the eye"


def test_on_the_flat_of_a_plate_the_nearest_edge_is_meant() -> None:
    spot = placing.spot_on(PLATE, {}, (118, 30, 100), (0, 0, -1))
    assert spot == Spot((118.0, 30.0, 6.0), "x+")


@pytest.mark.parametrize("study", [SPACE, PLATE], ids=["space", "plate"])
def test_what_is_put_on_a_side_is_a_study(study: Study) -> None:
    sides = ("x-", "x+", "y-", "y+", "z-", "z+")[: 2 * study.dimensions]
    for side in sides:
        spot = placing.middle_of(study, side)
        made, _ = edits.with_support(study, placing.patch_at(study, spot))
        made, _ = edits.with_load(made, Face(side=side), placing.push(study, spot, 100.0))
        made, _ = edits.with_region(made, "keep-out", placing.hole_at(study, spot))
        made, _ = edits.with_region(made, "keep-in", placing.boss_at(study, spot))
        assert study_from_json(to_json(made)) == made
        force = made.cases[0].loads[0].force
        assert math.hypot(*force) == 100.0
        for shape in (made.supports[0].shape, *(region.shape for region in made.regions)):
            mesh = shapes.mesh_of(shape, made, {})
            assert mesh is not None
            size = np.array(study.space.size)
            assert (mesh.vertices > -6).all()
            assert (mesh.vertices < size + 6).all()


def test_a_patch_stays_on_its_side() -> None:
    patch = placing.patch_at(SPACE, Spot((0.0, 0.0, 60.0), "z+"))
    assert patch.corner == (0.0, 0.0, 60.0)
    assert patch.size[2] == 0.0


@pytest.mark.parametrize("study", [SPACE, PLATE], ids=["space", "plate"])
@pytest.mark.parametrize("kind", ["face", "box", "cylinder", "sphere"])
def test_a_shape_becomes_another_about_where_it_was(study: Study, kind: placing.ShapeKind) -> None:
    begin: list[Shape] = [
        Face(side="x+"),
        Box(corner=(10, 10, 0), size=(20, 6, 6)),
        Cylinder(start=(40, 20, 0), end=(40, 20, 6), radius=5),
        Sphere(center=(40, 20, 3), radius=5),
        Solid(file="a", offset=(30, 10, 0)),
    ]
    for shape in begin:
        made = placing.shape_as(kind, shape, study, {"a": CUBE})
        assert placing.kind_of(made) == kind
        if placing.kind_of(shape) == kind:
            assert made == shape
        elif kind != "face":
            was, now = (shapes.center_of(one, study, {"a": CUBE}) for one in (shape, made))
            assert np.abs(was - now)[: study.dimensions].max() <= 5.1
        tested, _ = edits.with_support(study, made)
        assert study_from_json(to_json(tested)) == tested


def test_a_scene_has_a_layer_for_everything_with_a_place(qapp) -> None:
    maker = SceneMaker()
    for study in presets().values():
        scene = maker.scene(study, {}, STUDY, QPalette())
        assert len(scene.layers) == len(scene.places)
        kinds = {place.kind for place in scene.places}
        assert {"space", "support", "load"} <= kinds
        words = [label.text for label in scene.labels]
        assert all(any(support.name in text for text in words) for support in study.supports)
        assert not scene.layers[0].pickable


def test_bodies_are_made_once(qapp, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = SceneMaker()
    study = presets()["chair"]
    first = maker.scene(study, {}, STUDY, QPalette())
    other = edits.changed(study, Place("target"), volume=0.5)
    second = maker.scene(other, {}, STUDY, QPalette())
    assert all(a.body is b.body for a, b in zip(first.layers, second.layers, strict=True))


def test_only_the_case_that_is_looked_at_is_drawn(qapp) -> None:
    study = presets()["wall-hook"]
    for case, name in enumerate(one.name for one in study.cases):
        scene = SceneMaker().scene(study, {}, Place("case", case), QPalette(), case=case)
        loads = {place.case for place in scene.places if place.kind == "load"}
        assert loads == {case}, name
