"""A lane whose picture is computed pixel by pixel: velocities, the waveform."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from studio_music.room.roll.lane import Lane
from studio_music.room.roll.raster import pixels_of
from studio_music.room.roll.state import RollState


class PixelLane(Lane):
    """A lane that fills an array of pixels with numpy instead of drawing shapes. Subclasses give `_paint`."""

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self._image = QImage()

    def draw(self, painter: QPainter) -> None:
        ratio = self.devicePixelRatioF()
        wide, high = round(self.width() * ratio), round(self.height() * ratio)
        if (self._image.width(), self._image.height()) != (wide, high):
            self._image = QImage(wide, high, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(1)
        self._paint(pixels_of(self._image)[:, :wide], ratio)
        self._image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(0, 0), self._image)

    def _paint(self, pixels: np.ndarray, ratio: float) -> None:
        """Fills `pixels`: uint32 0xffRRGGBB, height × width of the screen; `ratio` make a logical one."""
        raise NotImplementedError
