"""A view's picture in device pixels, kept from frame to frame: a pan shifts it and draws only what comes in.

Imports numpy: a view imports it with the first photo, not at start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from studio.ui.kit.rect import Rect, Window

Draw = Callable[[QPainter, Rect], None]
"""Draws the part in a rectangle, in device pixels; the painter is clipped to it."""

_Words = np.ndarray[Any, np.dtype[np.uint32]]


class ScrolledImage:
    """`background` is what a part is filled with before it is drawn: a premultiplied 0xAARRGGBB."""

    def __init__(self, kind: QImage.Format, background: int = 0) -> None:
        self._kind = kind
        self.background = background
        self._pixels: _Words = np.empty((0, 0), np.uint32)
        self._spare: _Words = np.empty((0, 0), np.uint32)
        self._window: Window | None = None
        self._stale: list[Rect] = []

    def spoil(self, device: Rect | None = None) -> None:
        """Says that a part, or all, is to be drawn anew."""
        if device is None:
            self._window = None
        elif not device.is_empty:
            self._stale.append(device)

    def shown(self, window: Window, width: int, height: int, draw: Draw) -> QImage:
        """The picture for this window, `width` by `height` device pixels. It is valid until the next call."""
        whole = Rect(0, 0, width, height)
        before, self._window = self._window, window
        if before is None or before.zoom != window.zoom or self._pixels.shape != (height, width):
            if self._pixels.shape != (height, width):
                self._pixels = np.empty((height, width), np.uint32)
                self._spare = np.empty((height, width), np.uint32)
            self._stale = [whole]
        else:
            self._shift(window.left - before.left, window.top - before.top, whole)
        stale, self._stale = self._stale, []
        image = QImage(self._pixels.data, width, height, 4 * width, self._kind)
        parts = [part for part in (one.intersected(whole) for one in stale) if not part.is_empty]
        if parts:
            with QPainter(image) as painter:
                for part in parts:
                    self._pixels[part.slices] = self.background
                    painter.setClipRect(QRect(*part))
                    draw(painter, part)
        return image

    def _shift(self, right: int, down: int, whole: Rect) -> None:
        if not right and not down:
            return
        target = Rect(right, down, whole.width, whole.height).intersected(whole)
        if target.is_empty:
            self._stale = [whole]
            return
        source = Rect(target.x - right, target.y - down, target.width, target.height)
        self._spare[target.slices] = self._pixels[source.slices]
        self._pixels, self._spare = self._spare, self._pixels
        self._stale = [Rect(one.x + right, one.y + down, one.width, one.height) for one in self._stale]
        if down:
            self._stale.append(Rect(0, 0 if down > 0 else target.bottom, whole.width, abs(down)))
        if right:
            self._stale.append(Rect(0 if right > 0 else target.right, target.y, abs(right), target.height))
