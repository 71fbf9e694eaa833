"""Long work on plain threads, with progress, and its end in the window's thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio.ui.kit.bridge import Bridge

Made = TypeVar("Made")


class TaskCancelled(Exception):
    """Raised by `Task.progress` and `Task.check` in the work once the user has cancelled it."""


class TaskProgress(Struct, frozen=True):
    task: Task
    fraction: float | None
    """0 to 1; None while nobody knows."""
    message: str


class TaskEnded(Struct, frozen=True):
    task: Task
    result: Any
    error: BaseException | None


class Task:
    """One piece of work. `title` is what the status bar says meanwhile."""

    SECONDS_BETWEEN = 0.05

    def __init__(
        self,
        tasks: Tasks,
        title: str,
        done: Callable[[Any], object],
        failed: Callable[[BaseException], None],
        owner: QObject | None,
        stopped: Callable[[], object],
    ) -> None:
        self.title = title
        self.stopped = stopped
        self.owner = owner
        self.done = done
        self.failed = failed
        self._tasks = tasks
        self._cancelled = threading.Event()
        self._last = 0.0

    def progress(self, done: float, total: float, message: str = "") -> None:
        """For the work: tells how far it is (posted 20 times a second at most); stops it if cancelled."""
        self.check()
        now = time.monotonic()
        if now - self._last >= self.SECONDS_BETWEEN or done >= total:
            self._last = now
            self._tasks.bridge.post(TaskProgress(self, done / total if total else None, message))

    def check(self) -> None:
        """For the work: stops it if cancelled."""
        if self._cancelled.is_set():
            raise TaskCancelled

    def cancel(self) -> None:
        self._cancelled.set()

    def is_cancelled(self) -> bool:
        """For work that has its own way to stop."""
        return self._cancelled.is_set()


class Later(Generic[Made]):
    """What a task makes, for who cannot wait until the window's thread is told of it."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._over = threading.Event()
        self._made: Made | None = None

    def run(self) -> Made:
        """The task's work."""
        try:
            self._made = self._make()
            return self._made
        finally:
            self._over.set()

    def result(self) -> Made | None:
        """Waits until it is made; None if that failed."""
        self._over.wait()
        return self._made


class Tasks:
    """Starts tasks, and tells which still run. `start` and `running` belong to the window's thread."""

    def __init__(self, bridge: Bridge, report: Callable[[BaseException], None]) -> None:
        self.bridge = bridge
        self.running: list[Task] = []
        self._report = report
        self._threads: dict[Task, threading.Thread] = {}
        bridge.listen(self._on_event)

    def start(
        self,
        title: str,
        work: Callable[[Task], Any],
        done: Callable[[Any], object],
        failed: Callable[[BaseException], None] | None = None,
        *,
        owner: QObject | None = None,
        stopped: Callable[[], object] = lambda: None,
    ) -> Task:
        """Runs `work(task)` on a thread, then `done(result)` or `failed(error)` in the window's thread.

        Without `failed` the error is shown to the user. A task that was cancelled calls `stopped` instead.
        One whose `owner` (a dialog that was closed, for example) is gone by then ends in silence.
        """
        task = Task(self, title, done, failed or self._report, owner, stopped)
        thread = threading.Thread(target=self._run, args=(task, work), name=f"task: {title}", daemon=True)
        self.running.append(task)
        self._threads[task] = thread
        thread.start()
        return task

    def finish(self, seconds: float) -> None:
        """At the end of the program: cancels all and waits, so that no half-written file is left behind."""
        for task in self.running:
            task.cancel()
        until = time.monotonic() + seconds
        for thread in self._threads.values():
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self, task: Task, work: Callable[[Task], Any]) -> None:
        try:
            ended = TaskEnded(task, work(task), None)
        except BaseException as error:  # noqa: BLE001 - it is reported in the window's thread
            ended = TaskEnded(task, None, error)
        self.bridge.post(ended)

    def _on_event(self, event: object) -> None:
        if not isinstance(event, TaskEnded):
            return
        task = event.task
        if task not in self._threads:
            return
        del self._threads[task]
        self.running.remove(task)
        if task.owner is not None and not isValid(task.owner):
            return
        if event.error is None:
            task.done(event.result)
        elif isinstance(event.error, TaskCancelled):
            task.stopped()
        else:
            task.failed(event.error)
