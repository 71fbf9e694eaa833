"""All things of a study, one a row under their headings: to choose, name, add, double and remove."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from studio.api.values import tr
from studio.ui.api import UNIT, icon
from studio_product.core.studies.catalog import said
from studio_product.core.studies.study import Study
from studio_product.room.part import in_space
from studio_product.room.study.places import HEADINGS, STUDY, Place, name_at, parent_of, places_of, thing_at
from studio_product.room.study.words import title_at, words_at

_PLACE, _WORDS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_ICON = 16
_ICONS = {
    "study": "part",
    "space": "space",
    "material": "material",
    "supports": "support",
    "support": "support",
    "cases": "case",
    "case": "case",
    "load": "load",
    "keep-in": "keep-in",
    "keep-out": "keep-out",
    "target": "weight",
    "making": "making",
    "method": "settings",
}
_COLORS = {"support": in_space.SUPPORT, "load": in_space.LOAD}


class Outline(QTreeWidget):
    """F2 or typing Enter on a named thing renames it, Delete removes it."""

    chosen = Signal(object)
    """Place."""
    renamed = Signal(object, str)
    remove_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)
    """Place, and where in global coordinates."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setAccessibleName(tr("Outline of the study"))
        self.setIndentation(2 * UNIT)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setItemDelegate(_Delegate(self))
        self._study: Study | None = None
        self._filling = False
        self.currentItemChanged.connect(self._on_current)
        self.itemChanged.connect(self._on_changed)
        self.customContextMenuRequested.connect(self._ask_menu)

    def show_study(self, study: Study, place: Place) -> None:
        """Rows are made anew only where there are others than before."""
        self._filling = True
        places = list(places_of(study))
        if [self._place(row) for row in self._rows()] != places:
            self._fill(study, places)
        for row in self._rows():
            self._say(row, study)
        self._study = study
        self._filling = False
        self.choose(place)

    def choose(self, place: Place) -> None:
        """Makes it the current row, and tells nobody."""
        self._filling = True
        row = next((row for row in self._rows() if self._place(row) == place), None)
        if row is not None and row is not self.currentItem():
            self.setCurrentItem(row)
        self._filling = False

    def place(self) -> Place:
        """The current one."""
        row = self.currentItem()
        return self._place(row) if row is not None else STUDY

    def rename(self, place: Place) -> None:
        """Lets its name be typed in its row."""
        self.choose(place)
        row = self.currentItem()
        if row is not None:
            self.setFocus()
            self.editItem(row, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit(self.place())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keys mean things of the study here: Delete must not reach what is selected in the gallery."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(28 * UNIT, 40 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(20 * UNIT, 12 * UNIT)

    def _rows(self) -> list[QTreeWidgetItem]:
        """From the top. PySide6 never frees a `QTreeWidgetItemIterator` that was stepped on."""
        tops = map(self.topLevelItem, range(self.topLevelItemCount()))
        return [row for top in tops if top is not None for row in (top, *_beneath(top))]

    def _place(self, row: QTreeWidgetItem) -> Place:
        place: Place = row.data(0, _PLACE)
        return place

    def _fill(self, study: Study, places: list[Place]) -> None:
        folded = {self._place(row) for row in self._rows() if row.childCount() and not row.isExpanded()}
        self.clear()
        rows: dict[Place, QTreeWidgetItem] = {}
        for place in places:
            row = rows[place] = QTreeWidgetItem()
            row.setData(0, _PLACE, place)
            over = parent_of(study, place)
            if over is None or over == STUDY:
                self.addTopLevelItem(row)
            else:
                rows[over].addChild(row)
            if place == STUDY or over not in (None, STUDY):
                row.setFlags(row.flags() | Qt.ItemFlag.ItemIsEditable)
        for place, row in rows.items():
            row.setExpanded(place not in folded)

    def _say(self, row: QTreeWidgetItem, study: Study) -> None:
        place = self._place(row)
        title, words = title_at(study, place), words_at(study, place)
        row.setText(0, title)
        row.setData(0, _WORDS, words)
        row.setToolTip(0, f"{title}\n{words}".strip())
        row.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{title}, {words}".rstrip(", "))
        name = _ICONS.get(place.kind) or thing_at(study, place).role
        muted = self.palette().placeholderText().color()
        region = {"keep-in": in_space.KEEP_IN, "keep-out": in_space.KEEP_OUT}
        own = region.get(name) if place.kind == "region" else _COLORS.get(place.kind)
        row.setIcon(0, icon(name, own or muted))

    def _on_current(self, row: QTreeWidgetItem | None, _: object) -> None:
        if row is not None and not self._filling:
            self.chosen.emit(self._place(row))

    def _on_changed(self, row: QTreeWidgetItem, _: int) -> None:
        if not self._filling and self._study is not None:
            place, name = self._place(row), row.text(0)
            if name != said(name_at(self._study, place)):
                self.renamed.emit(place, name)

    def _ask_menu(self, at: QPoint) -> None:
        row = self.itemAt(at)
        if row is not None:
            self.menu_wanted.emit(self._place(row), self.viewport().mapToGlobal(at))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._study is not None:
            self.show_study(self._study, self.place())


def _beneath(row: QTreeWidgetItem) -> Iterator[QTreeWidgetItem]:
    for child in map(row.child, range(row.childCount())):
        if child is not None:
            yield child
            yield from _beneath(child)


class _Delegate(QStyledItemDelegate):
    """The name, and behind it in muted letters what the thing is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(10, option.fontMetrics.height() + UNIT + 4)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        title, words = own.text, str(index.data(_WORDS) or "")
        own.text = ""
        view: QWidget = option.widget
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, own, painter, view)
        room = own.rect.adjusted(_ICON + UNIT + 4, 0, -UNIT // 2, 0)
        if option.direction is Qt.LayoutDirection.RightToLeft:
            room = own.rect.adjusted(UNIT // 2, 0, -_ICON - UNIT - 4, 0)
        painter.save()
        font = QFont(own.font)
        if index.data(_PLACE).kind in (*HEADINGS, "study"):
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(own.palette.color(QPalette.ColorRole.Text))
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room.width())
        leading = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, leading, shown)
        used = metrics.horizontalAdvance(shown) + UNIT
        rest = _rest(room, used, option.direction)
        if rest.width() > 3 * UNIT and words:
            painter.setFont(own.font)
            painter.setPen(own.palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(
                rest, leading, metrics.elidedText(words, Qt.TextElideMode.ElideRight, rest.width())
            )
        painter.restore()
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(own.palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(own.rect.adjusted(0, 0, -1, -1), UNIT // 2, UNIT // 2)


def _rest(room: QRect, used: int, direction: Qt.LayoutDirection) -> QRect:
    if direction is Qt.LayoutDirection.RightToLeft:
        return room.adjusted(0, 0, -used, 0)
    return room.adjusted(used, 0, 0, 0)
