"""Bass lines: roots, fifths and octaves, and walking lines that lead to the next root."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from studio_music.core.arrange.comping import Struck, other_bass
from studio_music.core.arrange.dynamics import Feel
from studio_music.core.arrange.harmony import Harmony
from studio_music.core.arrange.voicing import nearest
from studio_music.core.chords import QUALITIES, Chord
from studio_music.core.keys import Key
from studio_music.core.song import Note

BASS_RANGE = (28, 52)
"""E1 to E3."""
_HOME = 36.5


def bass_line(
    struck: Sequence[Struck], harmony: Harmony, key: Key, feel: Feel, rng: np.random.Generator
) -> list[Note]:
    """The bass part. The first note of every chord is its lowest one."""
    hits = [one for one in struck if one.span.chord is not None]
    notes: list[Note] = []
    root, last, span_start = _HOME, _HOME, -1
    for one, following in pairwise([*hits, None]):
        assert one is not None
        chord = one.span.chord
        assert chord is not None
        first = one.span.start != span_start or (one.hit.sign == "w" and one.hit.start == one.bar.start)
        span_start = one.span.start
        if first:
            last = root = _root(chord, root)
        else:
            target = _target(one, following, harmony)
            last = _pitch(one, chord, target, int(root), int(last), key, rng)
        notes.append(
            Note(
                one.hit.start, one.hit.length, int(last), feel.velocity(one.bar, one.hit.start, one.hit.sign)
            )
        )
    return notes


def _root(chord: Chord, before: float) -> int:
    """The lowest note of a chord: near the root before it, and not far from home."""
    return nearest(chord.lowest, 0.75 * before + 0.25 * _HOME, BASS_RANGE[0], BASS_RANGE[1] - 7)


def _target(one: Struck, following: Struck | None, harmony: Harmony) -> Chord | None:
    """The chord to lead to: of the next hit, where it is another one."""
    coming = harmony.after(one.hit.start) if following is None else following.span.chord
    leaves = following is None or following.span.start != one.span.start
    return coming if leaves else None


def _pitch(
    one: Struck, chord: Chord, target: Chord | None, root: int, last: int, key: Key, rng: np.random.Generator
) -> int:
    sign = one.hit.sign
    if sign == "8":
        return root + 12 if root + 12 <= BASS_RANGE[1] else root
    if sign == "5":
        return _fifth(chord, root)
    if sign in "aw" and target is not None:
        return _leading(_root(target, root), last, key, chromatic=sign == "w", rng=rng)
    if sign == "a":
        return _fifth(chord, root) if rng.random() < 0.6 else root
    if sign == "w":
        return _walked(chord, last, key, rng)
    return root


def _fifth(chord: Chord, root: int) -> int:
    return other_bass(chord.root, chord.lowest, QUALITIES[chord.quality], root, BASS_RANGE)


def _leading(target: int, last: int, key: Key, chromatic: bool, rng: np.random.Generator) -> int:
    """A note a step away from the target: mostly from the side that the line comes from."""
    steps = [
        target + step
        for step in (-2, -1, 1, 2)
        if BASS_RANGE[0] <= target + step <= BASS_RANGE[1]
        and target + step != last
        and (chromatic or (target + step) % 12 in key.pitch_classes)
    ]
    if not steps:
        return nearest(target + 7, last, *BASS_RANGE)
    weights = np.array(
        [
            (2.5 if (step - target) * (last - target) > 0 else 1.0)
            * (2.0 if step % 12 in key.pitch_classes else 1.0)
            * (1.5 if abs(step - target) == 1 else 1.0)
            / (1.0 + max(0, abs(step - last) - 4) * 0.6)
            for step in steps
        ]
    )
    return int(steps[rng.choice(len(steps), p=weights / weights.sum())])


def _walked(chord: Chord, last: int, key: Key, rng: np.random.Generator) -> int:
    """The next note of a walking line: tones of the chord, and steps of the scale between them."""
    candidates, weights = [], []
    upward = last < _HOME + 2
    for pitch in range(max(BASS_RANGE[0], last - 7), min(BASS_RANGE[1] - 3, last + 7) + 1):
        distance = abs(pitch - last)
        inside = pitch % 12 in chord.pitch_classes
        if distance == 0 or not (inside or (distance <= 2 and pitch % 12 in key.pitch_classes)):
            continue
        weight = (3.0 if inside else 1.2) * (2.0 if (pitch > last) == upward else 1.0) / (1.0 + distance / 6)
        candidates.append(pitch)
        weights.append(weight)
    if not candidates:
        return nearest(chord.lowest, last, *BASS_RANGE)
    share = np.array(weights)
    return int(candidates[rng.choice(len(candidates), p=share / share.sum())])
