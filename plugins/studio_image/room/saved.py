"""What is kept on the disk of the canvas while the studio is closed."""

from __future__ import annotations

import msgspec

from studio_image.room.state import Brushes
from studio_image.room.tool import Tool

MOST_PIXELS = 100_000_000
"""Of a mask: the largest photo that the studio reads has fewer."""


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    photo: str
    """Uid of the item; "" for none."""
    width: int
    height: int
    mask: bytes
    """As `pack` gives it; b"" for none."""
    tool: Tool
    brush_size: int
    hardness: float
    tolerance: int
    amount: int

    @property
    def brushes(self) -> Brushes:
        return Brushes(self.tool, self.brush_size, self.hardness, self.tolerance, self.amount)


def encode(saved: Saved) -> bytes:
    return msgspec.msgpack.encode(saved)


def decode(data: bytes) -> Saved | None:
    """None for what `encode` has not written."""
    try:
        saved = msgspec.msgpack.decode(data, type=Saved)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        return None
    sides = saved.width, saved.height
    return saved if min(sides) >= 0 and saved.width * saved.height <= MOST_PIXELS else None
