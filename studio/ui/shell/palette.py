"""The command palette: type a few letters, see where it is and what its shortcut is, press Return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget
from shiboken6 import isValid

from studio.ui.kit import fuzzy
from studio.ui.kit.controls import label
from studio.ui.kit.theme import UNIT
from studio.ui.shell.palette_delegate import PaletteDelegate, Role
from studio.ui.shell.palette_entries import Offer, offers
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.shell.faces import Studio

WIDTH = 76 * UNIT
MAX_ROWS = 9
SHOWN = 60
"""Rows at most: nobody scrolls further, they type another letter."""


class PaletteModel(QAbstractListModel):
    """What fits `typed`, best first. `recent` are ids, the one used last first."""

    def __init__(self, all_offers: list[Offer], recent: list[str], parent: QObject) -> None:
        super().__init__(parent)
        self._offers = {one.id: one for one in all_offers}
        self._recent = [id for id in recent if id in self._offers]
        self._shown: list[tuple[Offer, tuple[int, ...]]] = []
        self.type("")

    def type(self, typed: str) -> None:
        self.beginResetModel()
        found: dict[str, fuzzy.Match] = {}
        for id, offer in self._offers.items():
            match = fuzzy.match(typed, offer.title, f"{offer.place} {offer.words}")
            if match is not None:
                found[id] = match
        scores = [(id, one.score * (0.9 if self._offers[id].why_off else 1.0)) for id, one in found.items()]
        ranked = fuzzy.rank(scores, self._recent)[:SHOWN]
        self._shown = [(self._offers[id], found[id].places) for id in ranked]
        self.endResetModel()

    def offer(self, row: int) -> Offer | None:
        return self._shown[row][0] if 0 <= row < len(self._shown) else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else len(self._shown)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if not index.isValid():
            return None
        offer, places = self._shown[index.row()]
        if role == Role.OFFER:
            return offer
        if role == Role.PLACES:
            return places
        if role == Qt.ItemDataRole.DisplayRole:
            return offer.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (offer.title, offer.place, offer.keys, offer.why_off) if part)
        return None


class Palette(QFrame):
    """Lies over the top of the window, and goes as soon as something else has the focus."""

    _picked = Signal()
    """Queued: what is picked may take the list away in which the mouse or a key is still being handled."""

    def __init__(self, studio: Studio) -> None:
        window = studio.window
        super().__init__(window)
        self._studio = studio
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Commands"))
        self._before = window.focusWidget()
        self.model = PaletteModel(offers(studio), studio.session.used, self)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Type what you want to do"))
        self.search.setAccessibleName(tr("Find a command"))
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(PaletteDelegate(studio.theme, self.view))
        self.view.setUniformItemSizes(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setAccessibleName(tr("Commands that fit"))
        self.view.setMouseTracking(True)
        self.nothing = label(tr("Nothing is called like this."), "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        column.setSpacing(UNIT)
        column.addWidget(self.search)
        column.addWidget(self.view)
        column.addWidget(self.nothing)
        self.search.textChanged.connect(self._on_typed)
        self.view.entered.connect(self.view.setCurrentIndex)
        self.view.clicked.connect(lambda _: self._picked.emit())
        self._picked.connect(self._run, Qt.ConnectionType.QueuedConnection)
        window.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._on_focus)
        self._on_typed("")

    def open(self) -> None:
        self._settle()
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_typed(self, typed: str) -> None:
        self.model.type(typed)
        rows = self.model.rowCount()
        self.view.setVisible(rows > 0)
        self.nothing.setVisible(rows == 0)
        self.view.setCurrentIndex(self.model.index(0))
        height = self.view.sizeHintForRow(0) if rows else 0
        self.view.setFixedHeight(min(rows, MAX_ROWS) * height + 2)
        self._settle()

    def _settle(self) -> None:
        """At the top, in the middle; never wider than the window."""
        parent = self.parentWidget()
        width = min(self._studio.theme.px(WIDTH), parent.width() - 4 * UNIT)
        self.setFixedWidth(width)
        self.adjustSize()
        self.setGeometry(QRect((parent.width() - width) // 2, 7 * UNIT, width, self.sizeHint().height()))

    def _run(self) -> None:
        offer = self.model.offer(self.view.currentIndex().row())
        if offer is None or offer.why_off:
            return
        self.close()
        self._give_back()
        if not offer.id.startswith(("setting:", "recent:", "generator:")):
            offer.run()  # a command notes its use by itself
            return
        self._studio.session.note_use(offer.id)
        offer.run()

    def _give_back(self) -> None:
        """The focus, to what had it, if that is still there."""
        if self._before is not None and isValid(self._before):
            self._before.setFocus()

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self.isVisible() and new is not None and new is not self.search and not self.isAncestorOf(new):
            self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._settle()
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        moves = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: MAX_ROWS,
            Qt.Key.Key_PageUp: -MAX_ROWS,
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.close()
            self._give_back()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._picked.emit()
        elif key in moves and self.model.rowCount():
            rows, row = self.model.rowCount(), self.view.currentIndex().row() + moves[key]
            row = row % rows if abs(moves[key]) == 1 else min(max(row, 0), rows - 1)
            self.view.setCurrentIndex(self.model.index(row))
        else:
            return False
        return True


def show_palette(studio: Studio) -> Palette:
    """Opens the palette of this window; the one that is open already takes the focus."""
    for known in studio.window.findChildren(Palette):
        if known.isVisible():
            known.search.setFocus()
            known.search.selectAll()
            return known
    made = Palette(studio)
    made.open()
    return made
