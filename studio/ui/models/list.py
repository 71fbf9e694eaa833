"""The list of models: a title for each kind, and a row of two lines for each model, with what is going on."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.core.kind import Kinds
from studio.ui.kit.icons import icon
from studio.ui.kit.theme import RADIUS, UNIT, Theme
from studio.ui.models.orders import Order
from studio.ui.models.shelf import Entry
from studio.ui.models.words import order_words, row_words, size_words, state_of
from studio.ui.models.work import ModelWork
from studio.words import tr

_ICON, _BAR = 16, 4


class ModelRole(IntEnum):
    ENTRY = Qt.ItemDataRole.UserRole + 1


class ModelList(QListView):
    current_changed = Signal()
    wanted = Signal()
    """Return or a double click: the next step with the current model."""

    def __init__(self, theme: Theme, work: ModelWork, kinds: Kinds) -> None:
        super().__init__()
        self._kinds = kinds
        self.setProperty("role", "card")
        self.setAccessibleName(tr("Models"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self._rows = QStandardItemModel(self)
        self.setModel(self._rows)
        self.delegate = ModelDelegate(theme, work)
        self.setItemDelegate(self.delegate)
        self.selectionModel().currentChanged.connect(lambda *_: self.current_changed.emit())
        self.activated.connect(lambda _: self.wanted.emit())

    def set_theme(self, theme: Theme) -> None:
        self.delegate.theme = theme
        self.viewport().update()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Keeps the current model, where it is still there."""
        before = self.entry()
        self.selectionModel().blockSignals(True)
        self._rows.clear()
        kind = None
        for entry in entries:
            if entry.kind != kind:
                kind = entry.kind
                title = QStandardItem(tr(self._kinds.get(kind).plural))
                title.setFlags(Qt.ItemFlag.NoItemFlags)
                self._rows.appendRow(title)
            row = QStandardItem(entry.title)
            row.setEditable(False)
            row.setData(entry, ModelRole.ENTRY)
            row.setToolTip(f"{entry.title}\n{row_words(entry)}")
            row.setData(f"{entry.title}, {row_words(entry)}", Qt.ItemDataRole.AccessibleTextRole)
            self._rows.appendRow(row)
        self.selectionModel().blockSignals(False)
        keys = [entry.key for entry in entries]
        wanted = before.key if before is not None and before.key in keys else (keys[0] if keys else "")
        if not self.go_to(wanted):
            self.current_changed.emit()

    def entry(self) -> Entry | None:
        """The current one."""
        found = self.currentIndex().data(ModelRole.ENTRY) if self.currentIndex().isValid() else None
        return found if isinstance(found, Entry) else None

    def go_to(self, key: str) -> bool:
        """Makes a model the current one; False if it is not in the list."""
        for number in range(self._rows.rowCount()):
            entry = self._rows.item(number).data(ModelRole.ENTRY)
            if entry is not None and entry.key == key:
                self.setCurrentIndex(self._rows.index(number, 0))
                self.scrollTo(self._rows.index(max(0, number - 1), 0))
                self.scrollTo(self.currentIndex())
                return True
        return False

    def sizeHint(self) -> QSize:
        return QSize(40 * UNIT, 40 * UNIT)


class ModelDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, work: ModelWork) -> None:
        super().__init__()
        self.theme, self._work = theme, work

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        is_title = index.data(ModelRole.ENTRY) is None
        return QSize(100, self.theme.px((4 if is_title else 6) * UNIT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry | None = index.data(ModelRole.ENTRY)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry is None:
            self._title(painter, option, str(index.data()))
        else:
            self._background(painter, option)
            self._row(painter, option, entry, self._work.order(entry.key))
        painter.restore()

    def _fonts(self, font: QFont) -> tuple[QFont, QFont]:
        whole, small = QFont(font), QFont(font)
        whole.setPixelSize(self.theme.text_px)
        small.setPixelSize(self.theme.small_px)
        return whole, small

    def _title(self, painter: QPainter, option: QStyleOptionViewItem, words: str) -> None:
        _, small = self._fonts(option.font)
        small.setWeight(QFont.Weight.DemiBold)
        painter.setFont(small)
        painter.setPen(self.theme.color("muted"))
        align = _leading(option, Qt.AlignmentFlag.AlignBottom)
        painter.drawText(option.rect.adjusted(UNIT, 0, -UNIT, -UNIT // 2), align, words)

    def _background(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        place = QRectF(option.rect).adjusted(1, 1, -1, -1)
        chosen = option.state & QStyle.StateFlag.State_Selected
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("selected" if chosen else "hover"))
            painter.drawRoundedRect(place, RADIUS - 2, RADIUS - 2)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self.theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS - 2, RADIUS - 2)

    def _row(
        self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, order: Order | None
    ) -> None:
        theme, rect, direction = self.theme, option.rect, option.direction
        _, mark, color = state_of(entry)
        words = row_words(entry)
        has_bar = order is not None and not order.is_over
        if order is not None:
            mark, color = ("error", "danger") if order.state == "failed" else ("generate", "accent")
            words = str(order.error) if order.state == "failed" else order_words(order)
        side = theme.px(_ICON)
        place = QRect(rect.left() + UNIT, rect.center().y() - side // 2, side, side)
        icon(mark, theme.color(color)).paint(painter, QStyle.visualRect(direction, rect, place))
        whole, small = self._fonts(option.font)
        above, below = QFontMetrics(whole), QFontMetrics(small)
        left = place.right() + UNIT + 4
        text = QRect(left, rect.top(), rect.right() - UNIT - left, rect.height())
        height = above.height() + below.height()
        top = rect.top() + (rect.height() - height - (UNIT // 2 if has_bar else 0)) // 2
        size = size_words(entry.spec, sum(model.size for model in entry.models))
        wide = below.horizontalAdvance(size)
        room = text.width() - wide - UNIT
        self._line(painter, option, QRect(left, top, room, above.height()), whole, "text", entry.title)
        at = QRect(text.right() - wide, top, wide + 1, above.height())
        self._line(painter, option, at, small, "muted", size)
        under = QRect(left, top + above.height(), text.width(), below.height())
        self._line(painter, option, under, small, "danger" if mark == "error" else "muted", words)
        if has_bar and order is not None:
            bar = QRect(left, rect.bottom() - UNIT + 1, text.width(), _BAR)
            self._bar(painter, option, bar, order)

    def _line(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        place: QRect,
        font: QFont,
        role: str,
        words: str,
    ) -> None:
        painter.setFont(font)
        painter.setPen(self.theme.color(role))
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        align = _leading(option, Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QStyle.visualRect(option.direction, option.rect, place), align, shown)

    def _bar(self, painter: QPainter, option: QStyleOptionViewItem, place: QRect, order: Order) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("track"))
        whole = QStyle.visualRect(option.direction, option.rect, place)
        painter.drawRoundedRect(QRectF(whole), _BAR / 2, _BAR / 2)
        if order.total:
            filled = QRect(place)
            filled.setWidth(max(_BAR, round(place.width() * min(1.0, order.done / order.total))))
            painter.setBrush(self.theme.color("accent"))
            painter.drawRoundedRect(
                QRectF(QStyle.visualRect(option.direction, option.rect, filled)), _BAR / 2, _BAR / 2
            )


def _leading(option: QStyleOptionViewItem, upright: Qt.AlignmentFlag) -> Qt.AlignmentFlag:
    return QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeading | upright)
