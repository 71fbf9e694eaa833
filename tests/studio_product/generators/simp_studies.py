"""Studies for the optimizer's tests, and the problems that they pose."""

from __future__ import annotations

from typing import Any

import torch
from studio_product.core.studies.domain import domain_of
from studio_product.core.studies.quality import grid_of
from studio_product.core.studies.study import (
    Box,
    Load,
    LoadCase,
    Material,
    Method,
    Space,
    Study,
    Support,
    Target,
)
from studio_product.generators.problem import Problem, problem_of
from torch import Tensor

UNIT = Material(name="unit", youngs_modulus=1.0, poissons_ratio=0.3, density=1.0, yield_strength=1.0)
"""As in the literature's examples."""


def published(kind: str, radius: float = 2.4, iterations: int | None = None) -> Method:
    return Method(filter=kind, radius=radius, projection=False, iterations=iterations)  # type: ignore[arg-type]


def at(x: float, y: float, z: float, dx: float = 0.0, dy: float = 0.0, dz: float = 0.0) -> Box:
    """A point, or a line or plate with these lengths."""
    return Box(corner=(x, y, z), size=(dx, dy, dz))


def pull(name: str, shape: Box, *force: float, weight: float = 1.0, **more: Any) -> LoadCase:
    """A case with one force, equal on all nodes."""
    load = Load(name=name, shape=shape, force=(force[0], force[1], force[2]), spread="nodes")
    return LoadCase(name=name, loads=(load,), weight=weight, **more)


def plate(nx: int, ny: int, **more: Any) -> Study:
    """Cells of 1 mm, clamped at the left, one case pulling down at the lower right, unless said otherwise."""
    given: dict[str, Any] = {
        "supports": (Support(name="wall", shape=at(0, 0, 0, dy=ny), fixed=("x", "y")),),
        "cases": (pull("tip", at(nx, 0, 0), 0, -1, 0),),
        "target": Target(volume=0.5),
        **more,
    }
    space = Space(size=(nx, ny, 1), cells=(nx, ny))
    return Study(name="plate", dimensions=2, space=space, material=UNIT, **given)


def mbb_beam(kind: str, nx: int = 60, ny: int = 20) -> Study:
    """Half of it, as in Andreassen et al. 2011."""
    return plate(
        nx,
        ny,
        supports=(
            Support(name="symmetry", shape=at(0, 0, 0, dy=ny), fixed=("x",)),
            Support(name="roller", shape=at(nx, 0, 0), fixed=("y",)),
        ),
        cases=(pull("middle", at(0, ny, 0), 0, -1, 0),),
        method=published(kind, 0.04 * nx),
    )


def block(nx: int, ny: int, nz: int, **more: Any) -> Study:
    """Cells of 1 mm, clamped at x = 0, pulled down along z at the far lower edge, unless said otherwise."""
    given: dict[str, Any] = {
        "supports": (Support(name="wall", shape=at(0, 0, 0, dy=ny, dz=nz)),),
        "cases": (pull("tip", at(nx, 0, 0, dy=ny), 0, 0, -1),),
        "target": Target(volume=0.3),
        **more,
    }
    space = Space(size=(nx, ny, nz), cells=(nx, ny, nz))
    return Study(name="block", space=space, material=UNIT, **given)


def posed(study: Study) -> Problem:
    return problem_of(domain_of(study, grid_of(study), {}), study)


def noise(problem: Problem, seed: int = 0, low: float = 0.1, high: float = 0.9) -> Tensor:
    """(*cells)"""
    generator = torch.Generator().manual_seed(seed)
    values = torch.rand(problem.grid.cells, generator=generator, dtype=torch.float64)
    return low + (high - low) * values
