"""The only place where another thread reaches Qt."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

Listener = Callable[[Any], object]


class Bridge(QObject):
    """Carries events from any thread to the window's thread, in the order in which they were posted."""

    _event = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._open = True
        self._listeners: list[Listener] = []
        self._scope: list[Listener] | None = None
        self._event.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, event: object) -> None:
        """From any thread. After `close` events are dropped: their window is gone."""
        with self._lock:
            if self._open:
                self._event.emit(event)

    def listen(self, listener: Listener) -> None:
        """Calls `listener(event)` in the window's thread for every event, never inside `post`."""
        self._listeners.append(listener)
        if self._scope is not None:
            self._scope.append(listener)

    def unlisten(self, listener: Listener) -> None:
        """It hears no more, not even of what is already on its way. Nothing happens if it did not listen."""
        with suppress(ValueError):
            self._listeners.remove(listener)

    @contextmanager
    def collect(self) -> Iterator[list[Listener]]:
        """The listeners that are added meanwhile, for who takes them all off again: a window built anew."""
        before, self._scope = self._scope, []
        try:
            yield self._scope
        finally:
            self._scope = before

    def close(self) -> None:
        with self._lock:
            self._open = False
        self._listeners.clear()

    def _deliver(self, event: object) -> None:
        for listener in [*self._listeners]:
            if listener in self._listeners:
                try:
                    listener(event)
                except Exception as error:  # noqa: BLE001 - one listener's fault must not keep the news from others
                    sys.excepthook(type(error), error, error.__traceback__)
