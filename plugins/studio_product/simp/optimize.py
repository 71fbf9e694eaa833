"""Minimum compliance by SIMP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from studio_product.problem import Problem


@dataclass(frozen=True)
class Repel:
    """Keeps a design away from earlier ones in its first iterations: adds
    `weight` * (sum |dc| / sum `mean`) * `mean` to the sensitivity of the compliance c.
    """

    mean: Tensor
    """(*cells), of the earlier designs' densities."""
    weight: float
    iterations: int


@dataclass(frozen=True)
class State:
    """As it is after an iteration; the tensors are reused by the next, so copy what you keep."""

    iteration: int
    """From 1."""
    iterations: int
    """At most."""
    density: Tensor
    """(*cells), physical."""
    compliances: Tensor
    """(cases,), N*mm, of the density before the iteration's update."""
    change: float
    """Greatest of a design variable in this iteration."""


@dataclass(frozen=True)
class Design:
    """A result."""

    density: Tensor
    """(*cells) float64, physical: 1 where solid, 0 in voids."""
    compliances: Tensor
    """(cases,) float64, N*mm, of `density`."""
    history: tuple[float, ...]
    """Weighted sum of compliances at each iteration."""
    iterations: int


def optimize(
    problem: Problem,
    *,
    start: Tensor | None = None,
    repel: Repel | None = None,
    iterations: int = 200,
    checkpoint: Path | None = None,
    watch: Callable[[State], None] | None = None,
) -> Design:
    """Raises whatever `watch` raises: that is how it is stopped. With a `checkpoint` it then goes on from
    there when called again, to the same bytes.
    """
    raise NotImplementedError
