"""The queue as a list model: running, then what waits, then what ended, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio.core.item import JobState
from studio.jobs.events import JobProgress
from studio.jobs.queue import Job, Queue
from studio.ui.paging import Pages

JOB_MIME = "application/x-studio-job"


class Mover(Protocol):
    """`Runner.move`: puts a waiting job before another, or last."""

    def __call__(self, job_id: str, before: str | None) -> object: ...


class QueueRole(IntEnum):
    JOB = Qt.ItemDataRole.UserRole + 1
    PROGRESS = Qt.ItemDataRole.UserRole + 2
    """The last `JobProgress`, or None."""


@dataclass(frozen=True)
class QueueSummary:
    """The queue in numbers."""

    running: int = 0
    waiting: int = 0
    paused: int = 0
    failed: int = 0
    done: int = 0

    def words(self) -> str:
        parts = [
            (self.running, "running"),
            (self.waiting, "waiting"),
            (self.paused, "paused"),
            (self.failed, "failed"),
            (self.done, "done"),
        ]
        return "  ·  ".join(f"{count:,} {word}" for count, word in parts if count)


def state_words(job: Job, progress: JobProgress | None) -> str:
    """What a row says about its job."""
    match job.state:
        case JobState.QUEUED:
            return "Waiting"
        case JobState.PAUSED:
            return "Paused"
        case JobState.CANCELLED:
            return "Cancelled"
        case JobState.FAILED:
            return job.error.message if job.error else "Failed"
        case JobState.DONE:
            return f"Done in {duration(job.seconds)}" if job.seconds is not None else "Done"
    if progress is None:
        return "Starting…"
    words = progress.message or "Working"
    if progress.seconds_left is not None:
        words += f"  ·  {duration(progress.seconds_left)} left"
    return words


def duration(seconds: float) -> str:
    """A span of time in short words: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


class QueueModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: Queue | None = None
        self._move: Mover | None = None
        self._pages: Pages[Job] = Pages(self._read)
        self._progress: dict[str, JobProgress] = {}
        self.summary = QueueSummary()

    def set_queue(self, queue: Queue | None, move: Mover | None) -> None:
        """`move` is None where the order cannot be changed."""
        self._queue, self._move = queue, move
        self._progress.clear()
        self.reload()

    def reload(self) -> None:
        """Reads the queue again. Keeps rows where it can, so that a selection and a scroll survive."""
        counts = self._queue.counts() if self._queue is not None else {}
        self.summary = QueueSummary(
            running=counts.get(JobState.RUNNING, 0),
            waiting=counts.get(JobState.QUEUED, 0),
            paused=counts.get(JobState.PAUSED, 0),
            failed=counts.get(JobState.FAILED, 0),
            done=counts.get(JobState.DONE, 0),
        )
        before, now = self._pages.count, sum(counts.values())
        if now > before:
            self.beginInsertRows(QModelIndex(), before, now - 1)
            self._pages.forget(now)
            self.endInsertRows()
        elif now < before:
            self.beginRemoveRows(QModelIndex(), now, before - 1)
            self._pages.forget(now)
            self.endRemoveRows()
        else:
            self._pages.forget(now)
        if now:
            self.dataChanged.emit(self.index(0), self.index(now - 1))

    def progress(self, event: JobProgress) -> None:
        self._progress[event.job_id] = event
        for row in range(min(self._pages.count, 16)):  # what runs is at the top
            job = self._pages.row(row)
            if job is not None and job.id == event.job_id:
                self.dataChanged.emit(self.index(row), self.index(row))
                return

    def ended(self, job_id: str) -> None:
        self._progress.pop(job_id, None)

    def job(self, row: int) -> Job | None:
        return self._pages.row(row)

    def row_of(self, job_id: str, among: int = 400) -> int | None:
        for row in range(min(self._pages.count, among)):
            job = self._pages.row(row)
            if job is not None and job.id == job_id:
                return row
        return None

    def progress_of(self, job_id: str) -> JobProgress | None:
        return self._progress.get(job_id)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else self._pages.count

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        job = self._pages.row(index.row())
        if job is None:
            return None
        if role == QueueRole.JOB:
            return job
        if role == QueueRole.PROGRESS:
            return self._progress.get(job.id)
        if role == Qt.ItemDataRole.DisplayRole:
            return job.title
        if role in (Qt.ItemDataRole.AccessibleDescriptionRole, Qt.ItemDataRole.ToolTipRole):
            return f"{job.title}\n{state_words(job, self._progress.get(job.id))}"
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsDropEnabled
        job = self._pages.row(index.row()) if index.isValid() else None
        if job is None:
            return base
        base |= Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if self._move is not None and job.state in (JobState.QUEUED, JobState.PAUSED):
            base |= Qt.ItemFlag.ItemIsDragEnabled
        return base

    def mimeTypes(self) -> list[str]:
        return [JOB_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        made = QMimeData()
        rows = sorted(index.row() for index in indexes)
        made.setData(JOB_MIME, "\n".join(job.id for row in rows if (job := self._pages.row(row))).encode())
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
        """A job dropped between two rows goes before the lower one, if that one waits; else to the end."""
        if not data.hasFormat(JOB_MIME) or self._move is None:
            return False
        target = parent.row() if row < 0 and parent.isValid() else row
        below = self._pages.row(target) if target >= 0 else None
        while below is not None and below.state is JobState.RUNNING:
            target += 1
            below = self._pages.row(target)
        before = below.id if below is not None and not below.state.is_final else None
        for job_id in bytes(data.data(JOB_MIME).data()).decode().split("\n"):
            if job_id != before:
                self._move(job_id, before)
        return False  # the view must not remove rows: the queue tells its new order itself

    def _read(self, limit: int, offset: int) -> list[Job]:
        assert self._queue is not None
        return self._queue.jobs(limit=limit, offset=offset)
