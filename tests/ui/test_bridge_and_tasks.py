from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from studio.errors import StudioError
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.tasks import Task, TaskProgress, Tasks


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal there")
def test_pyside_cannot_use_up_the_constants() -> None:
    for constant in (None, True, False):
        assert sys.getrefcount(constant) > 2**39


def test_events_arrive_in_the_windows_thread_and_in_order(bridge: Bridge, until) -> None:
    got: list[tuple[object, threading.Thread]] = []
    bridge.listen(lambda event: got.append((event, threading.current_thread())))
    threads = [threading.Thread(target=lambda: [bridge.post(n) for n in range(200)]) for _ in range(2)]
    for thread in threads:
        thread.start()
    until(lambda: len(got) == 400)
    assert {thread for _, thread in got} == {threading.main_thread()}
    assert sorted(event for event, _ in got) == sorted([*range(200), *range(200)])


def test_a_closed_bridge_drops_events(bridge: Bridge, qapp) -> None:
    got: list[object] = []
    bridge.listen(got.append)
    bridge.close()
    bridge.post(1)
    qapp.processEvents()
    assert got == []


@pytest.fixture
def tasks(bridge: Bridge):
    failures: list[BaseException] = []
    made = Tasks(bridge, failures.append)
    made.failures = failures  # type: ignore[attr-defined]
    yield made
    made.finish(5)


def test_work_runs_elsewhere_and_ends_here(tasks: Tasks, until) -> None:
    done: list[tuple[object, threading.Thread]] = []
    tasks.start(
        "work",
        lambda _: threading.current_thread(),
        lambda where: done.append((where, threading.current_thread())),
    )
    assert len(tasks.running) == 1
    until(lambda: done)
    assert done[0][0] is not threading.main_thread()
    assert done[0][1] is threading.main_thread()
    assert tasks.running == []


def test_a_failure_is_reported(tasks: Tasks, until) -> None:
    def work(_: Task) -> None:
        raise StudioError("No.")

    tasks.start("work", work, lambda _: pytest.fail("it did not end well"))
    until(lambda: tasks.failures)  # type: ignore[attr-defined]
    assert str(tasks.failures[0]) == "No."  # type: ignore[attr-defined]


def test_a_cancelled_task_ends_in_silence(tasks: Tasks, until) -> None:
    begun = threading.Event()

    def work(task: Task) -> None:
        begun.set()
        while True:
            task.progress(0, 1)

    task = tasks.start("work", work, lambda _: pytest.fail("it was cancelled"))
    begun.wait(5)
    task.cancel()
    until(lambda: not tasks.running)
    assert tasks.failures == []  # type: ignore[attr-defined]


def test_progress_is_not_a_flood(tasks: Tasks, bridge: Bridge, until) -> None:
    told: list[TaskProgress] = []
    bridge.listen(lambda event: told.append(event) if isinstance(event, TaskProgress) else None)

    def work(task: Task) -> None:
        for n in range(100_000):
            task.progress(n, 100_000)
        task.progress(100_000, 100_000, "end")

    tasks.start("work", work, lambda _: None)
    until(lambda: not tasks.running)
    assert 1 <= len(told) <= 200
    assert told[-1].fraction == 1
    assert told[-1].message == "end"


def test_whom_it_was_for_may_be_gone(tasks: Tasks, until) -> None:
    """A dialog dies with its window, without being closed."""
    told: list[str] = []
    go = threading.Event()

    def work(_: Task) -> None:
        assert go.wait(10)

    def fail(_: Task) -> None:
        assert go.wait(10)
        raise StudioError("No.", "")

    gone, there = QObject(), QObject()
    for owner, name in ((gone, "gone"), (there, "there")):
        tasks.start("one", work, lambda _, name=name: told.append(name), owner=owner)
        tasks.start("two", fail, told.append, lambda _, name=name: told.append(f"{name} failed"), owner=owner)
    delete(gone)
    go.set()
    until(lambda: not tasks.running)
    assert sorted(told) == ["there", "there failed"]
