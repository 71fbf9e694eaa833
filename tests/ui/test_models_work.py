"""Fetching and preparing: one after the other, on a thread, with an end that is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from studio.core.generator import Cancelled
from studio.errors import StudioError
from studio.models.store import ModelStore
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.tasks import Tasks
from studio.ui.models import orders
from studio.ui.models.orders import OrderEnded, Teller
from studio.ui.models.words import order_words
from studio.ui.models.work import ModelWork


class Held:
    """Work that waits until it is let go."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.go, self.begun = threading.Event(), threading.Event()
        self.error = error

    def __call__(self, teller: Teller) -> str:
        self.begun.set()
        teller.tell("Getting the files", 30e6, 100e6, counts_bytes=True)
        while not self.go.wait(0.01):
            if teller.cancelled():
                raise Cancelled
        if self.error is not None:
            raise self.error
        return "done"


@pytest.fixture
def reported() -> list[BaseException]:
    return []


@pytest.fixture
def work(bridge: Bridge, home, reported: list[BaseException]) -> Iterator[ModelWork]:
    tasks = Tasks(bridge, reported.append)
    yield ModelWork(tasks, ModelStore(home / "models"))
    tasks.finish(10)


def test_one_follows_the_other(work: ModelWork, until) -> None:
    ended: list[OrderEnded] = []
    work.audience.append(ended.append)
    first, second = Held(), Held()
    one, two = work.start("a", "First", first), work.start("b", "Second", second)
    until(first.begun.is_set)
    assert (one.state, two.state) == ("running", "waiting")
    assert order_words(two) == "Waits for its turn"
    until(lambda: one.total)
    assert order_words(one) == "Getting the files  ·  30.0 MB of 100.0 MB"
    assert work.start("a", "First", first) is one, "what is in line is not begun twice"
    first.go.set()
    until(second.begun.is_set)
    second.go.set()
    until(lambda: not work.busy)
    assert [each.order for each in ended] == [one, two] and ended[0].result == "done"
    assert work.orders == []


def test_cancelling_stops_what_runs_and_drops_what_waits(work: ModelWork, until, reported: list) -> None:
    first, second = Held(), Held()
    work.start("a", "First", first)
    work.start("b", "Second", second)
    until(first.begun.is_set)
    work.cancel("b")
    assert work.order("b") is None
    work.cancel("a")
    until(lambda: work.order("a") is None)
    assert not second.begun.is_set() and reported == []


def test_a_failure_stays_until_it_is_tried_again(work: ModelWork, until) -> None:
    held = Held(StudioError("The network does not answer.", "Try again."))
    held.go.set()
    stocked = []
    work.stocked.connect(lambda: stocked.append(1))
    work.start("a", "First", held)
    until(lambda: work.order("a").state == "failed")
    assert stocked, "its first step may have brought a model"
    held.error = None
    work.again("a")
    until(lambda: work.order("a") is None)
    held.error = StudioError("No.")
    work.start("a", "First", held)
    until(lambda: work.order("a").state == "failed")
    work.cancel("a")
    assert work.orders == []


def test_the_end_of_the_program_stops_it(work: ModelWork, bridge: Bridge, until) -> None:
    held = Held()
    work.start("a", "First", held)
    until(held.begun.is_set)
    work._tasks.finish(10)
    assert all(not thread.is_alive() for thread in work._tasks._threads.values())


def test_speed_is_of_the_last_seconds(work: ModelWork, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(orders.time, "monotonic", lambda: now[0])
    order = orders.Order(1, "a", "First", lambda _: None)

    def tell(done: float) -> None:
        order.hear(orders.Told(1, done, 100e6, "Getting the files", True))

    tell(40e6)  # a resumed download begins here: no speed of it
    assert order.speed == 0 and order.seconds_left is None
    for second in range(1, 9):
        now[0] += 1
        tell(40e6 + second * 5e6)
    assert order.speed == pytest.approx(5e6)
    assert order.seconds_left == pytest.approx(4)
    order.hear(orders.Told(1, 0.2, 1.0, "Preparing it for this computer", False))
    assert order.speed == 0
    order.state = "running"
    assert order_words(order) == "Preparing it for this computer  ·  20 %"
