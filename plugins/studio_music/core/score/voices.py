"""Which hand plays a note, and how notes that overlap are shared between the voices of a staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from studio_music.core.score.grid import Placed

_SPLITS = np.arange(48, 76)
"""MIDI pitches from which on the right hand plays."""
_HAND = 12
"""Semitones that a hand spans with ease."""


@dataclass
class Sound:
    """Notes of one voice that begin and end together."""

    start: int
    end: int
    notes: list[Placed]

    @property
    def pitch(self) -> float:
        return sum(note.pitch for note in self.notes) / len(self.notes)


def hands(notes: Sequence[Placed]) -> tuple[list[Placed], list[Placed]]:
    """The notes of the right hand and of the left one.

    The pitch that divides them moves with the music: the cheapest path through all chords, where ledger
    lines, wide chords and moves of the border cost.
    """
    chords = [list(group) for _, group in groupby(notes, key=lambda note: note.start)]
    if not chords:
        return [], []
    moves = np.abs(_SPLITS[:, None] - _SPLITS[None, :]) * 0.35
    total = np.abs(_SPLITS - 60) * 0.2
    back: list[np.ndarray] = []
    for chord in chords:
        ways = total[:, None] + moves
        back.append(ways.argmin(axis=0))
        total = ways.min(axis=0) + _cost_of_splits(chord)
    split = int(total.argmin())
    right: list[Placed] = []
    left: list[Placed] = []
    for number in range(len(chords) - 1, -1, -1):
        border = _SPLITS[split]
        for note in chords[number]:
            (right if note.pitch >= border else left).append(note)
        split = int(back[number][split])
    order = {id(note): place for place, note in enumerate(notes)}
    return (
        sorted(right, key=lambda note: order[id(note)]),
        sorted(left, key=lambda note: order[id(note)]),
    )


def _cost_of_splits(chord: Sequence[Placed]) -> np.ndarray:
    pitches = np.array([note.pitch for note in chord])
    right = pitches[None, :] >= _SPLITS[:, None]
    ledger = np.where(right, np.maximum(0, 59 - pitches) ** 1.2, np.maximum(0, pitches - 61) ** 1.2)
    cost: np.ndarray = ledger.sum(axis=1).astype(float)
    for side in (right, ~right):
        high = np.where(side, pitches, -1).max(axis=1)
        low = np.where(side, pitches, 999).min(axis=1)
        span = np.where(high >= 0, high - low, 0)
        cost += np.maximum(0, span - _HAND) * 2.0
    return cost


def voices(notes: Sequence[Placed], most: int = 2) -> list[list[Sound]]:
    """The notes of a staff in at most `most` voices, from high to low; in each, nothing overlaps.

    Notes that begin and end together are a chord. What does not fit into the voices is written shorter than
    it sounds.
    """
    sounds = _sounds(notes, most)
    lines: list[list[Sound]] = [[] for _ in range(most)]
    for cluster in _clusters(sounds):
        if len(cluster) == 1:
            lines[0].extend(cluster)
            continue
        middle = _middle(cluster)
        for number, sound in enumerate(cluster):
            _put(sound, cluster, number, lines, middle)
    return [line for line in lines if line] or [[]]


def _sounds(notes: Sequence[Placed], most: int) -> list[Sound]:
    sounds: list[Sound] = []
    for start, group in groupby(notes, key=lambda note: note.start):
        together: dict[int, list[Placed]] = {}
        seen: set[int] = set()
        for note in sorted(group, key=lambda note: note.start - note.end):
            if note.pitch not in seen:  # a pitch that two notes have at once is written once
                together.setdefault(note.end, []).append(note)
                seen.add(note.pitch)
        while len(together) > most:  # the two that end nearest to each other end together
            ends = sorted(together)
            place = min(range(len(ends) - 1), key=lambda place: ends[place + 1] - ends[place])
            together[ends[place]] += together.pop(ends[place + 1])
        for end, them in together.items():
            sounds.append(Sound(start, end, sorted(them, key=lambda note: note.pitch)))
    sounds.sort(key=lambda sound: (sound.start, -sound.pitch))
    return sounds


def _clusters(sounds: Sequence[Sound]) -> list[list[Sound]]:
    """Sounds that overlap, directly or by others between them."""
    clusters: list[list[Sound]] = []
    end = -1
    for sound in sounds:
        if sound.start >= end:
            clusters.append([])
        clusters[-1].append(sound)
        end = max(end, sound.end) if len(clusters[-1]) > 1 else sound.end
    return clusters


def _middle(cluster: Sequence[Sound]) -> float:
    pitches = [sound.pitch for sound in cluster]
    return (min(pitches) + max(pitches)) / 2


def _put(
    sound: Sound, cluster: Sequence[Sound], number: int, lines: list[list[Sound]], middle: float
) -> None:
    """Gives a sound to the voice that it fits: below what sounds higher, above what sounds lower."""
    others: list[float] = []
    for other in (*cluster[max(0, number - 8) : number], *cluster[number + 1 : number + 9]):
        if other.start < sound.end and other.end > sound.start:
            others.append(other.pitch)
    above = sum(pitch > sound.pitch for pitch in others)
    below = sum(pitch < sound.pitch for pitch in others)
    if above == below:
        wanted = 0 if sound.pitch >= middle else len(lines) - 1
    else:
        wanted = 0 if below > above else len(lines) - 1
    free = [place for place, line in enumerate(lines) if not line or line[-1].end <= sound.start]
    if wanted in free:
        lines[wanted].append(sound)
        return
    if free:
        lines[min(free, key=lambda place: abs(place - wanted))].append(sound)
        return
    # Every voice is busy: the one whose note began earliest is written shorter.
    busy = min(range(len(lines)), key=lambda place: (lines[place][-1].start, abs(place - wanted)))
    last = lines[busy][-1]
    if last.start < sound.start:
        last.end = sound.start
        lines[busy].append(sound)
    else:
        last.notes = sorted([*last.notes, *sound.notes], key=lambda note: note.pitch)
