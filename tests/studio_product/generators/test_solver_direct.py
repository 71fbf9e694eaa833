"""The solver against sparse direct factors, on parts that are hard for multigrid."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from studio_product.core.grid import Grid
from studio_product.generators.solver.elasticity import Elasticity
from torch import Tensor

from .beams import Problem, solve_directly, unloaded

Stiffness = NDArray[np.float64]


def agrees(problem: Problem, stiffness: Tensor, rel: float = 1e-6, tolerance: float = 1e-9) -> int:
    """Checks displacements and compliances; returns the iterations."""
    d = problem.grid.dimensions
    expected = solve_directly(problem, stiffness)
    solved = Elasticity(problem.grid, 0.3, problem.fixed).solve(stiffness, problem.loads, tolerance=tolerance)
    assert solved.residual <= tolerance
    for case in range(len(expected)):
        scale = expected[case].abs().max()
        assert (solved.displacements[case] - expected[case]).abs().max() <= rel * scale
    axes = tuple(range(1, d + 2))
    compliances = (solved.displacements * problem.loads).sum(axes)
    torch.testing.assert_close(compliances, (expected * problem.loads).sum(axes), rtol=rel, atol=0)
    return solved.iterations


def random_loads(problem: Problem, stiffness: Tensor, rng: np.random.Generator) -> None:
    """On all nodes that a cell touches."""
    touched = np.zeros(problem.grid.nodes, bool)
    for corner in np.ndindex(*(2,) * problem.grid.dimensions):
        part = tuple(slice(o, o + n) for o, n in zip(corner, problem.grid.cells, strict=True))
        touched[part] |= stiffness.numpy() > 0
    loads = rng.standard_normal(problem.loads.shape) * touched[..., None]
    problem.loads[:] = torch.from_numpy(loads)


SIZES = [
    (1, 1),
    (7, 5),
    (41, 17),
    (64, 3),
    (30, 1),
    (1, 1, 1),
    (9, 7, 5),
    (24, 12, 1),
    (17, 3, 2),
    (13, 11, 9),
]


@pytest.mark.parametrize("cells", SIZES, ids=str)
def test_any_size_and_several_cases(cells: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    problem = unloaded(cells, cases=3, spacing=0.8)
    problem.fixed[0] = True
    stiffness = torch.from_numpy(rng.uniform(0.01, 1, cells))
    random_loads(problem, stiffness, rng)
    assert agrees(problem, stiffness) < 40


@pytest.mark.parametrize("cells", [(37, 22), (14, 11, 9)], ids=str)
def test_empty_cells_are_not_there(cells: tuple[int, ...]) -> None:
    rng = np.random.default_rng(2)
    problem = unloaded(cells, cases=2)
    problem.fixed[0] = True
    stiffness = torch.ones(cells, dtype=torch.float64)
    stiffness[tuple(slice(n // 3, -2) for n in cells)] = 0
    stiffness[-1] = 0
    random_loads(problem, stiffness, rng)
    assert agrees(problem, stiffness) < 60
    solved = Elasticity(problem.grid, 0.3, problem.fixed).solve(stiffness, problem.loads)
    assert not solved.displacements[:, -1].any()


@pytest.mark.parametrize("cells", [(40, 24), (16, 12, 8)], ids=str)
def test_supports_smaller_than_a_coarse_cell(cells: tuple[int, ...]) -> None:
    rng = np.random.default_rng(3)
    problem = unloaded(cells)
    d = len(cells)
    for node in rng.integers(0, cells, size=(5, d)):
        problem.fixed[tuple(node)] = True
    problem.fixed[(1,) * d][0] = problem.fixed[(-2,) * d][-1] = True
    stiffness = torch.from_numpy(rng.uniform(0.1, 1, cells))
    random_loads(problem, stiffness, rng)
    assert agrees(problem, stiffness) < 40


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.05, 0.6))
def test_supports_anywhere(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    problem = unloaded((12, 9), cases=2)
    problem.fixed[:] = rng.random(problem.fixed.shape) < share
    problem.fixed[0, 0] = problem.fixed[-1, -1] = True
    stiffness = torch.from_numpy(rng.uniform(0.1, 1, (12, 9)))
    random_loads(problem, stiffness, rng)
    assert agrees(problem, stiffness) < 30


def frame(cells: tuple[int, ...], member: int) -> Stiffness:
    """Bars of full stiffness, `member` cells thick, along each axis, in a filling of 1e-9."""
    inside = [np.arange(n) % (4 * member + 1) < member for n in cells]
    count = np.stack(np.meshgrid(*inside, indexing="ij")).sum(axis=0)
    return np.where(count >= len(cells) - 1, 1.0, 1e-9)


@pytest.mark.parametrize(("cells", "member"), [((60, 40), 2), ((60, 40), 1), ((19, 11, 10), 2)], ids=str)
def test_thin_members_of_full_contrast(cells: tuple[int, ...], member: int) -> None:
    problem = unloaded(cells)
    problem.fixed[0] = True
    problem.loads[0, -1, 0, ..., 1] = -1
    iterations = agrees(problem, torch.from_numpy(frame(cells, member)), rel=1e-5)
    assert iterations < 120


def test_boxes_that_are_not_cubes_and_other_poisson_ratios() -> None:
    rng = np.random.default_rng(5)
    problem = unloaded((10, 8, 6))
    problem.grid = Grid((10, 8, 6), (12.0, 8.0, 5.0))
    problem.fixed[:, 0] = True
    stiffness = torch.from_numpy(rng.uniform(0.1, 1, (10, 8, 6)))
    random_loads(problem, stiffness, rng)
    for poisson in (-0.3, 0.0, 0.45):
        solved = Elasticity(problem.grid, poisson, problem.fixed).solve(
            stiffness, problem.loads, tolerance=1e-9
        )
        expected = solve_directly(problem, stiffness, poisson)
        assert (solved.displacements - expected).abs().max() <= 1e-7 * expected.abs().max()
