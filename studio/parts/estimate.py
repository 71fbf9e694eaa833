"""What a study will cost: memory and time."""

from __future__ import annotations

from dataclasses import dataclass

from studio.core.study import Study
from studio.parts.quality import Quality


@dataclass(frozen=True)
class Estimate:
    quality: Quality
    cells: int
    seconds: float
    """On a machine with two cores; good to a factor of about two."""
    bytes: int
    fits: bool
    """Whether the memory is enough."""


def solver_bytes(cells: int, dimensions: int, cases: int) -> int:
    """Peak memory of a solve on so many cells, with the optimizer's own fields."""
    raise NotImplementedError


def estimate(study: Study, quality: Quality, variants: int, memory: int) -> Estimate:
    """`memory`: bytes that are free on the machine."""
    raise NotImplementedError
