"""The few things that durable writing needs of a file system."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from pathlib import Path

from studio.words import tr

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def sync_file(descriptor: int) -> None:
    """Forces a file's bytes to the disk. On macOS, fsync stops at the drive's cache; F_FULLFSYNC does not."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Makes a rename in a folder durable. Windows has no such call; NTFS journals its metadata."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync_file(descriptor)
    finally:
        os.close(descriptor)


def is_full(error: OSError) -> bool:
    """Whether the disk, or a quota, refused bytes."""
    return error.errno in _FULL


def why_refused(error: OSError) -> str:
    """Why the system lets nothing be made at a place, as the end of a sentence."""
    if is_full(error):
        return tr("the disk is full")
    return {
        errno.EACCES: tr("you may not write there"),
        errno.EPERM: tr("you may not write there"),
        errno.EROFS: tr("that disk is read-only"),
        errno.ENAMETOOLONG: tr("the name is too long"),
        errno.ENOTDIR: tr("a part of its path is a file"),
        errno.EEXIST: tr("a file has that name"),
    }.get(error.errno or 0, error.strerror or tr("the system refused"))


def free(at: Path) -> int:
    """Free bytes on the disk of a path."""
    folder = at if at.is_dir() else at.parent
    return shutil.disk_usage(folder).free if folder.is_dir() else 0


def in_words(size: int) -> str:
    """Bytes as people read them, in powers of 1000 as file managers do: 12 MB."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            amount = size / factor
            return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"
    return f"{size} bytes"
