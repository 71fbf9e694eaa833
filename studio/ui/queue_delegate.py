"""How one job of the queue is drawn, with its buttons."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from studio.core.item import JobState
from studio.jobs.events import JobProgress
from studio.jobs.queue import Job
from studio.ui.icons import icon
from studio.ui.queue_model import QueueRole, state_words
from studio.ui.theme import RADIUS, SMALL_PX, UNIT, Theme

ROW = 6 * UNIT
_ICON, _BUTTON = 16, 28

BUTTONS: dict[JobState, tuple[str, ...]] = {
    JobState.RUNNING: ("pause", "cancel"),
    JobState.QUEUED: ("pause", "cancel"),
    JobState.PAUSED: ("resume", "cancel"),
    JobState.FAILED: ("info", "retry"),
    JobState.CANCELLED: ("retry",),
    JobState.DONE: (),
}
"""What a row offers, from left to right; the names are icons' too."""

_TIPS = {"pause": "Pause", "resume": "Go on", "cancel": "Cancel", "retry": "Try again", "info": "Details"}
_MARKS = {
    JobState.RUNNING: ("generate", "accent"),
    JobState.QUEUED: ("queue", "muted"),
    JobState.PAUSED: ("pause", "muted"),
    JobState.DONE: ("done", "success"),
    JobState.FAILED: ("error", "danger"),
    JobState.CANCELLED: ("cancel", "muted"),
}


class QueueDelegate(QStyledItemDelegate):
    pressed = Signal(str, object)
    """A button's name and its job."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW)

    def buttons(self, row: QRect, job: Job) -> list[tuple[str, QRect]]:
        """Where the buttons of a row are."""
        names = BUTTONS[job.state]
        left = row.right() - UNIT - len(names) * _BUTTON
        top = row.center().y() - _BUTTON // 2
        return [(name, QRect(left + n * _BUTTON, top, _BUTTON, _BUTTON)) for n, name in enumerate(names)]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        job: Job | None = index.data(QueueRole.JOB)
        if job is None:
            return
        theme, row = self.theme, option.rect
        progress: JobProgress | None = index.data(QueueRole.PROGRESS)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected" if state & QStyle.StateFlag.State_Selected else "hover"))
            painter.drawRoundedRect(QRectF(row).adjusted(4, 1, -4, -1), RADIUS, RADIUS)
        mark, role = _MARKS[job.state]
        icon(mark, theme.color(role)).paint(
            painter, QRect(row.left() + 2 * UNIT, row.center().y() - 8, _ICON, _ICON)
        )
        buttons = self.buttons(row, job)
        right = (buttons[0][1].left() if buttons else row.right() - UNIT) - UNIT
        left = row.left() + 5 * UNIT
        self._words(painter, QRect(left, row.top() + 5, right - left, 20), job, progress)
        if job.state is JobState.RUNNING:
            self._bar(painter, QRectF(left, row.bottom() - 7, right - left, 4), progress)
        for name, place in buttons:
            shown = place.adjusted(6, 6, -6, -6)
            icon(name, theme.color("muted")).paint(painter, shown)
        painter.restore()

    def _words(self, painter: QPainter, place: QRect, job: Job, progress: JobProgress | None) -> None:
        theme = self.theme
        metrics = painter.fontMetrics()
        painter.setPen(theme.color("text"))
        title = metrics.elidedText(job.title, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place.left(), place.top() + metrics.ascent() - 1, title)
        font = painter.font()
        font.setPixelSize(SMALL_PX)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        painter.setPen(theme.color("danger" if job.state is JobState.FAILED else "muted"))
        words = metrics.elidedText(state_words(job, progress), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place.left(), place.top() + 18 + metrics.ascent() - 2, words)

    def _bar(self, painter: QPainter, place: QRectF, progress: JobProgress | None) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("outline"))
        painter.drawRoundedRect(place, 2, 2)
        fraction = progress.fraction if progress is not None else 0.0
        if fraction > 0:
            painter.setBrush(self.theme.color("accent"))
            painter.drawRoundedRect(
                QRectF(place.left(), place.top(), max(4.0, place.width() * fraction), 4), 2, 2
            )

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            found = self._under(event.position().toPoint(), option, index)
            if found is not None:
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
        found = self._under(event.pos(), option, index)
        if found is not None:
            QToolTip.showText(event.globalPos(), _TIPS[found[0]], view)
            return True
        return super().helpEvent(event, view, option, index)

    def _under(
        self, at: object, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> tuple[str, Job] | None:
        job = index.data(QueueRole.JOB)
        if job is None:
            return None
        for name, place in self.buttons(option.rect, job):
            if place.contains(at):  # type: ignore[call-overload]
                return name, job
        return None
