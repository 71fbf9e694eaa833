"""The end of a log file as lines, however large the file is and whatever is in it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

TAIL_BYTES = 2_000_000
"""What is read of a file at once, from its end: some 20,000 lines."""
MAX_LINE = 2000
"""Characters of a line that are kept."""

_RECORD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (DEBUG|INFO|WARNING|ERROR|CRITICAL) ")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


class Level(IntEnum):
    ALL = 0
    INFO = 1
    WARNING = 2
    ERROR = 3


_LEVELS = {
    "DEBUG": Level.ALL,
    "INFO": Level.INFO,
    "WARNING": Level.WARNING,
    "ERROR": Level.ERROR,
    "CRITICAL": Level.ERROR,
}


@dataclass(frozen=True)
class Line:
    text: str
    level: Level


@dataclass(frozen=True)
class News:
    """What a reading found."""

    lines: Sequence[Line]
    is_whole: bool
    """These take the place of all lines before: the first reading, or the file is another one now."""
    skipped: int = 0
    """Bytes before them that were left out."""


class Tail:
    """Reads a file's end, then what is appended. One thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._place = 0
        self._identity: tuple[int, int] | None = None
        self._rest = b""
        self._level = Level.INFO

    def read(self) -> News:
        """What is new since the last reading. A file that is not there has no lines. Raises OSError."""
        try:
            opened = self.path.open("rb")
        except FileNotFoundError:
            was_there, self._identity = self._identity is not None, None
            return News([], was_there)
        with opened:
            stat = os.fstat(opened.fileno())
            identity = (stat.st_dev, stat.st_ino)
            is_whole = identity != self._identity or stat.st_size < self._place
            if is_whole:
                self._identity, self._place, self._rest, self._level = identity, 0, b"", Level.INFO
            start = max(self._place, stat.st_size - TAIL_BYTES)
            is_cut = start > self._place
            skipped = start if is_whole else 0
            opened.seek(start)
            data = opened.read(stat.st_size - start)
        self._place = start + len(data)
        if is_cut:
            is_whole, self._rest = True, b""
            data = data.partition(b"\n")[2] if b"\n" in data else data
        *raw, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > TAIL_BYTES:  # one endless line: shown as it is so far
            raw, self._rest = [*raw, self._rest], b""
        return News([self._line(one) for one in raw if one.strip()], is_whole, skipped if is_cut else 0)

    def unfinished(self) -> str:
        """The last line, where it has no end yet."""
        return clean(self._rest)

    def _line(self, raw: bytes) -> Line:
        text = clean(raw)
        found = _RECORD.match(text)
        if found:
            self._level = _LEVELS[found.group(1)]
        return Line(text, self._level)


def clean(raw: bytes) -> str:
    """Bytes as one printable line: what is no text is shown as a dot."""
    text = raw[: MAX_LINE * 4].decode("utf-8", "replace").rstrip("\r").replace("\t", "    ")
    text = _UNPRINTABLE.sub("·", text)
    return text if len(text) <= MAX_LINE else f"{text[:MAX_LINE]} …"
