"""The numbers of a part, each with its error and with what it is in every load case."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, label
from studio_product.core.part_numbers import CONCEPT, PartNumber, PartNumbers
from studio_product.core.studies.catalog import said
from studio_product.room.part.words import figure_words


class NumbersTable(QWidget):
    """Rows with a load case each open below those numbers that depend on it."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = QTreeWidget()
        self.tree.setProperty("role", "card")
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([tr("Quantity"), tr("Value")])
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setSectionsClickable(False)
        self.tree.setIndentation(2 * UNIT)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName(tr("Numbers of the part"))
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.itemExpanded.connect(self._fit)
        self.tree.itemCollapsed.connect(self._fit)
        self.concept = label("", "small", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(self.tree)
        column.addWidget(self.concept)

    def show_numbers(self, numbers: PartNumbers) -> None:
        self.tree.clear()
        for number in numbers.numbers:
            self.tree.addTopLevelItem(_row(number))
        self.tree.setRootIsDecorated(any(len(number.cases) > 1 for number in numbers.numbers))
        self.concept.setText(tr(numbers.concept or CONCEPT))
        self.setVisible(bool(numbers.numbers))
        self._fit()

    def _fit(self) -> None:
        """As high as its rows: the panel around it scrolls."""
        tops = [self.tree.topLevelItem(place) for place in range(self.tree.topLevelItemCount())]
        rows = len(tops)
        for top in tops:
            rows += top.childCount() if top.isExpanded() else 0
        row = max(self.tree.sizeHintForRow(0), self.fontMetrics().height() + UNIT)
        self.tree.setFixedHeight(rows * row + self.tree.header().sizeHint().height() + 2 * UNIT)

    def sizeHint(self) -> QSize:
        return QSize(36 * UNIT, super().sizeHint().height())


def _row(number: PartNumber) -> QTreeWidgetItem:
    row = _line(tr(number.title), figure_words(number.worst, tr(number.unit)))
    if len(number.cases) > 1:
        worst = tr("Worst of {count} load cases", count=len(number.cases))
        row.setToolTip(1, worst)
        for figure in number.cases:
            row.addChild(_line(said(figure.case), figure_words(figure, tr(number.unit))))
    row.setToolTip(0, tr(number.meaning))
    return row


def _line(name: str, value: str) -> QTreeWidgetItem:
    line = QTreeWidgetItem([name, value])
    line.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return line
