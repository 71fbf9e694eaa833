"""What drives the members of a pool apart, from the one number that a designer sets."""

from __future__ import annotations

import math
from dataclasses import dataclass

_REPEL = {2: 0.15, 3: 0.08}
"""Weight at a difference of 50 percent; in three dimensions 0.4 tears designs apart."""
_AMPLITUDE = 0.2
"""At a difference of 50 percent. Rougher starts end in worse optima: 0.5 costs 10 % of stiffness."""
_FLOOR = 0.3
"""At a difference of 50 percent."""
_LEAST_FLOOR = 0.05
"""Nearer than this, two variants are one."""
_OVERSAMPLE, _PATIENCE, _MOST = 2.5, 3, 6
"""Members for each variant, at first and at most."""
_ITERATIONS = {2: 64, 3: 60}


@dataclass(frozen=True)
class Levers:
    """How a pool is made and what is asked of a choice from it."""

    repel: float
    """Weight of earlier members' mean density in the sensitivities (see `Repel`)."""
    amplitude: float
    """Standard deviation of a random start, relative to the volume fraction."""
    floor: float
    """The least distance between two variants, 0 to 1."""
    size: int
    """Members that a pool begins with."""
    patience: int
    """Members at most before variants are taken that give way by more of the tolerance."""
    most: int
    """Members at most, while too few pass the gates."""
    iterations: int
    """Of each member."""


def levers_of(dimensions: int, variants: int, difference: float, iterations: int | None) -> Levers:
    """Levers for so many variants.

    Args:
        difference: how different they shall be, 0 to 100; at 50 two variants share at most 70 percent.
        iterations: of the study's method, if it names any.
    """
    strength = difference / 50
    return Levers(
        repel=_REPEL[dimensions] * strength,
        amplitude=_AMPLITUDE * (1 + strength) / 2,
        floor=max(_LEAST_FLOOR, _FLOOR * strength),
        size=1 if variants == 1 else math.ceil(_OVERSAMPLE * variants),
        patience=_PATIENCE * variants,
        most=_MOST * variants,
        iterations=iterations or _ITERATIONS[dimensions],
    )
