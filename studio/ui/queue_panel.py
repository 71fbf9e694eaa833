"""The queue at the bottom: what runs, what waits, what ended, and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.core.item import JobState
from studio.jobs.events import JobChanged, JobProgress, QueueChanged
from studio.jobs.queue import Job
from studio.ui.controls import EmptyState, button, label
from studio.ui.queue_delegate import BUTTONS, QueueDelegate
from studio.ui.queue_model import QueueModel
from studio.ui.theme import UNIT, Theme

if TYPE_CHECKING:
    from studio.jobs.runner import Runner

REFRESH_MS = 100
"""A fast batch changes the queue hundreds of times a second; nobody reads faster than this."""


class _View(QListView):
    button_key = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names = {
            Qt.Key.Key_Delete: "cancel",
            Qt.Key.Key_Backspace: "cancel",
            Qt.Key.Key_Space: "pause",
            Qt.Key.Key_R: "retry",
            Qt.Key.Key_Return: "info",
            Qt.Key.Key_Enter: "info",
        }
        name = names.get(Qt.Key(event.key()))
        if name is None:
            super().keyPressEvent(event)
        else:
            self.button_key.emit(name)


class QueuePanel(QWidget):
    details_wanted = Signal(object)
    """A job whose failure or log the user wants to read."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.model = QueueModel(self)
        self._runner: Runner | None = None
        self.view = _View()
        self._delegate = QueueDelegate(theme)
        self.view.setItemDelegate(self._delegate)
        self.view.setModel(self.model)
        self.summary = label("", "small")
        self.pause = button("Pause all", "quiet")
        self.pause.clicked.connect(self.toggle_all)
        self.empty = EmptyState("The queue is empty", "What you generate waits and runs here.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)

        self.header = QWidget()
        row = QHBoxLayout(self.header)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self.summary)
        row.addWidget(self.pause)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._delegate.pressed.connect(self.act)
        self.view.button_key.connect(self._act_on_selected)
        self.view.doubleClicked.connect(lambda index: self.details_wanted.emit(self.model.job(index.row())))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.refresh()

    def set_runner(self, runner: Runner | None) -> None:
        self._runner = runner
        self.model.set_queue(runner.queue if runner else None, runner.move if runner else None)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        self._delegate.theme = theme
        self.view.viewport().update()

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if isinstance(event, JobProgress):
            self.model.progress(event)
        elif isinstance(event, JobChanged):
            if event.job.state is not JobState.RUNNING:
                self.model.ended(event.job.id)
            if not self._timer.isActive():
                self._timer.start()
        elif isinstance(event, QueueChanged) and not self._timer.isActive():
            self._timer.start()

    def refresh(self) -> None:
        self.model.reload()
        self._stack.setCurrentWidget(self.view if self.model.rowCount() else self.empty)
        self.pause.setVisible(self._runner is not None and self.model.rowCount() > 0)
        paused = self._runner is not None and self._runner.queue.paused
        self.pause.setText("Go on with all" if paused else "Pause all")
        words = self.model.summary.words()
        self.summary.setText(f"Paused  ·  {words}" if paused and words else words)

    def act(self, name: str, job: Job) -> None:
        """Does what a row's button says."""
        if self._runner is None:
            return
        match name:
            case "pause":
                self._runner.pause(job.id)
            case "resume":
                self._runner.resume(job.id)
            case "cancel":
                self._runner.cancel(job.id)
            case "retry":
                self._runner.retry(job.id)
            case "info":
                self.details_wanted.emit(job)

    def toggle_all(self) -> None:
        if self._runner is not None:
            if self._runner.queue.paused:
                self._runner.resume_all()
            else:
                self._runner.pause_all()

    def selected(self) -> list[Job]:
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return [job for row in rows if (job := self.model.job(row)) is not None]

    def menu_for(self, jobs: list[Job]) -> QMenu:
        menu = QMenu(self)
        words = {"pause": "Pause", "resume": "Go on", "cancel": "Cancel", "retry": "Try again"}
        for name, text in words.items():
            if any(name in BUTTONS[job.state] for job in jobs):
                menu.addAction(text, partial(self._act_on_selected, name))
        if self._runner is not None:
            runner, batch = self._runner, jobs[0].batch
            group = next((b for b in runner.queue.batches() if b.id == batch), None)
            if group is not None and sum(group.counts.values()) > 1:
                menu.addSeparator()
                if group.paused:
                    menu.addAction("Go on with this batch", lambda: runner.resume_batch(batch))
                else:
                    menu.addAction("Pause this batch", lambda: runner.pause_batch(batch))
                menu.addAction("Cancel this batch", lambda: runner.cancel_batch(batch))
        menu.addSeparator()
        menu.addAction("Details and log…", lambda: self.details_wanted.emit(jobs[0]))
        return menu

    def _act_on_selected(self, name: str) -> None:
        for job in self.selected():
            offered = BUTTONS[job.state]
            if name in offered:
                self.act(name, job)
            elif name == "pause" and "resume" in offered:
                self.act("resume", job)

    def _show_menu(self, at: QPoint) -> None:
        jobs = self.selected()
        if jobs:
            menu = self.menu_for(jobs)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.view.viewport().mapToGlobal(at))

    def sizeHint(self) -> QSize:
        return QSize(600, 20 * UNIT)
