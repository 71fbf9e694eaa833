"""The names of supports and loads, written beside them in the view."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QPen

from studio.ui.api import RADIUS, UNIT
from studio_product.room.study.scene import Label

_AWAY = UNIT + 4
"""Pixels from the point to its name."""
_SPOT = 3
_TRIES = 8
_NARROW = 36 * UNIT
"""A view that is narrower shows the name of what is chosen only."""


class Labels:
    """Drawn over the bodies. Where two would cover each other, the later one goes below."""

    def __init__(self, labels: Sequence[Label], palette: QPalette) -> None:
        self._labels, self._palette = labels, palette
        self.places: list[tuple[QRectF, Label]] = []
        """Where they were drawn last."""

    def paint(self, painter: QPainter, seen: Callable[[Sequence[float]], QPointF | None]) -> None:
        self.places = []
        narrow = painter.viewport().width() / painter.device().devicePixelRatioF() < _NARROW
        for label in sorted(self._labels, key=lambda one: not one.strong):
            at = seen(label.point)
            if at is not None and (label.strong or not narrow):
                self._paint(painter, label, at)

    def at(self, point: QPointF) -> Label | None:
        """The one that is drawn there."""
        return next((label for room, label in self.places if room.contains(point)), None)

    def _paint(self, painter: QPainter, label: Label, at: QPointF) -> None:
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold if label.strong else QFont.Weight.Normal)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        wide = metrics.horizontalAdvance(label.text) + 2 * UNIT + 2 * _SPOT + UNIT // 2
        high = metrics.height() + UNIT // 2
        room = QRectF(at.x() + _AWAY, at.y() - _AWAY - metrics.height(), wide, high)
        width = painter.viewport().width() / painter.device().devicePixelRatioF()
        if at.x() < width / 2:
            room.moveRight(at.x() - _AWAY)  # away from the middle, where things are
        room.moveRight(min(room.right(), width - 2))
        room.moveLeft(max(room.left(), 2.0))
        for _ in range(_TRIES):
            hit = next((other for other, _ in self.places if other.intersects(room)), None)
            if hit is None:
                break
            room.moveTop(hit.bottom() + 2)
        self.places.append((room, label))
        colors = self._palette
        back = colors.color(QPalette.ColorRole.Base)
        painter.setPen(QPen(label.color, 1))
        painter.drawLine(
            at, QPointF(room.left() if room.left() > at.x() else room.right(), room.center().y())
        )
        ring = colors.color(QPalette.ColorRole.Highlight if label.strong else QPalette.ColorRole.Mid)
        painter.setPen(QPen(ring, 2 if label.strong else 1))
        painter.setBrush(back)
        painter.drawRoundedRect(room, RADIUS, RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(label.color)
        spot = QPointF(room.left() + UNIT // 2 + _SPOT + 2, room.center().y())
        painter.drawEllipse(spot, _SPOT, _SPOT)
        painter.setPen(colors.color(QPalette.ColorRole.Text))
        words = room.adjusted(UNIT + 2 * _SPOT, 0, -UNIT // 2, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, label.text)
