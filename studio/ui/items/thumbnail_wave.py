"""The levels of a WAV file, for a small picture. Imported on a thumbnail's thread: numpy takes a while."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

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
                if not levels.size:  # cut off
                    break
                found.append((min(0.0, float(levels.min())), max(0.0, float(levels.max()))))
            return found
    except (wave.Error, EOFError) as error:
        raise ValueError(str(error)) from error


def _levels(data: bytes, width: int, channels: int) -> np.ndarray:
    whole = data[: len(data) // (width * channels) * width * channels]
    if width == 1:
        return np.frombuffer(whole, np.uint8).astype(np.float32) / 128 - 1
    if width == 3:
        parts = np.frombuffer(whole, np.uint8).reshape(-1, 3)
        padded = np.zeros((len(parts), 4), np.uint8)
        padded[:, 1:] = parts
        return padded.view("<i4").ravel().astype(np.float32) / 2**31
    if width not in (2, 4):
        raise ValueError(f"{width} bytes a sample")
    return np.frombuffer(whole, f"<i{width}").astype(np.float32) / 2 ** (8 * width - 1)
