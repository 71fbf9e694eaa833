"""The variants as rows, with a column for each of their numbers: sorted by any of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from studio.api.values import tr, trn
from studio_product.room.part.words import figure_words
from studio_product.room.variants.chosen import Chosen
from studio_product.room.variants.variant import Quantity, Variant, best

NUMBER, STARS, FIRST = 0, 1, 2
"""Columns; those of quantities begin at FIRST, and the last one is the name."""

_MIDDLE = Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex
Flag = QItemSelectionModel.SelectionFlag
Role = Qt.ItemDataRole


class VariantModel(QAbstractTableModel):
    def __init__(self, parent: QTableView) -> None:
        super().__init__(parent)
        self.variants: Sequence[Variant] = ()
        self.quantities: Sequence[Quantity] = ()
        self._best: list[float | None] = []

    def show_variants(self, variants: Sequence[Variant], quantities: Sequence[Quantity]) -> None:
        self.beginResetModel()
        self.variants, self.quantities = variants, quantities
        self._best = [best(variants, one) for one in quantities]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.variants)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else FIRST + len(self.quantities) + 1

    @property
    def _name(self) -> int:
        return FIRST + len(self.quantities)

    def quantity_at(self, column: int) -> Quantity | None:
        return self.quantities[column - FIRST] if FIRST <= column < self._name else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return self._side(section)
        if role != Role.DisplayRole:
            return None
        quantity = self.quantity_at(section)
        if quantity is not None:
            return quantity.heading
        return {NUMBER: "", STARS: tr("Stars")}.get(section, tr("Name"))

    def _side(self, column: int) -> Qt.AlignmentFlag:
        is_number = column == NUMBER or self.quantity_at(column) is not None
        return _MIDDLE | (Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        variant = self.variants[index.row()]
        column = index.column()
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return self._words(variant, column, spoken=role == Role.AccessibleTextRole)
        if role == Role.TextAlignmentRole:
            return self._side(column)
        if role == Role.FontRole:
            return _font(best=self._is_best(variant, column), rejected=variant.item.rejected)
        if role == Role.ToolTipRole:
            return tr("The best of all") if self._is_best(variant, column) else variant.item.name
        return None

    def _words(self, variant: Variant, column: int, *, spoken: bool) -> str:
        if column == NUMBER:
            return str(variant.number)
        if column == STARS:
            if variant.item.rejected:
                return tr("Rejected") if spoken else "✕"
            stars = variant.item.stars
            return trn("{count} star", "{count} stars", stars) if spoken else "★" * stars
        quantity = self.quantity_at(column)
        if quantity is None:
            return variant.item.name
        figure = variant.figure(quantity.name)
        return figure_words(figure) if figure is not None else "–"

    def _is_best(self, variant: Variant, column: int) -> bool:
        quantity = self.quantity_at(column)
        if quantity is None or self._best[column - FIRST] is None:
            return False
        figure = variant.figure(quantity.name)
        return figure is not None and figure.value == self._best[column - FIRST]


def _font(*, best: bool, rejected: bool) -> QFont | None:
    if not (best or rejected):
        return None
    made = QFont()
    if best:
        made.setWeight(QFont.Weight.DemiBold)
    made.setStrikeOut(rejected)
    return made


class VariantTable(QTableView):
    """Its order is the one that it is given; a click on a header asks for another one."""

    sort_wanted = Signal(str)
    """The name of a quantity; "" for the order in which they were made."""
    opened = Signal(str)
    """The uid of a row that was double-clicked, or on which Enter was pressed."""

    def __init__(self, chosen: Chosen) -> None:
        super().__init__()
        self.chosen = chosen
        self._quiet = False
        self._model = VariantModel(self)
        self.setModel(self._model)
        self.setAccessibleName(tr("Table of the variants"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.sectionClicked.connect(self._on_header)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.selectionModel().currentChanged.connect(self._on_selection)
        self.doubleClicked.connect(self._open)
        chosen.changed.connect(self._show_chosen)

    def show_variants(
        self,
        variants: Sequence[Variant],
        quantities: Sequence[Quantity],
        *,
        by: Quantity | None,
        reverse: bool,
    ) -> None:
        """Already in the order that `by` and `reverse` say, as `ordered` has it."""
        self._quiet = True
        self._model.show_variants(variants, quantities)
        self._quiet = False
        upwards = (by is None or by.better != "more") != reverse
        order = Qt.SortOrder.AscendingOrder if upwards else Qt.SortOrder.DescendingOrder
        column = NUMBER if by is None else FIRST + list(quantities).index(by)
        self.horizontalHeader().setSortIndicator(column, order)
        self.resizeColumnsToContents()
        self._show_chosen()

    def _on_header(self, column: int) -> None:
        quantity = self._model.quantity_at(column)
        if quantity is not None or column == NUMBER:
            self.sort_wanted.emit(quantity.name if quantity is not None else "")

    def _row(self, uid: str) -> int | None:
        rows = (row for row, one in enumerate(self._model.variants) if one.item.uid == uid)
        return next(rows, None)

    def _show_chosen(self) -> None:
        if self._quiet:
            return
        self._quiet = True
        wanted = QItemSelection()
        for row, one in enumerate(self._model.variants):
            if one.item.uid in self.chosen:
                wanted.select(self._model.index(row, 0), self._model.index(row, 0))
        self.selectionModel().select(wanted, Flag.ClearAndSelect | Flag.Rows)
        current = self._row(self.chosen.current)
        if current is not None:
            index = self._model.index(current, max(self.currentIndex().column(), 0))
            self.selectionModel().setCurrentIndex(index, Flag.NoUpdate)
            self.scrollTo(index)
        self._quiet = False

    def _on_selection(self, *_: object) -> None:
        if self._quiet:
            return
        rows = {index.row() for index in self.selectionModel().selectedRows()}
        current = self.currentIndex().row()
        uids = [self._model.variants[row].item.uid for row in sorted(rows)]
        self._quiet = True
        self.chosen.choose(uids, self._model.variants[current].item.uid if current >= 0 else None)
        self._quiet = False

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._model.variants[index.row()].item.uid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)
