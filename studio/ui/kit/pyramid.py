"""Pictures at every half size, and what of them a view shows.

Imports numpy and OpenCV: the window imports it with the first photo, not at start.
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np

from studio.ui.kit.rect import Rect, Window

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

SHARP_FROM = 4.0
"""From this zoom on, pixels are shown as squares."""
_SMALLEST = 256
"""Halving ends when a level's longer side is no longer than this."""


class Pyramid:
    """`levels[n]` is the picture, (H, W) or (H, W, C) uint8, n times halved (rounded up)."""

    def __init__(self, pixels: Pixels) -> None:
        self.levels = [pixels]
        while max(self.levels[-1].shape[:2]) > _SMALLEST:
            self.levels.append(_half(self.levels[-1]))

    @property
    def bounds(self) -> Rect:
        height, width = self.levels[0].shape[:2]
        return Rect(0, 0, width, height)

    def update(self, dirty: Rect) -> None:
        """Bring the halved levels up to date after the pixels in `dirty` changed."""
        for fine, coarse in zip(self.levels, self.levels[1:], strict=False):
            if dirty.is_empty:
                return
            height, width = coarse.shape[:2]
            x, y = dirty.x // 2, dirty.y // 2
            dirty = Rect(
                x, y, min((dirty.right + 1) // 2, width) - x, min((dirty.bottom + 1) // 2, height) - y
            )
            coarse[dirty.slices] = _half(fine[2 * y : 2 * dirty.bottom, 2 * x : 2 * dirty.right])

    def sample(self, window: Window, device: Rect) -> Pixels:
        """What the window shows in `device`, which must lie within `window.device_rect(self.bounds)`.

        Downscaled smoothly from the level next above, upscaled smoothly below SHARP_FROM and sharply above.
        """
        depth = 0
        if window.zoom < 1:
            depth = min(int(-math.log2(window.zoom) + 1e-9), len(self.levels) - 1)
        level = self.levels[depth]
        zoom = window.zoom * 2**depth
        height, width = level.shape[:2]
        left, top = device.x - window.left, device.y - window.top
        if zoom == 1:
            part = Rect(left, top, device.width, device.height)
            if part.right <= width and part.bottom <= height:
                return level[part.slices]
        if zoom >= SHARP_FROM:
            columns = _indices(left, device.width, zoom, width)
            rows = _indices(top, device.height, zoom, height)
            first, last = int(rows[0]), int(rows[-1]) + 1
            return np.take(np.take(level[first:last], columns, axis=1), rows - first, axis=0)
        part = Rect.between(
            left / zoom, top / zoom, (left + device.width) / zoom, (top + device.height) / zoom
        )
        part = part.padded(2).intersected(Rect(0, 0, width, height))
        step = 1 / zoom
        shift_x = (left + 0.5) * step - 0.5 - part.x
        shift_y = (top + 0.5) * step - 0.5 - part.y
        place = np.array([[step, 0, shift_x], [0, step, shift_y]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(
            level[part.slices],
            place,
            (device.width, device.height),
            flags=flags,
            borderMode=cv2.BORDER_REPLICATE,
        )


def _half(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = cv2.copyMakeBorder(pixels, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    return cv2.resize(pixels, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)


def _indices(start: int, count: int, zoom: float, limit: int) -> np.ndarray[Any, np.dtype[np.intp]]:
    found = np.floor((np.arange(start, start + count) + 0.5) / zoom).astype(np.intp)
    return np.clip(found, 0, limit - 1)
