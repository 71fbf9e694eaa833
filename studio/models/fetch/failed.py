"""Why a source could not give a file."""

from __future__ import annotations

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
