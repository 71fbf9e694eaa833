"""The color that the mask is shown in: one that stands out from the photo under it."""

from __future__ import annotations

from typing import Any

from studio.api.values import mark

TINTS = {
    "#ff2d5f": mark("Pink"),
    "#00c86e": mark("Green"),
    "#2f7bff": mark("Blue"),
    "#ffd400": mark("Yellow"),
    "#00d2e6": mark("Cyan"),
    "#b44cff": mark("Violet"),
}
"""What can be chosen, the usual one first."""
_SIDE = 48
"""Pixels of the photo's thumbnail that is looked at, each way."""
_WORST = 10
"""Percent of the photo that may be closer to a color than what it is judged by."""
_ENOUGH = 0.2
"""A distance in OKLab: where the usual color is as far away, it stays, so that masks look alike."""


def standing_out(pixels: Any) -> str:
    """The usual one of `TINTS`, or, where that is near to what is in a picture, the one farthest from it.

    Args:
        pixels: (H, W, 4) uint8 of any size, B, G, R, A.
    """
    import cv2  # it comes with the first photo
    import numpy as np

    height, width = pixels.shape[:2]
    small = cv2.resize(pixels, (min(width, _SIDE), min(height, _SIDE)), interpolation=cv2.INTER_AREA)
    there = _oklab(small[..., 2::-1].reshape(-1, 3))
    tints = _oklab(np.array([[int(tint[at : at + 2], 16) for at in (1, 3, 5)] for tint in TINTS]))
    apart = np.linalg.norm(tints[:, None] - there[None], axis=-1)
    reached = np.percentile(apart, _WORST, axis=1)
    return [*TINTS][0 if reached[0] >= _ENOUGH else int(reached.argmax())]


def _oklab(rgb: Any) -> Any:
    """(N, 3) sRGB, 0 to 255, as OKLab (Ottosson 2020): distances in it are about as they are seen."""
    import numpy as np

    part = np.asarray(rgb, np.float64) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    cones = np.cbrt(linear @ _TO_CONES)
    return cones @ _TO_LAB


_TO_CONES = (
    (0.4122214708, 0.2119034982, 0.0883024619),
    (0.5363325363, 0.6806995451, 0.2817188376),
    (0.0514459929, 0.1073969566, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 1.9779984951, 0.0259040371),
    (0.7936177850, -2.4285922050, 0.7827717662),
    (-0.0040720468, 0.4505937099, -0.8086757660),
)
