"""Finds keys and chords where a song does not say them."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from studio_music.core.chords import QUALITIES, Chord, PlacedChord
from studio_music.core.keys import Key
from studio_music.core.song import Note, Song, Track

_PROFILES = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
"""How well each step above the tonic fits: C. Krumhansl, Cognitive Foundations of Musical Pitch (1990)."""
_QUALITIES = ("", "m", "7", "m7", "maj7", "dim")
_COST = {"": 0.0, "m": 0.0, "7": 0.12, "m7": 0.2, "maj7": 0.22, "dim": 0.14}
"""What a quality costs against the plain chords, as a share of a bar's notes."""
_DEGREES = {0: 0.14, 7: 0.12, 5: 0.1, 9: 0.03, 2: 0.03, 8: 0.03, 3: 0.02, 10: 0.02}
"""What chords on these steps above the tonic are worth."""
_CHANGE = 0.2
"""What a change of chord costs."""


def key_of_chords(chords: Iterable[PlacedChord]) -> Key:
    """The key that chords are most likely in: by their tones, the first and the last one, and cadences."""
    named = [placed.chord for placed in chords if placed.chord is not None]
    if not named:
        return Key(0, "major")

    def score(key: Key) -> float:
        scale = key.pitch_classes | ({(key.tonic + 11) % 12} if key.is_minor else set())
        home = "m" if key.is_minor else ""
        fits = sum(len(chord.pitch_classes & scale) / len(chord.pitch_classes) for chord in named) / len(
            named
        )
        homes = [chord.root == key.tonic and _third(chord) in (home, None) for chord in named]
        cadences = sum(
            there and here.root == (key.tonic + 7) % 12 and _third(here) != "m"
            for here, there in zip(named, homes[1:] + homes[:1], strict=True)
        )
        return 6.0 * fits + 0.8 * homes[0] + 0.5 * homes[-1] + 0.4 * any(homes) + 0.3 * min(cadences, 2)

    keys = [Key(tonic, mode) for mode in ("major", "minor") for tonic in range(12)]
    return max(keys, key=score)


def key_of_notes(notes: Iterable[Note]) -> Key:
    """The major or minor key that notes are most likely in, by how long each pitch class sounds."""
    weights = _weights(notes)
    keys = [Key(tonic, mode) for mode in _PROFILES for tonic in range(12)]
    return max(
        keys, key=lambda key: float(np.corrcoef(weights, np.roll(_PROFILES[key.mode], key.tonic))[0, 1])
    )


def found_chords(song: Song, tracks: Sequence[Track], cadence: bool = True) -> tuple[PlacedChord, ...]:
    """Chords that fit what tracks play, one for a bar or two, by the cheapest path through all of them
    (Viterbi).

    Args:
        song: whose bars and keys count.
        tracks: what is looked at; drums have no part in it.
        cadence: whether the last chord is to be the tonic, where that fits.
    """
    notes = sorted(note for track in tracks if not track.is_drums for note in track.notes)
    spans = _spans(song)
    chords = [Chord(root, quality) for quality in _QUALITIES for root in range(12)]
    tones = np.array([[float(pc in chord.pitch_classes) for pc in range(12)] for chord in chords])
    sounding = _shared(notes, spans)
    bass = [_bass(inside, start) for inside, (start, _) in zip(sounding, spans, strict=True)]
    costs = np.zeros((len(spans), len(chords)))
    for place, (start, _) in enumerate(spans):
        weights = _weights(sounding[place], start, song)
        key = song.key_at(start)
        costs[place] = _fit(weights, tones, chords, key, bass[place])
    if cadence and costs.size:
        tonic = [chord.root == song.key.tonic and chord.quality in ("", "m") for chord in chords]
        costs[-1] -= 0.35 * np.array(tonic)
    path = _cheapest(costs, _changes(chords))
    placed: list[PlacedChord] = []
    for (start, _), chosen in zip(spans, path, strict=True):
        if not placed or placed[-1].chord != chords[chosen]:
            placed.append(PlacedChord(start, chords[chosen]))
    return tuple(placed)


def _third(chord: Chord) -> str | None:
    """Whether a chord is major (``""``) or minor (``"m"``); None where it has no third."""
    steps = QUALITIES[chord.quality]
    return "" if 4 in steps else "m" if 3 in steps else None


def _spans(song: Song) -> list[tuple[int, int]]:
    """Halves of bars, where bars have halves that are at least two quarter notes long; else whole bars."""
    found = []
    for bar in song.bars:
        half = bar.start + bar.meter.half_ticks
        if bar.meter.half_ticks < bar.meter.bar_ticks and bar.meter.half_ticks >= 720 and half < bar.end:
            found += [(bar.start, half), (half, bar.end)]
        else:
            found.append((bar.start, bar.end))
    return found


def _shared(notes: Sequence[Note], spans: Sequence[tuple[int, int]]) -> list[list[Note]]:
    """What of the notes sounds in each span."""
    found: list[list[Note]] = [[] for _ in spans]
    starts = [start for start, _ in spans]
    for note in notes:
        place = max(0, bisect.bisect_right(starts, note.start) - 1)
        while place < len(spans) and spans[place][0] < note.end:
            start, end = max(note.start, spans[place][0]), min(note.end, spans[place][1])
            if start < end:
                found[place].append(note._replace(start=start, length=end - start))
            place += 1
    return found


def _weights(notes: Iterable[Note], start: int = 0, song: Song | None = None) -> NDArray[np.float64]:
    """How much of each pitch class there is: by length, more where it is on a beat."""
    weights = np.full(12, 1e-6)
    for note in notes:
        meter = None if song is None else song.meter_at(start)
        on_beat = meter is not None and (note.start - start) % meter.beat_ticks == 0
        weights[note.pitch % 12] += min(note.length, 1920) * (1.5 if on_beat else 1.0)
    weights /= weights.sum()
    return weights


def _bass(sounding: Sequence[Note], start: int) -> int | None:
    """The lowest pitch class at the beginning of a span, where several voices sound."""
    pitches = {note.pitch for note in sounding if note.start == start}
    return min(pitches) % 12 if len(pitches) > 2 else None


def _fit(
    weights: NDArray[np.float64],
    tones: NDArray[np.float64],
    chords: Sequence[Chord],
    key: Key,
    bass: int | None,
) -> NDArray[np.float64]:
    """What each chord costs over a span: the notes that are none of its tones, and tones out of the key."""
    outside = 1.0 - tones @ weights
    if weights.max() < 0.01:  # nothing sounds
        outside[:] = 0.0
    scale = key.pitch_classes | ({(key.tonic + 11) % 12} if key.is_minor else set())
    for place, chord in enumerate(chords):
        foreign = len(chord.pitch_classes - scale)
        outside[place] += 0.3 * foreign + _COST[chord.quality]
        outside[place] -= 0.1 * weights[chord.root]
        outside[place] -= _DEGREES.get((chord.root - key.tonic) % 12, 0.0)
        if bass is not None:
            outside[place] -= 0.25 * (chord.root == bass) + 0.05 * (bass in chord.pitch_classes)
    return outside


def _changes(chords: Sequence[Chord]) -> NDArray[np.float64]:
    """What it costs to go from each chord to each other: falling fifths are the cheapest."""
    table = np.empty((len(chords), len(chords)))
    for row, here in enumerate(chords):
        for column, there in enumerate(chords):
            step = (there.root - here.root) % 12
            easy = {5: 0.06, 7: 0.03, 2: 0.02, 9: 0.02, 10: 0.01}.get(step, 0.0)
            table[row, column] = 0.0 if row == column else _CHANGE - easy
    return table


def _cheapest(costs: NDArray[np.float64], change: NDArray[np.float64]) -> list[int]:
    if not len(costs):
        return []
    total = costs[0]
    came: list[NDArray[np.intp]] = []
    for cost in costs[1:]:
        ways = total[:, None] + change
        came.append(ways.argmin(axis=0))
        total = ways.min(axis=0) + cost
    path = [int(total.argmin())]
    for row in reversed(came):
        path.insert(0, int(row[path[0]]))
    return path
