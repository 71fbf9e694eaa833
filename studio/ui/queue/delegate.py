"""How a row of the queue is drawn, with its buttons."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from studio.core.item import JobState
from studio.jobs.events import JobProgress
from studio.ui.kit.icons import icon
from studio.ui.kit.theme import RADIUS, UNIT, Theme
from studio.ui.queue.model import QueueRole, Row
from studio.words import tr

_ICON, _BUTTON, _INDENT, _BAR = 16, 28, 3 * UNIT, 4

BUTTONS: dict[JobState, tuple[str, ...]] = {
    JobState.RUNNING: ("pause", "cancel"),
    JobState.QUEUED: ("pause", "cancel"),
    JobState.PAUSED: ("resume", "cancel"),
    JobState.FAILED: ("info", "retry"),
    JobState.CANCELLED: ("retry",),
    JobState.DONE: ("photo",),
}
"""What a row offers, in reading order; the names are icons' too."""

_MARKS = {
    JobState.RUNNING: ("generate", "accent"),
    JobState.QUEUED: ("queue", "muted"),
    JobState.PAUSED: ("pause", "muted"),
    JobState.DONE: ("done", "success"),
    JobState.FAILED: ("error", "danger"),
    JobState.CANCELLED: ("cancel", "muted"),
}


def buttons_of(row: Row) -> tuple[str, ...]:
    """What a row offers. A batch is opened to see its results and errors."""
    if row.job is not None:
        return BUTTONS[row.job.state]
    names: tuple[str, ...] = ()
    if row.group.left:
        is_held = row.group.paused or row.state is JobState.PAUSED
        names = ("resume" if is_held else "pause", "cancel")
    return (("retry",) if row.group.counts[JobState.FAILED] else ()) + names


def tip(name: str, row: Row) -> str:
    is_batch = row.job is None
    match name:
        case "pause":
            return tr("Pause this batch") if is_batch else tr("Pause")
        case "resume":
            return tr("Go on with this batch") if is_batch else tr("Go on")
        case "cancel":
            return tr("Cancel what is left of this batch") if is_batch else tr("Cancel")
        case "retry":
            return tr("Try its failed jobs again") if is_batch else tr("Try again")
        case "photo":
            return tr("Show the result")
        case "info":
            return tr("Why it failed")
        case _:
            return tr("Close this batch") if row.is_open else tr("Open this batch")


class QueueDelegate(QStyledItemDelegate):
    pressed = Signal(str, object)
    """A button's name and its row; "fold" is the arrow before a batch."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, self.height())

    def height(self) -> int:
        """Of a row: two lines of text with air around them."""
        return self.theme.px(6 * UNIT)

    def buttons(self, rect: QRect, row: Row, direction: Qt.LayoutDirection) -> list[tuple[str, QRect]]:
        """Where the buttons of a row are."""
        names = buttons_of(row)
        left = rect.right() - UNIT - len(names) * _BUTTON
        top = rect.center().y() - _BUTTON // 2
        return [
            (
                name,
                QStyle.visualRect(direction, rect, QRect(left + n * _BUTTON, top, _BUTTON, _BUTTON)),
            )
            for n, name in enumerate(names)
        ]

    def fold(self, rect: QRect, direction: Qt.LayoutDirection) -> QRect:
        """Where the arrow of a batch is."""
        return QStyle.visualRect(direction, rect, QRect(rect.left(), rect.top(), 3 * UNIT, rect.height()))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Row | None = index.data(QueueRole.ROW)
        if row is None:
            return
        theme, rect, direction = self.theme, option.rect, option.direction
        progress: JobProgress | None = index.data(QueueRole.PROGRESS)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._background(painter, option)
        left = rect.left() + 3 * UNIT + (_INDENT if row.inside else 0)
        mark, role = _MARKS[row.state]
        place = QRect(left, rect.center().y() - _ICON // 2, _ICON, _ICON)
        icon(mark, theme.color(role)).paint(painter, QStyle.visualRect(direction, rect, place))
        if row.job is None:
            closed = "chevron-left" if direction is Qt.LayoutDirection.RightToLeft else "chevron-right"
            arrow = QRect(rect.left() + UNIT, rect.center().y() - 7, 14, 14)
            icon("chevron-down" if row.is_open else closed, theme.color("muted")).paint(
                painter, QStyle.visualRect(direction, rect, arrow)
            )
        buttons = buttons_of(row)
        left += _ICON + UNIT + 4
        right = rect.right() - UNIT - len(buttons) * _BUTTON - UNIT
        text = QRect(left, rect.top(), right - left, rect.height())
        has_bar = row.state is JobState.RUNNING or (row.job is None and row.group.left > 0)
        self._text(
            painter,
            option,
            QStyle.visualRect(direction, rect, text),
            row,
            index.data(QueueRole.WORDS),
            has_bar,
        )
        if has_bar:
            bar = QRect(left, rect.bottom() - UNIT, right - left, _BAR)
            self._bar(painter, QStyle.visualRect(direction, rect, bar), direction, row, progress)
        for name, where in self.buttons(rect, row, direction):
            icon(name, theme.color("muted")).paint(painter, where.adjusted(6, 6, -6, -6))
        painter.restore()

    def _background(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        theme, state = self.theme, option.state
        place = QRectF(option.rect).adjusted(4, 1, -4, -1)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected" if state & QStyle.StateFlag.State_Selected else "hover"))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _text(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        place: QRect,
        row: Row,
        told: str,
        has_bar: bool,
    ) -> None:
        theme = self.theme
        title, small = painter.font(), painter.font()
        title.setPixelSize(theme.text_px)
        small.setPixelSize(theme.small_px)
        above, below = QFontMetrics(title), QFontMetrics(small)
        height = above.height() + below.height()
        top = place.top() + (place.height() - height - (UNIT if has_bar else 0)) // 2
        align = QStyle.visualAlignment(
            option.direction, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        )
        painter.setFont(title)
        painter.setPen(theme.color("text"))
        words = above.elidedText(row.title, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(QRect(place.left(), top, place.width(), above.height()), align, words)
        painter.setFont(small)
        painter.setPen(theme.color("danger" if row.state is JobState.FAILED else "muted"))
        words = below.elidedText(told, Qt.TextElideMode.ElideRight, place.width())
        line = QRect(place.left(), top + above.height(), place.width(), below.height())
        painter.drawText(line, align, words)

    def _bar(
        self,
        painter: QPainter,
        place: QRect,
        direction: Qt.LayoutDirection,
        row: Row,
        progress: JobProgress | None,
    ) -> None:
        if row.job is not None:
            fraction = progress.fraction if progress is not None else 0.0
        else:
            fraction = row.group.over / row.group.size
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("track"))
        painter.drawRoundedRect(QRectF(place), _BAR / 2, _BAR / 2)
        if fraction > 0:
            done = QRect(place.left(), place.top(), max(_BAR, round(place.width() * fraction)), _BAR)
            painter.setBrush(self.theme.color("accent"))
            painter.drawRoundedRect(QRectF(QStyle.visualRect(direction, place, done)), _BAR / 2, _BAR / 2)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            found = self.under(event.position().toPoint(), option.rect, option.direction, index)
            if found is not None and event.button() is Qt.MouseButton.LeftButton:
                self.pressed.emit(*found)
                return True
        return super().editorEvent(event, model, option, index)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        found = self.under(event.pos(), option.rect, option.direction, index)
        if found is not None:
            QToolTip.showText(event.globalPos(), tip(*found), view)
            return True
        return super().helpEvent(event, view, option, index)

    def under(
        self,
        at: QPoint,
        rect: QRect,
        direction: Qt.LayoutDirection,
        index: QModelIndex | QPersistentModelIndex,
    ) -> tuple[str, Row] | None:
        """The button at this place, if there is one."""
        row = index.data(QueueRole.ROW)
        if row is None:
            return None
        if row.job is None and self.fold(rect, direction).contains(at):
            return "fold", row
        for name, place in self.buttons(rect, row, direction):
            if place.contains(at):
                return name, row
        return None
