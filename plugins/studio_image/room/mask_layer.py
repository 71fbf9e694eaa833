"""The mask as it lies over the photo: tinted, with an outline of one device pixel.

Imports numpy and OpenCV: the canvas imports it with the first photo, not at start.
"""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter

from studio.ui.api import Pyramid, Rect, Window, as_image
from studio_image.room.mask import MaskModel

_HALF = 127
_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)


class MaskLayer:
    """Draws what of a mask is exposed."""

    def __init__(self, model: MaskModel, color: QColor) -> None:
        self.pyramid = Pyramid(model.pixels)
        self.set_color(color)

    def set_color(self, color: QColor) -> None:
        """`color`'s alpha is that of a full mask; the outline is drawn nearly opaque."""
        strength = np.arange(256) / 254 * color.alphaF()
        strength[255] = 0.9
        parts = [strength * 255, strength * color.red(), strength * color.green(), strength * color.blue()]
        alpha, red, green, blue = (np.round(part).astype(np.uint32) for part in parts)
        self._table = alpha << 24 | red << 16 | green << 8 | blue

    def update(self, dirty: Rect) -> None:
        """To be called after the model's pixels in `dirty` changed."""
        self.pyramid.update(dirty)

    def paint(self, painter: QPainter, window: Window, device: Rect) -> None:
        """Draw the part in `device`, on a painter in device pixels."""
        frame = window.device_rect(self.pyramid.bounds)
        seen = device.intersected(frame)
        if seen.is_empty:
            return
        around = seen.padded(1).intersected(frame)
        cover = self.pyramid.sample(window, around)
        box = Rect(*cv2.boundingRect(cover)).padded(1).intersected(Rect(0, 0, around.width, around.height))
        if box.is_empty:
            return
        cover = cover[box.slices]
        _, inside = cv2.threshold(cover, _HALF, 255, cv2.THRESH_BINARY)
        outline = cv2.subtract(cv2.dilate(inside, _CROSS), inside)
        shades = cv2.max(cv2.min(cover, 254), outline)
        colors = np.take(self._table, shades).view(np.uint8).reshape(*shades.shape, 4)
        image = as_image(colors, QImage.Format.Format_ARGB32_Premultiplied)
        place = Rect(around.x + box.x, around.y + box.y, box.width, box.height)
        part = place.intersected(seen)
        source = QRect(part.x - place.x, part.y - place.y, part.width, part.height)
        painter.drawImage(QPoint(part.x, part.y), image, source)
