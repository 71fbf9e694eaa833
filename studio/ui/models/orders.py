"""One thing to do with a model: where it is taken from, how far it is, and how its thread tells of that."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from studio.ui.kit.bridge import Bridge
from studio.ui.kit.tasks import Task

OriginKind = Literal["network", "files", "wheels"]
OrderState = Literal["waiting", "running", "done", "failed", "cancelled"]

_PAUSE = 0.1
"""Seconds between two reports of how far it is."""
_SPAN = 6.0
"""Seconds that a speed is measured over."""


class Origin(Struct, frozen=True):
    """Where a model is taken from: the sources that its plugin names, or something that the user has."""

    kind: OriginKind = "network"
    path: Path | None = None


class Told(Struct, frozen=True):
    """From the thread, over the bridge."""

    order: int
    done: float
    total: float
    step: str
    counts_bytes: bool


class Stocked(Struct, frozen=True):
    """From the thread: the store has other models than before."""


class OrderEnded(Struct, frozen=True):
    order: Order
    result: Any


class Order:
    """One thing to do with a model. Its values change in the window's thread only."""

    def __init__(self, number: int, key: str, title: str, work: Callable[[Teller], Any]) -> None:
        self.number, self.key, self.title, self.work = number, key, title, work
        self.state: OrderState = "waiting"
        self.step = ""
        self.done = self.total = 0.0
        self.counts_bytes = False
        self.error: BaseException | None = None
        self.stop = threading.Event()
        self._samples: deque[tuple[float, float]] = deque()

    @property
    def is_over(self) -> bool:
        return self.state not in ("waiting", "running")

    @property
    def speed(self) -> float:
        """Bytes a second, of the last seconds; 0 while nothing can be said."""
        if len(self._samples) < 2 or not self.counts_bytes:
            return 0.0
        (since, before), (now, done) = self._samples[0], self._samples[-1]
        return max(0.0, (done - before) / (now - since)) if now - since >= 0.5 else 0.0

    @property
    def seconds_left(self) -> float | None:
        speed = self.speed
        return (self.total - self.done) / speed if speed and self.total > self.done else None

    def hear(self, told: Told) -> None:
        if told.counts_bytes != self.counts_bytes or told.done < self.done:
            self._samples.clear()
        self.step, self.done, self.total = told.step, told.done, told.total
        self.counts_bytes = told.counts_bytes
        now = time.monotonic()
        self._samples.append((now, told.done))
        while now - self._samples[0][0] > _SPAN:
            self._samples.popleft()


class Teller:
    """What the work of an order is given. On the work's thread."""

    def __init__(self, order: Order, task: Task, bridge: Bridge) -> None:
        self._order, self._task, self._bridge = order, task, bridge
        self._last = 0.0
        self._step = ""

    def cancelled(self) -> bool:
        """Whether the user, or the end of the program, wants it to stop."""
        return self._order.stop.is_set() or self._task.is_cancelled()

    def tell_stocked(self) -> None:
        """There is a model more, while the work goes on with it."""
        self._bridge.post(Stocked())

    def tell(self, step: str, done: float = 0.0, total: float = 0.0, *, counts_bytes: bool = False) -> None:
        """How far a step is; every tenth of a second at most."""
        now = time.monotonic()
        if step != self._step or now - self._last >= _PAUSE or done >= total > 0:
            self._step, self._last = step, now
            self._bridge.post(Told(self._order.number, done, total, step, counts_bytes))
