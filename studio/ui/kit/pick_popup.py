"""A list that pops up to pick one entry from: two calm lines each, searchable where it may be long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QPainter,
    QPalette,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.ui.kit.controls import button, label
from studio.ui.kit.theme import SMALL_PX, TEXT_PX, UNIT

MAX_ROWS = 9
"""So many are seen at once."""
WIDTH = 48 * UNIT
"""Of a list under something narrow: a sentence has room."""

_DETAIL = Qt.ItemDataRole.UserRole + 1
_SOUGHT = Qt.ItemDataRole.UserRole + 2
_NUMBER = Qt.ItemDataRole.UserRole + 3


@dataclass(frozen=True)
class Pick:
    title: str
    detail: str = ""
    icon: QIcon | None = None


class PickPopup(QFrame):
    chosen = Signal(int)
    """The entry's number in the list that was given."""
    _picked = Signal(QModelIndex)
    """Queued: what is chosen may take the list away in which the mouse or a key is still being handled."""

    def __init__(
        self,
        parent: QWidget,
        picks: Sequence[Pick],
        *,
        name: str,
        search: str = "",
        empty: str = "",
        current: int = -1,
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        """`name` is for screen readers; `search` the placeholder of a search field, "" for none; `empty` what
        stands there when the list is; `actions` are buttons below it."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "card")
        self.setAccessibleName(name)
        self._model = QStandardItemModel(self)
        for number, pick in enumerate(picks):
            row = QStandardItem(pick.title)
            row.setEditable(False)
            row.setData(pick.detail, _DETAIL)
            row.setData(f"{pick.title}\n{pick.detail}", _SOUGHT)
            row.setData(number, _NUMBER)
            row.setData(f"{pick.title} {pick.detail}", Qt.ItemDataRole.AccessibleTextRole)
            row.setToolTip(pick.detail or pick.title)
            if pick.icon is not None:
                row.setIcon(pick.icon)
            self._model.appendRow(row)
        self._found = _Found(self)
        self._found.setSourceModel(self._model)
        self._found.setFilterRole(_SOUGHT)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._found.sort(0)
        self.search = QLineEdit()
        self.search.setPlaceholderText(search)
        self.search.setAccessibleName(search)
        self.search.setVisible(bool(search))
        self.search.textChanged.connect(self._on_search)
        self.search.installEventFilter(self)
        self.list = QListView()
        self.list.setAccessibleName(name)
        self.list.setModel(self._found)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.clicked.connect(self._picked)
        self._picked.connect(self._pick, Qt.ConnectionType.QueuedConnection)
        self.list.installEventFilter(self)
        self.empty = label(empty, "muted", wrap=True)
        self.empty.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        self.empty.setVisible(not picks and bool(empty))
        self.list.setVisible(bool(picks))
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT // 2, UNIT // 2, UNIT // 2, UNIT // 2)
        column.setSpacing(UNIT // 2)
        for part in (self.search, self.list, self.empty):
            column.addWidget(part)
        self._acts = [act for _, act in actions]
        for text, act in actions:
            one = button(text, "quiet")
            one.clicked.connect(self.close)
            one.clicked.connect(act)
            column.addWidget(one)
        self.list.setCurrentIndex(self._found.index(max(current, 0), 0))

    def show_below(self, widget: QWidget) -> None:
        """Opens it under a widget, as wide, and on the screen."""
        self.ensurePolished()
        self.list.ensurePolished()
        rows = max(1, min(MAX_ROWS, self._model.rowCount()))
        height = sum(self.list.sizeHintForRow(row) for row in range(min(rows, self._model.rowCount())))
        self.list.setFixedHeight(height + 4)
        self.setFixedWidth(max(widget.width(), WIDTH))
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(0, widget.height() + 2))
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            corner.setX(corner.x() + widget.width() - self.width())
        screen = widget.screen() or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        if corner.y() + self.height() > room.bottom():
            corner.setY(max(room.top(), widget.mapToGlobal(QPoint()).y() - self.height() - 2))
        corner.setX(max(room.left(), min(corner.x(), room.right() - self.width())))
        self.move(corner)
        self.show()
        (self.search if not self.search.isHidden() else self.list).setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move in the list wherever the focus is, and Return picks."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        assert isinstance(event, QKeyEvent)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.list.currentIndex().isValid():
                self._picked.emit(self.list.currentIndex())
            return True
        moves = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if watched is self.search and event.key() in moves:
            step = {moves[0]: -1, moves[1]: 1, moves[2]: -MAX_ROWS, moves[3]: MAX_ROWS}[Qt.Key(event.key())]
            row = self.list.currentIndex().row() + step
            self.list.setCurrentIndex(self._found.index(max(0, min(self._found.rowCount() - 1, row)), 0))
            return True
        return False

    def _on_search(self, text: str) -> None:
        self._found.typed = text
        self._found.setFilterFixedString(text)
        self._found.invalidate()
        self.list.setCurrentIndex(self._found.index(0, 0))

    def _pick(self, index: QModelIndex) -> None:
        number = index.data(_NUMBER)
        self.close()
        self.chosen.emit(number)


class _Found(QSortFilterProxyModel):
    """In the order that was given, but first what has the words in its title, at its beginning before all."""

    typed = ""

    def lessThan(
        self, left: QModelIndex | QPersistentModelIndex, right: QModelIndex | QPersistentModelIndex
    ) -> bool:
        return self._order(left) < self._order(right)

    def _order(self, index: QModelIndex | QPersistentModelIndex) -> tuple[int, int]:
        at = str(index.data()).casefold().find(self.typed.casefold()) if self.typed else 0
        return (2 if at < 0 else 1 if at else 0), index.data(_NUMBER)


class _Delegate(QStyledItemDelegate):
    """The title, and under it the detail in smaller, quieter letters."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        lines = option.fontMetrics.height() * (2 if index.data(_DETAIL) else 1)
        return QSize(10 * UNIT, lines + UNIT + UNIT // 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.initStyleOption(option, index)
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or over:
            painter.setPen(Qt.PenStyle.NoPen)
            color = option.palette.color(
                QPalette.ColorRole.Highlight if chosen else QPalette.ColorRole.Midlight
            )
            painter.setBrush(color)
            painter.drawRoundedRect(option.rect, 4, 4)
        inside = option.rect.adjusted(UNIT, UNIT // 2, -UNIT, -UNIT // 2)
        if not option.icon.isNull():
            square = QRect(inside.left(), inside.top(), 20, option.fontMetrics.height())
            option.icon.paint(painter, QStyle.visualRect(option.direction, inside, square))
            rest = inside.adjusted(28, 0, 0, 0)
            inside = QStyle.visualRect(option.direction, inside, rest)
        line = QRect(inside.left(), inside.top(), inside.width(), option.fontMetrics.height())
        edge = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        align = QStyle.visualAlignment(option.direction, edge)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        title = " ".join(str(index.data()).split())
        painter.drawText(
            line, align, option.fontMetrics.elidedText(title, Qt.TextElideMode.ElideRight, line.width())
        )
        detail = " ".join(str(index.data(_DETAIL) or "").split())
        if detail:
            small = QFont(option.font)
            small.setPixelSize(max(9, round(option.font.pixelSize() * SMALL_PX / TEXT_PX)))
            painter.setFont(small)
            painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
            shown = painter.fontMetrics().elidedText(detail, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line.translated(0, line.height()), align, shown)
        painter.restore()
