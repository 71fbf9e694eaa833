"""The mark of a color label: each color has a shape of its own, and is known without seeing the color."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPen, QPixmap, QPolygonF

from studio.ui.kit.theme import Theme

_CORNERS = {"orange": (4, 0.0), "yellow": (3, 0.0), "green": (4, 45.0), "blue": (6, 30.0), "purple": (5, 0.0)}
"""(corners, degrees that the first is turned from straight up); red is round."""


def draw_label(painter: QPainter, box: QRectF, label: str, theme: Theme) -> None:
    """Draws the mark of `label` ("red", …) into a square, with an outline that parts it from what is behind.

    Raises AttributeError for a label that has no color.
    """
    width = max(1.0, box.width() / 12)
    reach = box.width() / 2 - width / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.color("outline"), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(theme.color(f"label_{label}"))
    if label in _CORNERS:
        painter.drawPolygon(_polygon(box.center(), reach, *_CORNERS[label]))
    else:
        painter.drawEllipse(box.center(), 0.88 * reach, 0.88 * reach)
    painter.restore()


def label_icon(label: str, theme: Theme) -> QIcon:
    """The mark as an icon for menus and buttons, sharp at every size."""
    return QIcon(_Mark(label, theme))


class _Mark(QIconEngine):
    def __init__(self, label: str, theme: Theme) -> None:
        super().__init__()
        self._label, self._theme = label, theme

    def clone(self) -> QIconEngine:
        return _Mark(self._label, self._theme)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height()) * 0.75
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(rect).center())
        painter.save()
        if mode == QIcon.Mode.Disabled:
            painter.setOpacity(painter.opacity() * 0.4)
        draw_label(painter, box, self._label, self._theme)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        with QPainter(made) as painter:
            self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        return made


def _polygon(middle: QPointF, reach: float, corners: int, turned: float) -> QPolygonF:
    made = []
    for number in range(corners):
        angle = math.radians(turned + 360 * number / corners)
        made.append(middle + QPointF(reach * math.sin(angle), -reach * math.cos(angle)))
    polygon = QPolygonF(made)
    return polygon.translated(middle - polygon.boundingRect().center())
