"""The document at hand as bytes: it is there again after a crash."""

from __future__ import annotations

import msgspec

from studio_text.core.passages import Passage

FORMAT = 1
LARGEST = 4 * 2**20
"""Bytes that a room may have kept."""


class Kept(msgspec.Struct, frozen=True):
    """A working copy. Items are named by their uids."""

    name: str
    passages: tuple[Passage, ...]
    base: str = ""
    """The item that it goes on from; "" for none."""
    drafts: tuple[str, ...] = ()
    """What its passages were taken from."""


def packed(kept: Kept) -> bytes:
    """Nothing where it is too large: the text is still in the window."""
    data = msgspec.json.encode(kept)
    return data if len(data) <= LARGEST else b""


def unpacked(data: bytes, format: int) -> Kept | None:
    """None where nothing can be read of it."""
    try:
        return msgspec.json.decode(data, type=Kept) if data and format == FORMAT else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
