"""The queue at the bottom: what runs, what waits, what ended, and why."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from studio.core.item import JobState
from studio.jobs.events import JobChanged, JobPlanned, JobPreview, JobProgress, QueueChanged
from studio.jobs.overview import OPEN, generator_of, seconds_left, usual_seconds
from studio.project.history import Changed
from studio.ui.kit.commands import Command
from studio.ui.kit.controls import EmptyState
from studio.ui.kit.theme import UNIT, Theme
from studio.ui.queue.acts import QueueActs
from studio.ui.queue.commands import commands_of, menu_of
from studio.ui.queue.delegate import QueueDelegate
from studio.ui.queue.header import QueueHeader
from studio.ui.queue.model import QueueModel, Row
from studio.ui.queue.strip import Strip
from studio.ui.queue.view import QueueView
from studio.words import tr

if TYPE_CHECKING:
    from studio.jobs.runner import Runner

REFRESH_MS = 100
"""A fast batch changes the queue hundreds of times a second; nobody reads faster than this."""
SHARE = 8
"""A long queue is read again only after as many times as long as the reading took."""
KEPT = 200
"""Selected rows that are looked at to keep the selection and to switch the commands."""
LOOKED_AT = 5
"""Rows that are seen once the queue is opened to look at it."""
END_MS = 2000
"""How often the estimated end is told anew."""


class QueuePanel(QWidget):
    details_wanted = Signal(object)
    """A job whose failure or log the user wants to read."""
    result_wanted = Signal(str)
    """uid of an item that the gallery should select."""
    undo_offered = Signal(str)
    """What was done to jobs, in words; `project.history` can take it back."""
    changed = Signal()
    """The numbers are others."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAccessibleName(tr("Queue"))
        self.model = QueueModel(self)
        self.seconds_left: float | None = None
        self.is_paused = False
        self.actions_by_id: Mapping[str, QAction] = {}
        self._runner: Runner | None = None
        self._generators: dict[str, str] = {}
        self._usual: dict[str, float | None] = {}
        self.view = QueueView()
        self.delegate = QueueDelegate(theme)
        self.view.setItemDelegate(self.delegate)
        self.view.setModel(self.model)
        self.view.setAccessibleName(tr("Jobs"))
        self.acts = QueueActs(self.model, self.view)
        self.acts.details_wanted.connect(self.details_wanted)
        self.acts.result_wanted.connect(self.result_wanted)
        self.acts.undo_offered.connect(self.undo_offered)
        self.empty = EmptyState("", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        self.header = QueueHeader()
        self.strip = Strip(theme)
        self.summary, self.end = self.header.summary, self.header.end
        self.filter, self.pause = self.header.filter, self.header.pause
        self.filter.activated.connect(lambda _: self._filtered())
        self.pause.clicked.connect(self.acts.toggle_all)
        self.strip.resume_wanted.connect(self.acts.toggle_all)
        self.strip.cancel_wanted.connect(self.acts.cancel_current)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._clock = QTimer(self)
        self._clock.setInterval(END_MS)
        self._clock.timeout.connect(self._tell)
        self._clock.timeout.connect(self.view.viewport().update)
        self.delegate.pressed.connect(self.acts.act)
        self.view.fold_key.connect(self.acts.fold_current)
        self.view.doubleClicked.connect(lambda _: self.acts.open_current())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.refresh()

    # What the window calls ---------------------------------------------------------------------------------

    def set_runner(self, runner: Runner | None) -> None:
        self._runner = self.acts.runner = runner
        self._generators.clear()
        self._usual.clear()
        self.model.set_queue(runner.queue if runner else None, self.acts.move if runner else None)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        self.delegate.theme = theme
        self.strip.set_theme(theme)
        self.view.doItemsLayout()
        self.view.viewport().update()

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if isinstance(event, JobProgress):
            self.model.progress(event)
            self._tell_strip()
            self.changed.emit()
        elif isinstance(event, JobPreview):
            self.strip.show_preview(event)
        elif isinstance(event, JobPlanned):
            self.model.planned(event)
        elif isinstance(event, JobChanged):
            if event.job.state is not JobState.RUNNING:
                self.model.ended(event.job.id)
            if not self._timer.isActive():
                self._timer.start()
        elif isinstance(event, Changed) and event.jobs and self._runner is not None:
            self.acts.look_again(event.jobs)
        elif isinstance(event, QueueChanged) and not self._timer.isActive():
            self._timer.start()

    def commands(self) -> list[Command]:
        return commands_of(self.acts)

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        """The window's actions of `commands`: they are switched on and off as the selection allows."""
        self.actions_by_id = actions
        self._enable()

    def state(self) -> object:
        """For a window that is built anew: what is open, shown and selected."""
        keys = [row.key for row in self.acts.selected(KEPT)]
        return (
            self.filter.currentIndex(),
            self.model.open_batches(),
            keys,
            self.view.verticalScrollBar().value(),
        )

    def restore(self, state: object) -> None:
        match state:
            case (int(shown), frozenset() as opened, list(keys), int(scroll)):
                self.filter.setCurrentIndex(shown)
                self._filtered()
                for batch in opened:
                    self.model.set_open(batch, True)
                self._select(keys)
                self.view.verticalScrollBar().setValue(scroll)

    # Seen --------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        began = time.perf_counter()
        keys = [row.key for row in self.acts.selected(KEPT)]
        self.model.reload()
        if keys:
            self._select(keys)
        self.is_paused = self._runner is not None and self._runner.queue.paused
        self._tell()
        self._enable()
        took = time.perf_counter() - began
        self._timer.setInterval(max(REFRESH_MS, round(took * 1000 * SHARE)))
        self.changed.emit()

    def _tell(self) -> None:
        counts = self.model.counts
        has_jobs = any(counts.values())
        self._stack.setCurrentWidget(self.view if self.model.rowCount() else self.empty)
        if has_jobs:
            self.empty.say(tr("Nothing here"), tr("No job is in this state. Choose “All” to see the others."))
        else:
            self.empty.say(tr("The queue is empty"), tr("What you generate waits and runs here."))
        self.pause.setVisible(self._runner is not None and has_jobs)
        self.filter.setVisible(has_jobs)
        is_open = self._runner is not None and any(counts.get(state) for state in OPEN)
        self.seconds_left = (
            seconds_left(
                self.model.whole, self._expected, self.model.running_left(), is_paused=self.is_paused
            )
            if is_open
            else None
        )
        self.header.tell(counts, self.seconds_left, is_paused=self.is_paused)
        self._tell_strip()
        if is_open != self._clock.isActive():
            self._clock.start() if is_open else self._clock.stop()

    def _tell_strip(self) -> None:
        self.strip.tell(self.model.current(), self.model.counts, is_paused=self.is_paused)

    def _expected(self, batch: str) -> float | None:
        """What such a job took lately: since the start of the program, else as the project tells."""
        assert self._runner is not None
        queue = self._runner.queue
        if batch not in self._generators:
            self._generators[batch] = generator_of(queue, batch)
        generator = self._generators[batch]
        now = self._runner.expected(generator)
        if now is not None:
            return now
        if generator not in self._usual:
            self._usual[generator] = usual_seconds(queue, generator)
        return self._usual[generator]

    def _filtered(self) -> None:
        self.model.show_states(self.filter.currentData())
        self._tell()

    def selected(self) -> list[Row]:
        return self.acts.selected()

    def _select(self, keys: list[str]) -> None:
        """Selects rows again after they have moved: a key must never act on another job."""
        rows = {number for key in keys if (number := self.model.row_of(key)) is not None}
        selection = self.view.selectionModel()
        if rows != {index.row() for index in selection.selectedIndexes()}:
            selection.clearSelection()
            for number in sorted(rows):
                selection.select(self.model.index(number), QItemSelectionModel.SelectionFlag.Select)
            if rows:
                selection.setCurrentIndex(
                    self.model.index(min(rows)), QItemSelectionModel.SelectionFlag.NoUpdate
                )

    # Keys and menus ----------------------------------------------------------------------------------------

    def menu_for(self, rows: list[Row]) -> QMenu:
        return menu_of(self, self.acts, self.actions_by_id, rows)

    def _enable(self) -> None:
        if not self.actions_by_id:
            return
        rows = self.acts.selected(KEPT)
        for command in self.commands():
            action = self.actions_by_id.get(command.id)
            if action is not None:
                action.setEnabled(self._runner is not None and self.acts.can(command.id, rows))

    def _show_menu(self, at: QPoint) -> None:
        rows = self.selected()
        if rows:
            menu = self.menu_for(rows)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.view.viewport().mapToGlobal(at))

    @property
    def looked_at(self) -> int:
        """How high it is, in pixels, when somebody opens it to look at it."""
        return LOOKED_AT * self.delegate.height() + UNIT

    def sizeHint(self) -> QSize:
        return QSize(600, 20 * UNIT)
