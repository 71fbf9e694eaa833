"""A recording as the network takes it: one channel, 22,050 samples per second, at an even loudness."""

from __future__ import annotations

from math import gcd
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.api.values import BadInput, regular_file, shown, tr
from studio_music.core.hum.network import RATE, Floats

LONGEST = 600.0
"""Seconds."""
SHORTEST = 0.3
"""Seconds."""
QUIETEST = 1e-3
"""What counts as silence, beside full scale: -60 dB."""
RATES = (4_000, 768_000)
"""Samples per second of recordings that are read."""
_LEVEL = 0.5
"""The loudest sample, once it is read."""
_BLOCK = 20.0
"""Seconds that are read at once, so that the memory does not depend on rate and channels."""


def read_recording(path: Path) -> Floats:
    """Reads WAV, FLAC, OGG, MP3, AIFF and what else libsndfile knows: samples at `RATE`, at most 0.5.

    Raises `BadInput` for what is no sound, broken, too short, too long, silent, or holds what is no number.
    """
    import soundfile  # for speed

    regular_file(path)
    try:
        with soundfile.SoundFile(path) as file:
            _check(path, file.samplerate, file.frames / file.samplerate)
            samples = _resampled(file)
    except soundfile.LibsndfileError as error:
        raise BadInput(
            tr("“{name}” cannot be read as a recording.", name=shown(path.name)),
            tr("It is damaged or no sound. Use a WAV, FLAC, OGG or MP3 file."),
        ) from error
    if not np.isfinite(samples).all():
        raise BadInput(
            tr("“{name}” holds samples that are no numbers.", name=shown(path.name)),
            tr("Record it again, or save it anew in the program that it comes from."),
        )
    if len(samples) < SHORTEST * RATE:  # as it turns out: the header of a cut file says more
        raise _too_short(path)
    samples -= samples.mean()
    peak = float(np.abs(samples).max())
    if peak < QUIETEST:
        raise BadInput(
            tr("“{name}” is silent.", name=shown(path.name)),
            tr("Check the microphone, and hum closer to it."),
        )
    return samples * np.float32(_LEVEL / peak)


def evened(audio: NDArray[Any], rate: int) -> Floats:
    """Samples of any rate, (frames,) or (frames, channels), as `read_recording` gives them. Not silent."""
    mono = np.asarray(audio, np.float64)
    mono = mono.mean(axis=1) if mono.ndim == 2 else mono
    shared = gcd(rate, RATE)
    samples = _filtered(mono, RATE // shared, rate // shared)
    samples = samples - samples.mean()
    return np.asarray(samples * (_LEVEL / np.abs(samples).max()), np.float32)


def _check(path: Path, rate: int, seconds: float) -> None:
    if not RATES[0] <= rate <= RATES[1]:
        raise BadInput(
            tr("“{name}” has {rate} samples per second.", name=shown(path.name), rate=rate),
            tr("Save it with 44,100 samples per second."),
        )
    if seconds < SHORTEST:
        raise _too_short(path)
    if seconds > LONGEST:
        raise BadInput(
            tr("“{name}” is {minutes:.0f} minutes long.", name=shown(path.name), minutes=seconds / 60),
            tr("Cut it: at most 10 minutes are turned into notes at once."),
        )


def _too_short(path: Path) -> BadInput:
    return BadInput(
        tr("“{name}” is too short for a tune.", name=shown(path.name)), tr("Hum for a second or longer.")
    )


def _resampled(file: Any) -> Floats:
    """All of an open file, block by block, each with some of its neighbors so that no seam is heard."""
    shared = gcd(file.samplerate, RATE)
    up, down = RATE // shared, file.samplerate // shared
    around = 12 * max(1, -(-down // up)) * down  # longer than the filter, and whole steps of the output
    block = int(_BLOCK * file.samplerate) // down * down
    before = np.zeros(around)
    parts: list[Floats] = []
    here = _mono(file, block)
    while len(here):
        following = _mono(file, block)
        joined = np.concatenate(
            [before, here, np.pad(following[:around], (0, max(0, around - len(following))))]
        )
        made = _filtered(joined, up, down)
        first = around // down * up
        parts.append(made[first : first + -(-len(here) * up // down)].astype(np.float32))
        before = here[-around:] if len(here) >= around else np.concatenate([before, here])[-around:]
        here = following
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _mono(file: Any, frames: int) -> NDArray[np.float64]:
    samples: NDArray[np.float64] = file.read(frames, dtype="float64", always_2d=True)
    return np.asarray(samples.mean(axis=1))


def _filtered(samples: NDArray[np.float64], up: int, down: int) -> NDArray[np.float64]:
    from scipy.signal import resample_poly  # for speed

    return np.asarray(samples if up == down else resample_poly(samples, up, down))
