"""Why a source could not give a file."""

from __future__ import annotations

from pathlib import Path

from studio.core.disk import free, in_words, is_full
from studio.errors import DiskFull, StudioError
from studio.words import tr


class SourceFailed(Exception):
    """The next source may be able to. In words: why, and what to do about it."""

    def __init__(self, reason: str, hint: str = "", detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.detail = detail


class Damaged(SourceFailed):
    """What came are other bytes than the pinned ones. They are gone; a partial may have been the cause."""


def other_bytes(name: str, expected: str, found: str) -> Damaged:
    return Damaged(
        tr("“{name}” has other bytes than the ones that were checked for this model", name=name),
        tr("Do not use that copy. Try another source, or update Studio if the model has a new version."),
        f"{name}: expected SHA-256 {expected}, found {found}",
    )


def other_size(name: str, expected: int, found: int) -> Damaged:
    return Damaged(
        tr(
            "“{name}” has {found} bytes instead of {expected}: it is cut off, or another file",
            name=name,
            found=f"{found:,}",
            expected=f"{expected:,}",
        ),
        tr("Get a whole copy, or choose another source."),
    )


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
            "The model was not fetched: the system refused to write ({why}).",
            why=(error.strerror or tr("unknown")).lower(),
        ),
        tr("Check that the disk is connected and that you may write to it, then try again."),
        ascii(error),
    )
