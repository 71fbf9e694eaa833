"""Where the variants' points are in their chart, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.api.values import tr, trn
from studio.ui.api import UNIT, locales
from studio_product.core.part_numbers import Figure
from studio_product.room.part.scale import Scale, scale_for
from studio_product.room.part.words import figure_words
from studio_product.room.variants.chosen import Chosen
from studio_product.room.variants.pareto import front
from studio_product.room.variants.variant import Quantity, Variant

_TICK_PX = 72, 44
"""Pixels between ticks at least, along x and y."""


class Dot(Struct, frozen=True):
    """A variant that has both numbers."""

    variant: Variant
    x: Figure
    y: Figure

    @property
    def uid(self) -> str:
        return self.variant.item.uid


class ScatterPlot(QWidget):
    """The points and their places, without the hands that choose among them."""

    def __init__(self, chosen: Chosen, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = chosen
        chosen.changed.connect(self._on_chosen)
        self.axes: tuple[Quantity, Quantity] | None = None
        self.dots: Sequence[Dot] = ()
        self.front: Sequence[Dot] = ()
        """From left to right."""
        self.hovered = ""
        self._variants: Sequence[Variant] = ()
        self._scales: tuple[Scale, Scale] | None = None
        self.band: QRectF | None = None
        """The rubber band, while it is drawn."""

    def show_variants(self, variants: Sequence[Variant], axes: tuple[Quantity, Quantity] | None) -> None:
        """Those that lack one of both numbers are not to be seen."""
        self.axes, self._variants = axes, variants
        self.dots = self.front = ()
        if axes is not None:
            across, up = axes
            pairs = ((one, one.figure(across.name), one.figure(up.name)) for one in variants)
            self.dots = [Dot(one, x, y) for one, x, y in pairs if x is not None and y is not None]
            running = [dot for dot in self.dots if not dot.variant.item.rejected]
            places = front([(dot.x.value, dot.y.value) for dot in running], (across.better, up.better))
            self.front = [running[place] for place in places]
        self._lay_out()
        self._describe()
        self.update()

    # Geometry ----------------------------------------------------------------------------------------------

    def plot(self) -> QRectF:
        """Where points can be, in the widget's pixels: beside the words of the axes."""
        line = self.fontMetrics().lineSpacing()
        words = max((self.fontMetrics().horizontalAdvance(word) for word in self._tick_words()), default=0)
        left = line + words + 2.5 * UNIT
        return QRectF(self.rect()).adjusted(left, 2 * UNIT, -3 * UNIT, -2 * line - 2 * UNIT)

    @property
    def scales(self) -> tuple[Scale, Scale] | None:
        return self._scales

    def at(self, x: float, y: float) -> QPointF:
        """Where a pair of values is."""
        assert self._scales is not None
        room, (across, up) = self.plot(), self._scales
        return QPointF(
            room.left() + across.place(x) * room.width(), room.bottom() - up.place(y) * room.height()
        )

    def place(self, dot: Dot) -> QPointF:
        return self.at(dot.x.value, dot.y.value)

    def _tick_words(self) -> list[str]:
        return tick_words(self._scales[1]) if self._scales is not None else []

    def _lay_out(self) -> None:
        self._scales = None
        if not self.dots:
            return
        many = max(2, self.width() // _TICK_PX[0]), max(2, self.height() // _TICK_PX[1])
        across = [value for dot in self.dots for value in _reach(dot.x)]
        up = [value for dot in self.dots for value in _reach(dot.y)]
        self._scales = scale_for(across, many[0]), scale_for(up, many[1])

    # Words -------------------------------------------------------------------------------------------------

    def words(self, dot: Dot) -> list[str]:
        """The lines of the card: its name, then both numbers."""
        assert self.axes is not None
        lines = [f"{dot.variant.number}  {dot.variant.item.name}"]
        for axis, figure in zip(self.axes, (dot.x, dot.y), strict=True):
            lines.append(tr("{title}: {value}", title=axis.title, value=figure_words(figure, axis.unit)))
        if dot in self.front:
            lines.append(tr("No other variant is better in both."))
        if dot.variant.item.rejected:
            lines.append(tr("Rejected"))
        return lines

    def _describe(self) -> None:
        if self.axes is None or not self.dots:
            self.setAccessibleDescription(tr("No numbers to show."))
            return
        told = [
            trn("{count} variant", "{count} variants", len(self.dots)),
            tr("across: {title}", title=self.axes[0].aim),
            tr("upwards: {title}", title=self.axes[1].aim),
        ]
        current = self.current()
        self.setAccessibleDescription(", ".join([*told, *(self.words(current) if current else ())]))

    def _on_chosen(self) -> None:
        self._describe()
        self.update()

    def current(self) -> Dot | None:
        return next((dot for dot in self.dots if dot.uid == self.chosen.current), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()


def tick_words(scale: Scale) -> list[str]:
    return [locales.number(tick, scale.decimals) for tick in scale.ticks]


def _reach(figure: Figure) -> tuple[float, float]:
    """From where to where its error bar goes."""
    error = figure.error or 0.0
    return figure.value - error, figure.value + error
