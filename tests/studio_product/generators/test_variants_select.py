"""Which members become variants, and what is said where there are too few."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from studio_product.core.grid import Grid
from studio_product.generators.variants.kept import load_arrays, save_arrays
from studio_product.generators.variants.levers import levers_of
from studio_product.generators.variants.pool import Member
from studio_product.generators.variants.resample import coarsened, resample
from studio_product.generators.variants.select import Selection, Variant, fill_up
from studio_product.generators.variants.words import nothing, too_few


def _member(index: int, compliance: float, first: int, last: int) -> Member:
    """A design that fills some cells of a row."""
    shape = np.zeros((20, 1), bool)
    shape[first:last] = True
    return Member(index, shape.astype(float), shape, compliance)


def _torn(index: int) -> Member:
    return Member(index, np.ones((20, 1)), np.zeros((20, 1), bool), np.inf)


def _as_it_is(member: Member) -> Variant:
    return Variant(Path(), member.compliance, member.shape)


POOL = [
    _member(0, 1.05, 0, 10),
    _torn(1),
    _member(2, 1.0, 1, 11),
    _member(3, 1.5, 10, 20),
    _member(4, 1.09, 10, 20),
    _member(5, 1.02, 5, 15),
]


def _selected(count: int, **changed: float) -> Selection:
    selection = Selection(changed.get("tolerance", 0.1), changed.get("floor", 0.3), [])
    fill_up(selection, POOL, count, _as_it_is)
    return selection


def test_the_best_comes_first_then_the_farthest_that_is_good_enough() -> None:
    selection = _selected(3)
    assert list(selection.accepted) == [2, 4, 5]
    assert [index for index, _ in selection.ranked()] == [2, 5, 4], "ranked by compliance"
    least, mean = selection.spread()
    assert 0.3 <= least <= mean <= 1


def test_more_of_the_tolerance_offers_what_was_too_weak_again() -> None:
    stiff_as_designed = {4: 1.2}

    def finish(member: Member) -> Variant:
        return Variant(Path(), stiff_as_designed.get(member.index, member.compliance), member.shape)

    selection = Selection(0.1, 0.3, [])
    fill_up(selection, POOL, 3, finish)
    assert list(selection.accepted) == [2, 5]
    assert selection.refused == {4: "weak"}
    selection.widen(0.25)
    fill_up(selection, POOL, 3, finish)
    assert list(selection.accepted) == [2, 5, 4]
    assert selection.refused == {}


def test_no_more_than_asked_for() -> None:
    assert list(_selected(1).accepted) == [2]


def test_what_is_missing_is_explained() -> None:
    selection = _selected(6)
    verdicts = selection.verdicts(POOL)
    assert verdicts == Counter(torn=1, weak=1, alike=1)
    said = too_few(3, 6, verdicts)
    assert "3 of 6 variants" in said
    assert "tolerance" in said
    assert "How different" in said
    assert "1 design did not join" in str(nothing(Counter(torn=1)))
    assert "no other design" in too_few(1, 1, Counter())


def test_a_wider_tolerance_lets_weaker_ones_in() -> None:
    assert 3 in _selected(6, tolerance=0.6, floor=0.0).accepted


def test_measured_results_decide_not_the_pool() -> None:
    """A variant that measures weak is refused; one that measures best puts others out of the tolerance."""
    measured = {2: 1.0, 4: 1.2, 5: 0.8}

    def finish(member: Member) -> Variant | None:
        if member.index == 0:
            return None
        return Variant(Path(), measured[member.index], member.shape)

    selection = Selection(0.1, 0.0, [])
    fill_up(selection, POOL, 6, finish)
    assert list(selection.accepted) == [5]
    assert selection.verdicts(POOL) == Counter(torn=2, weak=3)


def test_a_design_that_tears_while_it_is_finished_does_not_shut_out_those_that_hold() -> None:
    pool = [_member(0, 1.0, 0, 10), _member(1, 1.3, 10, 20)]
    selection = Selection(0.1, 0.3, [])
    fill_up(selection, pool, 1, lambda member: None if member.index == 0 else _as_it_is(member))
    assert list(selection.accepted) == [1]
    assert selection.verdicts(pool) == Counter(torn=1)


def test_variants_that_became_alike_while_finishing_are_refused() -> None:
    selection = Selection(0.1, 0.3, [])
    fill_up(selection, POOL, 6, lambda member: Variant(Path(), 1.0, POOL[0].shape))
    assert list(selection.accepted) == [2]
    assert selection.verdicts(POOL)["alike"] == 3


def test_a_pool_without_a_whole_design_gives_nothing() -> None:
    selection = Selection(0.1, 0.3, [])
    fill_up(selection, [_torn(0), _torn(1)], 2, _as_it_is)
    assert not selection.ranked()
    assert selection.verdicts([_torn(0), _torn(1)]) == Counter(torn=2)


def test_more_difference_asks_for_more() -> None:
    calm, usual, wild = (levers_of(2, 6, difference, None) for difference in (0, 50, 100))
    assert calm.repel == 0
    assert usual.floor == pytest.approx(0.3)
    assert calm.floor < usual.floor < wild.floor
    assert usual.repel < wild.repel
    assert calm.amplitude < usual.amplitude < wild.amplitude
    assert usual.size >= 12
    assert levers_of(3, 1, 50, None).size == 1, "a single variant needs no pool"
    assert levers_of(3, 2, 50, 33).iterations == 33


def test_fields_keep_their_mean_on_other_grids() -> None:
    rng = np.random.default_rng(0)
    field = rng.random((12, 8))
    finer = resample(field, (24, 16))
    assert finer.shape == (24, 16)
    assert finer.mean() == pytest.approx(field.mean(), abs=0.01)
    np.testing.assert_allclose(resample(np.full((5, 4, 3), 0.4), (8, 9, 7)), 0.4)


def test_coarse_grids_fill_the_same_space() -> None:
    grid = Grid((96, 48, 2), (96.0, 48.0, 2.0))
    coarse = coarsened(grid, 2000)
    assert coarse.size == grid.size
    assert coarse.cell_count <= 3200
    assert coarse.cells[2] == 2, "never finer than it was"
    assert all(count % 4 == 0 for count in coarse.cells[:2])
    assert coarsened(grid, 10_000) is grid


def test_arrays_come_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "member_000.npz"
    save_arrays(path, density=np.eye(3), compliance=np.inf)
    kept = load_arrays(path)
    np.testing.assert_array_equal(kept["density"], np.eye(3))
    assert float(kept["compliance"]) == np.inf
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
