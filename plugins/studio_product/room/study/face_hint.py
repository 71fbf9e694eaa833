"""Which side of the space is under the pointer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF

from studio_product.core.studies.study import Side, Study

_TINT = 40


class FaceHint:
    """Drawn over the bodies: the outline of a whole side, tinted."""

    def __init__(self, study: Study, side: Side, palette: QPalette) -> None:
        size, axis = np.array(study.space.size), "xyz".index(side[0])
        across, upward = (other for other in range(3) if other != axis)
        self._corners = np.zeros((4, 3))
        self._corners[:, axis] = size[axis] if side[1] == "+" else 0.0
        self._corners[1:3, across] = size[across]
        self._corners[2:4, upward] = size[upward]
        self._color = palette.color(QPalette.ColorRole.Highlight)

    def paint(self, painter: QPainter, seen: Callable[[Sequence[float]], QPointF | None]) -> None:
        found = [seen([float(value) for value in corner]) for corner in self._corners]
        points = [point for point in found if point is not None]
        if len(points) < len(found):
            return
        tint = QColor(self._color)
        tint.setAlpha(_TINT)
        painter.setPen(QPen(self._color, 2))
        painter.setBrush(tint)
        painter.drawPolygon(QPolygonF(points))
