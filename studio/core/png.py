"""Pictures written as PNG: the same pixels as the same bytes, and 16-bit color too, which Pillow lacks."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.core.images import Picture


def encode_png(picture: Picture) -> bytes:
    """The picture as PNG: the same pixels give the same bytes. Keeps depth, alpha and color profile."""
    import numpy as np

    height, width, channels = picture.pixels.shape
    color_type = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    parts = [b"\x89PNG\r\n\x1a\n"]
    parts.append(_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, picture.bits, color_type, 0, 0, 0)))
    if picture.icc:
        parts.append(_chunk(b"iCCP", b"icc\0\0" + zlib.compress(picture.icc, 6)))
    samples = picture.pixels.astype(">u2") if picture.bits == 16 else picture.pixels
    rows = np.ascontiguousarray(samples).view(np.uint8).reshape(height, -1)
    packer = zlib.compressobj(3, zlib.DEFLATED, 15, 9, zlib.Z_FILTERED)
    step = max(1, (4 << 20) // rows.shape[1])
    for top in range(0, height, step):
        above = rows[top - 1] if top else np.zeros_like(rows[0])
        block = _filtered(rows[top : top + step], above, picture.bits // 8 * channels)
        packed = packer.compress(block.tobytes())
        if packed:
            parts.append(_chunk(b"IDAT", packed))
    parts.append(_chunk(b"IDAT", packer.flush()))
    parts.append(_chunk(b"IEND", b""))
    return b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _filtered(rows: NDArray[np.uint8], above: NDArray[np.uint8], pixel: int) -> NDArray[np.uint8]:
    """PNG scanlines: per row the filter of Sub, Up and Average whose bytes are smallest.

    `pixel` is the bytes of one pixel.
    """
    import numpy as np

    up = np.concatenate([above[None], rows[:-1]])
    left = np.zeros_like(rows)
    left[:, pixel:] = rows[:, :-pixel]
    average = (left & up) + ((left ^ up) >> 1)
    candidates = [rows - left, rows - up, rows - average]
    costs = [np.minimum(c, -c).sum(axis=1, dtype=np.int64) for c in candidates]
    best = np.argmin(np.stack(costs), axis=0)
    out = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    out[:, 0] = best + 1
    for index, candidate in enumerate(candidates):
        chosen = best == index
        out[chosen, 1:] = candidate[chosen]
    return out
