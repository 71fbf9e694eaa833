"""The key that notes sound like: correlation with the profiles of Krumhansl and Kessler.

Source: C. Krumhansl, Cognitive Foundations of Musical Pitch (1990), chapter 4.
"""

from __future__ import annotations

from collections.abc import Iterable

from studio_music.core.keys import Key
from studio_music.core.song import Note

_PROFILES = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}


def estimate_key(notes: Iterable[Note]) -> Key:
    """The major or minor key nearest to the notes, weighted by their length; C major where there are none."""
    weights = [0.0] * 12
    for note in notes:
        weights[note.pitch % 12] += min(note.length, 1920)  # a drone says no more than a long note
    if not any(weights):
        return Key(0)
    fits = {
        Key(tonic, mode): _correlation(weights, [profile[(place - tonic) % 12] for place in range(12)])
        for mode, profile in _PROFILES.items()
        for tonic in range(12)
    }
    return max(fits, key=lambda key: fits[key])


def _correlation(left: list[float], right: list[float]) -> float:
    left = [value - sum(left) / 12 for value in left]
    right = [value - sum(right) / 12 for value in right]
    power = sum(value * value for value in left) * sum(value * value for value in right)
    return sum(one * other for one, other in zip(left, right, strict=True)) / power**0.5 if power else 0.0
