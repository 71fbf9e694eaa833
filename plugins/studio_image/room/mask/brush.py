"""Brush stamps and the path they are set along.

Points are in picture coordinates: the middle of the first pixel is (0.5, 0.5).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

SMALL = 48.0
"""Up to this diameter (px) a stamp is placed to a quarter of a pixel, above to whole pixels."""


@dataclass(frozen=True)
class Brush:
    size: float
    """Diameter in pixels, at full pressure."""
    hardness: float = 1.0
    """0 is soft from the middle on, 1 has an edge of one pixel."""
    erase: bool = False

    def diameter(self, pressure: float) -> float:
        """Never over `size`; in steps fine enough to be unseen and coarse enough to reuse stamps."""
        wanted = max(self.size * (0.1 + 0.9 * min(max(pressure, 0.0), 1.0)), min(self.size, 1.0))
        if wanted >= self.size:
            return self.size
        steps = math.floor(math.log(wanted / self.size) / math.log(1.03))
        return max(self.size * 1.03**steps, min(self.size, 1.0))


@lru_cache(maxsize=48)
def stamp(diameter: float, hardness: float, shift_x: float = 0.5, shift_y: float = 0.5) -> tuple[Pixels, int]:
    """(coverage, reach): a square of uint8 whose pixel [reach, reach] holds the disc's middle.

    `shift_x` and `shift_y` say where in that pixel the middle lies, 0..1.
    """
    radius = diameter / 2
    reach = math.ceil(radius + 0.5)
    outer = radius + 0.5
    inner = min(hardness * radius, radius - 0.5)
    middle = shift_x == 0.5 and shift_y == 0.5
    steps = np.arange(0 if middle else -reach, reach + 1, dtype=np.float32) + 0.5
    across, down = steps - shift_x, steps - shift_y
    distance = np.sqrt(across[None, :] ** 2 + down[:, None] ** 2)
    cover = np.clip((outer - distance) / (outer - inner), 0.0, 1.0)
    if outer - inner > 2.0:
        cover = cover * cover * (3.0 - 2.0 * cover)
    quarter = (cover * 255.0 + 0.5).astype(np.uint8)
    if not middle:
        return quarter, reach
    half = np.concatenate((quarter[:0:-1], quarter))
    return np.concatenate((half[:, :0:-1], half), axis=1), reach


@dataclass
class Path:
    """Turns pointer positions into evenly spaced stamp positions."""

    brush: Brush
    x: float
    y: float
    pressure: float
    _travelled: float = field(default=0.0)

    def extend(self, x: float, y: float, pressure: float) -> Iterator[tuple[float, float, float]]:
        """(x, y, pressure) of each stamp that is due on the way to the new position."""
        from_x, from_y, from_pressure = self.x, self.y, self.pressure
        length = math.hypot(x - from_x, y - from_y)
        spacing = self.spacing(min(pressure, from_pressure))
        at = spacing - self._travelled
        while at <= length and length > 0:
            t = at / length
            yield (
                from_x + t * (x - from_x),
                from_y + t * (y - from_y),
                from_pressure + t * (pressure - from_pressure),
            )
            at += spacing
        self._travelled = length - (at - spacing)
        self.x, self.y, self.pressure = x, y, pressure

    @property
    def is_behind(self) -> bool:
        """True if the last position has no stamp of its own yet."""
        return self._travelled > 0

    def spacing(self, pressure: float) -> float:
        """Pixels between stamps so that the outline's scallops stay under a quarter of a pixel."""
        radius = self.brush.diameter(pressure) / 2
        return max(min(math.sqrt(2 * radius), radius / 2), 0.5)
