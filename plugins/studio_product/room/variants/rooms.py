"""Where views, chart and table of the variants are: all of them where there is room, else one or two."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, Segments

VIEWS, CHART, TABLE = range(3)
_WIDE = 90 * UNIT
"""Chart and table stand beside each other."""
_HIGH = 54 * UNIT
"""The views stand over them."""


class Rooms(QWidget):
    """What cannot be seen at once is chosen above the rest."""

    def __init__(self, views: QWidget, chart: QWidget, table: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._parts = (views, chart, table)
        self.choice = Segments((tr("Views"), tr("Chart"), tr("Table")))
        self.choice.setAccessibleName(tr("What is shown of the variants"))
        self.choice.chosen.connect(self._show)
        self._below = QSplitter(Qt.Orientation.Horizontal)
        self._below.addWidget(chart)
        self._below.addWidget(table)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.addWidget(views)
        self._split.addWidget(self._below)
        for split, parts in ((self._below, (1, 1)), (self._split, (3, 2))):
            split.setChildrenCollapsible(False)
            for number, stretch in enumerate(parts):
                split.setStretchFactor(number, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT // 2, UNIT, UNIT // 2)
        column.setSpacing(UNIT // 2)
        column.addWidget(self.choice)
        column.addWidget(self._split, 1)

    def _show(self, *_: object) -> None:
        wide, high = self.width() >= _WIDE, self.height() >= _HIGH
        chosen = self.choice.current()
        if high and chosen == VIEWS:
            chosen = CHART
        for number, part in enumerate(self._parts):
            both = wide and number != VIEWS and chosen != VIEWS
            part.setVisible(number == chosen or both or (high and number == VIEWS))
        self._below.setVisible(high or chosen != VIEWS)
        self.choice.setVisible(not (wide and high))
        self.choice.part(VIEWS).setVisible(not high)
        self.choice.part(TABLE).setVisible(not wide)
        self.choice.choose(chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()
        if event.oldSize().height() < 0:
            self._split.setSizes([event.size().height() * 3 // 5, event.size().height() * 2 // 5])

    def minimumSizeHint(self) -> QSize:
        return QSize(40 * UNIT, 26 * UNIT)
