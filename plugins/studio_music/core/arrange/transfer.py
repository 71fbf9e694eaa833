"""Takes patterns of bars over to other chords: rhythm and shape stay, pitches follow the chords."""

from __future__ import annotations

from collections.abc import Sequence

from studio_music.core.chords import Chord, PlacedChord, chord_at
from studio_music.core.keys import Key
from studio_music.core.song import BarSpan, Note, Track

_BEYOND = 4
"""Semitones by which a pattern may leave the range of its track."""


def transferred(
    track: Track,
    source: BarSpan,
    target: BarSpan,
    old: Sequence[PlacedChord],
    new: Sequence[PlacedChord],
    key: Key,
) -> list[Note]:
    """The notes that begin in one bar, as they are in another one.

    Args:
        source: a bar of the track.
        target: a bar of the same length, maybe of a song that is longer.
        old: the chords under the source, in its song's ticks.
        new: the chords under the target, in its song's ticks.
    """
    shift = target.start - source.start
    notes = [note for note in track.notes if source.start <= note.start < source.end]
    if track.is_drums:
        return [note._replace(start=note.start + shift) for note in notes]
    low = min(note.pitch for note in track.notes) - _BEYOND if track.notes else 0
    high = max(note.pitch for note in track.notes) + _BEYOND if track.notes else 127
    moved: dict[tuple[int, int], Note] = {}
    for note in notes:
        start = note.start + shift
        pitch = _pitch(note.pitch, chord_at(old, note.start), chord_at(new, start), key)
        if pitch < low:
            pitch += 12
        if pitch > high:
            pitch -= 12
        length = min(note.length, target.end - start)
        moved[start, pitch] = Note(start, length, min(127, max(0, pitch)), note.velocity)
    return sorted(moved.values())


def _pitch(pitch: int, here: Chord | None, there: Chord | None, key: Key) -> int:
    """A tone of one chord as the same tone of another; other notes move along and stay in the scale."""
    if here is None or there is None or here == there:
        return pitch
    tone = pitch % 12
    if tone == here.lowest:
        return pitch + _nearest(there.lowest - tone)
    if tone in here.tones:
        place = here.tones.index(tone)
        return pitch + _nearest(there.tones[min(place, len(there.tones) - 1)] - tone)
    moved = pitch + _nearest(there.root - here.root)
    for step in (0, -1, 1):
        if (moved + step) % 12 in key.pitch_classes:
            return moved + step
    return moved


def _nearest(interval: int) -> int:
    return (interval + 6) % 12 - 6
