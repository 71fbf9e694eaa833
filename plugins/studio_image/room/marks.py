"""What the canvas draws at the pointer: visible on any photo, in device-independent pixels."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from studio.ui.api import on_photo


def draw_brush(painter: QPainter, at: QPointF, radius: float, hardness: float, erases: bool) -> None:
    """The brush's rim; where it is soft, a faint inner circle that shows from where it fades."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if radius >= 3:
        inner = radius * hardness
        if 2 < inner < radius - 2:
            painter.setPen(QPen(on_photo.FAINT_RIM, 2))
            painter.drawEllipse(at, inner, inner)
            painter.setPen(QPen(on_photo.FAINT_LINE, 1, Qt.PenStyle.DotLine))
            painter.drawEllipse(at, inner, inner)
        painter.setPen(QPen(on_photo.RIM, 3))
        painter.drawEllipse(at, radius, radius)
        painter.setPen(QPen(on_photo.LINE, 1.25))
        painter.drawEllipse(at, radius, radius)
    if radius >= 8:
        arms = [(QPointF(at.x() - 3, at.y()), QPointF(at.x() + 3, at.y()))]
        if not erases:
            arms.append((QPointF(at.x(), at.y() - 3), QPointF(at.x(), at.y() + 3)))
        for pen in (QPen(on_photo.RIM, 3), QPen(on_photo.LINE, 1.25)):
            painter.setPen(pen)
            for start, end in arms:
                painter.drawLine(start, end)
    painter.restore()


def draw_lasso(painter: QPainter, points: Sequence[QPointF]) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(on_photo.WASH)
    line = QPolygonF(points)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(on_photo.RIM, 3))
    painter.drawPolyline(line)
    painter.setPen(QPen(on_photo.LINE, 1.25))
    painter.drawPolyline(line)
    painter.setPen(QPen(on_photo.LINE, 1, Qt.PenStyle.DotLine))
    painter.drawLine(points[-1], points[0])
    painter.restore()


def draw_rectangle(painter: QPainter, box: QRectF) -> None:
    painter.save()
    painter.setBrush(on_photo.WASH)
    painter.setPen(QPen(on_photo.RIM, 3))
    painter.drawRect(box)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(on_photo.LINE, 1))
    painter.drawRect(box)
    painter.restore()
