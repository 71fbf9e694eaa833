"""The parts of the multigrid cycle, each by what makes it right."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from studio_product.generators.solver.element import make_element
from studio_product.generators.solver.galerkin import CoarseStiffness, FixedCells
from studio_product.generators.solver.lattice import Lattice
from studio_product.generators.solver.multigrid import halvings_of
from studio_product.generators.solver.operator import ElementByElement
from studio_product.generators.solver.smoother import Chebyshev
from studio_product.generators.solver.stencil import StencilProduct
from studio_product.generators.solver.transfer import Interpolation

GRIDS = [(9, 6), (8, 8), (5, 1), (5, 4, 3), (4, 2, 1)]


def random_field(lattice: Lattice, rng: np.random.Generator, cases: int = 2) -> torch.Tensor:
    field = lattice.with_halo(cases, torch.empty(0, dtype=torch.float64))
    field.copy_(torch.from_numpy(rng.standard_normal(field.shape)))
    return field


@pytest.mark.parametrize("poisson", [-0.4, 0.0, 0.3, 0.49])
@pytest.mark.parametrize("spacing", [(1.0, 2.0), (1.0, 1.5, 0.5)], ids=str)
def test_an_element_resists_all_but_rigid_motions(spacing: tuple[float, ...], poisson: float) -> None:
    element = make_element(spacing, 2.0, poisson)
    n = len(element.stiffness)
    assert element.stiffness == pytest.approx(element.stiffness.T)
    assert element.modes.T @ element.modes == pytest.approx(element.stiffness, abs=1e-12)
    values = np.linalg.eigvalsh(element.stiffness)
    rigid = n - len(element.modes)
    assert np.abs(values[:rigid]).max() < 1e-12 * values[-1]
    assert values[rigid] > 1e-4 * values[-1]
    sums = np.abs(element.stiffness).sum(axis=1).reshape(-1, len(spacing))
    assert sums == pytest.approx(np.broadcast_to(sums[0], sums.shape))


@pytest.mark.parametrize("cells", GRIDS, ids=str)
def test_interpolation_is_linear_and_restriction_its_transpose(cells: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    coarse_cells = [-(-n // 2) for n in cells]
    fine = torch.zeros(1, len(cells), *(n + 1 for n in cells), dtype=torch.float64)
    coarse = torch.zeros(1, len(cells), *(n + 1 for n in coarse_cells), dtype=torch.float64)
    transfer = Interpolation(fine, coarse)
    axes = np.meshgrid(*(np.arange(n + 1) for n in coarse_cells), indexing="ij")
    slopes = rng.standard_normal(len(cells))
    steps = [2.0 if n > 1 else 1.0 for n in cells]
    coarse[:] = torch.from_numpy(sum(s * h * a for s, h, a in zip(slopes, steps, axes, strict=True)))
    transfer.prolong()
    axes = np.meshgrid(*(np.arange(n + 1.0) for n in cells), indexing="ij")
    expected = torch.from_numpy(sum(s * a for s, a in zip(slopes, axes, strict=True)))
    torch.testing.assert_close(fine, expected.expand_as(fine))
    x = torch.from_numpy(rng.standard_normal(coarse.shape))
    y = torch.from_numpy(rng.standard_normal(fine.shape))
    coarse.copy_(x)
    transfer.prolong()
    forward = (fine * y).sum()
    fine.copy_(y)
    transfer.restrict()
    torch.testing.assert_close((coarse * x).sum(), forward)


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize("cells", GRIDS, ids=str)
def test_a_coarse_level_is_the_galerkin_product(
    cells: tuple[int, ...], small: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K_coarse x = P^T M K M P x, with supports in single degrees of freedom."""
    monkeypatch.setattr("studio_product.generators.solver.stencil._AT_ONCE", 10**9 if small else 0)
    rng = np.random.default_rng(0)
    d = len(cells)
    element = make_element((1.0, 0.9, 1.2)[:d], 1.0, 0.3)
    fine, like = Lattice(tuple(n + 1 for n in cells)), torch.empty(0, dtype=torch.float64)
    fixed = rng.random((*fine.nodes, d)) < 0.2
    fixed[0, 0] = True
    stiffness = torch.from_numpy(rng.random(cells))
    found = FixedCells(fixed)
    halvings = tuple(int(n > 1) for n in cells)
    level = CoarseStiffness(element.stiffness, found, halvings, like=like)
    level.update(stiffness * torch.from_numpy(found.untouched), stiffness)

    x, forces = random_field(level.lattice, rng), random_field(fine, rng)
    forces.zero_()
    displacement = torch.zeros(2, d, fine.count, dtype=torch.float64)
    operator = ElementByElement(torch.from_numpy(element.stiffness), fine, displacement, forces)
    operator.scale.copy_(fine.over_cells(stiffness))
    mask = torch.from_numpy(~fixed).movedim(-1, 0).reshape(d, -1)
    Interpolation(fine.grid(displacement), level.lattice.grid(x)).prolong()
    displacement.mul_(mask)
    operator.accumulate()
    expected = torch.zeros(2, d, level.lattice.count, dtype=torch.float64)
    Interpolation(fine.grid(forces.mul_(mask)), level.lattice.grid(expected)).restrict()

    product = torch.zeros_like(expected)
    StencilProduct(level.stencil, level.lattice, x, product).subtract()
    torch.testing.assert_close(-product, expected, rtol=1e-12, atol=1e-12)


def test_long_runs_of_cells_are_taken_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    lattice = Lattice((12, 8, 7))
    matrix = torch.from_numpy(make_element((1.0, 1.0, 1.0), 1.0, 0.3).stiffness)
    x = random_field(lattice, rng)
    results = []
    for block in (10**6, 500):
        monkeypatch.setattr("studio_product.generators.solver.operator._BLOCK", block)
        results.append(torch.zeros(2, 3, lattice.count, dtype=torch.float64))
        operator = ElementByElement(matrix, lattice, x, results[-1])
        operator.scale.copy_(lattice.over_cells(torch.ones(11, 7, 6, dtype=torch.float64)))
        operator.accumulate()
    torch.testing.assert_close(*results)


@pytest.mark.parametrize("degree", [1, 2, 3, 8])
def test_the_smoother_is_the_chebyshev_polynomial(degree: int) -> None:
    """What is left of an error is least, over [1 / ratio, 1], among polynomials that are 1 at zero."""
    ratio = 10.0
    values = np.linspace(1 / ratio, 1, 2001)
    polynomial = Chebyshev(degree, ratio)
    step = polynomial.first * np.ones_like(values)
    solution, left = step.copy(), 1 - values * step
    for before, weight in polynomial.following():
        step = before * step + weight * polynomial.first * left
        solution += step
        left = 1 - values * solution
    assert np.abs(left).max() == pytest.approx(1 / np.cosh(degree * np.arccosh(11 / 9)))


def test_levels_end_where_a_direct_solution_is_cheap() -> None:
    assert halvings_of((4, 3)) == [(0, 0)]
    assert halvings_of((300, 100))[-1] == (4, 4)
    assert halvings_of((96, 48, 48)) == [(1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4)]
    assert halvings_of((400, 3)) == [(1, 1), (2, 2)]
    assert halvings_of((100, 100, 1))[0] == (1, 1, 0)
    assert max(sum(h) for h in halvings_of((100_000, 1))) <= 12
