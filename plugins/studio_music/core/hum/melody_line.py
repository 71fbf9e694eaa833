"""The line that a single voice sings: its pitch, loudness and beginnings, frame by frame.

The pitch is the best path through what the network hears, found by Viterbi's algorithm: pitches are as
likely as they sound, and leaps cost. A voice can pause.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio_music.core.hum.network import BINS, HOP, KEYS, LOWEST, RATE, Floats, Heard
from studio_music.core.hum.struck import struck

Numbers = NDArray[np.float64]

_WINDOW = 1024
"""Samples for loudness: 46 ms."""
_BANDS = 16
_FULL = 0.93
"""The share of frames that are less clear than what counts as fully clear."""
_LEAST = 0.45
"""What is less clear is not a voice, and never counts as clear."""
_SILENCE = 42.0
"""dB below the loud frames."""
_PAUSE = 0.3
"""How clear a pause is, beside a clear pitch of 1."""
_BREAK = 0.5
"""What it costs to begin or to end."""
_REGISTER = 12.0
"""Semitones above and below its middle that a tune moves about in; farther pitches are less likely."""
_STEP = 0.03
"""What each third of a semitone costs from a frame to the next."""
_LEAP = 0.9
"""What leaps cost at most."""


@dataclass(frozen=True)
class Line:
    """One voice. All arrays have one entry for each frame."""

    pitch: Numbers
    """MIDI pitch, with fractions; held through pauses."""
    voiced: NDArray[np.bool_]
    """Whether a pitch sounds."""
    clarity: Numbers
    """How clearly it is heard: 1 is as clear as the clearest parts."""
    loudness: Numbers
    """Of the pitch's first harmonics, in dB below the loudest frame."""
    struck: Numbers
    """Log-odds that a note begins here."""


def clearness(heard: Heard) -> float:
    """How clearly the clearest pitches are heard: noise up to 0.4, voices from 0.6 on."""
    return float(np.quantile(_salience(heard, 0, KEYS * BINS).max(axis=1), _FULL))


def line_of(heard: Heard, audio: Floats, lowest: int, highest: int) -> Line:
    """Follows one voice between two MIDI pitches. `audio` is what was heard, at the network's rate."""
    first = max(0, (lowest - LOWEST) * BINS)
    last = min(heard.contour.shape[1], (highest - LOWEST + 1) * BINS + 1)
    salience = _salience(heard, first, last)
    full = max(float(np.quantile(salience.max(axis=1), _FULL)), _LEAST)
    salience *= (_audible(audio, len(salience)) / full)[:, None]
    np.minimum(salience, 1.2, out=salience)
    register = _register(salience, _best_path(salience, np.ones(salience.shape[1])))
    path = _best_path(salience, register)
    voiced = path >= 0
    held = _held(path)
    pitch = _between_bins(heard.contour[:, first:last], held) + first
    pitch = LOWEST + (pitch - 1) / BINS
    clarity = salience[np.arange(len(held)), held]
    key = np.clip(np.round(pitch).astype(int) - LOWEST, 0, heard.onset.shape[1] - 1)
    rows = np.arange(len(key))
    onset = np.max([heard.onset[rows, np.clip(key + d, 0, 87)] for d in (-1, 0, 1)], axis=0)
    loudness, bands = _loudness(audio, pitch)
    clear = np.where(voiced, clarity, 0)
    return Line(pitch, voiced, clear, loudness, struck(loudness, bands, clear, onset.astype(np.float64)))


def _salience(heard: Heard, first: int, last: int) -> Floats:
    """(frames, bins): how much each third of a semitone stands out, from bin `first` to `last`."""
    salience = heard.contour[:, first:last].copy()
    keys = np.arange(first, last) // BINS
    for begin in range(0, len(salience), 4096):  # a bounded part of a long recording at a time
        salience[begin : begin + 4096] += np.float32(0.3) * heard.note[begin : begin + 4096, keys]
    return salience


def _audible(audio: Floats, frames: int) -> NDArray[np.bool_]:
    """Which frames are not silent. The network hears each window as if it were loud, so silence has pitches
    to it."""
    padded = np.pad(audio, (HOP // 2, 2 * HOP))[: (frames + 1) * HOP]
    power = np.square(padded, dtype=np.float64).reshape(-1, HOP).mean(axis=1)
    power = np.convolve(power, np.ones(4) / 4, "same")[:frames]
    return np.asarray(power > np.quantile(power, 0.95) * 10 ** (-_SILENCE / 10))


def _best_path(salience: Floats, likely: Numbers) -> NDArray[np.int64]:
    """For each frame the bin of the best path, -1 where it pauses.

    Args:
        salience: (frames, bins), how much each stands out.
        likely: (bins,), weighs it.
    """
    frames, bins = salience.shape
    places = np.arange(bins)
    cost = np.minimum(_STEP * np.abs(places[:, None] - places[None, :]), _LEAP)  # to, from
    back = np.empty((frames, bins + 1), np.int16)
    score, pause = salience[0] * likely, _PAUSE
    for frame in range(1, frames):
        ways = score[None, :] - cost
        source = ways.argmax(axis=1)
        best = ways[places, source]
        begun = pause - _BREAK
        back[frame, :bins] = np.where(best >= begun, source, bins)
        loudest = int(score.argmax())
        ended = score[loudest] - _BREAK
        back[frame, bins] = bins if pause >= ended else loudest
        pause = max(pause, ended) + _PAUSE
        score = np.maximum(best, begun) + salience[frame] * likely
    path = np.empty(frames, np.int64)
    state = int(score.argmax()) if score.max() > pause else bins
    for frame in range(frames - 1, -1, -1):
        path[frame] = state
        if frame:
            state = int(back[frame, state])
    return np.where(path == bins, -1, path)


def _register(salience: Floats, path: NDArray[np.int64]) -> Numbers:
    """How likely each bin is beside where the voice mostly is: an overtone far above is no note of a tune."""
    frames = np.flatnonzero(path >= 0)
    if not len(frames):
        return np.ones(salience.shape[1])
    order = np.argsort(path[frames])
    weight = np.cumsum(salience[frames, path[frames]][order] ** 2)
    middle = path[frames][order][np.searchsorted(weight, weight[-1] / 2)]
    away = np.abs(np.arange(salience.shape[1]) - middle) / BINS
    return np.asarray(np.exp(-np.square(np.maximum(away - _REGISTER, 0) / _REGISTER)))


def _held(path: NDArray[np.int64]) -> NDArray[np.int64]:
    """The path with each pause at the pitch before it; the first one at the pitch after it."""
    known = np.flatnonzero(path >= 0)
    if not len(known):
        return np.zeros_like(path)
    nearest = np.clip(np.searchsorted(known, np.arange(len(path)), side="right") - 1, 0, None)
    return path[known[nearest]]


def _between_bins(sounding: Floats, bins: NDArray[np.int64]) -> Numbers:
    """Where the peak around each frame's bin lies, in fractions of bins."""
    around = np.clip(bins[:, None] + np.arange(-2, 3), 0, sounding.shape[1] - 1)
    weight = sounding[np.arange(len(bins))[:, None], around] ** 2 + 1e-9
    return np.asarray((weight * around).sum(axis=1) / weight.sum(axis=1))


def _loudness(audio: Floats, pitch: Numbers) -> tuple[Numbers, Numbers]:
    """Of the first three harmonics, which the hiss of consonants is no part of; and of bands. Both in dB."""
    frames = len(pitch)
    padded = np.pad(audio, (_WINDOW // 2, frames * HOP + _WINDOW))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:frames]
    shape = np.hanning(_WINDOW).astype(np.float32)
    base = 440 * 2 ** ((pitch - 69) / 12) * _WINDOW / RATE
    edges = np.round(np.geomspace(200, 6000, _BANDS + 1) * _WINDOW / RATE).astype(int)
    power, bands = np.zeros(frames), np.zeros((frames, _BANDS))
    for begin in range(0, frames, 1024):  # a bounded part of a long recording at a time
        part = slice(begin, begin + 1024)
        spectrum = np.abs(np.fft.rfft(windows[part] * shape, axis=1)) ** 2
        rows = np.arange(len(spectrum))
        for harmonic in (1, 2, 3):
            center = np.clip(np.round(base[part] * harmonic).astype(int), 1, spectrum.shape[1] - 2)
            power[part] += sum(spectrum[rows, center + d] for d in (-1, 0, 1))
        bands[part] = np.add.reduceat(spectrum[:, : edges[-1]], edges[:-1], axis=1)
    return _decibels(power), _decibels(bands)


def _decibels(power: Numbers) -> Numbers:
    """Beside the loudest; what is 70 dB softer counts as silence."""
    most = max(float(power.max()), 1e-12)
    return np.asarray(10 * np.log10(power / most + 1e-7))
