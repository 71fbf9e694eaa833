"""Designs that are optimized beside each other are those that come one by one."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from studio_product.core.grid import Grid
from studio_product.core.studies.catalog import materials
from studio_product.core.studies.domain import domain_of
from studio_product.core.studies.study import Box, Face, Load, LoadCase, Space, Study, Support, Target
from studio_product.generators.problem import problem_of
from studio_product.generators.simp.optimize import State
from studio_product.generators.variants.ahead import Ahead, Stopped
from studio_product.generators.variants.levers import levers_of
from studio_product.generators.variants.pool import Pool, anchors_of

ARM = Study(
    name="Arm",
    dimensions=2,
    space=Space(size=(32.0, 16.0, 4.0), cells=(32, 16)),
    material=materials()[0],
    supports=(Support(name="Wall", shape=Face(side="x-")),),
    cases=(
        LoadCase(
            name="Tip",
            loads=(Load(name="Tip", shape=Box(corner=(30, 0, 0), size=(2, 2, 4)), force=(0, -10, 0)),),
        ),
    ),
    target=Target(volume=0.4),
)


def pool_in(folder: Path, *, paired: bool) -> Pool:
    folder.mkdir(exist_ok=True)
    domain = domain_of(ARM, Grid((32, 16), (32.0, 16.0), 4.0), {})
    twin = problem_of(domain, ARM) if paired else None
    levers = levers_of(2, 2, 50, 12)
    return Pool(problem_of(domain, ARM), anchors_of(domain), levers, 7, folder, twin)


def nothing(state: State) -> None:
    pass


def test_members_are_the_same_one_by_one_and_in_pairs(tmp_path: Path) -> None:
    single, paired = pool_in(tmp_path / "a", paired=False), pool_in(tmp_path / "b", paired=True)
    for _ in range(5):
        one, two = single.grow(nothing), paired.grow(nothing)
        assert np.array_equal(one.density, two.density)
        assert one.compliance == two.compliance


@pytest.mark.parametrize("place", [0, 2])
def test_who_stops_it_gets_his_own_error_and_goes_on_to_the_same_members(tmp_path: Path, place: int) -> None:
    whole = pool_in(tmp_path / "a", paired=True)
    expected = [whole.grow(nothing).density for _ in range(3)]
    pool = pool_in(tmp_path / "b", paired=True)
    for _ in range(place):
        pool.grow(nothing)

    def stop(state: State) -> None:
        if state.iteration >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pool.grow(stop)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("design")]
    again = pool_in(tmp_path / "b", paired=True)
    for density in expected:
        assert np.array_equal(again.grow(nothing).density, density)


def test_an_error_in_what_goes_on_beside_comes_to_who_waits_for_it() -> None:
    def fails(watch: object) -> int:
        raise ValueError("the moon")

    with pytest.raises(ValueError, match="the moon"):
        Ahead(fails).result(nothing)


def test_what_is_stopped_ends_at_its_next_look() -> None:
    begun = threading.Event()

    def goes_on(watch: object) -> None:
        begun.set()
        while True:
            watch(None)  # type: ignore[operator]

    ahead = Ahead(goes_on)
    begun.wait(5)
    ahead.stop()
    with pytest.raises(Stopped):
        ahead.result(nothing)
