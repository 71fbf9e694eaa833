"""What helps to read a view of a part: a grid below it, its axes, and how long a millimeter is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPen

from studio.api.values import tr
from studio.ui.api import UNIT, locales
from studio_product.core.view.camera import Camera
from studio_product.core.view.render import Color, Lines
from studio_product.room.part import in_space
from studio_product.room.part.scale import step_down

Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]
_CELLS = 12
"""About so many squares of the grid lie along the longer side."""
_AXIS = 26
"""Pixels of an axis that lies across the view."""
_SCALE_PX = 96
"""Pixels that the bar of the scale has at most."""
_LEAST_SCALE, _LEAST_AXES = 260, 180
"""Pixels of the view below which they would be in the way."""


def ground(bounds: Bounds, color: Color) -> Lines:
    """A grid of round squares under what lies in `bounds`; behind it, for a plate that stands upright."""
    low, high = bounds
    longest = float(max(high[0] - low[0], high[1] - low[1], 1e-3))
    step = step_down(longest / _CELLS * 2)
    (x0, y0), (x1, y1) = (
        np.floor(low[:2] / step - 1) * step,
        np.ceil(high[:2] / step + 1) * step,
    )
    z = float(low[2])
    xs, ys = np.arange(x0, x1 + step / 2, step), np.arange(y0, y1 + step / 2, step)
    upright = [((x, y0, z), (x, y1, z)) for x in xs]
    across = [((x0, y, z), (x1, y, z)) for y in ys]
    return Lines(np.array(upright + across, np.float64), color, opacity=0.35)


def paint_axes(painter: QPainter, camera: Camera, room: QRectF, palette: QPalette) -> None:
    """Three short lines with letters, in the lower left corner; those that point away are drawn first."""
    if min(room.width(), room.height()) < _LEAST_AXES:
        return
    middle = QPointF(room.left() + _AXIS + 2 * UNIT, room.bottom() - _AXIS - 2 * UNIT)
    colors = in_space.AXES_DARK if is_dark(palette) else in_space.AXES_LIGHT
    right, up, back = camera.axes
    plain = painter.font()
    font = QFont(plain)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    for number in np.argsort(back):
        tip = middle + QPointF(right[number], -up[number]) * _AXIS
        painter.setPen(QPen(colors[number], 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(middle, tip)
        if abs(right[number]) + abs(up[number]) > 0.2:
            at = middle + QPointF(right[number], -up[number]) * (_AXIS + UNIT)
            letter = QRectF(at.x() - UNIT, at.y() - UNIT, 2 * UNIT, 2 * UNIT)
            painter.drawText(letter, Qt.AlignmentFlag.AlignCenter, "xyz"[number])
    painter.setFont(plain)


def paint_scale(painter: QPainter, camera: Camera, room: QRectF, palette: QPalette) -> None:
    """A bar of a round length at the target's distance, in the lower right corner."""
    if room.width() < _LEAST_SCALE or room.height() < _LEAST_AXES:
        return
    scale = camera.scale(round(room.height()))
    length = step_down(_SCALE_PX / scale)
    right, bottom = room.right() - 2 * UNIT, room.bottom() - 2 * UNIT
    left = right - length * scale
    painter.setPen(QPen(palette.color(QPalette.ColorRole.PlaceholderText), 1))
    for begin, end in (
        ((left, bottom), (right, bottom)),
        ((left, bottom - 4), (left, bottom)),
        ((right, bottom - 4), (right, bottom)),
    ):
        painter.drawLine(QPointF(*begin), QPointF(*end))
    words = tr("{length} mm", length=short_number(length))
    above = QRectF(right - 2 * _SCALE_PX, bottom - 3 * UNIT, 2 * _SCALE_PX, 2.5 * UNIT)
    painter.drawText(above, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)


def short_number(value: float) -> str:
    """With as many decimals as a round number needs, as the user's language writes it."""
    needed = max(0, -math.floor(math.log10(abs(value)) + 1e-9)) if value else 0
    return locales.number(value, min(needed, 9))


def is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Window).lightnessF() < 0.5


def clay(palette: QPalette) -> Color:
    """Of a part that nothing colors."""
    return color_of(in_space.CLAY_DARK if is_dark(palette) else in_space.CLAY_LIGHT)


def color_of(color: QColor) -> Color:
    return color.redF(), color.greenF(), color.blueF()


def bounds_of(points: Sequence[NDArray[np.float64]]) -> Bounds | None:
    """Least and greatest corner of all; None where there is nothing."""
    found = [one for one in points if len(one)]
    if not found:
        return None
    lows, highs = [one.min(axis=0) for one in found], [one.max(axis=0) for one in found]
    return np.min(lows, axis=0), np.max(highs, axis=0)
