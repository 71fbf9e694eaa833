"""A sample played faster or slower: band-limited interpolation with a loop.

Source: Smith, "Digital Audio Resampling", 2002: a windowed sinc, tabulated for the fractions of a frame.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["resample"]

_TAPS = 8
_PHASES = 1024
_ROWS = 8192
"""Frames that are computed at once: what they need stays in the processor's cache."""

Audio = npt.NDArray[np.float32]


@lru_cache(16)
def _table(halved: int) -> Audio:
    """The weights of `_TAPS` neighbors for each fraction of a frame; the corner lies at 2^(-halved/4) of the
    rate."""
    corner = min(1.0, 2.0 ** (-halved / 4.0)) * (0.95 if halved <= 0 else 1.0)
    offsets = np.arange(_TAPS) - (_TAPS // 2 - 1) - np.arange(_PHASES + 1)[:, None] / _PHASES
    window = np.i0(5.0 * np.sqrt(np.clip(1 - (offsets / (_TAPS / 2)) ** 2, 0, 1))) / np.i0(5.0)
    weights = np.sinc(offsets * corner) * window
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)


def resample(
    sound: Audio,
    first: int,
    last: int,
    loop: tuple[int, int] | None,
    step: float,
    bend: npt.NDArray[Any] | None,
    frames: int,
) -> Audio:
    """So many frames of a sound, read from frame `first` on.

    Args:
        loop: from where to where it is repeated without end.
        last: where it ends; behind that is silence.
        step: frames of the sound for each frame that comes out.
        bend: a factor of `step` for each frame; None: always 1.
    """
    half = _TAPS // 2
    end = loop[1] if loop else last
    after = np.resize(sound[loop[0] : loop[1]], _TAPS) if loop else np.zeros(_TAPS, np.float32)
    padded = np.concatenate([np.zeros(half - 1, np.float32), sound[first:end], after])
    windows = np.lib.stride_tricks.sliding_window_view(padded, _TAPS)
    table = _table(max(0, int(np.ceil(4 * np.log2(step) - 1e-9))))
    out = np.empty(frames, np.float32)
    place = 0.0
    for start in range(0, frames, _ROWS):
        stop = min(frames, start + _ROWS)
        if bend is None:
            at = step * np.arange(start, stop)
        else:
            moves = step * bend[start:stop]
            at = place + np.cumsum(moves) - moves
            place = float(at[-1] + moves[-1])
        if loop:
            long = loop[1] - loop[0]
            into = loop[0] - first
            at = np.where(at < end - first, at, into + (at - into) % long)
        whole = at.astype(np.int32)
        phase = ((at - whole) * _PHASES + 0.5).astype(np.int32)
        np.minimum(whole, end - first, out=whole)
        out[start:stop] = np.einsum("ij,ij->i", windows[whole], table[phase])
    return out
