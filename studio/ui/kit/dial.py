"""A number that is turned by a slider or typed."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QSpinBox, QWidget

_TICKS = 1000
_GAP = 8
_LONGEST = 320


class Dial(QWidget):
    """A labelled slider with a numeric entry. `curved` gives small values more of the slider."""

    def __init__(
        self,
        name: str,
        unit: str,
        low: int,
        high: int,
        changed: Callable[[int], None],
        *,
        curved: bool = False,
    ) -> None:
        super().__init__()
        self._low, self._high, self._curved, self._changed = low, high, curved, changed
        self._widest = f"{high} {unit}"
        self.name = QLabel(name)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _TICKS)
        self.slider.setSingleStep(10)
        self.slider.setPageStep(100)
        self.slider.setMinimumWidth(56)
        self.setMaximumWidth(_LONGEST)
        self.slider.setAccessibleName(name)
        self.spin = QSpinBox()
        self.spin.setRange(low, high)
        self.spin.setSuffix(f" {unit}" if unit else "")
        self.spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.spin.lineEdit().setTextMargins(0, 0, 4, 0)
        self.spin.setKeyboardTracking(False)
        self.spin.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.spin.setAccessibleName(name)
        self.name.setBuddy(self.spin)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.name)
        row.addWidget(self.slider, 1000)
        row.addWidget(self.spin)
        row.addStretch(1)
        self._fit_number()
        self.slider.valueChanged.connect(self._slid)
        self.spin.valueChanged.connect(changed)

    def show_value(self, value: int) -> None:
        """Shows a value, and tells nobody."""
        with QSignalBlocker(self.slider), QSignalBlocker(self.spin):
            self.spin.setValue(value)
            if self._value(self.slider.value()) != value:
                self.slider.setValue(self._tick(value))

    def width_with(self, *, words: bool, slider: bool) -> int:
        """How much room it needs with its name and its slider, or without."""
        room = self.spin.minimumWidth()
        if words:
            room += self.name.sizeHint().width() + _GAP
        if slider:
            room += self.slider.minimumWidth() + _GAP
        return room

    def show_parts(self, *, words: bool, slider: bool) -> None:
        self.name.setVisible(words)
        self.slider.setVisible(slider)

    def setToolTip(self, text: str) -> None:
        super().setToolTip(text)
        self.slider.setAccessibleDescription(text)
        self.spin.setAccessibleDescription(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_number()

    def _fit_number(self) -> None:
        self.spin.setFixedWidth(self.fontMetrics().horizontalAdvance(self._widest) + 20)

    def _slid(self, tick: int) -> None:
        self._changed(self._value(tick))

    def _value(self, tick: int) -> int:
        part = tick / _TICKS
        if self._curved:
            return round(self._low * math.pow(self._high / self._low, part))
        return round(self._low + part * (self._high - self._low))

    def _tick(self, value: int) -> int:
        if self._curved:
            return round(_TICKS * math.log(value / self._low) / math.log(self._high / self._low))
        return round(_TICKS * (value - self._low) / (self._high - self._low))
