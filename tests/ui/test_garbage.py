"""Qt's objects must die in the window's thread, whichever thread made the garbage."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication

from studio.ui.kit.garbage import EVERY_MS, Collector


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    made = Collector(qapp)
    yield made
    made.deleteLater()
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class Knot(QObject):
    """In a cycle with itself, so that only the collector can free it."""

    def __init__(self, died_in: list[QThread]) -> None:
        super().__init__()
        self.me = self
        self.destroyed.connect(lambda: died_in.append(QThread.currentThread()))


def test_a_thread_that_makes_garbage_frees_none_of_qt(collector: Collector, qtbot) -> None:
    died_in: list[QThread] = []
    for _ in range(20):
        Knot(died_in)

    def litter() -> None:
        for _ in range(50_000):
            cycle: list[object] = []
            cycle.append(cycle)

    thread = threading.Thread(target=litter)
    thread.start()
    thread.join()
    assert not died_in, "the thread has collected"
    qtbot.waitUntil(lambda: len(died_in) == 20, timeout=20 * EVERY_MS)
    assert set(died_in) == {QThread.currentThread()}


def test_old_garbage_goes_once_there_is_much_more_of_it(collector: Collector) -> None:
    collector.collect()
    more = max(60_000, sys.getallocatedblocks() // 2)  # blocks: a list with its place is two
    kept = [[n] for n in range(more)]
    for _ in range(3):
        gc.collect(1)
    before = len(gc.get_objects(generation=2))
    assert before >= len(kept)
    for entry in kept:
        entry.append(entry)
    del kept, entry
    collector.collect()
    assert len(gc.get_objects(generation=2)) < before - more * 0.8


def test_a_tuple_that_a_thread_fills_is_left_alone(collector: Collector) -> None:
    """`tuple` of a generator makes its place first: nobody else may hold it when it is cut to its length."""
    begun, goes_on, made = threading.Event(), threading.Event(), []

    def slowly() -> Iterator[int]:
        yield 1
        begun.set()
        goes_on.wait(60)
        yield from range(20)

    thread = threading.Thread(target=lambda: made.append(tuple(slowly())))
    thread.start()
    assert begun.wait(60)
    for _ in range(3):
        gc.collect(1)
    held: list[object] = []
    get_objects = gc.get_objects

    def keep(generation: int | None = None) -> list[object]:
        held.append(get_objects(generation))
        return held[-1]  # type: ignore[return-value]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "get_objects", keep)  # as if the thread went on while the window counts
        collector.collect()
        goes_on.set()
        thread.join(60)
    assert made == [(1, *range(20))]
