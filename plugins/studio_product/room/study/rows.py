"""Editors for the values of a study: numbers with their units, choices, axes, three numbers at once.

Each is an `Editor`: it shows a value and tells nobody, and calls `changed` with the user's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QWidget,
)

from studio.ui.api import UNIT, ComboBox, Editor, NumberField, button, label

_DECIMALS = 4
MOST = 1e9
"""Of every quantity: beyond it a unit was mistaken."""


class Quantity(NumberField):
    """A number with its unit and no more decimals than it has; steps grow with it."""

    def __init__(self, unit: str, least: float = -MOST, most: float = MOST) -> None:
        super().__init__(least, most, 10.0**-_DECIMALS, unit, whole=False)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def textFromValue(self, value: float) -> str:
        text = self.locale().toString(value, "f", self.decimals())
        point = self.locale().decimalPoint()
        text = text.replace(self.locale().groupSeparator(), "")
        return text.rstrip("0").removesuffix(point) if point in text else text

    def show_value(self, value: float) -> None:
        """Leaves what is being typed as it stands."""
        if not self.hasFocus() or value != self.value():
            super().show_value(value)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(f"0000000 {self.suffix()}") + 3 * UNIT
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(f"0000{self.suffix()}") + 3 * UNIT
        return QSize(width, super().sizeHint().height())


class QuantityEditor(Editor):
    """`scale` is how many of what is shown make one of the value: 100 for a share in percent."""

    def __init__(self, unit: str, least: float = -MOST, most: float = MOST, scale: float = 1.0) -> None:
        self._box = Quantity(unit, least, most)
        self._scale = scale
        super().__init__(self._box, below=self._box)
        self._box.valueChanged.connect(lambda value: self.changed(round(value / scale, 12)))

    def show(self, value: Any) -> None:
        self._box.show_value(value * self._scale)


class LineEditor(Editor):
    """A name: it counts once it is finished."""

    def __init__(self, longest: int) -> None:
        self._line = QLineEdit()
        self._line.setMaxLength(longest)
        super().__init__(self._line, below=self._line)
        self._line.editingFinished.connect(self._on_finished)
        self._shown = ""

    def show(self, value: Any) -> None:
        self._shown = str(value)
        if self._line.text() != self._shown:
            self._line.setText(self._shown)

    def _on_finished(self) -> None:
        if self._line.text() != self._shown:
            self.changed(self._line.text())


class NotesEditor(Editor):
    def __init__(self) -> None:
        self._text = _Notes()
        super().__init__(self._text, below=self._text)
        self._text.left.connect(self._on_left)
        self._shown = ""

    def show(self, value: Any) -> None:
        self._shown = str(value)
        if self._text.toPlainText() != self._shown:
            self._text.setPlainText(self._shown)

    def _on_left(self) -> None:
        if self._text.toPlainText() != self._shown:
            self.changed(self._text.toPlainText())


class _Notes(QPlainTextEdit):
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setProperty("role", "card")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def sizeHint(self) -> QSize:
        return QSize(24 * UNIT, 14 * UNIT)


class ChoiceEditor(Editor):
    """One of a few values, each with its words."""

    def __init__(self, choices: Sequence[tuple[Any, str]]) -> None:
        self._combo = ComboBox()
        super().__init__(self._combo, below=self._combo)
        self.set_values(choices)
        self._combo.activated.connect(lambda row: self.changed(self._values[row]))

    def set_values(self, choices: Sequence[tuple[Any, str]]) -> None:
        self._values = [value for value, _ in choices]
        self._combo.clear()
        self._combo.addItems([words for _, words in choices])

    def show(self, value: Any) -> None:
        self._combo.setCurrentIndex(self._values.index(value) if value in self._values else -1)


class AxesEditor(Editor):
    """Any of the axes: one button that stays down for each. At least `least` of them stay."""

    def __init__(self, title: str, least: int = 0) -> None:
        room = QWidget()
        row = QHBoxLayout(room)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        self._least = least
        self._chosen: tuple[str, ...] = ()
        self._buttons = {}
        for axis in "xyz":
            made = self._buttons[axis] = button(axis.upper(), "segment")
            made.setCheckable(True)
            made.setAccessibleName(f"{title}: {axis.upper()}")
            made.clicked.connect(self._on_clicked)
            row.addWidget(made)
        row.addStretch(1)
        super().__init__(self._buttons["x"], below=room)

    def set_dimensions(self, dimensions: int) -> None:
        self._buttons["z"].setVisible(dimensions == 3)

    def show(self, value: Any) -> None:
        self._chosen = value
        for axis, one in self._buttons.items():
            one.setChecked(axis in value)

    def _on_clicked(self) -> None:
        seen = ((axis, one) for axis, one in self._buttons.items() if not one.isHidden())
        chosen = tuple(axis for axis, one in seen if one.isChecked())
        if len(chosen) < self._least:
            self.show(self._chosen)
        else:
            self._chosen = chosen
            self.changed(chosen)


class Vector(Editor):
    """Three numbers, one below the other: one column of `VectorGrid`."""

    def __init__(self, title: str, unit: str, least: float) -> None:
        self.boxes = [Quantity(unit, least) for _ in "xyz"]
        for axis, box in zip("XYZ", self.boxes, strict=True):
            box.setAccessibleName(f"{title}, {axis}")
            box.valueChanged.connect(lambda _: self.changed(tuple(one.value() for one in self.boxes)))
        super().__init__(self.boxes[0])

    def show(self, value: Any) -> None:
        for box, number in zip(self.boxes, value, strict=True):
            box.show_value(number)


class VectorGrid(QWidget):
    """Vectors side by side, with their titles above and the letters of the axes before them."""

    def __init__(self, columns: Sequence[tuple[str, str, float]], *, turning: bool = False) -> None:
        """Title, unit and least value of each. In a plate nothing has a third coordinate; what is `turning`
        has that alone."""
        super().__init__()
        self._turning = turning
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(UNIT)
        grid.setVerticalSpacing(UNIT // 2)
        self.vectors = [Vector(*column) for column in columns]
        self._letters = [label(letter, "muted") for letter in "XYZ"]
        for row, letter in enumerate(self._letters, start=1):
            grid.addWidget(letter, row, 0)
        for number, ((title, _, _), vector) in enumerate(zip(columns, self.vectors, strict=True), start=1):
            head = label(title)
            head.setBuddy(vector.focus)
            grid.addWidget(head, 0, number)
            grid.setColumnStretch(number, 1)
            for row, box in enumerate(vector.boxes, start=1):
                grid.addWidget(box, row, number)

    def set_dimensions(self, dimensions: int) -> None:
        for row, letter in enumerate(self._letters):
            is_seen = dimensions == 3 or (row == 2) == self._turning
            for widget in (letter, *(vector.boxes[row] for vector in self.vectors)):
                widget.setVisible(is_seen)

    def name_third(self, words: str) -> None:
        """What the third row is called in place of Z."""
        self._letters[2].setText(words)


def room_below(widget: QWidget) -> QWidget:
    """A widget at its natural width, at the beginning of its row."""
    room = QWidget()
    row = QHBoxLayout(room)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeading)
    row.addStretch(1)
    return room
