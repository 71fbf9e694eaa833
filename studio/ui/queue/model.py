"""The queue as a list: a row for each batch, and below an opened one a row for each of its jobs.

A batch of one job is that job. Rows are found by their place among the batches and read by windows, so that
10,000 jobs cost no more than those that are seen.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from enum import IntEnum
from functools import partial
from itertools import accumulate
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio.core.item import JobState
from studio.jobs.events import JobPlanned, JobProgress
from studio.jobs.job import Job
from studio.jobs.overview import OPEN, Group, Overview, ids_of, jobs_of, overview
from studio.jobs.queue import Queue
from studio.jobs.time_left import Left
from studio.ui.items.queue_words import group_words, state_words
from studio.ui.kit.paging import Pages
from studio.words import tr

JOB_MIME = "application/x-studio-job"
WAITING = (JobState.QUEUED, JobState.PAUSED)
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

_BEGUN = 0.05
"""Part of a job from which on its own pace tells what the others of its batch will take."""
_UNSURE = 1.25
"""How far the jobs of a batch differ in their time, as a factor."""

Mover = Callable[[Sequence[str], str | None], object]
"""Puts waiting jobs before another one, or last."""


class QueueRole(IntEnum):
    ROW = Qt.ItemDataRole.UserRole + 1
    PROGRESS = Qt.ItemDataRole.UserRole + 2
    """The last `JobProgress` of a row's job, or None."""
    WORDS = Qt.ItemDataRole.UserRole + 3
    """What is said below a row's title."""


class Row(Struct, frozen=True):
    """`job` is None on the row of a batch with several jobs; `inside` says that it stands below its batch."""

    group: Group
    job: Job | None = None
    inside: bool = False
    is_open: bool = False

    @property
    def key(self) -> str:
        return self.job.id if self.job is not None else self.group.batch

    @property
    def state(self) -> JobState:
        return self.job.state if self.job is not None else self.group.state

    @property
    def title(self) -> str:
        return self.job.title if self.job is not None else self.group.title


class Current(Struct, frozen=True):
    """What the window says of the queue in one line: a job or a batch that runs, else what waits first."""

    title: str
    job_id: str
    """Of the job that runs, or waits first."""
    batch: str
    size: int = 1
    """Jobs of its batch."""
    over: int = 0
    left: int = 1
    """Jobs of its batch that are over, and those that are not."""
    running: int = 0
    """Jobs of its batch that run."""
    fraction: float = 0.0
    """Of all its jobs, 0 to 1."""
    message: str = ""
    time_left: Left | None = None


class QueueModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: Queue | None = None
        self._move: Mover | None = None
        self._states: tuple[JobState, ...] = ()
        self._opened: set[str] = set()
        self._pages: dict[str, Pages[Job]] = {}
        self._progress: dict[str, tuple[JobProgress, float]] = {}
        """What each job that runs told last, and when."""
        self._plans: dict[str, str] = {}
        """How each job that runs is computed, in words."""
        self._starts: list[int] = [0]
        """Row of each batch, and the number of all rows at the end."""
        self.found = self.whole = Overview()
        """The batches that are shown, and all of them."""
        self.counts: dict[JobState, int] = {}
        self._current: Job | None = None
        self._running: dict[str, str] = {}
        """By batch, a job of it that runs."""

    def set_queue(self, queue: Queue | None, move: Mover | None) -> None:
        """`move` is None where the order cannot be changed."""
        self._queue, self._move = queue, move
        self._progress.clear()
        self._plans.clear()
        self._opened.clear()
        self.reload()

    @property
    def states(self) -> tuple[JobState, ...]:
        return self._states

    def show_states(self, states: Collection[JobState]) -> None:
        """Only jobs in these states; all of them if empty."""
        self._states = tuple(states)
        self.reload()

    def reload(self) -> None:
        """Reads the queue again. Keeps rows where it can, so that a scroll survives."""
        self.counts = self._queue.counts() if self._queue is not None else {}
        whole = overview(self._queue) if self._queue is not None else Overview()
        found = overview(self._queue, self._states) if self._queue is not None and self._states else whole
        self._current = self._first()
        self._lay_out(whole, found)

    def _first(self) -> Job | None:
        """Of what runs the one that began last, since somebody waits for it; else what comes next."""
        if self._queue is None or not any(self.counts.get(state) for state in OPEN):
            return None
        running = self._queue.jobs((JobState.RUNNING,))
        self._running = {job.batch: job.id for job in running}
        if running:
            return max(running, key=lambda job: job.started or 0.0)
        return next(iter(self._queue.jobs(WAITING, limit=1)), None)

    def current(self) -> Current | None:
        """None where nothing runs or waits."""
        job = self._current
        group = next((one for one in self.whole.open_groups() if job and one.batch == job.batch), None)
        if job is None or group is None:
            return None
        told = self.progress_of(job.id)
        fraction = told.fraction if told is not None else 0.0
        if group.size > 1:
            fraction = (group.over + fraction) / group.size
        return Current(
            title=group.title if group.size > 1 else job.title,
            job_id=job.id,
            batch=job.batch,
            size=group.size,
            over=group.over,
            left=group.left,
            running=group.counts[JobState.RUNNING],
            fraction=fraction,
            message=told.message if told is not None else "",
            time_left=_left_of(group, told),
        )

    def set_open(self, batch: str, on: bool) -> None:
        """Opens or closes a batch."""
        if on != (batch in self._opened):
            (self._opened.add if on else self._opened.discard)(batch)
            self._lay_out(self.whole, self.found)

    def is_open(self, batch: str) -> bool:
        return batch in self._opened

    def open_batches(self) -> frozenset[str]:
        return frozenset(self._opened)

    def row(self, number: int) -> Row | None:
        if not 0 <= number < self._starts[-1]:
            return None
        place = bisect_right(self._starts, number) - 1
        group = self.found.group(place)
        inside = number - self._starts[place]
        if group.size == 1:
            job = self._jobs(group.batch, 1).row(0)
            return Row(group, job) if job is not None else None
        is_open = group.batch in self._opened
        if inside == 0:
            return Row(group, is_open=is_open)
        job = self._jobs(group.batch, self.found.sizes[place]).row(inside - 1)
        return Row(group, job, inside=True) if job is not None else None

    def row_of(self, key: str, among: int = 1000) -> int | None:
        """Where a job or batch is, if it is among the first rows."""
        for number in range(min(self._starts[-1], among)):
            row = self.row(number)
            if row is not None and row.key == key:
                return number
        return None

    def progress(self, event: JobProgress) -> None:
        self._progress[event.job_id] = event, time.monotonic()
        for number in range(min(self._starts[-1], 100)):  # what is not over is at the top
            row = self.row(number)
            if row is not None and event.job_id == row.key:
                self.dataChanged.emit(self.index(number), self.index(number))

    def planned(self, event: JobPlanned) -> None:
        """A job begins, or begins anew with less memory; the tool tip of its row says how."""
        reason = event.choice.reason
        self._plans[event.job_id] = f"{event.choice.words()}\n{reason}" if reason else event.choice.words()

    def ended(self, job_id: str) -> None:
        self._progress.pop(job_id, None)
        self._plans.pop(job_id, None)

    def running_left(self) -> float | None:
        """Seconds until what runs is over, as its jobs tell."""
        told = [event for id in self._progress if (event := self.progress_of(id)) is not None]
        return max((event.left.middle for event in told if event.left is not None), default=None)

    def progress_of(self, job_id: str) -> JobProgress | None:
        """What it told last, with what is left of the time that it told; None if it has not begun."""
        if job_id not in self._progress:
            return None
        event, when = self._progress[job_id]
        left = event.left.after(time.monotonic() - when) if event.left is not None else None
        return replace(event, left=left)

    def fraction(self) -> float:
        """How far all that is not over is, together with what ended in the same batches: 0 to 1."""
        over = size = 0.0
        for group in self.whole.open_groups():
            over, size = over + group.over, size + group.size
        partly = sum(event.fraction for event, _ in self._progress.values())
        return min(1.0, (over + partly) / size) if size else 0.0

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else self._starts[-1]

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        row = self.row(index.row())
        if row is None:
            return None
        if role == QueueRole.ROW:
            return row
        if role == QueueRole.PROGRESS:
            return self.progress_of(row.key)
        if role == QueueRole.WORDS:
            return self.words(row)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.title}, {self.words(row)}"
        if role in (Qt.ItemDataRole.AccessibleDescriptionRole, Qt.ItemDataRole.ToolTipRole):
            plan = self._plans.get(row.key, "")
            words = f"{row.title}\n{self.words(row)}\n{plan}".strip()
            return words if row.job is not None else f"{words}\n{_how_to_open(row.is_open)}"
        return None

    def words(self, row: Row) -> str:
        if row.job is not None:
            return state_words(row.job, self.progress_of(row.key))
        told = self.progress_of(self._running.get(row.group.batch, ""))
        is_running = row.state is JobState.RUNNING
        return group_words(row.group, _left_of(row.group, told) if is_running else None)

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        is_waiting = row.state in WAITING if row.job is not None else row.group.waiting > 0
        if self._move is not None and is_waiting:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def mimeTypes(self) -> list[str]:
        return [JOB_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        made = QMimeData()
        rows = [row for index in sorted(indexes, key=lambda one: one.row()) if (row := self.row(index.row()))]
        made.setData(JOB_MIME, "\n".join(self.waiting_of(rows)).encode())
        return made

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def dropMimeData(
        self,
        data: QMimeData,
        action: Qt.DropAction,
        row: int,
        column: int,
        parent: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """What is dropped between two rows goes before the lower one, if that one waits; else to the end."""
        if not data.hasFormat(JOB_MIME) or self._move is None:
            return False
        ids = bytes(data.data(JOB_MIME).data()).decode().split("\n")
        target = parent.row() if row < 0 and parent.isValid() else row
        self._move(ids, self.waiting_from(target, ids) if target >= 0 else None)
        return False  # the view must not remove rows: the queue tells its new order itself

    def waiting_of(self, rows: Sequence[Row]) -> list[str]:
        """The waiting jobs of these rows in the queue's order, each once."""
        return self.jobs_in(rows, WAITING)

    def jobs_in(self, rows: Sequence[Row], states: Collection[JobState]) -> list[str]:
        """The jobs of these rows in one of these states, each once; the row of a batch means all of its."""
        found: dict[str, None] = {}
        for row in rows:
            if row.job is None:
                assert self._queue is not None
                found.update(dict.fromkeys(ids_of(self._queue, states, row.group.batch)))
            elif row.job.state in states:
                found[row.job.id] = None
        return list(found)

    def waiting_from(self, number: int, but: Collection[str] = ()) -> str | None:
        """The first job that waits at this row or below, and is not one of `but`."""
        if self._queue is None:
            return None
        left_out = set(but)
        for place in range(number, self._starts[-1]):
            row = self.row(place)
            if row is None or row.state in ENDED:
                return None
            waiting = self.jobs_in([row], WAITING)
            first = next((id for id in waiting if id not in left_out), None)
            if first is not None:
                return first
        return None

    def _jobs(self, batch: str, count: int) -> Pages[Job]:
        if batch not in self._pages:
            assert self._queue is not None
            pages: Pages[Job] = Pages(partial(self._read, batch))
            pages.forget(count)
            self._pages[batch] = pages
        return self._pages[batch]

    def _read(self, batch: str, limit: int, offset: int) -> list[Job]:
        assert self._queue is not None
        return jobs_of(self._queue, batch, self._states, limit=limit, offset=offset)

    def _lay_out(self, whole: Overview, found: Overview) -> None:
        """Puts the rows in their places: a list that grows or shrinks does so at its end."""
        lengths = [1] * len(found)
        if self._opened:
            for place, row in enumerate(found.rows):
                if row["batch"] in self._opened and found.group(place).size > 1:
                    lengths[place] += found.sizes[place]
        starts = [0, *accumulate(lengths)]
        before, now = self._starts[-1], starts[-1]
        if now > before:
            self.beginInsertRows(QModelIndex(), before, now - 1)
        elif now < before:
            self.beginRemoveRows(QModelIndex(), now, before - 1)
        self.whole, self.found, self._starts, self._pages = whole, found, starts, {}
        if now > before:
            self.endInsertRows()
        elif now < before:
            self.endRemoveRows()
        if now:
            self.dataChanged.emit(self.index(0), self.index(now - 1))


def _left_of(group: Group, told: JobProgress | None) -> Left | None:
    """What the job that runs still takes; those that wait take what the done ones did, else what it does."""
    left = told.left if told is not None else None
    if group.size == 1:
        return left
    fraction = told.fraction if told is not None else 0.0
    each = group.mean_seconds
    if each is None:
        each = left.middle / (1 - fraction) if left is not None and _BEGUN < fraction < 1 else None
    if each is None:
        return None
    rest, now = (group.left - 1) * each, left or Left(each / _UNSURE, each * _UNSURE)
    return Left(now.least + rest / _UNSURE, now.most + rest * _UNSURE)


def _how_to_open(is_open: bool) -> str:
    return tr("Left arrow or a click on the arrow closes it.") if is_open else tr("Enter opens it.")
