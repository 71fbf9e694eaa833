"""The outline of audio, for drawing a waveform."""

from __future__ import annotations

import numpy as np

from studio_music.core.sound.synth import Audio

__all__ = ["peaks"]


def peaks(sound: Audio, columns: int) -> Audio:
    """The lowest and highest sample of each column: columns × 2.

    Args:
        sound: frames, or frames × channels, of which each column shows the farthest out.
    """
    mono = sound if sound.ndim == 1 else None
    low = mono if mono is not None else sound.min(1)
    high = mono if mono is not None else sound.max(1)
    if not len(low) or columns < 1:
        return np.zeros((max(0, columns), 2), np.float32)
    starts = np.minimum(np.arange(columns) * len(low) // columns, len(low) - 1)
    return np.stack([np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)], axis=1)
