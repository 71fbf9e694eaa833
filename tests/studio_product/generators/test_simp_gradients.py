"""The gradient of the objective against finite differences, through every chain."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from studio_product.core.studies.study import Box, Making, Method, Region, Study
from studio_product.generators.problem import Problem
from studio_product.generators.simp.field import DesignField
from studio_product.generators.simp.response import respond
from torch import Tensor

from .simp_studies import at, block, noise, plate, posed, pull

REGIONS = (
    Region(name="hole", role="keep-out", shape=Box(corner=(8, 4, 0), size=(4, 3, 1))),
    Region(name="boss", role="keep-in", shape=Box(corner=(16, 0, 0), size=(4, 2, 1))),
)
SMOOTH = Method(radius=1.8)


def small(**more: Any) -> Study:
    return plate(20, 10, method=SMOOTH, **more)


HEAVY = (pull("tip", at(20, 0, 0), 0.0, -1e-6, 0.0, gravity=(0.3, -1.0, 0.0)),)
CUBE = block(
    8,
    6,
    5,
    method=Method(radius=1.6),
    making=Making(build="z+", symmetry=("y",)),
    cases=(
        pull("down", at(8, 0, 0, dy=6), 0.0, 0.0, -1e-6, gravity=(0.0, 0.0, -1.0)),
        pull("along", at(8, 0, 5, dy=6), 1e-6, 0.0, 0.0, weight=2.0),
    ),
)


def objective(problem: Problem, density: Tensor) -> float:
    return float(respond(problem, density, tolerance=1e-11).compliances @ problem.weights)


@pytest.mark.parametrize(
    ("study", "sharpness"),
    [
        (small(), 0.0),
        (small(), 4.0),
        (small(regions=REGIONS), 2.0),
        (small(making=Making(symmetry=("x", "y"))), 2.0),
        (small(making=Making(extrusion="x")), 2.0),
        (small(making=Making(build="y+"), regions=REGIONS), 1.0),
        (small(making=Making(build="x-")), 1.0),
        (small(cases=HEAVY), 2.0),
        (small(cases=(*HEAVY, pull("up", at(20, 10, 0), 0.0, 2e-6, 0.0, weight=3.0))), 0.0),
        (CUBE, 2.0),
    ],
    ids=[
        "filter",
        "projection",
        "regions",
        "mirrors",
        "extrusion",
        "overhang",
        "sideways",
        "weight",
        "cases",
        "3D",
    ],
)
def test_gradients(study: Study, sharpness: float) -> None:
    problem = posed(study)
    field = DesignField(problem)
    field.sharpness = sharpness
    x = field.start(noise(problem))
    gradient = field.gradient(respond(problem, field.density(x), tolerance=1e-11).gradient)
    direction = (noise(problem, 1) - 0.5) * problem.free * 1e-4
    ahead, behind = (objective(problem, field.density(x + sign * direction)) for sign in (1, -1))
    assert float((gradient * direction).sum()) == pytest.approx((ahead - behind) / 2, rel=1e-4)


def test_the_volumes_gradient() -> None:
    problem = posed(CUBE)
    field = DesignField(problem)
    field.sharpness = 3.0
    x = field.start(noise(problem))
    field.density(x)
    gradient = field.gradient(torch.ones_like(x))
    direction = (noise(problem, 1) - 0.5) * problem.free * 1e-5
    ahead, behind = (float(field.density(x + sign * direction).sum()) for sign in (1, -1))
    assert float((gradient * direction).sum()) == pytest.approx((ahead - behind) / 2, rel=1e-6)


def test_only_free_cells_have_a_gradient() -> None:
    problem = posed(small(regions=REGIONS))
    field = DesignField(problem)
    density = field.density(field.start(noise(problem)))
    assert (density[problem.solid] == 1).all() and (density[~problem.allowed] == 0).all()
    gradient = field.gradient(respond(problem, density).gradient)
    assert (gradient[problem.free] < 0).all() and (gradient[~problem.free] == 0).all()
