"""What keeps a mesh from being a solid, and fewer triangles for one that is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_product.core.mesh import Mesh
from studio_product.core.surfaces import mesh_crossing
from studio_product.core.surfaces.collapse import collapsed
from studio_product.core.surfaces.mesh_check import check_mesh, require_solid
from studio_product.core.surfaces.mesh_crossing import crossing_pairs
from studio_product.core.surfaces.simplify import VOLUME_KEPT, simplified, usual_deviation
from studio_product.core.surfaces.surface_distance import are_within, to_triangles

from studio.errors import BadInput
from tests.studio_product.core.solids import ball, box, together, turned_over

BOX = box()
TETRA = Mesh(np.array([[0.0, 0, 0], [9, 0, 0], [0, 9, 0], [0, 0, 9]]),
             np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]], np.int32))  # fmt: skip


def one_wrong_way() -> Mesh:
    faces = BOX.faces.copy()
    faces[3] = faces[3, ::-1]
    return Mesh(BOX.vertices, faces)


@pytest.mark.parametrize(
    "mesh",
    [BOX, ball(), together([BOX, box(at=(50, 0, 0))]), together([BOX, turned_over(ball(2, (15, 10, 5)))])],
)
def test_solids_with_bodies_and_cavities_are_good(mesh: Mesh) -> None:
    assert check_mesh(mesh) == []
    require_solid(mesh, "a")


@pytest.mark.parametrize(
    ("mesh", "code", "words"),
    [
        (Mesh(BOX.vertices, BOX.faces[1:]), "open", "3 edges"),
        (Mesh(BOX.vertices, np.concatenate([BOX.faces, BOX.faces[:1]])), "not-manifold", "branches"),
        (one_wrong_way(), "wound-both-ways", "inward"),
        (Mesh(BOX.vertices * (1, 1, 0), BOX.faces), "no-volume", "flat"),
        (turned_over(BOX), "no-volume", "encloses nothing"),
        (together([BOX, box((5, 5, 50), (10, 10, -20))]), "self-intersecting", "passes through itself"),
        (together([ball(10), ball(8, (9, 1, 2))]), "self-intersecting", "passes through itself"),
    ],
)  # fmt: skip
def test_each_flaw_has_its_words(mesh: Mesh, code: str, words: str) -> None:
    first = check_mesh(mesh)[0]
    assert first.code == code and words in first.message and first.hint
    with pytest.raises(BadInput, match="“bracket” is no closed solid"):
        require_solid(mesh, "bracket")


def test_crossings_can_be_left_out() -> None:
    assert check_mesh(together([ball(10), ball(8, (9, 1, 2))]), crossings=False) == []


def test_bodies_that_touch_do_not_cross() -> None:
    assert len(crossing_pairs(together([BOX, box(at=(30, 0, 0))]))) == 0
    assert len(crossing_pairs(together([TETRA, Mesh(-TETRA.vertices, TETRA.faces[:, ::-1])]))) == 0


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(0, 10**6))
def test_every_crossing_of_a_soup_is_found(count: int, seed: int) -> None:
    """Against all pairs, which the tree of boxes only leaves out where they cannot cross."""
    rng = np.random.default_rng(seed)
    middles = rng.random((count, 1, 3)) * 2
    corners = middles + rng.normal(0, 0.3, (count, 3, 3))
    soup = Mesh(corners.reshape(-1, 3), np.arange(3 * count, dtype=np.int32).reshape(-1, 3))
    pairs = np.stack(np.triu_indices(count, 1), axis=1)
    crosses = mesh_crossing._pierces(corners, pairs, 1e-9) | mesh_crossing._pierces(
        corners, pairs[:, ::-1], 1e-9
    )
    assert {tuple(pair) for pair in crossing_pairs(soup)} == {tuple(pair) for pair in pairs[crosses]}


def test_pairs_are_looked_at_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    mesh = together([ball(10), ball(8, (9, 1, 2))])
    whole = {tuple(pair) for pair in crossing_pairs(mesh)}
    monkeypatch.setattr(mesh_crossing, "_AT_ONCE", 50)
    assert {tuple(pair) for pair in crossing_pairs(mesh)} == whole and whole


def cut(mesh: Mesh, times: int) -> Mesh:
    import trimesh

    made = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    for _ in range(times):
        made = made.subdivide()
    return Mesh(np.array(made.vertices), np.array(made.faces, np.int32))


def test_flat_faces_need_few_triangles() -> None:
    fine = cut(BOX, 3)
    assert len(fine.faces) == 768
    coarse = simplified(fine, 1e-6)
    assert len(coarse.faces) == 12 and coarse.volume == pytest.approx(6000) and check_mesh(coarse) == []


def wavy(count: int = 40, height: float = 2.0) -> Mesh:
    """A closed block of 40 x 40 x 10 mm whose top goes up and down, finely cut."""
    x, y = np.meshgrid(np.linspace(0, 40, count), np.linspace(0, 40, count), indexing="ij")
    top = np.stack([x, y, 10 + height * np.sin(x / 5) * np.cos(y / 7)], axis=-1).reshape(-1, 3)
    rows = np.arange(count * count).reshape(count, count)
    a, b, c, d = (
        rows[i : count - 1 + i, j : count - 1 + j].ravel() for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))
    )
    upper = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
    around = np.concatenate([rows[:-1, 0], rows[-1, :-1], rows[:0:-1, -1], rows[0, :0:-1]])
    after, below = np.roll(around, -1), count * count
    sides = np.concatenate([np.stack([around, around + below, after + below], axis=1),
                            np.stack([around, after + below, after], axis=1)])  # fmt: skip
    vertices = np.concatenate([top, top * (1, 1, 0)])
    return Mesh(vertices, np.concatenate([upper, upper[:, ::-1] + below, sides]).astype(np.int32))


@pytest.mark.parametrize(("deviation", "share"), [(0.02, 0.7), (0.3, 0.25)])
def test_a_simplified_surface_stays_within_its_bound(deviation: float, share: float) -> None:
    fine = wavy()
    assert check_mesh(fine) == []
    coarse = simplified(fine, deviation)
    assert len(coarse.faces) < share * len(fine.faces) and check_mesh(coarse) == []
    assert abs(coarse.volume / fine.volume - 1) <= VOLUME_KEPT
    weights = np.random.default_rng(1).dirichlet((1, 1, 1), 20)
    points = np.einsum("ab,fbi->fai", weights, coarse.corners).reshape(-1, 3)
    x, y, z = points[points[:, 2] > 5].T
    off = np.abs(z - (10 + 2 * np.sin(x / 5) * np.cos(y / 7)))
    of_facets = 0.03  # the given surface is itself so far off the wave between its vertices
    rim = (np.minimum(x, y) < 1e-6) | (np.maximum(x, y) > 40 - 1e-6)  # sides: under the wave, not on it
    assert off[~rim].max() < (deviation + of_facets) * 1.1  # measured upright, where it slopes


def test_distances_are_those_to_the_triangles() -> None:
    triangle = np.array([[[0.0, 0, 0], [4, 0, 0], [0, 4, 0]]])
    for point, distance in (
        ((1, 1, 3), 3),
        ((-3, 1, 0), 3),
        ((7, 0, 4), 5),
        ((1, -2, 0), 2),
        ((4, 4, 0), 8**0.5),
    ):
        assert to_triangles(np.array([point], float), triangle)[0] == pytest.approx(distance)
    assert are_within(0.1, BOX, box((30.05, 20, 10))) and not are_within(0.1, BOX, box((30.2, 20, 10)))


def test_a_coarse_bound_is_not_reached_where_the_volume_would_go() -> None:
    fine = ball(10, level=4)
    assert abs(simplified(fine, 8).volume / fine.volume - 1) <= VOLUME_KEPT


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.floats(0.001, 2))
def test_collapsing_keeps_any_solid_a_solid(seed: int, deviation: float) -> None:
    fine = ball(10, level=2)
    bumpy = Mesh(
        fine.vertices * np.random.default_rng(seed).uniform(0.8, 1.2, (len(fine.vertices), 1)), fine.faces
    )
    found = collapsed(bumpy, deviation)
    assert check_mesh(found, crossings=False) == [] and len(found.faces) <= len(bumpy.faces)


def test_the_usual_bound_follows_the_size() -> None:
    assert usual_deviation(box((400, 20, 10))) == pytest.approx(0.8)
    assert usual_deviation(box((10, 5, 5))) == 0.05
