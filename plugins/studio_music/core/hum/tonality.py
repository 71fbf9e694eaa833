"""The key of a melody.

Source: Krumhansl, Cognitive Foundations of Musical Pitch, 1990: the key whose profile correlates most with
how long each pitch class sounds; and melodies tend to end on their tonic.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studio_music.core.keys import Key

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_LAST = 0.1
"""What it counts that the last note is the tonic, beside a correlation."""


def key_of(pitches: Sequence[int], lengths: Sequence[float]) -> Key:
    """The likeliest major or minor key of notes, at least one."""
    weight = np.zeros(12)
    for pitch, length in zip(pitches, lengths, strict=True):
        weight[pitch % 12] += length
    if np.ptp(weight) == 0:
        return Key(pitches[-1] % 12, "major")
    keys = [Key(tonic, mode) for mode in ("major", "minor") for tonic in range(12)]

    def fit(key: Key) -> float:
        profile = np.roll(_MAJOR if key.mode == "major" else _MINOR, key.tonic)
        return float(np.corrcoef(profile, weight)[0, 1]) + _LAST * (pitches[-1] % 12 == key.tonic)

    return max(keys, key=fit)
