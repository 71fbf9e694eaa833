"""The list of collections: choose one to see it, drop items on one to put them in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from studio.project.changes import Collection
from studio.ui.items.handing import ITEM_MIME, uids_of
from studio.ui.kit import locales
from studio.ui.kit.theme import UNIT
from studio.words import tr

_ID = Qt.ItemDataRole.UserRole
ROWS = 6
"""At most so many are shown without scrolling."""


class CollectionList(QListWidget):
    chosen = Signal(object)
    """A Collection, or None for all items."""
    dropped = Signal(object, object)
    """A Collection and the uids of the items dropped on it."""
    menu_wanted = Signal(object, QPoint)
    """A Collection, or None beside them; where, in global coordinates."""
    new_wanted = Signal()
    rename_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(tr("Collections"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.itemClicked.connect(self._choose)
        self._collections: list[Collection] = []

    def show_collections(self, collections: Sequence[Collection], current: str) -> None:
        """`current`: the id or the name of the one that is being looked at, in any case; "" for none."""
        self._collections = [*collections]
        self.clear()
        self.addItem(self._row(tr("All items")))
        for one in collections:
            words = tr("{name}  ({count})", name=one.name, count=locales.number(one.count))
            self.addItem(self._row(words))
            self.item(self.count() - 1).setData(_ID, one.id)
            self.item(self.count() - 1).setToolTip(one.name)
        self.addItem(self._row(tr("New collection…")))
        names = [current.casefold() in (one.id.casefold(), one.name.casefold()) for one in collections]
        self.setCurrentRow(names.index(True) + 1 if current and True in names else 0)
        self.setFixedHeight((min(ROWS, self.count()) * self._row_height()) + UNIT + 2)

    def event(self, event: QEvent) -> bool:
        """Keys mean collections here: Delete must not reach the items that are selected beside it."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item, one = self.currentItem(), self.collection(self.currentRow())
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and item is not None:
            self._choose(item)
        elif event.key() == Qt.Key.Key_F2 and one is not None:
            self.rename_wanted.emit(one)
        elif event.key() == Qt.Key.Key_Delete and one is not None:
            self.remove_wanted.emit(one)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(ITEM_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        row = self.indexAt(event.position().toPoint()).row()
        if event.mimeData().hasFormat(ITEM_MIME) and self.collection(row) is not None:
            self.setCurrentRow(row)
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        one = self.collection(self.indexAt(event.position().toPoint()).row())
        uids = uids_of(event.mimeData())
        if one is not None and uids:
            event.acceptProposedAction()
            self.dropped.emit(one, uids)

    def collection(self, row: int) -> Collection | None:
        return self._collections[row - 1] if 0 < row <= len(self._collections) else None

    def _row(self, words: str) -> QListWidgetItem:
        row = QListWidgetItem(words)
        row.setSizeHint(QSize(10, self._row_height()))
        return row

    def _row_height(self) -> int:
        return self.fontMetrics().height() + UNIT + 2

    def _choose(self, item: QListWidgetItem) -> None:
        row = self.row(item)
        if row > len(self._collections):
            self.new_wanted.emit()
        else:
            self.chosen.emit(self.collection(row))

    def _ask_menu(self, at: QPoint) -> None:
        self.menu_wanted.emit(self.collection(self.indexAt(at).row()), self.viewport().mapToGlobal(at))
