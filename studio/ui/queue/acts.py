"""What is done with the jobs of the queue that are selected, or with all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from studio.core.item import JobState
from studio.jobs.job import Job
from studio.jobs.overview import OPEN, ids_of, result_of
from studio.ui.items.queue_words import error_words
from studio.ui.queue.model import WAITING, Current, QueueModel, Row
from studio.ui.queue.view import QueueView
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.jobs.runner import Runner

AT_ONCE = 20
"""Jobs that are changed in the window's thread; more of them take a noticeable time."""


class QueueActs(QObject):
    details_wanted = Signal(object)
    """A job whose failure or log the user wants to read."""
    result_wanted = Signal(str)
    """uid of an item that the gallery should select."""
    undo_offered = Signal(str)
    """What was done to jobs, in words; `project.history` can take it back."""

    def __init__(self, model: QueueModel, view: QueueView) -> None:
        super().__init__(view)
        self.model, self.view = model, view
        self.runner: Runner | None = None
        self.background: Callable[[str, Callable[[], object]], object] | None = None
        """Runs what touches many jobs off the window's thread: (title, work); None does it at once."""

    def selected(self, most: int | None = None) -> list[Row]:
        """The selected rows from the top, at most so many."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return [row for number in rows[:most] if (row := self.model.row(number)) is not None]

    def act(self, name: str, row: Row) -> None:
        """Does what a row's button says."""
        runner = self.runner
        if name == "fold":
            self.model.set_open(row.group.batch, not row.is_open)
            return
        if runner is None:
            return
        if row.job is None:
            self._act_on_batch(name, row)
            return
        job = row.job
        match name:
            case "pause":
                runner.pause(job.id)
            case "resume":
                runner.resume(job.id)
            case "cancel":
                self._cancel([job.id])
            case "retry":
                runner.retry(job.id)
            case "photo":
                self._show_result_of(job)
            case "info":
                self.details_wanted.emit(job)

    def _act_on_batch(self, name: str, row: Row) -> None:
        assert self.runner is not None
        runner, batch = self.runner, row.group.batch
        match name:
            case "pause":
                runner.pause_batch(batch)
            case "resume" if row.group.paused:
                runner.resume_batch(batch)
            case "resume":
                for id in ids_of(runner.queue, (JobState.PAUSED,), batch):
                    runner.resume(id)
            case "cancel":
                self._cancel(self.model.jobs_in([row], OPEN))
            case "retry":
                self._retry(self.model.jobs_in([row], (JobState.FAILED,)))

    def toggle_all(self) -> None:
        if self.runner is not None:
            (self.runner.resume_all if self.runner.queue.paused else self.runner.pause_all)()

    def toggle_selected(self) -> None:
        """Pauses what is selected; goes on with it where all of it is paused already."""
        rows = [row for row in self.selected() if row.state in OPEN]
        are_held = bool(rows) and all(row.state is JobState.PAUSED for row in rows)
        name = "resume" if are_held else "pause"
        wanted = [row for row in rows if are_held or row.state is not JobState.PAUSED]

        def work() -> None:
            for row in wanted:
                self.act(name, row)

        self._run(tr("Going on") if are_held else tr("Pausing"), len(wanted), work)

    def toggle_batch(self) -> None:
        for group in {row.group.batch: row.group for row in self.selected()}.values():
            self._act_on_batch("resume" if group.paused else "pause", Row(group))

    def cancel_selected(self) -> None:
        self._cancel(self.model.jobs_in(self.selected(), OPEN))

    def cancel_batch(self) -> None:
        self._cancel(self.model.jobs_in([Row(row.group) for row in self.selected()], OPEN))

    def cancel_current(self, current: Current) -> None:
        """What the strip shows: a job, or what is left of its batch."""
        if self.runner is not None:
            self._cancel(ids_of(self.runner.queue, OPEN, current.batch))

    def cancel_waiting(self) -> None:
        if self.runner is not None:
            self._cancel(ids_of(self.runner.queue, WAITING))

    def retry_selected(self) -> None:
        rows = self.selected()
        failed = self.model.jobs_in([row for row in rows if row.job is None], (JobState.FAILED,))
        over = self.model.jobs_in(
            [row for row in rows if row.job is not None], (JobState.FAILED, JobState.CANCELLED)
        )
        self._retry([*failed, *over])

    def retry_failed(self) -> None:
        if self.runner is not None:
            self._retry(ids_of(self.runner.queue, (JobState.FAILED,)))

    def move_selected(self, where: str) -> None:
        """ "up" or "down" past one row, "top" or "bottom" of what waits."""
        if self.runner is None:
            return
        waiting = ids_of(self.runner.queue, WAITING)
        left = set(waiting)  # one that the list still shows as waiting may run by now
        ids = [id for id in self.model.waiting_of(self.selected()) if id in left]
        if not ids:
            return
        chosen, stay = set(ids), [id for id in waiting if id not in set(ids)]
        first = waiting.index(ids[0])
        place = sum(id not in chosen for id in waiting[:first])
        step = 1 if self.view.steps_by_job(self.selected()) else self._way_past(ids, stay, place, where)
        match where:
            case "top":
                place = 0
            case "bottom":
                place = len(stay)
            case "up":
                place -= step
            case "down":
                place += step
        place = min(max(place, 0), len(stay))
        self.move(ids, stay[place] if place < len(stay) else None)

    def _way_past(self, ids: list[str], stay: list[str], place: int, where: str) -> int:
        """How many waiting jobs a batch has to pass to stand beyond the next batch. Where the two then take
        turns, the older one stands first."""
        beside = place - 1 if where == "up" else place
        if self.runner is None or not 0 <= beside < len(stay):
            return 1
        own, other = self.runner.queue.job(ids[0]), self.runner.queue.job(stay[beside])
        others = set(ids_of(self.runner.queue, WAITING, other.batch))
        places = [number for number, id in enumerate(stay) if id in others]
        if where == "up":
            return place - (places[-1] if own.created < other.created else places[0])
        return (places[0] if own.created > other.created else places[-1]) + 1 - place

    def open_current(self) -> None:
        """Opens or closes a batch; shows what a job made, or why it failed."""
        row = self.model.row(self.view.currentIndex().row())
        if row is None:
            return
        if row.job is None:
            self.act("fold", row)
        elif row.job.state is JobState.DONE:
            self._show_result_of(row.job)
        else:
            self.details_wanted.emit(row.job)

    def show_result(self) -> None:
        done = self.model.jobs_in(self.selected(), (JobState.DONE,))
        if done and self.runner is not None:
            self._show_result_of(self.runner.queue.job(done[0]))

    def copy_error(self) -> None:
        failed = self.model.jobs_in(self.selected(), (JobState.FAILED,))
        if failed and self.runner is not None:
            words = [error_words(self.runner.queue.job(id)) for id in failed[:100]]
            QGuiApplication.clipboard().setText("\n\n".join(words))

    def open_log(self) -> None:
        job = next((row.job for row in self.selected() if row.job is not None), None)
        if job is not None:
            self.details_wanted.emit(job)

    def _show_result_of(self, job: Job) -> None:
        uid = result_of(self.runner.queue, job.id) if self.runner is not None else None
        if uid is not None:
            self.result_wanted.emit(uid)

    def _cancel(self, ids: list[str]) -> None:
        if self.runner is not None and ids:
            runner = self.runner
            self._run(tr("Cancelling"), len(ids), lambda: runner.cancel_many(ids))
            self.undo_offered.emit(
                trn("{count} job was cancelled.", "{count} jobs were cancelled.", len(ids))
            )

    def _retry(self, ids: list[str]) -> None:
        if self.runner is not None and ids:
            runner = self.runner
            self._run(tr("Trying again"), len(ids), lambda: runner.retry_many(ids))

    def move(self, ids: Sequence[str], before: str | None) -> None:
        if self.runner is not None and ids:
            self.runner.move_many(list(ids), before)

    def look_again(self, ids: Collection[str]) -> None:
        """Jobs were changed by undoing or doing again."""
        if self.runner is not None:
            runner = self.runner
            self._run(tr("Looking at the queue"), len(ids), lambda: runner.look_again(ids))

    def _run(self, title: str, count: int, work: Callable[[], object]) -> None:
        if self.background is None or count < AT_ONCE:
            work()
        else:
            self.background(title, work)

    def fold_current(self, on: bool) -> None:
        row = self.model.row(self.view.currentIndex().row())
        if row is None:
            return
        if row.job is None:
            self.model.set_open(row.group.batch, on)
        elif row.inside and not on:
            number = self.model.row_of(row.group.batch)
            if number is not None:
                self.view.setCurrentIndex(self.model.index(number))

    def can(self, id: str, rows: list[Row]) -> bool:
        """Whether a command makes sense for these rows."""
        counts = self.model.counts
        held = {state for row in rows for state, count in row.group.counts.items() if count}
        states = {row.job.state for row in rows if row.job is not None}
        states |= {s for row in rows if row.job is None for s, n in row.group.counts.items() if n}
        match id.removeprefix("queue."):
            case "pause_all":
                return any(counts.values())
            case "cancel_waiting":
                return any(counts.get(state) for state in WAITING)
            case "retry_failed":
                return bool(counts.get(JobState.FAILED))
            case "pause" | "cancel":
                return bool(states & set(OPEN))
            case "pause_batch" | "cancel_batch":
                return any(row.group.size > 1 for row in rows) and bool(held & set(OPEN))
            case "retry":
                return bool(states & {JobState.FAILED, JobState.CANCELLED})
            case "up" | "down" | "top" | "bottom":
                return bool(states & set(WAITING))
            case "show_result":
                return JobState.DONE in states
            case "copy_error":
                return JobState.FAILED in states
            case "log":
                return any(row.job is not None for row in rows)
            case _:
                return bool(rows)
