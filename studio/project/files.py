"""The few things that saving needs of a file system: durable writes, and words for a full disk."""

from __future__ import annotations

import uuid
from pathlib import Path

from studio.core.disk import free as free
from studio.core.disk import in_words as in_words
from studio.core.disk import is_full as is_full
from studio.core.disk import sync_file as sync_file
from studio.core.disk import sync_folder as sync_folder
from studio.errors import DiskFull, ProjectError, StudioError
from studio.words import tr


def write_atomically(target: Path, data: bytes) -> None:
    """Replaces a file's content: afterwards it holds the old bytes or the new ones, never a part.

    Raises:
        DiskFull: the old content is untouched.
    """
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            sync_file(file.fileno())
        part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise as_studio_error(error, target, target.name, len(data)) from error


def as_studio_error(error: OSError, at: Path, what: str, needed: int | None = None) -> StudioError:
    """DiskFull for a full disk or quota, ProjectError for whatever else the system says while we write."""
    if is_full(error):
        return disk_full(at, what, needed)
    return ProjectError(
        tr(
            "{what} was not saved: the system refused to write ({why}). Everything saved before is safe.",
            what=f"{what[:1].upper()}{what[1:]}",
            why=(error.strerror or tr("unknown")).lower(),
        ),
        tr("Check that the disk is connected and that you may write to it, then try again."),
        ascii(error),
    )


def disk_full(at: Path, what: str, needed: int | None = None) -> DiskFull:
    """`at` is any path on the disk in question; `needed` is in bytes."""
    space = in_words(free(at))
    if needed is None:
        told = tr(
            "Disk full: {what} was not saved. Everything saved before is safe. {free} free.",
            what=what,
            free=space,
        )
    else:
        told = tr(
            "Disk full: {what} was not saved. Everything saved before is safe. {free} free, {needed} needed.",
            what=what,
            free=space,
            needed=in_words(needed),
        )
    return DiskFull(told, tr("Free some space on this disk and try again."))
