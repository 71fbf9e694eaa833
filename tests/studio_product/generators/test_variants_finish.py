"""Finishing: what a surface must still do, on the design's own grid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from studio_product.core.studies.domain import domain_of
from studio_product.core.studies.quality import grid_of
from studio_product.core.studies.study import Box, Load, LoadCase, Region, Target
from studio_product.generators.problem import problem_of
from studio_product.generators.surface.result import Surface
from studio_product.generators.surface.surface import surface
from studio_product.generators.variants.finish import Finisher
from studio_product.generators.variants.judge import judge
from studio_product.generators.variants.pool import Member

from .simp_studies import at, plate


def _thinned(density: NDArray[np.float64], *others: Any) -> Surface:
    """As a surface that has lost nearly all of a beam near its middle."""
    thin = density.copy()
    thin[10:14, 2:] = 0
    return surface(thin, *others)


def test_a_surface_that_lost_a_member_is_no_variant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = plate(24, 8, target=Target(volume=1.0))
    density = np.ones((24, 8))
    member = Member(0, density, density == 1, 1.0)

    def finished(folder: str) -> bool:
        (tmp_path / folder).mkdir(exist_ok=True)
        finisher = Finisher(
            study, {}, grid_of(study), device="cpu", folder=tmp_path / folder, seed=0, settings={}
        )
        return finisher.finish(member, lambda state: None) is not None

    with monkeypatch.context() as patched:
        patched.setattr("studio_product.generators.variants.finish.surface", _thinned)
        assert not finished("torn")
    assert finished("whole")
    assert not finished("torn"), "what was refused once is not made again"


def test_what_was_refined_is_not_refined_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = plate(24, 8, target=Target(volume=1.0))
    density = np.ones((12, 4))
    member = Member(0, density, density == 1, 1.0)
    watched = []

    def broken(*_: Any) -> Surface:
        raise KeyboardInterrupt

    def finish() -> bool:
        finisher = Finisher(study, {}, grid_of(study), device="cpu", folder=tmp_path, seed=0, settings={})
        return finisher.finish(member, watched.append) is not None

    with monkeypatch.context() as patched:
        patched.setattr("studio_product.generators.variants.finish.surface", broken)
        with pytest.raises(KeyboardInterrupt):
            finish()
    assert watched
    watched.clear()
    assert finish()
    assert finish()
    assert not watched
    assert [file.name for file in tmp_path.glob("refin*")] == []


def test_designs_are_judged_with_their_loads_on_material() -> None:
    """As the finished part is measured: a load that the crisp design misses by a cell is moved onto it."""
    deck = Region(name="deck", role="keep-in", shape=Box(corner=(0, 0, 0), size=(24, 4, 1)))
    load = Load(name="crowd", shape=at(0, 5, 0, dx=24), force=(0, -1, 0), keep=False)
    near = Load(name="crowd", shape=at(0, 4, 0, dx=24), force=(0, -1, 0), keep=False)

    def judged(load: Load) -> float:
        study = plate(24, 12, cases=(LoadCase(name="crowd", loads=(load,)),), regions=(deck,))
        domain = domain_of(study, grid_of(study), {})
        return judge(problem_of(domain, study), domain.solid.astype(float)).compliance

    assert judged(load) < 1.01 * judged(near)
