"""What comes out of optimizations with the default method."""

from __future__ import annotations

from functools import cache

import pytest
import torch
from studio_product.core.studies.study import (
    Box,
    Load,
    LoadCase,
    Making,
    Method,
    Region,
    Study,
    Support,
    Target,
)
from studio_product.generators.simp.field import filter_radius
from studio_product.generators.simp.optimize import Design, Repel, optimize, uniform
from torch import Tensor

from studio.api import BadInput

from .simp_studies import at, block, plate, posed, pull

PLATE = plate(40, 20, target=Target(volume=0.4), cases=(pull("tip", at(40, 10, 0), 0, -1, 0),))


@cache
def designed(study: Study, iterations: int = 50) -> Design:
    return optimize(posed(study), iterations=iterations)


def grayness(density: Tensor) -> float:
    return float((4 * density * (1 - density)).mean())


def varied(making: Making) -> Study:
    return plate(40, 20, target=Target(volume=0.4), cases=PLATE.cases, making=making)


@pytest.mark.slow
def test_it_is_crisp_stiff_and_of_the_given_volume() -> None:
    design = designed(PLATE)
    assert design.density.sum() == pytest.approx(0.4 * 800, rel=1e-4)
    assert grayness(design.density) < 0.03
    gray = designed(plate(40, 20, target=PLATE.target, cases=PLATE.cases, method=Method(projection=False)))
    assert float(design.compliances) < float(gray.compliances)
    assert design.iterations == len(design.history) <= 50


def test_every_iteration_is_shown() -> None:
    seen: list[tuple[int, int, float]] = []
    problem = posed(PLATE)
    design = optimize(
        problem,
        iterations=7,
        watch=lambda state: seen.append((state.iteration, state.iterations, float(state.compliances))),
    )
    assert seen == [(i + 1, 7, value) for i, value in enumerate(design.history)]


def test_what_is_kept_stays_and_what_is_left_out_stays_empty() -> None:
    regions = (
        Region(name="hole", role="keep-out", shape=Box(corner=(14, 6, 0), size=(8, 8, 1))),
        Region(name="pad", role="keep-in", shape=Box(corner=(36, 0, 0), size=(4, 20, 1))),
    )
    study = plate(40, 20, target=Target(volume=0.5), cases=PLATE.cases, regions=regions)
    density = designed(study).density
    assert (density[14:22, 6:14] == 0).all() and (density[36:] == 1).all()
    assert density.sum() == pytest.approx(0.5 * (800 - 64), rel=1e-4)


def test_symmetry_is_exact() -> None:
    """Of a problem that is not symmetric itself."""
    study = plate(40, 20, making=Making(symmetry=("y",)))
    density = designed(study, 30).density
    assert torch.equal(density, density.flip(1))


def test_extrusion_is_exact_and_costs_stiffness() -> None:
    given = {"cases": (pull("corner", at(10, 0, 0), 0, 0, -1),)}
    free, extruded = block(10, 6, 5, **given), block(10, 6, 5, making=Making(extrusion="y"), **given)
    density = designed(extruded, 20).density
    assert torch.equal(density, density[:, :1].expand_as(density))
    assert designed(extruded, 20).history[-1] > designed(free, 20).history[-1]


def unsupported(density: Tensor) -> int:
    """Full cells with nothing below them within 45 degrees, y up."""
    full = density > 0.5
    below = full[:, :-1].clone()
    below[1:] |= full[:-1, :-1]
    below[:-1] |= full[1:, :-1]
    return int((full[:, 1:] & ~below).sum())


@pytest.mark.slow
def test_the_overhang_filter_leaves_hardly_anything_unsupported() -> None:
    assert unsupported(designed(varied(Making())).density) > 10
    printable = designed(varied(Making(build="y+")))
    assert unsupported(printable.density) <= 1
    assert printable.density.sum() == pytest.approx(320, rel=1e-4)


def test_cases_weigh() -> None:
    """The more a case weighs, the stiffer the part is in it."""
    cases = [
        (pull("down", at(40, 0, 0), 0, -1, 0, weight=w), pull("along", at(40, 20, 0), 3, 0, 0, weight=1 / w))
        for w in (0.1, 10.0)
    ]
    light, heavy = (designed(plate(40, 20, cases=pair), 30).compliances for pair in cases)
    assert heavy[0] < light[0] and heavy[1] > light[1]


def arch(gravity: float, force: float) -> Study:
    """Held at its lower corners, pulled down at the middle of its upper edge."""
    corners = (at(0, 0, 0), at(40, 0, 0))
    load = Load(name="top", shape=at(20, 20, 0), force=(0.0, -force, 0.0))
    return plate(
        40,
        20,
        supports=tuple(
            Support(name=f"foot {i}", shape=corner, fixed=("x", "y")) for i, corner in enumerate(corners)
        ),
        cases=(LoadCase(name="stand", loads=(load,), gravity=(0.0, gravity, 0.0)),),
        target=Target(volume=0.25),
    )


def test_under_its_own_weight_an_arch_stands_and_has_the_given_volume() -> None:
    design = designed(arch(-1.0, 1e-6))
    assert design.density.sum() == pytest.approx(200, rel=1e-4)
    assert grayness(design.density) < 0.05
    assert design.history[-1] < design.history[9]
    assert float(design.density[15:25, :8].max()) < 0.1  # open below


def test_next_to_no_weight_makes_the_design_that_no_weight_makes() -> None:
    light, none = designed(arch(-1e-9, 1e-3)), designed(arch(0.0, 1e-3))
    assert light.history[-1] == pytest.approx(none.history[-1], rel=0.02)


def test_repelled_designs_differ() -> None:
    problem = posed(PLATE)
    first = designed(PLATE)
    repelled = optimize(problem, repel=Repel(first.density, 0.3, 15), iterations=50)
    both = torch.minimum(first.density, repelled.density).sum()
    either = torch.maximum(first.density, repelled.density).sum()
    assert both / either < 0.9
    assert repelled.history[-1] < 1.25 * first.history[-1]


def test_the_radius_follows_the_minimum_member_and_the_grid() -> None:
    def radius(**more: float) -> float:
        method = Method(radius=more.pop("radius")) if "radius" in more else Method()
        return filter_radius(posed(plate(40, 20, making=Making(**more), method=method)))

    assert radius(radius=3.3, minimum_member=5.0) == 3.3
    assert radius(minimum_member=5.0) == 5.0
    assert radius() == radius(minimum_member=0.5) == 1.5


def test_masses_are_targets_too() -> None:
    grams = plate(40, 20, target=Target(mass=0.3))  # 800 mm^3 of 1 g/cm^3 are 0.8 g
    problem = posed(grams)
    assert problem.volume_fraction == pytest.approx(0.375)
    assert uniform(problem)[0, 0] == pytest.approx(0.375)
    with pytest.raises(BadInput):
        posed(plate(40, 20, target=Target(mass=0.9)))


def test_gravity_is_the_weight_of_a_cell() -> None:
    problem = posed(arch(-2.0, 1.0))
    assert problem.gravity.tolist() == [[0.0, pytest.approx(-2 * 9.80665e-6)]]
    assert problem.has_weight and not posed(PLATE).has_weight


@pytest.mark.parametrize("weight", [0.0, -1.0])
@pytest.mark.parametrize(("height", "volume"), [(8.0, 1.0), (2.0, 0.25)])
def test_where_nothing_is_left_to_choose_what_is_kept_is_the_design(
    weight: float, height: float, volume: float
) -> None:
    kept = Region(name="all", role="keep-in", shape=Box(corner=(0, 0, 0), size=(16, height, 1)))
    case = pull("tip", at(16, 0, 0), 0, -1, 0, gravity=(0, weight, 0))
    study = plate(16, 8, target=Target(volume=volume), cases=(case,), regions=(kept,))
    design = designed(study, 12)
    assert design.density.isfinite().all()
    assert (design.density[posed(study).solid] == 1).all()
    assert design.density.sum() == pytest.approx(volume * 128, rel=0.05)
