"""Distances, choice, crisp shapes and topology: facts that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from studio_product.generators.variants.choose import farthest_first, spread
from studio_product.generators.variants.crisp import crisp
from studio_product.generators.variants.distance import distances, mirrors_of
from studio_product.generators.variants.starts import smooth_start
from studio_product.generators.variants.topology import Betti, betti, bodies, main_piece, touching

Bools = NDArray[np.bool_]
_FILLED = arrays(np.bool_, (3, 5, 4)).filter(lambda a: bool(a.any(axis=(1, 2)).all()))


def _drawn(text: str) -> Bools:
    """A picture in characters, # for material; its rows are the first axis."""
    return np.array([[letter == "#" for letter in row] for row in text.split()])


@given(_FILLED)
def test_distance_is_a_metric_on_sets(shapes: Bools) -> None:
    d = distances(shapes)
    np.testing.assert_array_equal(np.diag(d), 0)
    np.testing.assert_array_equal(d, d.T)
    assert (d >= 0).all()
    assert (d <= 1).all()
    assert d[0, 2] <= d[0, 1] + d[1, 2] + 1e-9
    both, either = shapes[0] & shapes[1], shapes[0] | shapes[1]
    assert d[0, 1] == pytest.approx(1 - both.sum() / either.sum())


@given(_FILLED)
def test_a_mirror_image_is_no_other_design(shapes: Bools) -> None:
    pair = np.stack([shapes[0], shapes[0][::-1]])
    assert distances(pair, [(0,)])[0, 1] == 0
    assert (distances(shapes, [(0,), (1,), (0, 1)]) <= distances(shapes)).all()


def _cantilever(height: int, loaded: int) -> tuple[Bools, NDArray[np.float64]]:
    fixed = np.zeros((7, height + 1, 2), bool)
    fixed[0] = True
    loads = np.zeros((1, 7, height + 1, 2))
    loads[0, -1, loaded, 1] = -1.0
    return fixed, loads


def test_a_study_with_its_load_on_the_middle_mirrors_itself() -> None:
    fixed, loads = _cantilever(4, 2)
    everywhere = [np.ones((6, 4), bool)]
    assert mirrors_of(everywhere, fixed, loads, np.zeros((1, 2))) == [(1,)]


@pytest.mark.parametrize("gravity", [[[0.0, -1.0]], [[0.0, 0.0]]])
def test_a_load_off_the_middle_has_no_mirror(gravity: list[list[float]]) -> None:
    fixed, loads = _cantilever(4, 1)
    assert mirrors_of([np.ones((6, 4), bool)], fixed, loads, np.array(gravity)) == []


def test_weight_that_adds_to_a_force_breaks_a_mirror_that_only_negates() -> None:
    fixed, loads = _cantilever(4, 2)
    everywhere = [np.ones((6, 4), bool)]
    assert mirrors_of(everywhere, fixed, loads, np.array([[0.0, -1.0]])) == [(1,)]
    assert mirrors_of(everywhere, fixed, loads, np.array([[-1.0, 0.0]])) == []


def test_a_kept_region_at_one_side_breaks_the_mirror() -> None:
    fixed, loads = _cantilever(4, 2)
    kept = np.zeros((6, 4), bool)
    kept[3, 0] = True
    assert mirrors_of([np.ones((6, 4), bool), kept], fixed, loads, np.zeros((1, 2))) == []


def test_farthest_first_takes_the_corners_of_a_square_before_its_middle() -> None:
    points = np.array([[0, 0], [0.5, 0.5], [1, 1], [0, 1], [0.1, 0]])
    d = np.linalg.norm(points[:, None] - points[None], axis=-1)
    chosen, left = [0], [1, 2, 3, 4]
    while (chosen_next := farthest_first(d, chosen, left, 0.8)) is not None:
        chosen.append(chosen_next)
        left.remove(chosen_next)
    assert chosen == [0, 2, 3], "the others are nearer than 0.8 to one of these"
    assert farthest_first(d, chosen, [], 0.8) is None
    assert spread(d, chosen) == pytest.approx((1, (2 + 2**0.5) / 3))


@given(
    arrays(np.float64, (6, 5), elements=st.floats(0, 1)), arrays(np.bool_, (6, 5)), arrays(np.bool_, (6, 5))
)
def test_crisp_shapes_keep_volume_space_and_kept_cells(
    density: NDArray[np.float64], free: Bools, solid: Bools
) -> None:
    free &= ~solid
    density = np.where(solid, 1.0, np.where(free, density, 0.0))
    shape = crisp(density, free, solid)
    assert (shape[solid] == 1).all()
    assert (shape[~(free | solid)] == 0).all()
    assert (shape >= 0).all()
    assert (shape <= 1).all()


@pytest.mark.parametrize("wanted", [0.2, 0.45, 0.8])
def test_crisp_shapes_hold_the_volume_of_a_smooth_field(wanted: float) -> None:
    x, y = np.meshgrid(np.linspace(-3, 3, 60), np.linspace(-2, 2, 40), indexing="ij")
    density = 1 / (1 + np.exp(2 * (x**2 + y**2 - 2)))
    density *= wanted * density.size / density.sum()
    density = np.clip(density, 0, 1)
    everywhere = np.ones(density.shape, bool)
    shape = crisp(density, everywhere, ~everywhere)
    assert shape.sum() == pytest.approx(density.sum(), rel=1e-6)
    assert ((shape > 0) & (shape < 1)).mean() < 0.15, "only the border is gray"


def test_a_shape_that_is_crisp_already_stays() -> None:
    density = np.zeros((12, 8))
    density[3:9, 2:6] = 1
    everywhere = np.ones(density.shape, bool)
    np.testing.assert_allclose(crisp(density, everywhere, ~everywhere), density, atol=1e-6)


def test_one_piece_must_join_all_anchors() -> None:
    shape = _drawn("##..## ##..## ######")
    left, right = np.zeros(shape.shape, bool), np.zeros(shape.shape, bool)
    left[0, 0], right[0, 5] = True, True
    assert main_piece(shape, [left, right]) is not None
    shape[2, 3] = False
    assert main_piece(shape, [left, right]) is None
    assert main_piece(shape, [left]) is None, "half of its material would lie loose"


def test_crumbs_are_dropped() -> None:
    shape = np.zeros((20, 20), bool)
    shape[:, :10] = True
    shape[5, 15] = True
    wall = np.zeros_like(shape)
    wall[0] = True
    whole = main_piece(shape, [wall])
    assert whole is not None
    assert not whole[5, 15]
    assert whole.sum() == 200


def test_pieces_that_touch_at_a_corner_are_two() -> None:
    assert len(bodies(_drawn("#. .#"))) == 2


def test_cells_at_nodes() -> None:
    nodes = np.zeros((4, 3), bool)
    nodes[1, 1] = True
    assert np.argwhere(touching(nodes)).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    corner = np.zeros((3, 3, 3), bool)
    corner[2, 2, 2] = True
    assert np.argwhere(touching(corner)).tolist() == [[1, 1, 1]]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ("### ### ###", Betti(1, 0, 0)),
        ("### #.# ###", Betti(1, 1, 0)),
        ("##### #.#.# #####", Betti(1, 2, 0)),
        ("#.# #.# #.#", Betti(2, 0, 0)),
        (".#. #.# .#.", Betti(4, 0, 0)),
    ],
)
def test_holes_of_plates(picture: str, expected: Betti) -> None:
    assert betti(_drawn(picture)) == expected


def test_tunnels_and_cavities_of_bodies() -> None:
    block = np.ones((5, 5, 5), bool)
    block[2, 2, :] = False
    assert betti(block) == Betti(1, 1, 0), "one way through"
    block[2, :, 2] = False
    assert betti(block) == Betti(1, 3, 0), "four openings that meet in one place"
    block = np.ones((5, 5, 5), bool)
    block[2, 2, 2] = False
    assert betti(block) == Betti(1, 0, 1)


def test_smooth_starts_come_from_their_seed() -> None:
    start = smooth_start((40, 20), 0.3, 0.5, (7, 1))
    np.testing.assert_array_equal(start, smooth_start((40, 20), 0.3, 0.5, (7, 1)))
    assert np.abs(start - smooth_start((40, 20), 0.3, 0.5, (7, 2))).max() > 0.05
    assert start.mean() == pytest.approx(0.3, abs=0.1)
    assert start.min() >= 0.02
    assert start.max() <= 0.98
    assert np.abs(np.diff(start, axis=0)).max() < 0.3, "no jump from cell to cell"
