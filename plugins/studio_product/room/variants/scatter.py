"""Variants as points over two of their numbers, with the front of those that no other one beats in both."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, accessible
from studio_product.room.variants.chosen import Chosen
from studio_product.room.variants.scatter_paint import ScatterPainter
from studio_product.room.variants.scatter_plot import Dot, ScatterPlot

_REACH = 12
"""Pixels around a point in which it is pointed at."""
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Scatter(ScatterPlot):
    """A click or a rubber band chooses; with Ctrl it adds. Arrow keys go from point to point."""

    opened = Signal(str)
    """The uid of a point that was double-clicked, or on which Enter was pressed."""

    accessible_role = QAccessible.Role.Chart

    def __init__(self, chosen: Chosen, parent: QWidget | None = None) -> None:
        super().__init__(chosen, parent)
        accessible.install()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Chart of the variants"))
        self._pressed: QPointF | None = None
        self._before: frozenset[str] = frozenset()

    def dot_at(self, position: QPointF) -> Dot | None:
        """The nearest one in reach."""
        near = [(_apart(self.place(dot), position), number) for number, dot in enumerate(self.dots)]
        apart, number = min(near, default=(_REACH + 1.0, 0))
        return self.dots[number] if apart <= _REACH else None

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
        if self.band is None and _apart(self._pressed, event.position()) <= _REACH / 3:
            return
        self.band = QRectF(self._pressed, event.position()).normalized()
        inside = {dot.uid for dot in self.dots if self.band.contains(self.place(dot))}
        self.chosen.choose(self._before | inside)
        self.hovered = ""
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        dot = self.dot_at(event.position())
        if self.band is None and dot is not None:
            self.chosen.toggle(dot.uid) if event.modifiers() & _ADDS else self.chosen.move_to(dot.uid)
        elif self.band is None and not event.modifiers() & _ADDS:
            self.chosen.choose(())
        self._pressed = self.band = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        dot = self.dot_at(event.position())
        if dot is not None:
            self.opened.emit(dot.uid)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(QPointF(-99, -99))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, current = Qt.Key(event.key()), self.current()
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
        here = self.current()
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


def _apart(first: QPointF, second: QPointF) -> float:
    off = first - second
    return (off.x() ** 2 + off.y() ** 2) ** 0.5
