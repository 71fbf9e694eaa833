"""Rectangles of whole pixels and the part of a picture that a view shows, without Qt."""

from __future__ import annotations

import math
from typing import NamedTuple

from msgspec import Struct


class Rect(NamedTuple):
    """Pixels from (x, y), `width` by `height`; empty if either is not positive."""

    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0

    @property
    def right(self) -> int:
        """One past the last column."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """One past the last row."""
        return self.y + self.height

    @property
    def is_empty(self) -> bool:
        return self.width <= 0 or self.height <= 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """What to index an (H, W) array with."""
        return slice(self.y, self.bottom), slice(self.x, self.right)

    @classmethod
    def between(cls, left: float, top: float, right: float, bottom: float) -> Rect:
        """The smallest rectangle of whole pixels around these edges."""
        x, y = math.floor(left), math.floor(top)
        return cls(x, y, math.ceil(right) - x, math.ceil(bottom) - y)

    def united(self, other: Rect) -> Rect:
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def intersected(self, other: Rect) -> Rect:
        x, y = max(self.x, other.x), max(self.y, other.y)
        width, height = min(self.right, other.right) - x, min(self.bottom, other.bottom) - y
        return Rect() if width <= 0 or height <= 0 else Rect(x, y, width, height)

    def padded(self, by: int) -> Rect:
        return (
            self
            if self.is_empty
            else Rect(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)
        )


class Window(Struct, frozen=True):
    """Which part of a picture is seen: device pixels per picture pixel, and where its corner lies.

    `left` and `top` are the device position of the picture's top left corner, whole pixels.
    """

    zoom: float
    left: int
    top: int

    def picture_rect(self, device: Rect) -> Rect:
        """The picture's pixels (also outside of it) that the device rectangle touches."""
        return Rect.between(
            (device.x - self.left) / self.zoom,
            (device.y - self.top) / self.zoom,
            (device.right - self.left) / self.zoom,
            (device.bottom - self.top) / self.zoom,
        )

    def device_rect(self, picture: Rect) -> Rect:
        return Rect.between(
            picture.x * self.zoom + self.left,
            picture.y * self.zoom + self.top,
            picture.right * self.zoom + self.left,
            picture.bottom * self.zoom + self.top,
        )
