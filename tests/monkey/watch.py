"""Watches the window's thread: what it complains of, and what keeps it from answering."""

from __future__ import annotations

import functools
import re
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QFileDialog

from studio.ui.shell.looks import Looks
from studio.ui.shell.session import Session
from studio.ui.shell.studio_window import StudioWindow
from tests.pace import turn

STALL = 0.200
"""Seconds that the window's thread may take for one step."""
MOST_TURNS = 100
"""Turns of `tests.pace` that it may compute for one step, however fast the computer is: half a second on the
computers of 2020. A room that is shown for the first time, with all it imports, takes a third of a second.
"""
LEAST = 0.100
"""Seconds of work for which nobody looks how fast the computer is: the loop would cost more."""
_THREADS, _OURS = Path("/proc/self/task"), str(threading.main_thread().native_id)
_KNOWN = re.compile(
    r"This plugin does not support|keyToAscii Unhandled|Broken filename passed|propagateSizeHints"
    r"|QClipboard|setCurrentPixelRatio|libpng warning|libpng error|iCCP"
    r"|Mouse event .* not accepted by receiving widget"
)
"""What Qt's platform for tests and its tests' hands say of themselves, and of what the monkey types."""
_NOT_OPEN = re.compile(r'QFile, "(.*)"\): device not open')
_OF_FILE_DIALOG = re.compile(r"edit: (index was invalid|editing failed)")
"""What Qt's own file dialog says when it is asked to rename a file while none is chosen."""
_BUILT_ANEW = (
    (StudioWindow, "rebuild"),
    (StudioWindow, "dress"),
    (Looks, "dress"),
    (Session, "new_window"),
)


class Watch:
    """`step` measures; `faults` has what Qt complained of.

    By the clock it blames what a person would wait for; otherwise what the window's thread computes, which is
    the same on slow and on busy computers.
    """

    def __init__(self, *, by_clock: bool) -> None:
        self._by_clock = by_clock
        self.faults: list[str] = []
        self.stalls: list[tuple[float, str]] = []
        self.rebuilds: list[float] = []
        """Seconds of steps in which windows were built or dressed anew: they are counted, not blamed."""
        self.slowest = 0.0
        self.words: Callable[[], str] = lambda: "the start"
        self._said: Counter[str] = Counter()
        self.took = self._started = self._busy = 0.0
        self._waits: dict[str, float] = {}
        self._is_rebuilt = False
        self._patched = [(kind, name, getattr(kind, name)) for kind, name in _BUILT_ANEW]
        for kind, name, real in self._patched:
            setattr(kind, name, self._noting(real))
        qInstallMessageHandler(self._hear)

    def close(self) -> None:
        qInstallMessageHandler(None)
        for kind, name, real in self._patched:
            setattr(kind, name, real)

    @contextmanager
    def step(self, words: Callable[[], str]) -> Iterator[None]:
        """Measures what is done inside. Waiting for a processor that others use is no fault of ours."""
        self.words, self.took = words, 0.0
        self._begin()
        try:
            yield
        finally:
            self._finish()
            self._started = 0.0

    def next(self) -> None:
        """The same step goes on with another action, which may take as long again."""
        self._finish()
        self._begin()

    def _begin(self) -> None:
        self._is_rebuilt = False
        self._waits, self._busy = _waits(), time.thread_time()
        self._started = time.monotonic()

    def _finish(self) -> None:
        took, busy = time.monotonic() - self._started, time.thread_time() - self._busy
        waited = {thread: wait - self._waits.get(thread, 0) for thread, wait in _waits().items()}
        own = busy
        if self._by_clock:
            own = max(busy, took - waited.pop(_OURS, 0) - max(waited.values(), default=0))
        self.took += own
        if self._is_rebuilt:
            self.rebuilds.append(own)
            return
        self.slowest = max(self.slowest, own)
        if self._is_stall(own):
            self.stalls.append((own, f"{self.words()}, busy for {busy:.3f} s"))

    def _is_stall(self, own: float) -> bool:
        return own > STALL if self._by_clock else own > LEAST and own > MOST_TURNS * turn()

    @property
    def seconds(self) -> float:
        """Since this step began; 0 between steps."""
        return time.monotonic() - self._started if self._started else 0.0

    def rest(self) -> None:
        """What was done so far in this step was waiting on purpose."""
        self._started = time.monotonic()

    def _noting(self, real: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(real)
        def noted(*args: Any, **kwargs: Any) -> Any:
            self._is_rebuilt = True
            return real(*args, **kwargs)

        return noted

    def _hear(self, kind: QtMsgType, _context: object, message: str) -> None:
        if kind is QtMsgType.QtDebugMsg or kind is QtMsgType.QtInfoMsg or _KNOWN.search(message):
            return
        if _OF_FILE_DIALOG.search(message) and any(
            isinstance(one, QFileDialog) and one.isVisible() for one in QApplication.topLevelWidgets()
        ):
            return
        pulled = _NOT_OPEN.search(message)
        if pulled is not None and not Path(pulled[1]).exists():
            return  # it went with its drive between two looks at it
        self._said[message] += 1
        if self._said[message] == 1:
            where = "".join(traceback.format_stack(limit=6)[:-1])
            self.faults.append(f"Qt says at {self.words()}: {message}\n{where}")


def _waits() -> dict[str, float]:
    """Seconds that each of our threads has waited for a processor; none where the system does not tell.

    All of them: one may have Python's lock meanwhile, for which the window's waits. Only the longest is taken
    off besides the window's own.
    """
    waits = {}
    for file in _THREADS.glob("*/schedstat"):
        with suppress(OSError, IndexError, ValueError):  # of a thread that ends just now
            waits[file.parent.name] = int(file.read_text().split()[1]) / 1e9
    return waits
