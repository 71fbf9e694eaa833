"""Writing the large files of models: hashed on the way, and in words where the disk refuses."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import BinaryIO

from studio.core.disk import free, in_words, is_full, sync_file
from studio.errors import DiskFull, StudioError
from studio.models.meter import Meter
from studio.words import tr

CHUNK = 1024 * 1024
"""Bytes that are read at once."""


class Writer:
    """Writes the end of a part and hashes all of it."""

    def __init__(self, part: Path, keep: int = 0, meter: Meter | None = None) -> None:
        """The first `keep` bytes stay and are hashed; what follows them is cut off."""
        self._file: BinaryIO = part.open("r+b" if keep else "wb")
        self._digest = hashlib.sha256()
        self.size = 0
        while self.size < keep:
            chunk = self._file.read(min(CHUNK, keep - self.size))
            if not chunk:
                break
            self._digest.update(chunk)
            self.size += len(chunk)
            if meter is not None:
                meter.check()
        if keep:
            self._file.seek(self.size)
            self._file.truncate()

    def write(self, chunk: bytes) -> int:
        self._digest.update(chunk)
        self.size += len(chunk)
        return self._file.write(chunk)

    def restart(self) -> None:
        self._digest, self.size = hashlib.sha256(), 0
        self._file.seek(0)
        self._file.truncate()

    def sync(self) -> None:
        self._file.flush()
        sync_file(self._file.fileno())

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # the error that matters was raised by a write
            self._file.close()


def disk_full(folder: Path, needed: int) -> DiskFull:
    """`needed`: bytes that are still to come."""
    return DiskFull(
        tr(
            "The disk is full: {needed} are still needed for this model, {free} are free.",
            needed=in_words(needed),
            free=in_words(free(folder)),
        ),
        tr("Free some space and try again: it goes on where it stopped."),
    )


def while_writing(error: OSError, folder: Path, needed: int) -> StudioError:
    """Words for what the system said while we wrote into a folder of our own."""
    if is_full(error):
        return disk_full(folder, needed)
    return StudioError(
        tr(
            "The model was not written: the system refused ({why}).",
            why=(error.strerror or tr("unknown")).lower(),
        ),
        tr("Check that the disk is connected and that you may write to it, then try again."),
        ascii(error),
    )
