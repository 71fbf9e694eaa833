"""The journal of a project's unfinished work: what was typed, painted and set up, and is no item yet.

One file, to which records are only ever added, on a thread of its own. A record that a kill cut off is left
out, and all before it stands. What later records have replaced goes when there is much of it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import struct
import threading
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from studio import user_files

Value = bytes | Callable[[], bytes]
"""Bytes, or what makes them, on the journal's thread, of something that does not change any more."""

MOST_BYTES = 8 * 2**20
"""Of one value."""
MOST_KEPT = 256 * 2**20
"""Of all values together; the keys that were written longest ago go first."""
SLACK = 2**20
"""Bytes that replaced values may take beside as many as are kept, before the file is written anew."""

_BEGIN = b"studio edits 1\n"
_HEAD = struct.Struct("<BHI")
"""What it does, then the lengths of the key and of the value."""
_SUM = struct.Struct("<I")
"""CRC-32: once of head and key, and once of the value."""
_KEEP, _ADD = 1, 2

log = logging.getLogger(__name__)


class Edits:
    """Values by key, each a list of bytes. Only one program at a time may write to the file.

    Nothing here raises for a disk that is full or gone: what could not be written waits in memory, where
    `kept` finds it, and is written with what comes next.
    """

    def __init__(self, file: Path) -> None:
        """Reads which keys there are. A file that is not there, or is none of ours, counts as empty."""
        self._file = file
        self._places: dict[str, list[tuple[int, int]]] = {}
        """(offset, length) of the values in the file; the key that was written longest ago comes first."""
        self._end = 0
        """Where the next record goes."""
        self._kept = 0
        """Bytes of all values that `_places` names."""
        self._waiting: deque[tuple[int, str, Value]] = deque()
        self._turn = threading.Condition()
        """Held to look at `_waiting`, `_is_busy` and `_is_closing`."""
        self._disk = threading.Lock()
        """Held while the file and `_places` are used."""
        self._is_busy = self._is_closing = self._has_failed = False
        self._thread: threading.Thread | None = None
        try:
            self._scan()
        except OSError as error:
            log.warning("What was kept in %s cannot be read: %s", file, error)

    # Keeping -----------------------------------------------------------------------------------------------

    def keep(self, key: str, value: Value) -> None:
        """Keeps a value in place of all that was kept under this key; b"" forgets the key."""
        self._put(_KEEP, key, value)

    def add(self, key: str, value: Value) -> None:
        """Keeps a value behind those that are kept under this key."""
        self._put(_ADD, key, value)

    def kept(self, key: str) -> list[bytes]:
        """The values under this key, in the order in which they were kept."""
        self.flush()
        with self._turn, self._disk:
            found: list[bytes] = []
            with contextlib.suppress(OSError):
                found = self._read(key)
            for kind, name, value in self._waiting:
                if name == key:
                    found = [*(found if kind == _ADD else ()), *filter(None, [_bytes_of(value)])]
            return found

    def has(self, key: str) -> bool:
        """Whether anything is kept under this key, as far as it is written."""
        with self._disk:
            return key in self._places

    def flush(self) -> None:
        """Waits until all is written, or cannot be."""
        with self._turn:
            self._has_failed = False
            self._turn.notify_all()
            self._turn.wait_for(lambda: self._has_failed or not (self._waiting or self._is_busy))

    def close(self) -> None:
        """Writes what waits, and ends the thread."""
        with self._turn:
            self._is_closing = True
            self._has_failed = False
            self._turn.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _put(self, kind: int, key: str, value: Value) -> None:
        with self._turn:
            if self._is_closing:
                return
            self._waiting.append((kind, key, value))
            self._has_failed = False
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="edits", daemon=True)
                self._thread.start()
            self._turn.notify_all()

    # The thread --------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._is_closing or (self._waiting and not self._has_failed))
                if not self._waiting or self._has_failed:
                    return
                taken = [*self._waiting]
                self._waiting.clear()
                self._is_busy = True
            left = _records(taken)
            try:
                with self._disk:
                    self._write(left)
                left = []
            except OSError as error:
                log.warning("Unfinished work was not kept in %s: %s", self._file, error)
            with self._turn:
                self._waiting.extendleft(reversed(left))
                self._is_busy, self._has_failed = False, bool(left)
                self._turn.notify_all()

    # The file ----------------------------------------------------------------------------------------------

    def _scan(self) -> None:
        """Reads the file's records, up to the first that is not whole."""
        self._places, self._end, self._kept = {}, 0, 0
        try:
            opened = self._file.open("rb")
        except FileNotFoundError:
            return
        with opened:
            if opened.read(len(_BEGIN)) != _BEGIN:
                if opened.tell():
                    log.warning(
                        "%s is no journal; it is now %s", self._file, user_files.put_aside(self._file)
                    )
                return
            self._end = len(_BEGIN)
            while True:
                head = opened.read(_HEAD.size)
                if len(head) < _HEAD.size:
                    return
                kind, key_length, length = _HEAD.unpack(head)
                key = opened.read(key_length)
                if opened.read(_SUM.size) != _SUM.pack(zlib.crc32(head + key)) or length > MOST_BYTES:
                    return
                place = self._end + _HEAD.size + key_length + _SUM.size
                value = opened.read(length)
                if opened.read(_SUM.size) != _SUM.pack(zlib.crc32(value)):
                    return
                self._end = place + length + _SUM.size
                self._note(kind, key.decode("utf-8", "replace"), place, length)

    def _note(self, kind: int, key: str, place: int, length: int) -> None:
        before = self._places.pop(key, [])
        if kind == _ADD:
            before.append((place, length))
            self._places[key] = before
        else:
            self._kept -= sum(length for _, length in before)
            if length:
                self._places[key] = [(place, length)]
        self._kept += length

    def _read(self, key: str) -> list[bytes]:
        places = self._places.get(key)
        if not places:
            return []
        found = []
        with self._file.open("rb") as opened:
            for place, length in places:
                opened.seek(place)
                found.append(opened.read(length))
        return found

    def _write(self, records: list[tuple[int, str, bytes]]) -> None:
        """Adds records to the file; all of them, or none. Raises OSError."""
        with open(self._file, "ab", buffering=0, opener=_private) as opened:
            if os.fstat(opened.fileno()).st_size != self._end:
                self._scan()  # a kill cut it off, or it is another file now: its drive was away
                opened.truncate(self._end)
            whole, places = bytearray(b"" if self._end else _BEGIN), []
            for kind, key, value in records:
                if value or kind == _ADD or key in self._places:
                    record, place = _record(kind, key, value)
                    places.append((kind, key, self._end + len(whole) + place, len(value)))
                    whole += record
            if opened.write(whole) != len(whole):
                opened.truncate(self._end)
                raise OSError("the disk is full")
        self._end += len(whole)
        for each in places:
            self._note(*each)
        try:
            self._tidy()
        except OSError as error:
            log.warning("%s stays as large as it is: %s", self._file, error)

    def _tidy(self) -> None:
        """Writes the file anew where much of it is of no use any more. Raises OSError."""
        if self._kept <= MOST_KEPT and self._end < 2 * self._kept + SLACK:
            return
        for key in [*self._places][:-1] if self._kept > MOST_KEPT else ():
            if self._kept > MOST_KEPT // 2:
                log.warning("%s is forgotten: too much unfinished work is kept", key)
                self._kept -= sum(length for _, length in self._places.pop(key))
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}.new")
        moved: dict[str, list[tuple[int, int]]] = {}
        try:
            with fresh.open("wb") as opened:
                opened.write(_BEGIN)
                for key in self._places:
                    for number, value in enumerate(self._read(key)):
                        record, place = _record(_ADD if number else _KEEP, key, value)
                        moved.setdefault(key, []).append((opened.tell() + place, len(value)))
                        opened.write(record)
                end = opened.tell()
                opened.flush()
                os.fsync(opened.fileno())
            fresh.replace(self._file)
        finally:
            fresh.unlink(missing_ok=True)
        self._places, self._end = moved, end


def _private(file: str, flags: int) -> int:
    return os.open(file, flags, 0o600)


def _record(kind: int, key: str, value: bytes) -> tuple[bytes, int]:
    """A record, and where the value begins in it."""
    name = key.encode()
    head = _HEAD.pack(kind, len(name), len(value)) + name
    start = head + _SUM.pack(zlib.crc32(head))
    return start + value + _SUM.pack(zlib.crc32(value)), len(start)


def _bytes_of(value: Value) -> bytes | None:
    """None for what is too large, or could not be made: what was kept before stays then."""
    try:
        data = value if isinstance(value, bytes) else value()
    except Exception:
        log.exception("Unfinished work could not be put into bytes")
        return None
    if len(data) > MOST_BYTES:
        log.error("Unfinished work of %d bytes is too much to be kept", len(data))
        return None
    return data


def _records(waiting: Sequence[tuple[int, str, Value]]) -> list[tuple[int, str, bytes]]:
    """What is to be written, without what a later record replaces."""
    found: list[tuple[int, str, bytes]] = []
    replaced: set[str] = set()
    for kind, key, value in reversed(waiting):
        data = _bytes_of(value) if key not in replaced else None
        if data is not None:
            found.append((kind, key, data))
            replaced |= {key} if kind == _KEEP else set()
    return found[::-1]
