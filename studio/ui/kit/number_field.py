"""The number box of forms."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QFocusEvent, QValidator

from studio.ui.kit.controls import UNBOUNDED, NumberBox
from studio.ui.kit.theme import UNIT

DIGITS = 9
"""So many fit into every number box, so that all of a form are of one width."""


class NumberField(NumberBox):
    """A number box as wide as its digits need at any font size, that takes either sign for a decimal one."""

    def sizeHint(self) -> QSize:
        digits = max(DIGITS, len(str(int(self.maximum())))) if self.maximum() < UNBOUNDED else DIGITS
        width = self.fontMetrics().horizontalAdvance("0" * digits) + 3 * UNIT
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.specialValueText() and self.value() == self.minimum():
            QTimer.singleShot(0, self, self.selectAll)  # after the click: digits take the word's place

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        own = self.locale().decimalPoint()
        other = "." if own == "," else ","
        if self.decimals() and own not in text and text.count(other) == 1:
            text = text.replace(other, own)
        return super().validate(text, place)
