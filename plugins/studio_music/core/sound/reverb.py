"""One room for all tracks: convolution with the answer of a hall that is computed, not recorded.

The answer is noise of 1.6 seconds that dies away, sooner in the treble, with some early reflections. It is
computed from a fixed seed: the same in every render. The convolution is partitioned and linear, so that stems
with their share of the reverb sum to the mix.

Sources: Gardner, "Efficient Convolution without Input-Output Delay", 1995;
Moorer, "About This Reverberation Business", 1979 (noise as a hall's answer).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["PART", "Reverb", "answer", "tail_frames"]

PART = 1 << 16
"""Frames that are convolved at once, where nobody waits for the sound."""
_SECONDS = 1.6
_RT60 = {200: 1.7, 1000: 1.5, 4000: 0.9, 12000: 0.45}
"""Seconds in which a band falls by 60 dB, by its middle in Hz."""
_PREDELAY = 0.014
_EARLY = ((0.0043, 0.6), (0.0091, -0.5), (0.0147, 0.42), (0.0213, -0.35), (0.0297, 0.3))

Audio = npt.NDArray[np.float32]


@lru_cache(4)
def answer(rate: int) -> Audio:
    """What the room answers to one impulse: frames × 2. Each channel has an energy of 1."""
    random = np.random.default_rng(1967)
    frames = round(_SECONDS * rate)
    time = np.arange(frames) / rate
    out = np.zeros((frames, 2))
    edges = [0.0, 450.0, 2000.0, 7000.0, rate / 2]
    frequencies = np.fft.rfftfreq(frames, 1 / rate)
    for channel in range(2):
        spectrum = np.fft.rfft(random.standard_normal(frames))
        for place, seconds in enumerate(_RT60.values()):
            low, high = edges[place], edges[place + 1]
            band = 1 / (1 + np.exp(-(frequencies - low) / max(1.0, low / 8)))
            band *= 1 / (1 + np.exp((frequencies - high) / (high / 8)))
            out[:, channel] += np.fft.irfft(spectrum * band, frames) * 10 ** (-3 * time / seconds)
        out[:, channel] *= np.clip(time / 0.02, 0, 1)
        for at, level in _EARLY:
            out[round((at * (1.0 if channel else 1.13)) * rate), channel] += level * np.abs(out).max()
    low_cut = np.fft.rfft(out, axis=0) * (frequencies / np.hypot(frequencies, 120.0))[:, None]
    out = np.fft.irfft(low_cut, frames, axis=0)
    out *= np.clip((time[-1] - time) / 0.1, 0, 1)[:, None]
    out /= np.sqrt((out**2).sum(0))
    return np.concatenate([np.zeros((round(_PREDELAY * rate), 2)), out]).astype(np.float32)


@lru_cache(4)
def _parts(rate: int, part: int) -> npt.NDArray[Any]:
    """The spectra of the answer's parts: parts × 2 × frequencies."""
    whole = answer(rate)
    count = -(-len(whole) // part)
    padded = np.zeros((count * part, 2), np.float32)
    padded[: len(whole)] = whole
    parts = padded.reshape(count, part, 2).transpose(0, 2, 1)
    return np.fft.rfft(parts, 2 * part, axis=2).astype(np.complex64)


class Reverb:
    """The room while it sounds: `part` frames go in, as many come out, and it remembers what still rings."""

    def __init__(self, rate: int, part: int = PART) -> None:
        self._part = part
        self._parts = _parts(rate, part)
        self._heard = np.zeros((len(self._parts), part + 1), np.complex64)
        self._rest = np.zeros((2, part), np.float32)
        self._place = 0
        self._quiet = len(self._parts)
        """How many silent parts were heard since the last sound."""

    @property
    def rings(self) -> bool:
        return self._quiet < len(self._parts) + 1

    def hear(self, mono: Audio) -> Audio:
        """Takes `part` frames of what is sent to the room; gives frames × 2 of what the room adds."""
        part, count = self._part, len(self._parts)
        self._quiet = 0 if mono.any() else self._quiet + 1
        if not self.rings:
            self._rest[:] = 0
            return np.zeros((2, part), np.float32).T
        self._place = (self._place - 1) % count
        self._heard[self._place] = np.fft.rfft(mono, 2 * part)
        spectrum = np.zeros((2, part + 1), np.complex64)
        split = count - self._place
        for heard, parts in (
            (self._heard[self._place :], self._parts[:split]),
            (self._heard, self._parts[split:]),
        ):
            for one, filters in zip(heard, parts, strict=False):
                spectrum += one * filters
        sound = np.fft.irfft(spectrum, 2 * part, axis=1).astype(np.float32)
        out = sound[:, :part] + self._rest
        self._rest = sound[:, part:]
        return out.T


def tail_frames(rate: int) -> int:
    """How many frames the room rings on."""
    return len(answer(rate))
