"""The only place where another thread reaches Qt."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal


class Bridge(QObject):
    """Carries events from any thread to the window's thread, in the order in which they were posted."""

    event = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._open = True

    def post(self, event: object) -> None:
        """From any thread. After `close` events are dropped: their window is gone."""
        with self._lock:
            if self._open:
                self.event.emit(event)

    def listen(self, receiver: object) -> None:
        """Calls `receiver(event)` in the window's thread for every event, never inside `post`."""
        self.event.connect(receiver, Qt.ConnectionType.QueuedConnection)

    def close(self) -> None:
        with self._lock:
            self._open = False
