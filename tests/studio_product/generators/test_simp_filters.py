"""The cone's weights against their definition, and the projection and interpolation against theirs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_product.core.grid import Grid
from studio_product.generators.simp.filters import ConeSum, DensityFilter, SensitivityFilter
from studio_product.generators.simp.interpolation import Interpolation
from studio_product.generators.simp.projection import project, slope
from torch import Tensor

CPU = torch.device("cpu")


def weights(grid: Grid, radius: float) -> Tensor:
    """(cells, cells), from the definition."""
    centers = torch.from_numpy(grid.centers().reshape(-1, grid.dimensions))
    return (radius - torch.cdist(centers, centers)).clamp_min(0)


@given(
    cells=st.lists(st.integers(1, 6), min_size=2, max_size=3),
    radius=st.floats(0.5, 9),
    spacing=st.lists(st.floats(0.8, 1.25), min_size=3, max_size=3),
    seed=st.integers(0, 99),
)
@settings(max_examples=40)
def test_filters_are_as_defined(cells: list[int], radius: float, spacing: list[float], seed: int) -> None:
    size = tuple(n * h for n, h in zip(cells, spacing, strict=False))
    grid = Grid(tuple(cells), size)
    generator = torch.Generator().manual_seed(seed)
    x, g = torch.rand(2, *cells, generator=generator, dtype=torch.float64)
    domain = torch.rand(cells, generator=generator) < 0.8
    w, cone = weights(grid, radius), ConeSum(grid, radius, CPU)
    flat = domain.flatten().to(torch.float64)
    expected = flat * (w @ (flat * x.flatten())) / (w @ flat).clamp_min(1e-12)
    kept = DensityFilter(cone, domain)
    torch.testing.assert_close(kept(x).flatten(), expected)
    assert float((kept(x) * g).sum()) == pytest.approx(float((x * kept.adjoint(g)).sum()), abs=1e-10)
    heuristic = w @ (x * g).flatten() / (w.sum(1) * x.flatten().clamp_min(1e-3))
    torch.testing.assert_close(SensitivityFilter(cone, x)(x, g).flatten(), heuristic)


def test_the_density_filter_keeps_what_is_even_right_up_to_the_edge_of_the_domain() -> None:
    domain = torch.ones(12, 8, dtype=torch.bool)
    domain[4:7, 2:5] = False
    even = torch.full((12, 8), 0.3, dtype=torch.float64)
    filtered = DensityFilter(ConeSum(Grid((12, 8), (12.0, 8.0)), 2.5, CPU), domain)(even)
    torch.testing.assert_close(filtered, even * domain)


@given(st.floats(0.01, 64), st.floats(0, 1))
def test_projection(sharpness: float, value: float) -> None:
    x = torch.tensor([0.0, value, 0.5, 1.0], dtype=torch.float64)
    low, projected, middle, high = project(x, sharpness).tolist()
    assert low == pytest.approx(0) and middle == pytest.approx(0.5) and high == pytest.approx(1)
    assert (projected - value) * (value - 0.5) >= -1e-9  # away from the threshold
    h = 1e-6
    numeric = (project(x + h, sharpness) - project(x - h, sharpness)) / (2 * h)
    torch.testing.assert_close(slope(x, sharpness), numeric, rtol=1e-5, atol=1e-7)


def test_no_sharpness_is_no_projection() -> None:
    x = torch.rand(5, dtype=torch.float64)
    assert torch.equal(project(x, 0.0), x) and torch.equal(slope(x, 0.0), torch.ones(5, dtype=torch.float64))


@given(st.floats(1, 8), st.booleans())
def test_interpolation(penalty: float, weighty: bool) -> None:
    law = Interpolation(penalty, 1e-9, weighty)
    density = torch.from_numpy(np.linspace(0.001, 0.999, 83))
    stiffness = law.stiffness(density)
    h = 1e-6
    numeric = (law.stiffness(density + h) - law.stiffness(density - h)) / (2 * h)
    torch.testing.assert_close(law.slope(density), numeric, rtol=1e-5, atol=1e-9)
    ends = law.stiffness(torch.tensor([0.0, 1.0], dtype=torch.float64))
    assert ends.tolist() == pytest.approx([1e-9, 1])
    if weighty:  # weight over stiffness is bounded
        assert float((density / stiffness).max()) <= 4 ** (penalty - 1) * 1.0001
    else:
        torch.testing.assert_close(stiffness, 1e-9 + density**penalty * (1 - 1e-9))
