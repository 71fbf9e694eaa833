"""What is kept of the canvas while the studio is closed, besides the masks."""

from __future__ import annotations

import msgspec

from studio_image.room.state import Brushes


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    photo: str
    """Uid of the item; "" for none."""
    brushes: Brushes


def encode(saved: Saved) -> bytes:
    return msgspec.msgpack.encode(saved)


def decode(data: bytes) -> Saved | None:
    """None for what `encode` has not written."""
    try:
        return msgspec.msgpack.decode(data, type=Saved)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
