"""Draws frames of parts on plain threads, for any number of views: of each view only the newest wish."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct

from studio.ui.api import Bridge

THREADS = 2
IDLE_SECONDS = 3.0
"""Without wishes a thread ends; the next wish starts another."""

Work = Callable[[], object]
Done = Callable[[object], object]
"""Is given what the work made, or the exception that it raised."""


class Drawn(Struct, frozen=True):
    view: int
    done: Done
    """Of this frame: a newer wish has another."""
    result: object


class Frames:
    """One for a window. A view that moves faster than it can be drawn misses frames in between; none wait.

    Each view has one frame in the making at most, and views take turns. Everything but the work itself is for
    the window's thread. It must be closed.
    """

    def __init__(self) -> None:
        self._bridge = Bridge()
        self._numbers = itertools.count()
        self._waiting: OrderedDict[int, tuple[Work, Done]] = OrderedDict()
        self._under_way: set[int] = set()
        self._told: set[int] = set()
        """Views that want to hear of their frames."""
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
            self._waiting[view] = (work, done)
            if first:
                self._waiting.move_to_end(view, last=False)
            self._told.add(view)
            if len(self._threads) < THREADS:
                thread = threading.Thread(target=self._run, name="frames of parts", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._wake.notify()

    def forget(self, view: int) -> None:
        """It is gone: nothing of it is answered any more."""
        with self._wake:
            self._waiting.pop(view, None)
            self._told.discard(view)

    def close(self) -> None:
        """Forgets all, and waits for the frames at hand."""
        self._bridge.close()
        with self._wake:
            self._is_closed = True
            self._waiting.clear()
            self._told.clear()
            threads = [*self._threads]
            self._wake.notify_all()
        for thread in threads:
            thread.join()

    def _on_event(self, event: Drawn) -> None:
        if event.view in self._told:
            event.done(event.result)

    def _run(self) -> None:
        while self._draw_one():
            pass

    def _draw_one(self) -> bool:
        """False where nothing was wished for a while: the thread ends. A frame of its own, so that an idle
        thread keeps nothing of the last view."""
        with self._wake:
            view = self._next()
            if view is None and not self._is_closed:
                self._wake.wait(IDLE_SECONDS)
                view = self._next()
            if view is None:
                self._threads.remove(threading.current_thread())
                return False
            work, done = self._waiting.pop(view)
            self._under_way.add(view)
        try:
            result: object = work()
        except Exception as error:  # noqa: BLE001 - told in the window's thread
            result = error
        with self._wake:
            self._under_way.discard(view)
            self._wake.notify()
        self._bridge.post(Drawn(view, done, result))
        return True

    def _next(self) -> int | None:
        """The view that has waited longest, of those of which no frame is in the making."""
        return next((view for view in self._waiting if view not in self._under_way), None)
