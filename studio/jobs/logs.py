"""What a worker prints, line by line, of bounded length and amount."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable

from studio.jobs.process import END_OF_JOB

MAX_LINE = 4000
"""Bytes of a line that are kept."""

MAX_LINES = 5000
"""Lines of a job that are kept."""

TAIL = 40
_CHUNK = 1 << 16
_FLOOD_PAUSE = 0.005
_MARK = END_OF_JOB.encode()


class LineReader:
    """Reads a descriptor to its end. A flood is slowed down, never stored; empty lines are left out.

    `on_line` gets every kept line, `on_end` the job whose part has ended. `tail` holds the last lines, kept
    or not, for the story of a crash.
    """

    def __init__(self, fd: int, on_line: Callable[[str], None], on_end: Callable[[str], None]) -> None:
        self._fd = fd
        self._on_line = on_line
        self._on_end = on_end
        self._lines = 0
        self.tail: deque[str] = deque(maxlen=TAIL)

    def new_job(self) -> None:
        """Starts counting anew."""
        self._lines = 0
        self.tail.clear()

    def run(self) -> None:
        part, dropped = b"", 0
        while chunk := os.read(self._fd, _CHUNK):
            *lines, rest = (part + chunk).split(b"\n")
            if lines:
                self._line(lines[0], dropped)
                dropped = 0
            flood = self._lines > MAX_LINES
            for line in lines[1:] if not flood or _MARK in chunk else lines[1:][-TAIL:]:
                self._line(line, 0)
            part = rest[:MAX_LINE]
            dropped += len(rest) - len(part)
            if flood:
                time.sleep(_FLOOD_PAUSE)
        if part:
            self._line(part, dropped)

    def _line(self, raw: bytes, dropped: int) -> None:
        if not raw:
            return
        if raw.startswith(_MARK):
            self._on_end(raw[len(_MARK) :].decode("utf-8", "replace"))
            return
        dropped += max(0, len(raw) - MAX_LINE)
        line = raw[:MAX_LINE].decode("utf-8", "replace").rstrip("\r")
        if dropped:
            line += f" … ({dropped} more bytes on this line)"
        self.tail.append(line)
        self._lines += 1
        if self._lines <= MAX_LINES:
            self._on_line(line)
        elif self._lines == MAX_LINES + 1:
            self._on_line("… more was printed and is left out.")
