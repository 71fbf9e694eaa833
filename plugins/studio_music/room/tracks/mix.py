"""The small faders of a track."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, label, locales

MIDDLE, MOST = 64, 127
_STILL_MS = 400
"""After the last key or turn of the wheel a value counts as chosen."""


class Fader(QSlider):
    """One of MIDI's controllers, 0 to 127. A double click brings back what is usual."""

    moved = Signal(int)
    """While it is moved."""
    settled = Signal(int)
    """What the user has chosen in the end."""

    def __init__(self, name: str, usual: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._name, self._usual = name, usual
        self._settled = usual
        self.setRange(0, MOST)
        self.setPageStep(8)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(48)
        self.setValue(usual)
        self._timer = QTimer(self, singleShot=True, interval=_STILL_MS)
        self._timer.timeout.connect(self._settle)
        self.valueChanged.connect(self._on_value)
        self.sliderReleased.connect(self._settle)
        self._tell()

    def show_value(self, value: int) -> None:
        """Shows it, and tells nobody."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)
        self._settled = value
        self._tell()

    def words(self, value: int) -> str:
        """The value, for the tool tip."""
        return locales.percent(value / MOST)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.setValue(self._usual)
        self._settle()

    def _on_value(self, value: int) -> None:
        self._tell()
        self.moved.emit(value)
        if not self.isSliderDown():
            self._timer.start()

    def _settle(self) -> None:
        self._timer.stop()
        if self.value() != self._settled:
            self._settled = self.value()
            self.settled.emit(self.value())

    def _tell(self) -> None:
        words = self.words(self.value())
        self.setToolTip(tr("{name}: {value}", name=self._name, value=words))
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(words)


class PanFader(Fader):
    """From left to right, with its middle marked."""

    def __init__(self) -> None:
        super().__init__(tr("Pan"), MIDDLE)

    def words(self, value: int) -> str:
        share = locales.percent(abs(value - MIDDLE) / (MOST - MIDDLE if value > MIDDLE else MIDDLE))
        if value == MIDDLE:
            return tr("middle")
        return tr("{share} left", share=share) if value < MIDDLE else tr("{share} right", share=share)


class NamedFader(QWidget):
    """A fader with its name before it."""

    def __init__(self, fader: Fader, name: str, width: int) -> None:
        super().__init__()
        self.fader = fader
        self.name: QLabel = label(name, "small")
        self.name.setMinimumWidth(width)
        self.name.setBuddy(fader)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        row.addWidget(self.name)
        row.addWidget(fader, 1)
