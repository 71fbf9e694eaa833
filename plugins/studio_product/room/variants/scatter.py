"""Variants as points over two of their numbers, with the front of those that no other one beats in both."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from studio.api.values import tr, trn
from studio.ui.api import UNIT, accessible
from studio_product.core.part_numbers import Figure
from studio_product.room.part.scale import Scale, scale_for
from studio_product.room.part.words import figure_words
from studio_product.room.variants.chosen import Chosen
from studio_product.room.variants.pareto import front
from studio_product.room.variants.scatter_paint import ScatterPainter, tick_words
from studio_product.room.variants.variant import Quantity, Variant

_REACH = 12
"""Pixels around a point in which it is pointed at."""
_TICK_PX = 72, 44
"""Pixels between ticks at least, along x and y."""
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Dot(Struct, frozen=True):
    """A variant that has both numbers."""

    variant: Variant
    x: Figure
    y: Figure

    @property
    def uid(self) -> str:
        return self.variant.item.uid


class Scatter(QWidget):
    """A click or a rubber band chooses; with Ctrl it adds. Arrow keys go from point to point."""

    opened = Signal(str)
    """The uid of a point that was double-clicked, or on which Enter was pressed."""

    accessible_role = QAccessible.Role.Chart

    def __init__(self, chosen: Chosen, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        accessible.install()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Chart of the variants"))
        self.chosen = chosen
        chosen.changed.connect(self._on_chosen)
        self.axes: tuple[Quantity, Quantity] | None = None
        self.dots: Sequence[Dot] = ()
        self.front: Sequence[Dot] = ()
        """From left to right."""
        self.hovered = ""
        self._variants: Sequence[Variant] = ()
        self._scales: tuple[Scale, Scale] | None = None
        self._pressed: QPointF | None = None
        self._band: QRectF | None = None
        self._before: frozenset[str] = frozenset()

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

    @property
    def band(self) -> QRectF | None:
        """The rubber band, while it is drawn."""
        return self._band

    def dot_at(self, position: QPointF) -> Dot | None:
        """The nearest one in reach."""
        near = [(_apart(self.place(dot), position), number) for number, dot in enumerate(self.dots)]
        apart, number = min(near, default=(_REACH + 1.0, 0))
        return self.dots[number] if apart <= _REACH else None

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
        current = self._current()
        self.setAccessibleDescription(", ".join([*told, *(self.words(current) if current else ())]))

    def _on_chosen(self) -> None:
        self._describe()
        self.update()

    def _current(self) -> Dot | None:
        return next((dot for dot in self.dots if dot.uid == self.chosen.current), None)

    # Input -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.dots:
            adds = bool(event.modifiers() & _ADDS)
            self._pressed = event.position()
            self._before = frozenset(self.chosen.uids) if adds else frozenset()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._hover(event.position())
            return
        if self._band is None and _apart(self._pressed, event.position()) <= _REACH / 3:
            return
        self._band = QRectF(self._pressed, event.position()).normalized()
        inside = {dot.uid for dot in self.dots if self._band.contains(self.place(dot))}
        self.chosen.choose(self._before | inside)
        self.hovered = ""
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        dot = self.dot_at(event.position())
        if self._band is None and dot is not None:
            self.chosen.toggle(dot.uid) if event.modifiers() & _ADDS else self.chosen.move_to(dot.uid)
        elif self._band is None and not event.modifiers() & _ADDS:
            self.chosen.choose(())
        self._pressed = self._band = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        dot = self.dot_at(event.position())
        if dot is not None:
            self.opened.emit(dot.uid)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(QPointF(-99, -99))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, current = Qt.Key(event.key()), self._current()
        if key in _STEPS:
            self._step(_STEPS[key], adds=bool(event.modifiers() & _ADDS))
        elif key == Qt.Key.Key_Space and current is not None:
            self.chosen.toggle(current.uid)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current is not None:
            self.opened.emit(current.uid)
        elif key == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.chosen.choose([dot.uid for dot in self.dots])
        elif key == Qt.Key.Key_Escape and self.chosen.uids:
            self.chosen.choose(())
        else:
            super().keyPressEvent(event)

    def _step(self, way: tuple[int, int], *, adds: bool) -> None:
        """To the nearest point in that direction; with Ctrl or Shift the others stay chosen."""
        here = self._current()
        if here is None:
            found = self.dots[0] if self.dots else None
        else:
            found = self._next(here, way)
        if found is None:
            return
        if adds:
            self.chosen.choose([*self.chosen.uids, found.uid], found.uid)
        else:
            self.chosen.move_to(found.uid)

    def _next(self, here: Dot, way: tuple[int, int]) -> Dot | None:
        """What lies in the quarter around the direction comes first: nearest, straying counted twice."""
        start = self.place(here)
        ahead = []
        for number, dot in enumerate(self.dots):
            off = self.place(dot) - start
            along = off.x() * way[0] + off.y() * way[1]
            aside = abs(off.x() * way[1]) + abs(off.y() * way[0])
            if dot is not here and along > 0:
                ahead.append((along + 2 * aside, number))
        return self.dots[min(ahead)[1]] if ahead else None

    def _hover(self, position: QPointF) -> None:
        dot = self.dot_at(position) if self.dots else None
        uid = dot.uid if dot is not None else ""
        if uid != self.hovered:
            self.hovered = uid
            self.setCursor(Qt.CursorShape.PointingHandCursor if uid else Qt.CursorShape.CrossCursor)
            self.update()

    # Qt ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            ScatterPainter(self, painter).paint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(48 * UNIT, 34 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(28 * UNIT, 20 * UNIT)


_ADDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def _reach(figure: Figure) -> tuple[float, float]:
    """From where to where its error bar goes."""
    error = figure.error or 0.0
    return figure.value - error, figure.value + error


def _apart(first: QPointF, second: QPointF) -> float:
    off = first - second
    return (off.x() ** 2 + off.y() ** 2) ** 0.5
