"""How wide pictures are by how high they are: known from their thumbnails, before those are there again.

Kept in the cache folder as one file of records of 12 bytes, which only grows at its end: 8 bytes that tell
which look is meant, and the proportion. A hundred thousand pictures take 1.2 MB.
"""

from __future__ import annotations

import logging
import math
import zlib
from array import array
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path
from struct import Struct
from threading import Thread

from studio.core.kind import Kind

MOST = 300_000
"""Records in the file; beyond that the oldest half is forgotten."""
USUAL, SQUARE = 1.5, 1.0
"""Of pictures, and of everything else, as long as nobody knows better."""
_RECORD = Struct("<Qf")
_LEAST, _GREATEST = 0.001, 1000.0

log = logging.getLogger(__name__)


class Proportions:
    """`load` may be called on a thread; all else is for the window's own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._is_loaded = False
        self._kept: tuple[array[int], array[float]] = array("Q"), array("f")
        """Keys in their order, and the proportion of each: what was in the file."""
        self._fresh: dict[int, float] = {}
        self._unsaved: list[int] = []
        self._writing: Thread | None = None

    def load(self) -> None:
        """Reads the file, the first time."""
        if self._is_loaded:
            return
        self._is_loaded = True
        try:
            data = self._file.read_bytes()
        except OSError:
            return
        data = data[: len(data) // _RECORD.size * _RECORD.size]
        found = {key: one for key, one in _RECORD.iter_unpack(data) if _LEAST <= one <= _GREATEST}
        keys = sorted(found)
        self._kept = array("Q", keys), array("f", map(found.__getitem__, keys))
        if len(data) > MOST * _RECORD.size:
            self._shorten(data[-MOST // 2 * _RECORD.size :])

    def of(self, kind: str, digest: str) -> float:
        """What is known of the look of these bytes, or what is usual."""
        try:
            key = _key(kind, digest)
        except ValueError:
            return SQUARE
        fresh = self._fresh.get(key)
        if fresh is not None:
            return fresh
        keys, values = self._kept
        place = bisect_left(keys, key)
        if place < len(keys) and keys[place] == key:
            return values[place]
        return USUAL if kind in (Kind.IMAGE, Kind.MASK) else SQUARE

    def learn(self, kind: str, digest: str, width: int, height: int) -> None:
        """From a thumbnail. What is nearly known stays: thumbnails of other sizes are rounded otherwise."""
        if min(width, height) < 1:
            return
        proportion = width / height
        try:
            key = _key(kind, digest)
        except ValueError:
            return
        if key not in self._fresh and is_nearly(self.of(kind, digest), proportion, 0.02):
            return
        if is_nearly(self._fresh.get(key, math.inf), proportion, 0.02):
            return
        self._fresh[key] = proportion
        self._unsaved.append(key)

    @property
    def has_unsaved(self) -> bool:
        return bool(self._unsaved)

    def save(self) -> None:
        """Has what was learned since written down, by a thread: a busy disk may take half a second for it."""
        if self._unsaved and (self._writing is None or not self._writing.is_alive()):
            data = b"".join(_RECORD.pack(key, self._fresh[key]) for key in self._unsaved)
            self._unsaved.clear()
            self._writing = Thread(target=self._write, args=(data,), name="proportions")
            self._writing.start()

    def close(self) -> None:
        """Everything is written down afterwards."""
        if self._writing is not None:
            self._writing.join()
        self.save()
        if self._writing is not None:
            self._writing.join()

    def _write(self, data: bytes) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("ab") as file:
                file.truncate(file.tell() // _RECORD.size * _RECORD.size)  # half a record of a crash
                file.write(data)
        except OSError as failure:
            log.info("The proportions of pictures could not be kept: %s", failure)

    def _shorten(self, data: bytes) -> None:
        fresh = self._file.with_name(f"{self._file.name}.new")
        try:
            fresh.write_bytes(data)
            fresh.replace(self._file)
        except OSError as failure:
            log.info("The proportions of pictures could not be shortened: %s", failure)


def is_nearly(known: float, proportion: float, part: float = 0.01) -> bool:
    return abs(known - proportion) <= part * proportion


def _key(kind: str, digest: str) -> int:
    """Raises ValueError for what is no digest."""
    return (int(digest[:16], 16) ^ _salt(kind)) & 0xFFFF_FFFF_FFFF_FFFF


@lru_cache(maxsize=256)
def _salt(kind: str) -> int:
    """The same bytes look different as another kind of item."""
    return 0 if kind in (Kind.IMAGE, Kind.MASK) else zlib.crc32(kind.encode()) << 24
