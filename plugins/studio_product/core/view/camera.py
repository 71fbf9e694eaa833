"""Where a picture of a part is taken from: an orbit around a point."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

MOST_ELEVATION = 90.0
_NEAREST = 1e-6
"""Of the distance: what is not further away than this lies behind the eye."""


@dataclass(frozen=True)
class Camera:
    """Looks at `target` from `distance` mm. Pixels count from the upper left, their
    middles lie at halves."""

    target: tuple[float, float, float] = (0.0, 0.0, 0.0)
    distance: float = 100.0
    azimuth: float = 30.0
    """Degrees around the upright axis: 0 looks from the front, with x to the right; 90 from the side x+."""
    elevation: float = 25.0
    """Degrees above the horizon: -90 to 90."""
    fov: float = 30.0
    """Degrees from the lower to the upper edge of the picture."""
    parallel: bool = False
    """Without perspective; what lies at the target's distance is as large as with it."""
    up: Literal["y", "z"] = "z"

    @property
    def axes(self) -> NDArray[np.float64]:
        """Unit vectors in rows: to the right, upwards, and towards the eye."""
        a, e = math.radians(self.azimuth), math.radians(self.elevation)
        back = (math.sin(a) * math.cos(e), -math.cos(a) * math.cos(e), math.sin(e))
        right = (math.cos(a), math.sin(a), 0.0)
        upward = (-math.sin(a) * math.sin(e), math.cos(a) * math.sin(e), math.cos(e))
        rows = np.array([right, upward, back])
        if self.up == "y":
            rows = np.stack([rows[:, 0], rows[:, 2], -rows[:, 1]], axis=1)
        return rows

    @property
    def eye(self) -> NDArray[np.float64]:
        eye: NDArray[np.float64] = np.asarray(self.target) + self.distance * self.axes[2]
        return eye

    @property
    def nearest(self) -> float:
        """mm: with perspective, what is not deeper is not seen."""
        return self.distance * _NEAREST

    def scale(self, height: int) -> float:
        """Pixels per mm at the target, in a picture `height` pixels high."""
        return height / (2 * self.distance * math.tan(math.radians(self.fov) / 2))

    def view(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 3) in space -> (n, 3): mm to the right and upwards of the eye, and deep into the picture."""
        turned: NDArray[np.float64] = (points - self.eye) @ self.axes.T
        turned[:, 2] *= -1
        return turned

    def project(self, points: NDArray[np.float64], width: int, height: int) -> NDArray[np.float64]:
        """(n, 3) in space -> (n, 3): x and y in pixels, depth in mm. With perspective, x and y mean nothing
        where the depth is not positive."""
        seen = self.view(points)
        scale = np.full(len(seen), self.scale(height))
        if not self.parallel:
            scale *= self.distance / np.maximum(seen[:, 2], self.nearest)
        x = width / 2 + seen[:, 0] * scale
        y = height / 2 - seen[:, 1] * scale
        return np.stack([x, y, seen[:, 2]], axis=1)

    def ray(
        self, x: float, y: float, width: int, height: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Origin and direction of what is seen at a pixel. The direction is as long as makes a step of 1 go
        1 mm deeper, so `origin + depth * direction` is the place that `Frame.depth` saw there."""
        scale = self.scale(height)
        across, upward = (x - width / 2) / scale, (height / 2 - y) / scale
        right, up, back = self.axes
        if self.parallel:
            return self.eye + across * right + upward * up, -back
        return self.eye, -back + (across * right + upward * up) / self.distance

    def fit(
        self,
        bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
        width: int = 1,
        height: int = 1,
        *,
        margin: float = 0.06,
    ) -> Camera:
        """The same direction, as near as shows the whole box with a margin of that part of the picture."""
        low, high = (np.asarray(corner, np.float64) for corner in bounds)
        corners = (low + high) / 2 + np.array(list(product((-0.5, 0.5), repeat=3))) * (high - low)
        room = math.tan(math.radians(self.fov) / 2) * (1 - 2 * margin)
        reach = np.array([room * width / height, room])
        turned = corners @ self.axes.T
        near = turned[:, 2:] * (not self.parallel)
        # Both edges of the picture are planes: each corner bounds how far the eye may go to its side.
        most = np.max(turned[:, :2] / reach + near, axis=0)
        least = np.min(turned[:, :2] / reach - near, axis=0)
        back = float(np.max(most - least)) / 2
        middle = (turned[:, 2].min() + turned[:, 2].max()) / 2
        across, upward = (most + least) / 2 * reach
        target = np.array([across, upward, middle]) @ self.axes
        distance = back if self.parallel else back - middle
        return replace(
            self,
            target=(float(target[0]), float(target[1]), float(target[2])),
            distance=distance if distance > 0 else self.distance,
        )

    def orbited(self, azimuth: float, elevation: float) -> Camera:
        """Turned by degrees; it stops straight above and below."""
        steep = min(MOST_ELEVATION, max(-MOST_ELEVATION, self.elevation + elevation))
        return replace(self, azimuth=(self.azimuth + azimuth) % 360, elevation=steep)

    def panned(self, x: float, y: float, height: int) -> Camera:
        """Moved so that what is at the target's distance moves by pixels to the right and down."""
        right, up, _ = self.axes
        target = np.asarray(self.target) + (y * up - x * right) / self.scale(height)
        return replace(self, target=(float(target[0]), float(target[1]), float(target[2])))

    def zoomed(self, factor: float) -> Camera:
        """Things look larger by the factor."""
        return replace(self, distance=self.distance / factor)
