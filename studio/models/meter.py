"""How far a fetch is, and whether it is still wanted."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from studio.core.generator import Cancelled

_TELL_SECONDS = 0.1


class FetchProgress(msgspec.Struct, frozen=True):
    done: int
    """Bytes that are here."""
    total: int
    """Bytes in all; 0 where nobody knows."""
    words: str
    """What happens now."""
    source: str
    """Where from, in words."""


OnProgress = Callable[[FetchProgress], None]
"""On the thread that fetches."""


class Meter:
    """Counts the bytes of a model's files; tells at most ten times a second, and when the words change."""

    def __init__(self, total: int, on_progress: OnProgress, cancelled: Callable[[], bool]) -> None:
        self.total = total
        self.source = ""
        """Where from, in words."""
        self.whole = 0
        """Bytes of the files that are here whole."""
        self._on_progress = on_progress
        self._cancelled = cancelled
        self._told = 0.0
        self._words = ""
        self._learned: set[str] = set()

    def learn(self, name: str, size: int) -> None:
        """The size of a file that nobody knew before."""
        if name not in self._learned:
            self._learned.add(name)
            self.total += size

    def check(self) -> None:
        """Raises `Cancelled` when the user has cancelled."""
        if self._cancelled():
            raise Cancelled

    def tell(self, done: int, words: str) -> None:
        """`done`: bytes of the file that is fetched now. Raises `Cancelled` when the user has cancelled."""
        self.check()
        now = time.monotonic()
        if words == self._words and now - self._told < _TELL_SECONDS:
            return
        self._told, self._words = now, words
        there = self.whole + done
        self._on_progress(FetchProgress(min(there, self.total or there), self.total, words, self.source))
