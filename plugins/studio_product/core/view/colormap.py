"""Colors for numbers, and the numbers beside a color bar."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

_STEPS = 256
_LIGHTNESS = (0.30, 0.93)
_HUES = (295.0, 100.0)
"""Degrees: from violet over blue and green to yellow."""
_CHROMA = (0.1535, -0.1335, 0.125)
"""A parabola over the share of the way that stays just within what a screen can show."""


def colors(values: NDArray[np.floating[Any]], low: float, high: float) -> NDArray[np.float32]:
    """sRGB (*values.shape, 3), 0 to 1: dark violet at `low` and below, bright yellow at `high` and above.

    Equal steps look equal: the lightness of the colors, and so a print in gray, grows evenly.
    """
    span = high - low if high > low else 1.0
    rows = np.clip((np.asarray(values, np.float64) - low) / span * (_STEPS - 1) + 0.5, 0, _STEPS - 1)
    return color_table()[np.nan_to_num(rows).astype(np.int64)]


@cache
def color_table() -> NDArray[np.float32]:
    """(256, 3), sRGB from the least to the greatest value."""
    share = np.linspace(0, 1, _STEPS)
    lightness = _LIGHTNESS[0] + share * (_LIGHTNESS[1] - _LIGHTNESS[0])
    hue = np.radians(_HUES[0] + share * (_HUES[1] - _HUES[0]))
    chroma = _CHROMA[0] * share**2 + _CHROMA[1] * share + _CHROMA[2]
    light = np.clip(_from_oklab(lightness, chroma, hue), 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055).astype(np.float32)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """At most so many round numbers (1, 2 or 5 times a power of ten apart) from low to high."""
    if not high > low:
        return [low]
    rough = (high - low) / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _from_oklab(
    lightness: NDArray[np.float64], chroma: NDArray[np.float64], hue: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Linear red, green and blue. Ottosson, "A perceptual color space for image processing", 2020."""
    a, b = chroma * np.cos(hue), chroma * np.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return np.stack(
        [
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        ],
        axis=1,
    )
