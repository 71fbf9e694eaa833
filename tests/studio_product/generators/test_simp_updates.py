"""Optimality criteria, moving asymptotes, and the search for their multiplier."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from studio_product.generators.simp.moving_asymptotes import MovingAsymptotes
from studio_product.generators.simp.multiplier import Volume, bisect, false_position
from studio_product.generators.simp.optimality import optimality_criteria
from torch import Tensor


def total(target: float, n: int) -> Volume:
    return Volume(lambda x: float(x.sum()), torch.ones(n, dtype=torch.float64), target, linear=True)


@given(st.floats(-20, 20), st.floats(0.1, 5), st.sampled_from([math.tanh, math.sinh, lambda t: t]))
def test_false_position_finds_the_zero_of_falling_functions(zero: float, steepness: float, shape) -> None:  # type: ignore[no-untyped-def]
    evaluations = 0

    def falling(x: float) -> float:
        nonlocal evaluations
        evaluations += 1
        return -float(shape(max(-50.0, min(50.0, steepness * (x - zero)))))

    assert abs(falling(false_position(falling))) < 1e-4 * (1 + steepness)
    assert evaluations < 80


@given(st.floats(-8, 8))
def test_bisection_finds_a_multiplier_to_a_thousandth(exponent: float) -> None:
    zero = 10**exponent
    assert bisect(lambda x: zero - x) == pytest.approx(zero, rel=3e-3)


def test_bisection_goes_beyond_its_usual_range() -> None:
    assert bisect(lambda x: 7e12 - x) == pytest.approx(7e12, rel=3e-3)


def test_optimality_criteria_meet_the_known_optimum() -> None:
    """Of sum a_i / x_i with a given sum: x_i goes with sqrt(a_i)."""
    a = torch.tensor([1.0, 4.0, 9.0, 0.25], dtype=torch.float64)
    x = torch.full((4,), 0.4, dtype=torch.float64)
    for _ in range(60):
        x = optimality_criteria(x, -a / x.square(), total(1.6, 4), 0.1)
    torch.testing.assert_close(x / x.sum(), a.sqrt() / a.sqrt().sum(), rtol=2e-3, atol=0)


@pytest.mark.parametrize("linear", [True, False])
@given(seed=st.integers(0, 200), target=st.floats(0.05, 0.95), move=st.floats(0.01, 1))
def test_optimality_criteria_keep_to_their_limits(
    linear: bool, seed: int, target: float, move: float
) -> None:
    generator = torch.Generator().manual_seed(seed)
    x, objective = torch.rand(2, 30, generator=generator, dtype=torch.float64)
    objective = 0.1 - objective * 10.0 ** (seed % 7)
    volume = Volume(lambda v: float(v.square().sum()), 2 * x, 30 * target, linear)
    updated = optimality_criteria(x, objective, volume, move)
    lower, upper = (x - move).clamp_min(0), (x + move).clamp_max(1)
    assert (updated >= lower).all() and (updated <= upper).all()
    assert torch.equal(updated[objective > 0], lower[objective > 0])
    most = torch.where((objective < 0) & (x > 0), upper, lower)
    reachable = float(lower.square().sum()) < 30 * target < float(most.square().sum())
    if reachable:
        assert float(updated.square().sum()) == pytest.approx(30 * target, rel=5e-3 if linear else 2e-5)


def minimized(slope_of, steps: int, target: float, n: int) -> Tensor:  # type: ignore[no-untyped-def]
    x = torch.full((n,), 0.5, dtype=torch.float64)
    memory: tuple[Tensor, ...] = ()
    for _ in range(steps):
        method = MovingAsymptotes(memory)
        x = method.update(x, slope_of(x), total(target, n), 0.2)
        memory = method.memory
    return x


@pytest.mark.parametrize("target", [0.6, 2.0, 2.9])
def test_moving_asymptotes_find_the_nearest_point_of_a_given_sum(target: float) -> None:
    """Also where less or more than the target would be better, and where a bound holds one variable."""
    center = torch.tensor([0.1, 0.3, 0.5, 0.8], dtype=torch.float64)
    x = minimized(lambda x: 2 * (x - center), 80, target, 4)
    shifts = torch.linspace(-2, 2, 40001, dtype=torch.float64)
    sums = (center + shifts[:, None]).clamp(0, 1).sum(1)
    nearest = (center + shifts[int((sums - target).abs().argmin())]).clamp(0, 1)
    torch.testing.assert_close(x, nearest, atol=2e-3, rtol=0)
