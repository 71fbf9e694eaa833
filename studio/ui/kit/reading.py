"""Reading from a project on a thread, for a panel that must not wait: the newest wish first."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from msgspec import Struct

IDLE_SECONDS = 3.0
"""Without wishes the thread ends; the next wish starts another."""


class Read(Struct, frozen=True):
    """Posted on the bridge; `Reader.on_event` takes it from there."""

    reader: Reader
    key: Hashable
    number: int
    result: Any
    error: BaseException | None


class _Wish(Struct, frozen=True):
    number: int
    work: Callable[[], Any]
    done: Callable[[Any], object]


class Reader:
    """Does one wish after the other on one thread. Everything but that work is for the window's thread."""

    def __init__(
        self, post: Callable[[object], None], failed: Callable[[BaseException], object], most: int = 6
    ) -> None:
        """`most`: how many wishes may wait; older ones are dropped, and their `done` is never called."""
        self._post, self._failed, self._most = post, failed, most
        self._waiting: OrderedDict[Hashable, _Wish] = OrderedDict()
        self._asked: dict[Hashable, _Wish] = {}
        self._numbers = itertools.count()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def ask(self, key: Hashable, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Calls `done(work())` later. Of wishes with one key only the newest is answered."""
        wish = _Wish(next(self._numbers), work, done)
        with self._wake:
            self._asked[key] = wish
            self._waiting[key] = wish
            self._waiting.move_to_end(key)
            while len(self._waiting) > self._most:
                dropped, _ = self._waiting.popitem(last=False)
                self._asked.pop(dropped, None)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="gallery reader", daemon=True)
                self._thread.start()
            self._wake.notify()

    def is_asked(self, key: Hashable) -> bool:
        return key in self._asked

    def forget(self) -> None:
        """What was asked is not wanted any more."""
        with self._wake:
            self._waiting.clear()
            self._asked.clear()

    def close(self) -> None:
        """Forgets all, and waits for the work at hand: afterwards nothing reads."""
        self.forget()
        with self._wake:
            thread, self._thread = self._thread, None
            self._wake.notify()
        if thread is not None:
            thread.join()

    def on_event(self, event: object) -> None:
        if not isinstance(event, Read) or event.reader is not self:
            return
        wish = self._asked.get(event.key)
        if wish is None or wish.number != event.number:
            return
        del self._asked[event.key]
        if event.error is None:
            wish.done(event.result)
        else:
            self._failed(event.error)

    def _run(self) -> None:
        this = threading.current_thread()
        while True:
            with self._wake:
                if not self._waiting and self._thread is this:
                    self._wake.wait(IDLE_SECONDS)
                if not self._waiting or self._thread is not this:
                    if self._thread is this:
                        self._thread = None
                    return
                key, wish = self._waiting.popitem()
            try:
                told = Read(self, key, wish.number, wish.work(), None)
            except BaseException as error:  # noqa: BLE001 - it is reported in the window's thread
                told = Read(self, key, wish.number, None, error)
            self._post(told)
