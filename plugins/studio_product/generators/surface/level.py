"""The level of a field at which its surface encloses a volume."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from studio.api import BadInput, tr

CLOSE = 5e-4
"""Relative; no better level is sought."""
_TRIES = 8
_MOST = 8.0
Made = TypeVar("Made")


def nothing_left() -> BadInput:
    return BadInput(
        tr("Nothing is left of the part: its densities enclose no volume."),
        tr("Raise the target, or make the grid finer."),
    )


def at_volume(
    make: Callable[[float], Made], volume: Callable[[Made], float], wanted: float, first: float, slope: float
) -> Made:
    """What `make` makes at the level that comes nearest to the wanted volume, by the secant method.

    Args:
        first: a guess.
        slope: of the volume over the level there, below 0.
    """
    level, known = first, []
    for _ in range(_TRIES):
        made = make(level)
        known.append((level, volume(made) - wanted, made))
        off = known[-1][1]
        if abs(off) <= CLOSE * wanted:
            break
        if len(known) > 1 and (run := level - known[-2][0]) and (off - known[-2][1]) / run < 0:
            slope = (off - known[-2][1]) / run
        step = np.clip(-off / slope, -3, 3)
        level = float(np.clip(level + step, -_MOST, _MOST))
        if any(level == tried for tried, _, _ in known):
            break
    return min(known, key=lambda each: abs(each[1]))[2]


def guess(
    field: NDArray[np.float64], inside: NDArray[np.bool_], margin: int, cells: float
) -> tuple[float, float]:
    """The level at which so many cells lie inside the level set, and how that number changes with it.

    A cell's share is the linear reconstruction clip(1/2 + (field - level) / |grad field|, 0, 1).

    Args:
        inside: (*cells): those that count; the field has `margin` more cells on each side.
    """
    within = (slice(margin, -margin),) * field.ndim
    values = field[within][inside]
    slopes = [np.gradient(field, axis=axis)[within][inside] for axis in range(field.ndim)]
    steep = np.maximum(np.linalg.norm(slopes, axis=0), 1e-6)

    def filled(level: float) -> float:
        return float(np.clip(0.5 + (values - level) / steep, 0, 1).sum())

    low, high = -_MOST, _MOST
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if filled(middle) > cells else (low, middle)
    level = (low + high) / 2
    change = (filled(level + 0.2) - filled(level - 0.2)) / 0.4
    return level, min(change, -1e-9)
