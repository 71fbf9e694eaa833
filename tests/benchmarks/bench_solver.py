"""How long a solution takes that starts from the last one, and how much memory: 2D and 3D, on the CPU.

Run with `pytest -m benchmark tests/benchmarks/bench_solver.py -s`, on a quiet machine. Each design is a
truss of thin members in a soft filling that thickens a little from step to step, as a design does on its
way. The goals hold for two cores; energies are included.
"""

from __future__ import annotations

import statistics
import time

import numpy as np
import pytest
import torch
from studio_product.core.grid import Grid
from studio_product.generators.solver.elasticity import Elasticity

from tests.benchmarks.sizes import at_most, each, size

STEPS = size(8, 1)


def design(cells: tuple[int, ...], period: int, step: int) -> torch.Tensor:
    """Relative stiffness of bars along the axes with soft edges, 1e-9 between them."""
    waves = [np.cos((np.arange(n) + 0.5) * 2 * np.pi / period) for n in cells]
    field = np.sort(np.stack(np.meshgrid(*waves, indexing="ij")), axis=0)[-2 if len(cells) == 3 else -1]
    density = 1 / (1 + np.exp(-12 * (field - 0.75 + 0.01 * step)))
    return torch.from_numpy(1e-9 + density**3)


@pytest.mark.benchmark
@each(
    "cells, period, goal",
    {
        "300x100": (size((300, 100), (30, 10)), 40, 0.02),
        "48x24x24": ((48, 24, 24), 12, 0.15),
        "96x48x48": ((96, 48, 48), 12, 0.7),
    },
)
def test_a_warm_solution_is_quick(cells: tuple[int, ...], period: int, goal: float) -> None:
    grid = Grid(cells, tuple(map(float, cells)))
    fixed = np.zeros((*grid.nodes, grid.dimensions), bool)
    fixed[0] = True
    loads = torch.zeros(1, *fixed.shape, dtype=torch.float64)
    loads[0, -1, 0, ..., 1] = -1
    elasticity = Elasticity(grid, 0.3, fixed)
    solved = elasticity.solve(design(cells, period, 0), loads, tolerance=1e-4)
    seconds, steps = [], []
    for step in range(1, STEPS + 1):
        stiffness = design(cells, period, step)
        begun = time.perf_counter()
        solved = elasticity.solve(stiffness, loads, start=solved.displacements, tolerance=1e-4)
        elasticity.energies(solved.displacements)
        seconds.append(time.perf_counter() - begun)
        steps.append(solved.iterations)
    print(f"\n{cells}: {statistics.median(seconds):.4f} s, least {min(seconds):.4f} s, steps {steps}")
    assert min(seconds) <= at_most(goal)
