"""How loud audio is, measured block by block: EBU R 128, and the true peak.

Sources: ITU-R BS.1770-4 (K weighting, gates, true peak by four times oversampling), EBU R 128 (-1 dBTP).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from studio_music.core.sound.synth import Audio

__all__ = ["MOST_TRUE_PEAK", "Loudness", "decibels"]

MOST_TRUE_PEAK = -1.0
"""dBTP."""
_STEP = 0.1
_STEPS_IN_BLOCK = 4
_OVERSAMPLED = 4
_CONTEXT = 64
"""Frames around a window that the oversampling filter needs."""
_WINDOW = 2048
_MOST_BETWEEN = 1.5
"""Between samples a sound gets at most so much louder than at them: the worst sine, 3 dB, and some more."""


def decibels(factor: float) -> float:
    return 20 * math.log10(factor) if factor > 0 else -math.inf


@lru_cache(1)
def _between() -> Any:
    """The low pass that computes what lies between samples: what `resample_poly` uses by itself."""
    from scipy.signal import firwin

    taps = 20 * _OVERSAMPLED + 1
    return firwin(taps, 1 / _OVERSAMPLED, window=("kaiser", 5.0)).astype(np.float32)


class Loudness:
    """Hears audio, and says how loud all of it was."""

    def __init__(self, rate: int) -> None:
        from pyloudnorm import IIRfilter

        shelf, low_cut = (
            IIRfilter(4.0, 1 / math.sqrt(2), 1500.0, rate, "high_shelf"),
            IIRfilter(0.0, 0.5, 38.0, rate, "high_pass"),
        )
        self._up: Any = np.convolve(shelf.b, low_cut.b)  # both in one pass
        self._down: Any = np.convolve(shelf.a, low_cut.a)
        self._state = np.zeros((2, 4))
        self._step = round(_STEP * rate)
        self._rest = np.zeros((2, 0))
        self._energies: list[float] = []
        self._before = np.zeros((2, _CONTEXT), np.float32)
        self.true_peak = 0.0
        """The loudest moment between and at the samples; full scale is 1."""

    def hear(self, sound: Audio) -> None:
        """Takes frames × 2."""
        from scipy.signal import lfilter

        if not len(sound):
            return
        weighted, self._state = lfilter(self._up, self._down, sound.T, zi=self._state)
        weighted = np.concatenate([self._rest, weighted], axis=1)
        steps = weighted.shape[1] // self._step
        whole = weighted[:, : steps * self._step].reshape(2, steps, self._step)
        self._energies += (np.einsum("csf,csf->s", whole, whole) / self._step).tolist()
        self._rest = weighted[:, steps * self._step :]
        self._hear_peaks(np.concatenate([self._before, sound.T], axis=1))

    def _hear_peaks(self, sound: Audio) -> None:
        """The true peak of 2 × frames, at four times the rate; the loudest windows first, which spares most
        others."""
        from scipy.signal import resample_poly

        self._before = sound[:, -_CONTEXT:]
        frames = sound.shape[1]
        levels = np.maximum(np.abs(sound[0]), np.abs(sound[1]))
        starts = np.arange(0, frames, _WINDOW)
        peaks = np.maximum.reduceat(levels, starts)
        for place in np.argsort(-peaks):
            if peaks[place] * _MOST_BETWEEN <= self.true_peak:
                break
            start, end = max(0, starts[place] - _CONTEXT), starts[place] + _WINDOW + _CONTEXT
            between = resample_poly(sound[:, start:end], _OVERSAMPLED, 1, axis=1, window=_between())
            if end > frames:  # what follows is not known yet: the next block has this end before it
                between = between[:, : -_OVERSAMPLED * _CONTEXT // 2]
            highest = float(np.abs(between).max()) if between.size else 0.0
            self.true_peak = max(self.true_peak, float(peaks[place]), highest)

    @property
    def lufs(self) -> float:
        """Integrated loudness; minus infinity for silence or less than 0.4 seconds."""
        steps = np.array(self._energies)
        if len(steps) < _STEPS_IN_BLOCK:
            return -math.inf
        blocks = np.convolve(steps, np.ones(_STEPS_IN_BLOCK) / _STEPS_IN_BLOCK, "valid")
        for gate in (10 ** ((-70 + 0.691) / 10), None):
            blocks = blocks[blocks > (gate if gate is not None else blocks.mean() / 10)]
            if not len(blocks):
                return -math.inf
        return float(-0.691 + 10 * np.log10(blocks.mean()))

    def gain_for(self, target: float | None) -> float:
        """The factor that brings it to a loudness, as far as the true peak allows.

        Args:
            target: LUFS; None: it stays as it is, only never above the true peak that is allowed.
        """
        most = 10 ** (MOST_TRUE_PEAK / 20) / max(self.true_peak, 1e-9)
        wanted = 1.0 if target is None or math.isinf(self.lufs) else 10 ** ((target - self.lufs) / 20)
        return min(wanted, most)
