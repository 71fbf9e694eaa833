"""What the solver promises about cases, starts, supports, energies, stress and its errors."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_product.generators.solver.cg import NotConverged, Unsupported
from studio_product.generators.solver.elasticity import Elasticity

from .beams import Problem, cantilever, mbb_beam, unloaded


def full(problem: Problem) -> torch.Tensor:
    return torch.ones(problem.grid.cells, dtype=torch.float64)


def tension(cells: tuple[int, ...], *, modulus: float, spacing: float) -> tuple[Elasticity, torch.Tensor]:
    """Pulled along x by 100 MPa, and free to contract: (the problem, its displacements)."""
    problem = unloaded(cells, spacing=spacing)
    d = len(cells)
    problem.fixed[0, ..., 0] = True
    for axis in range(1, d):
        problem.fixed[(slice(None), *(0 if a == axis else slice(None) for a in range(1, d)), axis)] = True
    corner = torch.ones(problem.grid.nodes[1:], dtype=torch.float64)
    for axis in range(d - 1):
        corner.movedim(axis, 0)[0] /= 2
        corner.movedim(axis, 0)[-1] /= 2
    problem.loads[0, -1, ..., 0] = 100 * spacing ** (d - 1) * corner
    elasticity = Elasticity(problem.grid, 0.3, problem.fixed, youngs_modulus=modulus)
    solved = elasticity.solve(full(problem), problem.loads, tolerance=1e-11)
    return elasticity, solved.displacements


@pytest.mark.parametrize("cells", [(12, 5), (9, 4, 3)], ids=str)
def test_uniform_tension_in_real_units(cells: tuple[int, ...]) -> None:
    elasticity, displacements = tension(cells, modulus=210_000.0, spacing=2.5)
    stretch = 100 / 210_000
    assert displacements[0, -1, ..., 0].numpy() == pytest.approx(stretch * 2.5 * cells[0], rel=1e-9)
    assert displacements[0, :, -1, ..., 1].numpy() == pytest.approx(-0.3 * stretch * 2.5 * cells[1], rel=1e-9)
    stress = elasticity.stress(displacements)
    assert stress.shape == (1, *cells, 3 * (len(cells) - 1))
    expected = torch.zeros_like(stress)
    expected[..., 0] = 100
    torch.testing.assert_close(stress, expected, rtol=0, atol=1e-6)
    # sigma^2 / E per volume
    energy = 100 * stretch * 2.5 ** len(cells)
    assert elasticity.energies(displacements).numpy() == pytest.approx(energy, rel=1e-8)


@pytest.mark.parametrize("shear", [(0, 1, 5), (0, 2, 4), (1, 2, 3)])
def test_shears_are_in_voigt_order(shear: tuple[int, int, int]) -> None:
    i, j, row = shear
    problem = unloaded((3, 4, 5))
    elasticity = Elasticity(problem.grid, 0.25, problem.fixed)
    displacements = torch.zeros_like(problem.loads)
    displacements[..., i] = 0.01 * torch.from_numpy(problem.grid.corners()[..., j])
    stress = elasticity.stress(displacements)
    expected = torch.zeros_like(stress)
    expected[..., row] = 0.01 / 2.5
    torch.testing.assert_close(stress, expected, rtol=0, atol=1e-12)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_rigid_motions_have_no_energy_and_nothing_has_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = unloaded((3, 4, 2), spacing=1.5)
    elasticity = Elasticity(problem.grid, 0.3, problem.fixed)
    spin = np.cross(rng.standard_normal(3), problem.grid.corners()) + rng.standard_normal(3)
    assert elasticity.energies(torch.from_numpy(spin)[None]).max() < 1e-24
    assert elasticity.energies(torch.from_numpy(rng.standard_normal((1, 4, 5, 3, 3)))).min() >= 0


def test_the_hole_in_a_plate() -> None:
    """A quarter of it, with a hole of an eighth of the width: 3.05 of the gross stress, by Heywood."""
    radius, n = 16, 128
    problem = unloaded((n, n))
    problem.fixed[0, :, 0] = problem.fixed[:, 0, 1] = True
    problem.loads[0, -1, :, 0] = 1
    problem.loads[0, -1, [0, -1], 0] = 0.5
    fine = (np.arange(8 * n) + 0.5) / 8
    outside = (fine[:, None] ** 2 + fine**2 > radius**2).astype(float)
    coverage = torch.from_numpy(outside.reshape(n, 8, n, 8).mean(axis=(1, 3)))
    elasticity = Elasticity(problem.grid, 0.3, problem.fixed)
    solved = elasticity.solve(coverage, problem.loads)
    stress = coverage * elasticity.stress(solved.displacements)[0, ..., 0]
    assert float(stress.max()) == pytest.approx(3.05, rel=0.08)


@pytest.mark.parametrize("cells", [(30, 20), (12, 9, 8)], ids=str)
def test_cases_together_are_as_alone(cells: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    problem = unloaded(cells, cases=4)
    problem.fixed[0] = True
    problem.loads[:] = torch.from_numpy(rng.standard_normal(problem.loads.shape))
    problem.loads[2] = 0
    problem.loads[3] *= 1e-6
    stiffness = torch.from_numpy(rng.uniform(0.001, 1, cells))
    elasticity = Elasticity(problem.grid, 0.3, problem.fixed)
    together = elasticity.solve(stiffness, problem.loads, tolerance=1e-10).displacements
    assert not together[2].any()
    for case in (0, 1, 3):
        alone = elasticity.solve(stiffness, problem.loads[case : case + 1], tolerance=1e-10).displacements
        torch.testing.assert_close(together[case], alone[0], rtol=0, atol=float(1e-8 * alone.abs().max()))


def test_a_start_saves_steps_and_a_bad_one_costs_none() -> None:
    problem = cantilever(24, 12, 12)
    elasticity = Elasticity(problem.grid, 0.3, problem.fixed)
    stiffness = problem.uniform(0.4)
    cold = elasticity.solve(stiffness, problem.loads)
    again = elasticity.solve(stiffness, problem.loads, start=cold.displacements)
    assert again.iterations == 0
    # A softer material only scales the displacements, and so the start is scaled.
    softer = elasticity.solve(0.5 * stiffness, problem.loads, start=cold.displacements)
    assert softer.iterations == 0
    torch.testing.assert_close(softer.displacements, 2 * cold.displacements, rtol=1e-5, atol=1e-2)
    bad = elasticity.solve(stiffness, problem.loads, start=-1e6 * torch.rand_like(problem.loads))
    assert bad.iterations <= cold.iterations + 3
    nothing = elasticity.solve(stiffness, problem.loads, start=torch.zeros_like(problem.loads))
    assert nothing.iterations == cold.iterations


def test_the_same_input_gives_the_same_bits_whatever_came_before() -> None:
    problem = cantilever(20, 10, 9)
    stiffness = torch.from_numpy(np.random.default_rng(0).uniform(1e-9, 1, problem.grid.cells))
    first = Elasticity(problem.grid, 0.3, problem.fixed).solve(stiffness, problem.loads)
    used = Elasticity(problem.grid, 0.3, problem.fixed)
    used.solve(problem.uniform(0.2), problem.loads)
    used.solve(problem.uniform(0.2), problem.loads.repeat(2, 1, 1, 1, 1))
    used.solve(problem.uniform(0.7), problem.loads)
    assert torch.equal(used.solve(stiffness, problem.loads).displacements, first.displacements)


def test_steps_do_not_grow_with_the_grid() -> None:
    steps = []
    for n in (8, 16, 32):
        problem = cantilever(2 * n, n, n)
        elasticity = Elasticity(problem.grid, 0.3, problem.fixed)
        steps.append(elasticity.solve(problem.uniform(0.3), problem.loads, tolerance=1e-6).iterations)
    assert max(steps) <= 12
    assert steps[-1] <= steps[0] + 3


def test_a_part_without_enough_supports_is_refused() -> None:
    for cells in ((24, 16), (40, 24), (12, 8, 8), (20, 12, 12)):
        problem = cantilever(*cells)
        for held in ([], [0], [1]):
            problem.fixed[:] = False
            problem.fixed[0, ..., held] = True
            with pytest.raises(Unsupported, match="free to move"):
                Elasticity(problem.grid, 0.3, problem.fixed).solve(problem.uniform(0.5), problem.loads)


def test_a_hinge_is_refused() -> None:
    """Held in one point alone, it would turn."""
    problem = cantilever(40, 24)
    problem.fixed[:] = False
    problem.fixed[0, 12] = True
    with pytest.raises(Unsupported, match="free to move"):
        Elasticity(problem.grid, 0.3, problem.fixed).solve(full(problem), problem.loads)


@pytest.mark.parametrize("cells", [(60, 30), (20, 13, 9)], ids=str)
def test_a_loaded_piece_that_nothing_joins_is_refused(cells: tuple[int, ...]) -> None:
    problem = cantilever(*cells)
    stiffness = full(problem)
    stiffness[-7:-5] = 0
    with pytest.raises(Unsupported, match="free to move"):
        Elasticity(problem.grid, 0.3, problem.fixed).solve(stiffness, problem.loads)


def test_a_piece_that_nothing_joins_and_nothing_loads_is_let_be() -> None:
    problem = cantilever(60, 30)
    whole = full(problem)
    whole[20:26, 10:20] = 0
    stiffness = whole.clone()
    stiffness[22:24, 12:17] = 1
    elasticity = Elasticity(problem.grid, 0.3, problem.fixed)
    expected = elasticity.solve(whole, problem.loads, tolerance=1e-8).displacements
    found = elasticity.solve(stiffness, problem.loads, tolerance=1e-8).displacements
    there = expected != 0
    torch.testing.assert_close(found[there], expected[there], rtol=1e-5, atol=1e-4)


def test_a_load_on_nothing_is_refused() -> None:
    problem = cantilever(20, 10)
    stiffness = full(problem)
    stiffness[-3:, :4] = 0
    with pytest.raises(Unsupported, match="no material"):
        Elasticity(problem.grid, 0.3, problem.fixed).solve(stiffness, problem.loads)


def test_a_load_on_a_support_is_carried_by_it() -> None:
    problem = cantilever(20, 10)
    expected = Elasticity(problem.grid, 0.3, problem.fixed).solve(full(problem), problem.loads)
    problem.loads[0, 0, 5] = 1e6
    found = Elasticity(problem.grid, 0.3, problem.fixed).solve(full(problem), problem.loads)
    assert torch.equal(found.displacements, expected.displacements)


def test_values_out_of_range_end_with_words() -> None:
    problem = mbb_beam(30, 10)
    problem.loads *= 1e300
    with pytest.raises(NotConverged) as told:
        Elasticity(problem.grid, 0.3, problem.fixed).solve(problem.uniform(0.5), problem.loads)
    assert told.value.hint
