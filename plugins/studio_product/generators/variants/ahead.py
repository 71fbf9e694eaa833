"""Work that goes on beside other work, on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Generic, TypeVar

from studio_product.generators.simp.optimize import State

T = TypeVar("T")
Watch = Callable[[State], None]

_LOOKS = 0.1
"""Seconds between two looks at whether it is done."""


class Stopped(Exception):
    """Raised in the work when it shall end."""


class Ahead(Generic[T]):
    """An optimization that was begun before anybody waits for it.

    One solver on a small grid cannot keep two cores busy, but two can: torch lets go of Python's lock.
    """

    def __init__(self, work: Callable[[Watch], T]) -> None:
        self._stopping = threading.Event()
        self._state: State | None = None
        threads = ThreadPoolExecutor(1, thread_name_prefix="design")
        self._future = threads.submit(work, self._watch)
        threads.shutdown(wait=False)

    def result(self, watch: Watch) -> T:
        """Waits for it, telling `watch` where it is. Raises what the work raised, or what `watch` raises."""
        while wait([self._future], timeout=_LOOKS).not_done:
            if self._state is not None:
                watch(self._state)
        return self._future.result()

    def stop(self) -> None:
        """Ends it where it is; returns once it has ended."""
        self._stopping.set()
        wait([self._future])

    def _watch(self, state: State) -> None:
        if self._stopping.is_set():
            raise Stopped
        self._state = state
