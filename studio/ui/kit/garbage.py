"""Garbage is collected in the window's thread only.

Python runs its collector in whichever thread happens to allocate. Cycles that hold Qt objects would then be
destroyed in a task's thread, which Qt does not survive. So the collector is off, and a timer does its work.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500
GROWTH = 1.25
"""By how much the old objects must have grown before all of them are looked through, which takes longest."""


class Collector(QObject):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # what a start has made stays: it need not be looked through again and again
        self._old = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(EVERY_MS)

    def collect(self) -> None:
        """The young objects; all of them once there are many more old ones than the last time."""
        if len(gc.get_objects(generation=2)) > max(self._old * GROWTH, self._old + 10_000):
            gc.collect()
            self._old = len(gc.get_objects(generation=2))
        else:
            gc.collect(1)
