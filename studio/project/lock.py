"""One studio per project: a lock that the operating system drops when its process ends, however it ends."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path

from studio.errors import ProjectInUse
from studio.words import tr

_FAR = 1 << 30
"""Windows locks a range of bytes against reading as well, so the range lies far behind the text."""


class FolderLock:
    """Holds `folder/lock`. The text in it only serves the message; what counts is the lock on the file."""

    def __init__(self, folder: Path) -> None:
        """Takes the lock.

        Raises:
            ProjectInUse: somebody else holds it; names the process where it is known.
            OSError: the folder cannot be written.
        """
        path = folder / "lock"
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        self._descriptor = os.open(path, flags, 0o666)
        try:
            _lock(self._descriptor)
        except OSError as error:
            holder = _holder(self._descriptor)
            os.close(self._descriptor)
            name = folder.name.removesuffix(".studio")
            if holder is None:
                told = tr("“{name}” is already open on this computer.", name=name)
            else:
                told = tr(
                    "“{name}” is already open on this computer (process {process}).",
                    name=name,
                    process=holder,
                )
            raise ProjectInUse(told, tr("Close it there, or open it read-only here.")) from error
        with contextlib.suppress(OSError):  # on a full disk it is held all the same
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, json.dumps({"process": os.getpid()}).encode())

    def release(self) -> None:
        os.close(self._descriptor)


def _holder(descriptor: int) -> int | None:
    """The process that holds it, where that is known."""
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return int(json.loads(os.read(descriptor, 1000))["process"])
    except (OSError, ValueError, KeyError, TypeError):  # it is being written, or from another program
        return None


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
