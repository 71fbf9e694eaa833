"""A mask packed: in memory while its photo is not on the canvas, and on the disk while the studio is closed.

It packs to almost nothing: only what is painted is kept, as bits where that has no soft edges, compressed.
"""

from __future__ import annotations

import struct
import threading
import zlib
from typing import Any

import cv2
import numpy as np

from studio.ui.api import Rect
from studio_image.room.mask.history import History
from studio_image.room.mask.model import MaskModel

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

_GRAY, _BITS = 0, 1
_HEAD = struct.Struct("<B4I")
"""How it is kept, and the rectangle that holds all that is painted."""


class Damaged(ValueError):
    """Bytes that `pack` has not written for a mask of this size."""


def pack(pixels: Pixels) -> bytes:
    """A mask, (H, W) uint8, as few bytes."""
    rect = Rect(*cv2.boundingRect(pixels))
    part = pixels[rect.slices]
    is_hard = bool(((part == 0) | (part == 255)).all())
    data = np.packbits(part >= 128, axis=None) if is_hard else part
    return _HEAD.pack(_BITS if is_hard else _GRAY, *rect) + zlib.compress(data.tobytes(), 1)


def unpack(packed: bytes, size: tuple[int, int]) -> Pixels:
    """The mask that `pack` got; `size` is its (width, height). Raises Damaged."""
    try:
        kind, *sides = _HEAD.unpack_from(packed)
        rect, whole = Rect(*sides), Rect(0, 0, *size)
        count = rect.width * rect.height
        length = (count + 7) // 8 if kind == _BITS else count
        if kind not in (_GRAY, _BITS) or rect.right > whole.right or rect.bottom > whole.bottom:
            raise Damaged(f"{rect} of {size}")
        data = zlib.decompressobj().decompress(packed[_HEAD.size :], length + 1)
    except (struct.error, zlib.error) as error:
        raise Damaged(str(error)) from error
    if len(data) != length:
        raise Damaged(f"{len(data)} bytes instead of {length}")
    part = np.frombuffer(data, np.uint8)
    if kind == _BITS:
        part = np.unpackbits(part, count=count) * np.uint8(255)
    pixels = np.zeros((whole.height, whole.width), np.uint8)
    pixels[rect.slices] = part.reshape(rect.height, rect.width)
    return pixels


class KeptMask:
    """A mask with what can be taken back of it. It packs itself on a thread, and is held whole until then."""

    def __init__(self, pixels: Pixels, history: History | None = None) -> None:
        """The pixels must not change any more."""
        height, width = pixels.shape
        self.size = (width, height)
        self._pixels: Pixels | None = pixels
        self._packed = b""
        self._history = history
        self._thread = threading.Thread(target=self._pack, args=(pixels,), name="mask", daemon=True)
        self._thread.start()

    def _pack(self, pixels: Pixels) -> None:
        self._packed = pack(pixels)
        self._pixels = None

    @property
    def packed(self) -> bytes:
        self._thread.join()
        return self._packed

    def packed_within(self, most: int) -> bytes:
        """The same in at most so many bytes, if need be without soft edges; b"" where that is too much."""
        if len(self.packed) <= most:
            return self.packed
        hard = pack(np.where(unpack(self.packed, self.size) >= 128, np.uint8(255), np.uint8(0)))
        return hard if len(hard) <= most else b""

    @property
    def cost(self) -> int:
        """Bytes held, about."""
        pixels = self._pixels
        held = len(self._packed) if pixels is None else pixels.nbytes
        return held + (self._history.cost if self._history is not None else 0)

    def forget_history(self) -> None:
        self._history = None

    @property
    def has_history(self) -> bool:
        return self._history is not None

    def model(self) -> MaskModel:
        """The mask to be painted on again. Raises Damaged."""
        model = MaskModel(*self.size)
        model.pixels[:] = unpack(self.packed, self.size)
        if self._history is not None:
            model.take_history(self._history)
        return model
