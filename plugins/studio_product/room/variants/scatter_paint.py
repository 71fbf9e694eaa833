"""How the chart of the variants looks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPolygonF

from studio.api.values import tr
from studio.ui.api import RADIUS, UNIT
from studio_product.room.part.scale import Scale
from studio_product.room.variants.pareto import staircase
from studio_product.room.variants.scatter_plot import Dot, ScatterPlot, tick_words

_DOT, _CHOSEN = 5.0, 7.0
"""Radii in pixels."""
_WHISKER = 3.0

Role = QPalette.ColorRole


class ScatterPainter:
    """Paints one frame."""

    def __init__(self, chart: ScatterPlot, painter: QPainter) -> None:
        self.chart, self.painter = chart, painter
        self.plot = chart.plot()
        self._taken: list[QRectF] = []
        """Where no label may be: points, and labels that are there."""

    def paint(self) -> None:
        chart, painter = self.chart, self.painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chart.scales is None:
            self._pen(Role.PlaceholderText)
            words = tr("Choose two numbers that the variants have.")
            painter.drawText(QRectF(chart.rect()), Qt.AlignmentFlag.AlignCenter, words)
        else:
            self._paint_axes(*chart.scales)
            painter.save()
            painter.setClipRect(self.plot.adjusted(-UNIT, -2 * UNIT, 2 * UNIT, UNIT))
            self._paint_front()
            self._taken = [_around(chart.place(dot)) for dot in chart.dots]
            for dot in sorted(chart.dots, key=lambda one: one.uid in chart.chosen):
                self._paint_dot(dot)
            painter.restore()
            self._paint_band()
            self._paint_card()
        if chart.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._color(Role.Highlight), 2))
            painter.drawRoundedRect(QRectF(chart.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _color(self, role: QPalette.ColorRole) -> QColor:
        return self.chart.palette().color(role)

    def _pen(self, role: QPalette.ColorRole, width: float = 1.0) -> None:
        self.painter.setPen(QPen(self._color(role), width))

    def _paint_axes(self, across: Scale, up: Scale) -> None:
        chart, painter, room = self.chart, self.painter, self.plot
        assert chart.axes is not None
        line = chart.fontMetrics().lineSpacing()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._pen(Role.Mid)
        for tick in across.ticks:
            x = chart.at(tick, up.low).x()
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        for tick in up.ticks:
            y = chart.at(across.low, tick).y()
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
        self._pen(Role.Dark)
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.drawLine(room.bottomLeft(), room.topLeft())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._pen(Role.PlaceholderText)
        center, right = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignRight
        for tick, words in zip(across.ticks, tick_words(across), strict=True):
            x = chart.at(tick, up.low).x()
            painter.drawText(QRectF(x - 100, room.bottom() + UNIT / 2, 200, line), center, words)
        for tick, words in zip(up.ticks, tick_words(up), strict=True):
            y = chart.at(across.low, tick).y()
            box = QRectF(0, y - line, room.left() - UNIT, 2 * line)
            painter.drawText(box, right | Qt.AlignmentFlag.AlignVCenter, words)
        self._pen(Role.WindowText)
        below = QRectF(room.left(), room.bottom() + UNIT + line, room.width(), line)
        painter.drawText(below, center, self._elided(chart.axes[0].aim, room.width()))
        painter.save()
        painter.translate(UNIT / 2, room.center().y())
        painter.rotate(-90)
        beside = QRectF(-room.height() / 2, 0, room.height(), line)
        fits = chart.fontMetrics().horizontalAdvance(chart.axes[1].aim) <= room.height()
        words = chart.axes[1].aim if fits else chart.axes[1].heading
        painter.drawText(beside, center, self._elided(words, room.height()))
        painter.restore()

    def _elided(self, words: str, width: float) -> str:
        return self.chart.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(width))

    def _paint_front(self) -> None:
        """What lies beyond this line is beaten by one of its corners in both numbers."""
        chart = self.chart
        assert chart.axes is not None
        values = [(dot.x.value, dot.y.value) for dot in chart.front]
        corners = staircase(values, (chart.axes[0].better, chart.axes[1].better))
        color = QColor(self._color(Role.Highlight))
        color.setAlphaF(0.6)
        self.painter.setPen(QPen(color, 1.5, Qt.PenStyle.DashLine))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPolyline(QPolygonF([chart.at(*corner) for corner in corners]))

    def _paint_dot(self, dot: Dot) -> None:
        """On the front it is filled, behind it hollow; a rejected one is crossed out; a chosen one larger."""
        chart, painter, at = self.chart, self.painter, self.chart.place(dot)
        chosen = dot.uid in chart.chosen
        rejected = dot.variant.item.rejected
        role = Role.PlaceholderText if rejected else Role.Highlight if chosen else Role.WindowText
        self._paint_whiskers(dot, role)
        radius = _CHOSEN if chosen else _DOT
        self._pen(role, 1.5)
        filled = chosen or dot in chart.front
        painter.setBrush(self._color(role) if filled else self._color(Role.AlternateBase))
        if rejected:
            reach = QPointF(radius * 0.7, radius * 0.7), QPointF(radius * 0.7, -radius * 0.7)
            for off in reach:
                painter.drawLine(at - off, at + off)
        else:
            painter.drawEllipse(at, radius, radius)
        if dot.uid in (chart.hovered, chart.chosen.current if chart.hasFocus() else None):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            self._pen(Role.Highlight, 2)
            painter.drawEllipse(at, radius + 3, radius + 3)
        self._pen(role)
        painter.setFont(_strong(chart.font()) if chosen else chart.font())
        painter.drawText(self._label(dot, at), Qt.AlignmentFlag.AlignCenter, _name(dot))
        painter.setFont(chart.font())

    def _label(self, dot: Dot, at: QPointF) -> QRectF:
        """At the first corner of the point where it covers no other point and no other label."""
        metrics = QFontMetrics(_strong(self.chart.font()))
        size = QSizeF(metrics.horizontalAdvance(_name(dot)) + 2, metrics.ascent())
        off = _CHOSEN + 1
        corners = [
            QRectF(QPointF(at.x() + off, at.y() - off - size.height() + 4), size),
            QRectF(QPointF(at.x() + off, at.y() + off - 4), size),
            QRectF(QPointF(at.x() - off - size.width(), at.y() - off - size.height() + 4), size),
            QRectF(QPointF(at.x() - off - size.width(), at.y() + off - 4), size),
        ]
        free = (one for one in corners if not any(one.intersects(taken) for taken in self._taken))
        found = next(free, corners[0])
        self._taken.append(found)
        return found

    def _paint_whiskers(self, dot: Dot, role: QPalette.ColorRole) -> None:
        """Error bars, where an error is known."""
        chart, painter = self.chart, self.painter
        color = self._color(role)
        color.setAlphaF(0.55)
        painter.setPen(QPen(color, 1))
        for figure, other, along_x in ((dot.x, dot.y, True), (dot.y, dot.x, False)):
            if not figure.error:
                continue
            ends = [
                chart.at(value, other.value) if along_x else chart.at(other.value, value)
                for value in (figure.value - figure.error, figure.value + figure.error)
            ]
            painter.drawLine(*ends)
            cap = QPointF(0, _WHISKER) if along_x else QPointF(_WHISKER, 0)
            for end in ends:
                painter.drawLine(end - cap, end + cap)

    def _paint_band(self) -> None:
        if self.chart.band is not None:
            color = self._color(Role.Highlight)
            self.painter.setPen(QPen(color, 1))
            wash = QColor(color)
            wash.setAlphaF(0.14)
            self.painter.setBrush(wash)
            self.painter.drawRect(self.chart.band)

    def _paint_card(self) -> None:
        """What is pointed at, in words."""
        chart, painter = self.chart, self.painter
        dot = next((one for one in chart.dots if one.uid == chart.hovered), None)
        if dot is None:
            return
        lines = chart.words(dot)
        strong = _strong(chart.font())
        metrics, line = QFontMetrics(strong), chart.fontMetrics().lineSpacing()
        width = max(metrics.horizontalAdvance(one) for one in lines) + 2.0 * UNIT
        card = QRectF(0, 0, min(width, chart.width() - 2 * UNIT), len(lines) * line + 1.5 * UNIT)
        at = chart.place(dot)
        card.moveTo(at + QPointF(1.5 * UNIT, 1.5 * UNIT))
        if card.right() > chart.width() - UNIT / 2:
            card.moveRight(max(at.x() - 1.5 * UNIT, card.width() + UNIT / 2))
        if card.bottom() > chart.height() - UNIT / 2:
            card.moveBottom(max(at.y() - 1.5 * UNIT, card.height() + UNIT / 2))
        painter.setPen(QPen(self._color(Role.Dark), 1))
        painter.setBrush(self._color(Role.Base))
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        row = QRectF(card.left() + UNIT, card.top() + 0.75 * UNIT, card.width() - 2 * UNIT, line)
        for number, words in enumerate(lines):
            painter.setFont(chart.font() if number else strong)
            self._pen(Role.PlaceholderText if number else Role.WindowText)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, self._elided(words, row.width()))
            row.translate(0, line)
        painter.setFont(chart.font())


def _name(dot: Dot) -> str:
    return f"{dot.variant.number}" + (" ★" if dot.variant.item.stars else "")


def _around(at: QPointF) -> QRectF:
    return QRectF(at.x() - _DOT, at.y() - _DOT, 2 * _DOT, 2 * _DOT)


def _strong(font: QFont) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made
