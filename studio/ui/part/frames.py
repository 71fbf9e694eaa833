"""Draws frames of parts on plain threads, for any number of views: of each view only the newest wish."""

from __future__ import annotations

import itertools
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable

from msgspec import Struct

from studio.ui.bridge import Bridge

THREADS = 2
IDLE_SECONDS = 3.0
"""Without wishes a thread ends; the next wish starts another."""

Work = Callable[[], object]
Done = Callable[[object], object]
"""Is given what the work made, or the exception that it raised."""


class Drawn(Struct, frozen=True):
    view: int
    result: object


class Frames:
    """One for a window. A view that moves faster than it can be drawn misses frames in between; none wait.

    Each view has one frame in the making at most, and views take turns. Everything but the work itself is for
    the window's thread. It must be closed.
    """

    def __init__(self) -> None:
        self._bridge = Bridge()
        self._numbers = itertools.count()
        self._waiting: OrderedDict[int, Work] = OrderedDict()
        self._under_way: set[int] = set()
        self._owed: Counter[int] = Counter()
        """Frames of each view that were begun and are not told yet."""
        self._done: dict[int, Done] = {}
        self._wake = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._is_closed = False
        self._bridge.listen(self._on_event)

    def new_view(self) -> int:
        """What a view is known by here."""
        return next(self._numbers)

    def ask(self, view: int, work: Work, done: Done, *, first: bool = False) -> None:
        """Calls `done(work())` later, unless a newer wish of the same view comes before it is begun.

        `first`: before all other views, since the user's hand is at this one.
        """
        with self._wake:
            if self._is_closed:
                return
            self._waiting[view] = work
            if first:
                self._waiting.move_to_end(view, last=False)
            self._done[view] = done
            if len(self._threads) < THREADS:
                thread = threading.Thread(target=self._run, name="frames of parts", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._wake.notify()

    def forget(self, view: int) -> None:
        """It is gone: nothing of it is answered any more."""
        with self._wake:
            self._waiting.pop(view, None)
            self._done.pop(view, None)

    def close(self) -> None:
        """Forgets all, and waits for the frames at hand."""
        self._bridge.close()
        with self._wake:
            self._is_closed = True
            self._waiting.clear()
            self._done.clear()
            threads = [*self._threads]
            self._wake.notify_all()
        for thread in threads:
            thread.join()

    def _on_event(self, event: Drawn) -> None:
        with self._wake:
            done = self._done.get(event.view)
            self._owed[event.view] -= 1
            if event.view not in self._waiting and not self._owed[event.view]:
                self._done.pop(event.view, None)  # so that nothing keeps a view that is gone
        if done is not None:
            done(event.result)

    def _run(self) -> None:
        this = threading.current_thread()
        while True:
            with self._wake:
                view = self._next()
                if view is None and not self._is_closed:
                    self._wake.wait(IDLE_SECONDS)
                    view = self._next()
                if view is None:
                    self._threads.remove(this)
                    return
                work = self._waiting.pop(view)
                self._under_way.add(view)
                self._owed[view] += 1
            try:
                result: object = work()
            except Exception as error:  # noqa: BLE001 - told in the window's thread
                result = error
            with self._wake:
                self._under_way.discard(view)
                self._wake.notify()
            self._bridge.post(Drawn(view, result))

    def _next(self) -> int | None:
        """The view that has waited longest, of those of which no frame is in the making."""
        return next((view for view in self._waiting if view not in self._under_way), None)
