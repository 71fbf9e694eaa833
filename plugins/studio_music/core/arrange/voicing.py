"""Chords as notes: voicings that move as little as they can.

Voice leading as a search for the least movement follows D. Tymoczko, "The Geometry of Musical Chords",
Science 313 (2006); the limits for low intervals are those of arranging handbooks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from studio_music.core.chords import QUALITIES, Chord

_LOW_LIMITS = ((46, 12), (51, 7), (55, 5), (60, 3), (64, 2))
"""Below a pitch, the least interval that does not sound muddy."""
_SEVENTH_FROM = 43
_WIDEST = 16
"""Semitones between the outer notes of a voicing."""


def voiced(
    chord: Chord,
    before: Sequence[int],
    low: int,
    high: int,
    count: int,
    ceiling: int,
    rootless: bool = False,
    lowest: bool = False,
) -> tuple[int, ...]:
    """A close or open voicing of a chord, from below.

    Args:
        before: the voicing that it follows; empty at the beginning.
        low, high: MIDI pitches between which it lies; at least an octave apart.
        count: how many notes a triad has; chords of more tones have up to 4.
        ceiling: it should not go above this pitch: a melody sounds there.
        rootless: whether another instrument plays the root, so that rich chords go without it.
        lowest: whether its lowest note is the bass of the music: then it is the chord's, or the third.
    """
    tones = _chosen(chord, count, rootless)
    doubled = tuple(tone for tone in (chord.root, (chord.root + 7) % 12) if tone in tones)
    size = min(max(count, len(tones)), len(tones) + len(doubled)) if chord.root in tones else len(tones)
    size = min(size, 3 if len(tones) < 3 else 4)
    center = (low + min(high, max(ceiling, low + 9))) / 2
    candidates = _candidates(tones, doubled, low, high, size)
    if lowest:
        basses = {chord.lowest} if chord.bass is not None else {chord.root, tones[1]}
        candidates = tuple(one for one in candidates if one[0] % 12 in basses) or candidates
    return min(candidates, key=lambda voicing: _cost(voicing, before, center, ceiling))


def _cost(
    voicing: Sequence[int], before: Sequence[int], center: float, ceiling: int
) -> tuple[float, Sequence[int]]:
    cost = 0.25 * abs(sum(voicing) / len(voicing) - center) + 2.5 * max(0, voicing[-1] - ceiling)
    if before:
        cost += sum(min(abs(note - old) for old in before) for note in voicing)
        cost += sum(min(abs(note - old) for note in voicing) for old in before)
        cost += 0.5 * abs(voicing[-1] - before[-1])  # the highest note is what is heard
    for lower, upper in pairwise(voicing):
        least = next((interval for pitch, interval in _LOW_LIMITS if lower < pitch), 1)
        cost += 1.5 * max(0, least - (upper - lower))
        cost += 6.0 * (upper - lower == 1)
    return cost, voicing


def _chosen(chord: Chord, count: int, rootless: bool) -> tuple[int, ...]:
    """Which tones of a chord are played: where there are many, the fifth is left out first, then the root."""
    tones = list(dict.fromkeys((chord.root + step) % 12 for step in QUALITIES[chord.quality]))
    most = max(3, min(count, 4))
    fifth = (chord.root + 7) % 12
    if rootless and len(tones) > 3:
        tones.remove(chord.root)
    if len(tones) > most and fifth in tones:
        tones.remove(fifth)
    if len(tones) > most and chord.root in tones:
        tones.remove(chord.root)
    return tuple(tones[:most])


@lru_cache(maxsize=4096)
def _candidates(
    tones: tuple[int, ...], doubled: tuple[int, ...], low: int, high: int, count: int
) -> tuple[tuple[int, ...], ...]:
    """Every voicing of `count` notes within the range that has each tone, and no wide gap.

    `doubled`: which tones may come twice: roots and fifths, not thirds and sevenths.
    """
    found: list[tuple[int, ...]] = []
    extra = count - len(tones)

    def grow(notes: tuple[int, ...], used: int) -> None:
        if len(notes) == count:
            if {note % 12 for note in notes} == set(tones):
                found.append(notes)
            return
        for note in range(notes[-1] + 1, min(high, notes[0] + _WIDEST, notes[-1] + 9) + 1):
            if note % 12 in tones:
                again = any(note % 12 == old % 12 for old in notes)
                if not again or (used < extra and note % 12 in doubled):
                    grow((*notes, note), used + again)

    for first in range(low, high + 1):
        if first % 12 in tones:
            grow((first,), 0)
    if not found:  # a range that is too small for all tones: the nearest stack
        found.append(_stack(tones, low, count))
    return tuple(found)


def _stack(tones: tuple[int, ...], low: int, count: int) -> tuple[int, ...]:
    notes = [next(pitch for pitch in range(low, low + 12) if pitch % 12 == tones[0])]
    while len(notes) < count:
        notes.append(next(pitch for pitch in range(notes[-1] + 1, notes[-1] + 13) if pitch % 12 in tones))
    return tuple(notes)


def wide(chord: Chord, bass: int) -> tuple[int, ...]:
    """A broken chord from a bass note up, as a left hand plays it: bass, fifth, octave, tenth, twelfth.

    A seventh takes the place of the octave, where the bass is not so low that it would be muddy.
    """
    tones = [(chord.root + step) % 12 for step in QUALITIES[chord.quality]]
    third, fifth = tones[1], tones[2 % len(tones)]
    rooted = bass % 12 == chord.root
    seventh = (
        tones[3] if len(tones) > 3 and chord.quality[-1:] in "79" and bass >= _SEVENTH_FROM else chord.root
    )
    notes = [bass]
    for tone in (fifth if rooted else chord.root, seventh if rooted else fifth, third, fifth):
        notes.append(above(notes[-1], tone))
    return tuple(notes)


def above(pitch: int, tone: int) -> int:
    """The next pitch above one that is of a pitch class."""
    return pitch + 1 + (tone - pitch - 1) % 12


def nearest(tone: int, pitch: float, low: int, high: int) -> int:
    """The pitch of a class that is nearest to a pitch, within a range of at least an octave less one."""
    fitting = [candidate for candidate in range(low, high + 1) if candidate % 12 == tone % 12]
    return min(fitting, key=lambda candidate: (abs(candidate - pitch), candidate))
