"""TIFF with 16 bits per channel, which Pillow does not write for color.

Baseline TIFF 6.0 with deflate and the horizontal predictor (TIFF Technical Note 2002), little-endian.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.core.images import Picture

_SHORT, _LONG, _UNDEFINED = 3, 4, 7
_FORMATS = {_SHORT: "H", _LONG: "I", _UNDEFINED: "B"}
_STRIP_BYTES = 1 << 20


def encode_tiff16(picture: Picture) -> bytes:
    """The picture as TIFF: uint16 pixels (H, W, 1 to 4), alpha unassociated, with its color profile."""
    import numpy as np

    height, width, channels = picture.pixels.shape
    steps = picture.pixels.astype("<u2")
    steps[:, 1:] -= picture.pixels[:, :-1]  # the predictor: differences, modulo 65536
    per_strip = max(1, _STRIP_BYTES // (width * channels * 2))
    data = bytearray(struct.pack("<2sHI", b"II", 42, 0))
    offsets, counts = [], []
    for top in range(0, height, per_strip):
        strip = zlib.compress(np.ascontiguousarray(steps[top : top + per_strip]).tobytes(), 6)
        offsets.append(len(data))
        counts.append(len(strip))
        data += strip
    tags: list[tuple[int, int, tuple[int, ...] | bytes]] = [
        (256, _LONG, (width,)),
        (257, _LONG, (height,)),
        (258, _SHORT, (16,) * channels),
        (259, _SHORT, (8,)),  # deflate
        (262, _SHORT, (1 if channels < 3 else 2,)),  # gray, black is zero; or RGB
        (273, _LONG, tuple(offsets)),
        (277, _SHORT, (channels,)),
        (278, _LONG, (per_strip,)),
        (279, _LONG, tuple(counts)),
        (317, _SHORT, (2,)),  # the predictor
    ]
    if channels in (2, 4):
        tags.append((338, _SHORT, (2,)))  # the last channel is unassociated alpha
    if picture.icc:
        tags.append((34675, _UNDEFINED, picture.icc))
    return _with_directory(data, tags)


def _with_directory(data: bytearray, tags: list[tuple[int, int, tuple[int, ...] | bytes]]) -> bytes:
    entries = []
    for tag, kind, values in tags:
        packed = struct.pack(f"<{len(values)}{_FORMATS[kind]}", *values)
        if len(packed) > 4:
            data += b"\0" * (len(data) % 2)  # values begin at even offsets
            offset = len(data)
            data += packed
            packed = struct.pack("<I", offset)
        entries.append(struct.pack("<HHI", tag, kind, len(values)) + packed.ljust(4, b"\0"))
    data += b"\0" * (len(data) % 2)
    struct.pack_into("<I", data, 4, len(data))
    data += struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", 0)
    return bytes(data)
