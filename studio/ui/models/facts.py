"""What is known of a model: names left, what is said of them right, or below where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QSizePolicy, QWidget

from studio.ui.kit.controls import label
from studio.ui.kit.theme import UNIT

_LEAST = 18
"""So many letters must fit beside a name."""


def set_margins(layout: QLayout, begin: int, top: int, end: int, bottom: int) -> None:
    """Margins from where reading begins to where it ends: Qt does not mirror them."""
    if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        begin, end = end, begin
    layout.setContentsMargins(begin, top, end, bottom)


class Facts(QWidget):
    def __init__(self, facts: Sequence[tuple[str, str]]) -> None:
        """(name, words); what has no words is left out."""
        super().__init__()
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._stacked: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * UNIT)
        for name, words in facts:
            if words:
                told = label(words, wrap=True)
                told.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
                self._rows.append((label(name, "muted"), told))
        self._place(stacked=False)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.StyleChange):
            self._arrange()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """The widest label alone is what it needs: it can always stack the others."""
        widest = max((one.minimumSizeHint().width() for row in self._rows for one in row), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def _arrange(self) -> None:
        names = max((name.sizeHint().width() for name, _ in self._rows), default=0)
        needed = names + 2 * UNIT + _LEAST * self.fontMetrics().averageCharWidth()
        self._place(stacked=needed > self.width())

    def _place(self, *, stacked: bool) -> None:
        if stacked == self._stacked:
            return
        self._stacked = stacked
        self._grid.setVerticalSpacing(UNIT // 2 if stacked else UNIT)
        self._grid.setColumnStretch(0, int(stacked))
        self._grid.setColumnStretch(1, int(not stacked))
        for number, (name, told) in enumerate(self._rows):
            row = 2 * number if stacked else number
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(told, row + int(stacked), int(not stacked))
