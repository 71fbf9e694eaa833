"""Garbage is collected in the window's thread only.

Python runs its collector in whichever thread happens to allocate. Cycles that hold Qt objects would then be
destroyed in a task's thread, which Qt does not survive. So the collector is off, and a timer does its work.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500
GROWTH = 1.25
MORE = 20_000
"""By how much what Python has in use must have grown before the old objects are looked through too, which
takes longest: as a factor, and in blocks of memory, of which an object takes two or so."""


class Collector(QObject):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # what a start has made stays: it need not be looked through again and again
        self._in_use = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(EVERY_MS)

    def collect(self) -> None:
        """The young objects; all of them once much more is in use than the last time.

        The blocks are counted, not the objects: `gc.get_objects` takes hold of what a task's thread has half
        made, and a tuple that is still being filled then fails there with a `SystemError`.
        """
        if sys.getallocatedblocks() > max(self._in_use * GROWTH, self._in_use + MORE):
            gc.collect()
            self._in_use = sys.getallocatedblocks()
        else:
            gc.collect(1)
