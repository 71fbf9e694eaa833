"""The chart and the table: beside each other where there is room, else one of them."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from studio.ui.controls import Segments
from studio.ui.theme import UNIT
from studio.words import tr

_BOTH = 96 * UNIT
CHART, TABLE = 0, 1


class Details(QWidget):
    def __init__(self, chart: QWidget, table: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._parts = (chart, table)
        self.choice = Segments((tr("Chart"), tr("Table")))
        self.choice.setAccessibleName(tr("What is shown of the variants"))
        self.choice.chosen.connect(self._show)
        self.split = QSplitter()
        for part in self._parts:
            self.split.addWidget(part)
        self.split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT // 2, UNIT, UNIT // 2)
        column.setSpacing(UNIT // 2)
        column.addWidget(self.choice)
        column.addWidget(self.split, 1)
        self._show()

    def _show(self, *_: object) -> None:
        both = self.width() >= _BOTH
        self.choice.setVisible(not both)
        for number, part in enumerate(self._parts):
            part.setVisible(both or number == self.choice.current())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def minimumSizeHint(self) -> QSize:
        return QSize(30 * UNIT, 22 * UNIT)
