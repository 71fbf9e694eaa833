"""Which color stands for which value: as a bar with ticks at round numbers over a view, and as a line."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPen, QTransform
from PySide6.QtWidgets import QWidget

from studio.api.values import tr
from studio.ui.api import RADIUS, UNIT, locales
from studio_product.core.part_numbers import Figure
from studio_product.core.view.colormap import color_table
from studio_product.room.part.looking import Coloring, Legend
from studio_product.room.part.scale import Scale, scale_between
from studio_product.room.part.words import figure_words

_BAR = 1.5 * UNIT, 16 * UNIT
"""Width and height."""
_TICKS = 5
Role = QPalette.ColorRole


def title_of(coloring: Coloring) -> str:
    return tr("Von Mises stress") if coloring is Coloring.STRESS else tr("Displacement")


def peak_words(legend: Legend) -> str:
    """What is not to be seen in the colors; "" for nothing."""
    if legend.most <= legend.high:
        return ""
    return tr("peaks up to {value}", value=figure_words(Figure(legend.most), legend.unit))


class ColorBar(QWidget):
    """Hidden while nothing colors the part. It is headed by the unit: of what is chosen beside the view."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._legend: Legend | None = None
        self._scale: Scale | None = None
        self.hide()

    def show_legend(self, legend: Legend | None) -> None:
        self._legend = legend
        self.setVisible(legend is not None)
        if legend is None:
            return
        self._scale = scale_between(legend.low, legend.high, _TICKS)
        title = title_of(legend.title)
        self.setAccessibleName(tr("{title} ({unit})", title=title, unit=legend.unit))
        self.setAccessibleDescription(
            tr("{low} to {high}", low=self._word(legend.low), high=self._word(legend.high))
            + (f", {peak_words(legend)}" if legend.most > legend.high else "")
        )
        self.setToolTip(peak_words(legend))
        self.adjustSize()
        self.update()

    def _word(self, value: float) -> str:
        assert self._scale is not None
        return locales.number(round(value, self._scale.decimals), self._scale.decimals)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        ticks = self._scale.ticks if self._scale is not None else ()
        wide = max((metrics.horizontalAdvance(self._word(tick)) for tick in ticks), default=0)
        return QSize(
            round(_BAR[0]) + wide + 3 * UNIT, round(_BAR[1] + 2 * metrics.lineSpacing() + 2.5 * UNIT)
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.adjustSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._legend is None or self._scale is None:
            return
        colors, line = self.palette(), self.fontMetrics().lineSpacing()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            back = colors.color(Role.Base)
            back.setAlphaF(0.88)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(back)
            painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
            painter.setPen(colors.color(Role.WindowText))
            painter.drawText(QPointF(UNIT, UNIT / 2 + self.fontMetrics().ascent()), self._legend.unit)
            bar = QRectF(UNIT, 1.5 * UNIT + 1.5 * line, *_BAR)
            painter.drawImage(bar, _ramp())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colors.color(Role.Dark), 1))
            painter.drawRect(bar)
            if self._legend.most > self._legend.high:
                peak = [bar.topLeft(), bar.topRight(), QPointF(bar.center().x(), bar.top() - UNIT)]
                painter.setBrush(_ramp().pixelColor(0, 0))
                painter.drawPolygon(peak)
            for tick in self._scale.ticks:
                y = bar.bottom() - self._scale.place(tick) * bar.height()
                painter.setPen(QPen(colors.color(Role.Dark), 1))
                painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + UNIT / 2, y))
                painter.setPen(colors.color(Role.WindowText))
                box = QRectF(bar.right() + UNIT, y - line / 2, self.width(), line)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self._word(tick))


class ColorStrip(QWidget):
    """The same as one line: title, least value, colors, greatest value."""

    def __init__(self) -> None:
        super().__init__()
        self._legend: Legend | None = None
        self.hide()

    def show_legend(self, legend: Legend | None) -> None:
        self._legend = legend
        self.setVisible(legend is not None)
        if legend is not None:
            self.setAccessibleName("  ".join(self._words(legend)))
            self.update()

    def _words(self, legend: Legend) -> tuple[str, str, str]:
        title = tr("{title} ({unit})", title=title_of(legend.title), unit=legend.unit)
        high = ", ".join(part for part in (figure_words(Figure(legend.high)), peak_words(legend)) if part)
        return title, figure_words(Figure(legend.low)), high

    def sizeHint(self) -> QSize:
        return QSize(40 * UNIT, self.fontMetrics().lineSpacing() + UNIT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._legend is None:
            return
        colors, metrics = self.palette(), self.fontMetrics()
        title, low, high = self._words(self._legend)
        left, height = 1.5 * UNIT, float(self.height())
        with QPainter(self) as painter:
            painter.setPen(colors.color(Role.WindowText))
            for words, after in ((title, 2.0 * UNIT), (low, float(UNIT))):
                wide = metrics.horizontalAdvance(words) + after
                painter.drawText(QRectF(left, 0, wide, height), Qt.AlignmentFlag.AlignVCenter, words)
                left += wide
            room = self.width() - left - metrics.horizontalAdvance(high) - 3 * UNIT
            bar = QRectF(left, (height - UNIT) / 2, min(room, 30.0 * UNIT), UNIT)
            painter.drawImage(bar, _ramp().transformed(QTransform().rotate(90)))
            box = QRectF(bar.right() + UNIT, 0, self.width(), height)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, high)


def _ramp() -> QImage:
    """One column of colors, the greatest value on top."""
    colors = np.full((256, 4), 255, np.uint8)
    colors[:, :3] = np.round(color_table()[::-1] * 255)
    return QImage(colors.tobytes(), 1, 256, 4, QImage.Format.Format_RGBA8888).copy()
