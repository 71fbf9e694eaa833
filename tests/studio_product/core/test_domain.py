"""A study on a grid: published problems to the node, exact resultants off the grid, holes, kept cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from studio_product.core.grid import Grid
from studio_product.core.mesh import Mesh
from studio_product.core.studies.domain import Domain, domain_of, specific_weight, target_fraction
from studio_product.core.studies.quality import CELLS, grid_of
from studio_product.core.studies.study import (
    Box,
    Cylinder,
    Face,
    Load,
    LoadCase,
    Material,
    Region,
    Shape,
    Solid,
    Space,
    Sphere,
    Study,
    Support,
    Target,
)

from studio.errors import BadInput

UNIT = Material(name="Unit", youngs_modulus=1, poissons_ratio=0.3, density=1, yield_strength=1)
WALL = Support(name="Wall", shape=Face(side="x-"))


def box(corner: tuple[float, ...], size: tuple[float, ...]) -> Box:
    return Box(corner=(corner[0], corner[1], corner[2]), size=(size[0], size[1], size[2]))


def study_of(
    size: tuple[float, float, float], loads: list[Load], dimensions: Any = 3, **changes: Any
) -> Study:
    space = Space(size=size, cells=changes.pop("cells", None), shape=changes.pop("shape", None))
    given = {"supports": (WALL,), "cases": (LoadCase(name="Case", loads=tuple(loads)),), **changes}
    return Study(name="Test", dimensions=dimensions, space=space, material=UNIT, **given)


def on_grid(study: Study, meshes: dict[str, Mesh] | None = None) -> Domain:
    return domain_of(study, grid_of(study), meshes or {})


def resultant(
    domain: Domain, about: NDArray[np.float64], case: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Force and moment in three dimensions."""
    pad = [(0, 0)] * domain.grid.dimensions + [(0, 3 - domain.grid.dimensions)]
    forces, places = np.pad(domain.loads[0], pad), np.pad(domain.grid.corners(), pad)
    nodes = tuple(range(domain.grid.dimensions))
    return forces.sum(axis=nodes), np.cross(places - about, forces).sum(axis=nodes)


def test_the_mbb_beam_of_the_literature() -> None:
    """Half of it, as in Sigmund 2001: 60 x 20 unit cells, force -1 at the top left node."""
    study = study_of(
        (60, 20, 1),
        [Load(name="Half", shape=box((0, 20, 0), (0, 0, 0)), force=(0, -1, 0))],
        dimensions=2,
        cells=(60, 20),
        supports=(
            Support(name="Symmetry", shape=Face(side="x-"), fixed=("x",)),
            Support(name="Roller", shape=box((60, 0, 0), (0, 0, 0)), fixed=("y",)),
        ),
    )
    domain = on_grid(study)
    fixed = np.zeros((61, 21, 2), bool)
    fixed[0, :, 0] = fixed[60, 0, 1] = True
    loads = np.zeros((1, 61, 21, 2))
    loads[0, 0, 20, 1] = -1
    assert np.array_equal(domain.fixed, fixed)
    assert np.array_equal(domain.loads, loads)
    assert domain.free.all()
    assert domain.grid.spacing == (1, 1)


def test_the_mbb_beam_in_three_dimensions() -> None:
    """A unit force on every node of the edge, so -(n + 1) spread over nodes."""
    study = study_of(
        (60, 20, 10),
        [Load(name="Edge", shape=box((0, 20, 0), (0, 0, 10)), force=(0, -11, 0), spread="nodes")],
        cells=(60, 20, 10),
        supports=(
            Support(name="x", shape=Face(side="x-"), fixed=("x",)),
            Support(name="z", shape=Face(side="z-"), fixed=("z",)),
            Support(name="Edge", shape=box((60, 0, 0), (0, 0, 10)), fixed=("y", "z")),
        ),
    )
    domain = on_grid(study)
    fixed = np.zeros((61, 21, 11, 3), bool)
    fixed[0, ..., 0] = fixed[:, :, 0, 2] = fixed[60, 0, :, 1] = fixed[60, 0, :, 2] = True
    loads = np.zeros((1, 61, 21, 11, 3))
    loads[0, 0, 20, :, 1] = -1
    assert np.array_equal(domain.fixed, fixed)
    assert np.allclose(domain.loads, loads, rtol=1e-15)
    assert domain.free.all()


def test_a_face_is_loaded_consistently() -> None:
    """Half of an inner node's share on an edge, a quarter in a corner."""
    load = Load(name="Top", shape=Face(side="z+"), force=(0, 0, -16))
    domain = on_grid(study_of((4, 4, 2), [load], cells=(4, 4, 2)))
    weights = np.array([0.5, 1, 1, 1, 0.5])
    assert np.allclose(domain.loads[0, :, :, 2, 2], -np.outer(weights, weights))
    assert domain.solid[..., 1].all()
    assert not domain.solid[..., 0].any()


@pytest.mark.parametrize(
    "changes",
    [
        {"keep": False},
        {"spread": "nodes"},
        {"shape": box((4, 0, 2), (0, 4, 0))},
        {"shape": box((4, 2, 2), (0, 0, 0))},
    ],
)
def test_nothing_is_kept_unless_an_area_is_loaded(changes: dict[str, Any]) -> None:
    load = Load(**{"name": "Top", "shape": Face(side="z+"), "force": (0, 0, -1), **changes})
    domain = on_grid(study_of((4, 4, 2), [load], cells=(4, 4, 2)))
    assert domain.free.all()


def test_a_support_keeps_only_when_it_is_told_to() -> None:
    load = Load(name="Tip", shape=box((4, 2, 2), (0, 0, 0)), force=(0, 0, -1))
    kept = study_of(
        (4, 4, 2), [load], cells=(4, 4, 2), supports=(Support(name="a", shape=Face(side="x-"), keep=True),)
    )
    assert on_grid(kept).solid[0].all()
    assert on_grid(kept).solid.sum() == 8


flat_boxes = st.tuples(st.integers(0, 2), *[st.floats(0, 1)] * 6)


@settings(max_examples=40, deadline=None)
@given(flat_boxes)
def test_the_resultant_of_a_plate_goes_through_its_center(given: tuple[Any, ...]) -> None:
    size = np.array([31.0, 17.0, 23.0])
    one, other = np.array(given[1:4]) * size, np.array(given[4:7]) * size
    low, high = np.minimum(one, other), np.maximum(one, other)
    high[given[0]] = low[given[0]]
    load = Load(name="Plate", shape=box(tuple(low), tuple(high - low)), force=(3, -5, 7))
    domain = on_grid(study_of((31, 17, 23), [load], cells=(12, 7, 9)))
    force, moment = resultant(domain, (low + high) / 2)
    assert np.allclose(force, (3, -5, 7), atol=1e-12)
    assert np.allclose(moment, 0, atol=1e-4)


SHAPES: list[Shape] = [
    Face(side="x+"),
    box((20, 3, 4), (8, 9, 7)),
    box((20, 3, 4), (8, 9, 0)),
    Cylinder(start=(5, 10, 5), end=(20, 12, 9), radius=4),
    Sphere(center=(15, 8, 8), radius=0.3),
    Sphere(center=(15, 8, 8), radius=5.0),
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("spread", ["area", "nodes"])
def test_force_and_moment_are_met_exactly(shape: Shape, spread: Any) -> None:
    load = Load(name="Twist", shape=shape, force=(1, 2, 3), moment=(40, -50, 60), spread=spread)
    domain = on_grid(study_of((31, 17, 23), [load], cells=(12, 7, 9)))
    plain = on_grid(
        study_of(
            (31, 17, 23), [Load(name="a", shape=shape, force=(0, 0, 1), spread=spread)], cells=(12, 7, 9)
        )
    )
    share = plain.loads[0, ..., 2]
    center = (share[..., None] * domain.grid.corners()).sum(axis=(0, 1, 2))
    force, moment = resultant(domain, center)
    assert np.allclose(force, (1, 2, 3), rtol=1e-12)
    assert np.allclose(moment, (40, -50, 60), rtol=1e-9)


def test_a_moment_in_the_plane() -> None:
    load = Load(name="Twist", shape=Face(side="x+"), moment=(0, 0, 90))
    domain = on_grid(study_of((30, 10, 1), [load], dimensions=2))
    force, moment = resultant(domain, np.array([30.0, 5.0, 0.0]))
    assert np.allclose(force, 0, atol=1e-12)
    assert moment[2] == pytest.approx(90)


@pytest.mark.parametrize("size", [(0, 0, 0), (0, 0, 9)])
def test_a_moment_needs_a_lever(size: tuple[float, ...]) -> None:
    load = Load(name="Twist", shape=box((12, 4, 0), size), moment=(0, 0, 1))
    with pytest.raises(BadInput, match="“Twist” has no lever"):
        on_grid(study_of((12, 8, 9), [load], cells=(12, 8, 9)))


def test_what_lies_between_nodes_takes_the_nearest() -> None:
    """Supports at points, lines and planes off the grid, and just outside of it."""
    load = Load(name="Tip", shape=box((8, 8, 8), (0, 0, 0)), force=(0, 0, -1))
    for shape, nodes in (
        (box((3.3, 4.2, 0), (0, 0, 0)), [(3, 4, 0)]),
        (box((3.5, 4, 0), (0, 0, 0)), [(3, 4, 0), (4, 4, 0)]),
        (box((3.2, 4.3, 1.8), (0, 0, 1.4)), [(3, 4, 2), (3, 4, 3)]),
        (box((-0.4, 4, 8.3), (0, 1, 0)), [(0, 4, 8), (0, 5, 8)]),
        (box((-3, 4, 2), (2.6, 1, 0)), [(0, 4, 2), (0, 5, 2)]),
        (Sphere(center=(3.1, 4.1, 5.2), radius=0.05), [(3, 4, 5)]),
    ):
        held = Support(name="Point", shape=shape)
        fixed = on_grid(study_of((8, 8, 8), [load], cells=(8, 8, 8), supports=(held,))).fixed
        if isinstance(shape, Sphere):
            assert fixed[nodes[0]].all()
        else:
            assert [tuple(node) for node in np.argwhere(fixed.all(axis=-1))] == nodes


@pytest.mark.parametrize(
    "shape", [box((9, 4, 4), (2, 1, 1)), Sphere(center=(20, 4, 4), radius=3), box((2, 2, 2), (1, 1, 0))]
)
def test_what_meets_no_material_is_refused(shape: Shape) -> None:
    out = Region(name="Out", role="keep-out", shape=box((1, 1, 1), (3, 3, 3)))
    load = Load(name="Lost", shape=shape, force=(0, 0, -1))
    with pytest.raises(BadInput, match="“Lost” acts on nothing"):
        on_grid(study_of((8, 8, 8), [load], cells=(8, 8, 8), regions=(out,)))


def test_a_bolt_takes_hold_of_the_walls_of_its_hole() -> None:
    bolt = Cylinder(start=(10, 10, 0), end=(10, 10, 6), radius=3)
    study = study_of(
        (40, 20, 6),
        [Load(name="Pull", shape=box((40, 0, 0), (0, 20, 6)), force=(5, 0, 0))],
        cells=(80, 40, 12),
        supports=(Support(name="Bolt", shape=bolt, keep=True),),
        regions=(Region(name="Hole", role="keep-out", shape=bolt),),
    )
    domain = on_grid(study)
    held = domain.grid.corners()[domain.fixed.all(axis=-1)]
    away = np.linalg.norm(held[:, :2] - (10, 10), axis=1)
    assert len(held) > 13 * 30
    assert away.min() > 2.2
    assert away.max() < 3.8
    turns = np.arctan2(held[:, 1] - 10, held[:, 0] - 10)
    assert np.diff(np.unique(turns.round(6))).max() < 0.3
    ring = domain.solid & (domain.grid.centers()[..., 0] < 20)
    assert np.linalg.norm(domain.grid.centers()[ring][:, :2] - (10, 10), axis=1).max() < 4.2


def test_a_pin_pulls_at_its_hole_with_its_whole_force() -> None:
    pin = Cylinder(start=(30, 0, 10), end=(30, 8, 10), radius=4)
    study = study_of(
        (40, 8, 20),
        [Load(name="Pin", shape=pin, force=(0, 0, 100), moment=(0, 500, 0))],
        cells=(40, 8, 20),
        regions=(Region(name="Hole", role="keep-out", shape=pin),),
    )
    domain = on_grid(study)
    force, moment = resultant(domain, np.array([30.0, 4.0, 10.0]))
    assert np.allclose(force, (0, 0, 100))
    assert np.allclose(moment, (0, 500, 0), atol=1e-6)
    touched = domain.loads[0].any(axis=-1)
    material = np.zeros(domain.grid.nodes, bool)
    for corner in np.ndindex(2, 2, 2):
        material[
            tuple(slice(c, c + n) for c, n in zip(corner, domain.grid.cells, strict=True))
        ] |= ~domain.void
    assert not (touched & ~material).any()


def test_keep_out_wins_and_what_cannot_be_reached_is_void() -> None:
    study = study_of(
        (30, 10, 10),
        [Load(name="Tip", shape=Face(side="y+"), force=(0, -1, 0), keep=False)],
        cells=(30, 10, 10),
        regions=(
            Region(name="Core", role="keep-in", shape=box((5, 0, 0), (10, 5, 5))),
            Region(name="Slit", role="keep-out", shape=box((20, 0, 0), (1, 10, 10))),
            Region(name="Hole", role="keep-out", shape=box((5, 0, 0), (2, 5, 5))),
        ),
    )
    domain = on_grid(study)
    assert domain.void[20:].all()
    assert domain.void[5:7, :5, :5].all()
    assert domain.solid[7:15, :5, :5].all()
    assert domain.solid.sum() == 8 * 25
    assert (domain.free.astype(int) + domain.solid + domain.void == 1).all()
    force, _ = resultant(domain, np.zeros(3))
    assert np.allclose(force, (0, -1, 0))
    assert not domain.loads[0, 21:].any()


def test_the_space_can_be_a_mesh() -> None:
    made = trimesh.creation.box(bounds=[(0, 0, 0), (20, 10, 10.3)])
    meshes = {"space.stl": Mesh(np.array(made.vertices, float), np.array(made.faces, np.int32))}
    study = study_of(
        (20, 10, 20),
        [Load(name="Top", shape=box((10, 0, 10.3), (10, 10, 0)), force=(0, 0, -1))],
        cells=(20, 10, 20),
        shape=Solid(file="space.stl"),
    )
    domain = on_grid(study, meshes)
    assert domain.void[..., 10:].all()
    assert not domain.void[..., :10].any()
    # Its top lies in an empty cell: the load moves to the nearest plane of nodes.
    assert domain.loads[0, ..., 10, 2].sum() == pytest.approx(-1)
    assert domain.solid[10:, :, 9].all()
    with pytest.raises(BadInput, match=r"space\.stl"):
        on_grid(study)


def test_patches_name_their_nodes() -> None:
    load = Load(name="Tip", shape=box((4, 2, 2), (0, 0, 0)), force=(0, 0, -1))
    domain = on_grid(study_of((4, 4, 2), [load], cells=(4, 4, 2)))
    assert [(patch.name, patch.role, patch.case) for patch in domain.patches] == [
        ("Wall", "support", None),
        ("Tip", "load", 0),
    ]
    assert domain.patches[0].nodes.tolist() == list(range(15))
    assert domain.patches[1].nodes.tolist() == [np.ravel_multi_index((4, 2, 2), (5, 5, 3))]


def test_gravity_and_weights_are_as_the_study_says() -> None:
    cases = (LoadCase(name="a", gravity=(0, 0, -1), weight=2), LoadCase(name="b", gravity=(0, 1, 0)))
    domain = on_grid(study_of((4, 4, 2), [], cells=(4, 4, 2), cases=cases))
    assert domain.gravity.tolist() == [[0, 0, -1], [0, 1, 0]]
    assert domain.weights.tolist() == [2, 1]
    assert not domain.loads.any()
    water = Material(name="Water", youngs_modulus=1, poissons_ratio=0, density=1, yield_strength=1)
    assert specific_weight(water) * 100**3 == pytest.approx(9.80665)


def test_the_target_is_a_share_or_a_mass() -> None:
    load = Load(name="Tip", shape=box((4, 2, 2), (0, 0, 0)), force=(0, 0, -1))
    by_mass = study_of((40, 40, 20), [load], cells=(4, 4, 2), target=Target(volume=None, mass=8))
    assert target_fraction(by_mass, on_grid(by_mass)) == pytest.approx(8 / 32)
    heavy = study_of((40, 40, 20), [load], cells=(4, 4, 2), target=Target(volume=None, mass=33))
    with pytest.raises(BadInput, match="holds only 32 g"):
        target_fraction(heavy, on_grid(heavy))
    half = Region(name="Half", role="keep-in", shape=box((0, 0, 0), (20, 40, 20)))
    little = study_of((40, 40, 20), [load], cells=(4, 4, 2), regions=(half,), target=Target(volume=0.4))
    with pytest.raises(BadInput, match="already 50"):
        target_fraction(little, on_grid(little))


@settings(max_examples=50)
@given(
    st.tuples(*[st.floats(0.5, 500)] * 3),
    st.sampled_from([2, 3]),
    st.sampled_from(["draft", "normal", "fine"]),
)
def test_grids_are_as_large_as_the_quality_allows(
    size: tuple[float, float, float], dimensions: Any, quality: Any
) -> None:
    grid = grid_of(study_of(size, [], dimensions=dimensions), quality)
    most = CELLS[quality][dimensions - 2]
    assert grid.cell_count <= most
    assert all(count < 8 or count % 2 == 0 for count in grid.cells)
    if min(grid.cells) >= 20:
        assert grid.cell_count > 0.75 * most
        assert max(grid.spacing) < 1.11 * min(grid.spacing)  # an even number may be off by 1 in 20


def test_a_study_can_name_its_grid() -> None:
    study = study_of((60, 20, 3), [], dimensions=2, cells=(7, 5))
    assert grid_of(study, "fine") == Grid((7, 5), (60, 20), 3)
    assert grid_of(study_of((60, 20, 3), []), max_cells=1000).cell_count <= 1000


@pytest.mark.parametrize("top", [2.4, 2.6, 3.0])
@pytest.mark.parametrize("keep", [True, False])
def test_a_load_on_what_is_kept_acts_on_nothing_else(top: float, keep: bool) -> None:
    """Where the grid ends a deck below its surface, the load must not hang, in part, in the cells above."""
    deck = Region(name="Deck", role="keep-in", shape=box((0, 0, 0), (12, top, 1)))
    load = Load(name="People", shape=box((0, top, 0), (12, 0, 1)), force=(0, -10, 0), keep=keep)
    domain = on_grid(study_of((12, 6, 1), [load], 2, cells=(12, 6), regions=(deck,)))
    loaded = (domain.loads[0] != 0).any(axis=-1)
    assert domain.loads[0].sum(axis=(0, 1)) == pytest.approx([0, -10])
    layers = [2] if top < 2.5 else [3] if top == 3 else [2, 3]
    assert np.unique(np.nonzero(loaded)[1]).tolist() == layers
    solid = np.pad(domain.solid, 1)
    touching = solid[:-1, :-1] | solid[1:, :-1] | solid[:-1, 1:] | solid[1:, 1:]
    assert not (loaded & ~touching).any()
