"""The editor of a range: from where to where, in two boxes over a track with two handles."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.ui.kit.controls import label
from studio.ui.kit.editor import Editor
from studio.ui.kit.form_model import FormField
from studio.ui.kit.number_field import NumberField
from studio.ui.kit.theme import UNIT
from studio.words import tr

_HANDLE, _TRACK = 14, 4
"""Pixels."""


class RangeTrack(QWidget):
    """Two handles on a track, for the mouse; the boxes are for the keyboard."""

    moved = Signal(int, float)
    """Which end, and to where."""

    def __init__(self, least: float, most: float, step: float) -> None:
        super().__init__()
        self._least, self._most, self._step = least, most, step
        self._ends = [least, most]
        self._held: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_ends(self, low: float, high: float) -> None:
        self._ends = [low, high]
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(12 * UNIT, _HANDLE + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(6 * UNIT, _HANDLE + 4)

    def place(self, value: float) -> float:
        """The x of a value's handle."""
        share = (value - self._least) / (self._most - self._least)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        return _HANDLE / 2 + min(max(share, 0.0), 1.0) * (self.width() - _HANDLE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        near = [abs(self.place(end) - x) for end in self._ends]
        if near[0] == near[1]:  # on top of each other: the one that can go there
            self._held = int(self._value_at(x) >= self._ends[0])
        else:
            self._held = int(near[1] < near[0])
        self._move(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self.palette()
        low, high = sorted(self.place(end) for end in self._ends)
        middle = self.height() / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.mid())
            whole = QRectF(_HANDLE / 2, middle - _TRACK / 2, self.width() - _HANDLE, _TRACK)
            painter.drawRoundedRect(whole, _TRACK / 2, _TRACK / 2)
            painter.setBrush(colors.accent())
            painter.drawRect(QRectF(low, middle - _TRACK / 2, high - low, _TRACK))
            painter.setPen(colors.placeholderText().color())
            painter.setBrush(colors.base())
            for x in (low, high):
                painter.drawEllipse(QPointF(x, middle), _HANDLE / 2 - 0.5, _HANDLE / 2 - 0.5)

    def _value_at(self, x: float) -> float:
        share = (x - _HANDLE / 2) / max(self.width() - _HANDLE, 1)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        value = self._least + min(max(share, 0.0), 1.0) * (self._most - self._least)
        steps = round((value - self._least) / self._step)
        return min(self._least + steps * self._step, self._most)

    def _move(self, x: float) -> None:
        if self._held is not None:
            self.moved.emit(self._held, self._value_at(x))


class RangeEditor(Editor):
    """Neither end passes the other: it pushes it along."""

    def __init__(self, field: FormField) -> None:
        assert field.minimum is not None
        assert field.maximum is not None
        self._ends = [field.minimum, field.maximum]
        self._boxes = [
            NumberField(field.minimum, field.maximum, field.step, field.unit, whole=False) for _ in range(2)
        ]
        for box, words in zip(
            self._boxes,
            (tr("{field}, from", field=field.title), tr("{field}, to", field=field.title)),
            strict=True,
        ):
            box.setAccessibleName(words)
        self._track = RangeTrack(field.minimum, field.maximum, field.step)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self._boxes[0], 1)
        row.addWidget(label("–", "muted"))
        row.addWidget(self._boxes[1], 1)
        for box in self._boxes:
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column.addLayout(row)
        column.addWidget(self._track)
        super().__init__(self._boxes[0], below=below)
        self._boxes[0].valueChanged.connect(lambda value: self._on_end(0, value))
        self._boxes[1].valueChanged.connect(lambda value: self._on_end(1, value))
        self._track.moved.connect(self._on_end)

    def show(self, value: Any) -> None:
        if isinstance(value, list | tuple) and len(value) == 2:
            self._ends = [float(value[0]), float(value[1])]
            for box, end in zip(self._boxes, self._ends, strict=True):
                box.show_value(end)
            self._track.show_ends(*self._ends)

    def _on_end(self, end: int, value: float) -> None:
        ends = list(self._ends)
        ends[end] = value
        other = 1 - end
        if (value > ends[other]) is (end == 0) and value != ends[other]:
            ends[other] = value
        self.show(ends)
        self.changed(ends)
