"""The levels of a WAV file, for a small picture of it."""

from __future__ import annotations

import sys
import wave
from array import array
from pathlib import Path

_FRAMES = 2048
"""Of each bar, so many are looked at: enough for its look, few enough for a file of an hour."""


def peaks(source: Path, count: int) -> list[tuple[float, float]]:
    """(least, greatest) level of `count` equal spans of time, -1 to 1, all channels together.

    Raises:
        ValueError: no WAV file of whole numbers.
    """
    try:
        with wave.open(str(source)) as opened:
            total, width, channels = opened.getnframes(), opened.getsampwidth(), opened.getnchannels()
            count = min(count, total)
            found = []
            for number in range(count):
                opened.setpos(number * total // count)
                span = (number + 1) * total // count - number * total // count
                levels = _levels(opened.readframes(min(span, _FRAMES)), width, channels)
                if not levels:  # cut off
                    break
                full = 2 ** (8 * min(width, 4) - 1) if width != 3 else 2**31
                found.append((min(0.0, min(levels) / full), max(0.0, max(levels) / full)))
            return found
    except (wave.Error, EOFError) as error:
        raise ValueError(str(error)) from error


def _levels(data: bytes, width: int, channels: int) -> array[int]:
    """Whole numbers around 0; three bytes become four."""
    if width not in (1, 2, 3, 4) or channels < 1:
        raise ValueError(f"{width} bytes a sample")
    whole = data[: len(data) // (width * channels) * width * channels]
    if width == 1:
        return array("h", [level - 128 for level in whole])
    if width == 3:
        padded = bytearray(len(whole) // 3 * 4)
        for byte in range(3):
            padded[byte + 1 :: 4] = whole[byte::3]
        whole = bytes(padded)
    found = array("h" if width == 2 else "i", whole)
    if sys.byteorder == "big":
        found.byteswap()
    return found
