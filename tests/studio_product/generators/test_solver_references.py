"""Numbers that others published, and what beam and plate theory say."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from studio_product.generators.solver.elasticity import Elasticity

from .beams import Problem, cantilever, mbb_beam, mbb_beam_3d, unloaded


def compliance_of(problem: Problem, density: float) -> float:
    elasticity = Elasticity(problem.grid, 0.3, problem.fixed)
    stiffness = problem.uniform(density)
    solved = elasticity.solve(stiffness, problem.loads, tolerance=1e-7)
    compliance = float((stiffness * elasticity.energies(solved.displacements)).sum())
    assert compliance == pytest.approx(float((solved.displacements * problem.loads).sum()), rel=1e-8)
    return compliance


@pytest.mark.parametrize(
    ("problem", "density", "expected"),
    [
        (mbb_beam(60, 20), 0.5, 1007.0221),
        (mbb_beam_3d(60, 20, 10), 0.5, 12145.37156678),
        (cantilever(48, 24, 24), 0.3, 42023.5069),
    ],
    ids=["MBB 60x20", "MBB 60x20x10", "cantilever 48x24x24"],
)
def test_first_iterations_of_known_problems(problem: Problem, density: float, expected: float) -> None:
    assert compliance_of(problem, density) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(("width", "deep", "short"), [(0, 8, 0.010), (0, 16, 0.004), (4, 8, 0.016)])
def test_a_cantilever_bends_as_timoshenko_says(width: int, deep: int, short: float) -> None:
    """Length over depth is 8. Linear elements are too stiff by a little, less so with more of them."""
    cells = (8 * deep, deep, width) if width else (8 * deep, deep)
    problem = unloaded(cells, spacing=10 / deep)
    problem.fixed[0] = True
    # The shear of the theory, parabolic over the depth, as forces in balance with 1000 N.
    height = np.linspace(-1, 1, deep + 1)
    share = np.clip(1 - height**2, 0, None)
    spread = share[:, None] * np.ones(width + 1) if width else share
    problem.loads[0, -1, ..., 1] = torch.from_numpy(-1000 * spread / spread.sum())
    thickness = 10 / deep * max(width, 1) if width else 1.0
    tip = Elasticity(problem.grid, 0.3, problem.fixed, youngs_modulus=200_000.0).solve(
        torch.ones(cells, dtype=torch.float64), problem.loads
    ).displacements[0, -1, ..., 1].mean()  # fmt: skip
    area, inertia = 10 * thickness, thickness * 10**3 / 12
    shear_factor = 10 * 1.3 / (12 + 11 * 0.3)
    bending = 1000 * 80**3 / (3 * 200_000 * inertia)
    shearing = 1000 * 80 / (shear_factor * 200_000 / 2.6 * area)
    assert float(-tip) / (bending + shearing) == pytest.approx(1 - short, abs=0.004)
