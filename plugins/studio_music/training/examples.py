"""Draws examples to learn from: a window of a work, what is missing from it, and what is told of it."""

from __future__ import annotations

import collections
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio_music.core.meter import Meter, parse_meter
from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event, Sketch, bar_positions, half_positions
from studio_music.core.tokens.writing import Cells, encode
from studio_music.training.prepare import Work, find_key, moved_labels

LONGEST = 1024
"""Tokens of an example."""
SHARES = {"solo": 0.58, "choir": 0.22, "strings": 0.2}
"""How often each ensemble is drawn."""
TASKS = {"compose": 0.36, "continue": 0.2, "bars": 0.2, "voices": 0.24}
WINDOWS = (4, 8, 8, 12, 16, 16, 16, 24, 32, 32)
CHORDS_DROPPED = 0.4
CONTROL_DROPPED = 0.35
BORROWED = 0.15
"""How often a melody is taken out of a quartet or chorale, with the chords of all its voices."""


@dataclass
class Example:
    rows: NDArray[np.int64]
    """(tokens, features)."""
    targets: NDArray[np.int64]
    learned: NDArray[np.bool_]
    notes: int
    """Notes that are to be learnt."""


class Sampler:
    """Draws examples from the works of one split; the same seed draws the same ones."""

    def __init__(self, works: list[Work], seed: int, shares: dict[str, float] | None = None) -> None:
        self._rng = np.random.default_rng(seed)
        self._works: dict[str, list[Work]] = collections.defaultdict(list)
        for work in works:
            self._works[work.ensemble].append(work)
        self._weights = {
            ensemble: _shares([work.notes**0.75 for work in list_]) for ensemble, list_ in self._works.items()
        }
        wanted = {name: share for name, share in (shares or SHARES).items() if name in self._works}
        self._ensembles = list(wanted)
        self._shares = _shares(list(wanted.values()))

    def draw(self) -> Example:
        while True:
            rng = self._rng
            ensemble = self._ensembles[int(rng.choice(len(self._ensembles), p=self._shares))]
            borrowed = ensemble == "solo" and rng.random() < BORROWED and "choir" in self._works
            source = ("choir" if rng.random() < 0.5 else "strings") if borrowed else ensemble
            if source not in self._works:
                continue
            place = int(rng.choice(len(self._works[source]), p=self._weights[source]))
            found = window(self._works[source][place], rng)
            if found is None:
                continue
            sketch = found
            if borrowed:
                sketch = _alone(sketch, 0 if rng.random() < 0.8 else int(rng.integers(0, 4)))
            missing = draw_missing(sketch, rng)
            sketch = controlled(sketch, missing, rng)
            rows, targets, learned = encode(sketch, missing)
            if len(targets) > LONGEST or not learned.any():
                continue
            return Example(rows, targets, learned, count_missing(sketch, missing))


def _shares(values: list[float]) -> NDArray[np.float64]:
    array = np.array(values, np.float64)
    found: NDArray[np.float64] = array / array.sum()
    return found


def count_missing(sketch: Sketch, missing: Cells) -> int:
    length = sketch.bar_length
    return sum(
        (event.start // length, voice) in missing
        for voice, events in enumerate(sketch.voices)
        for event in events
    )


def window(work: Work, rng: np.random.Generator) -> Sketch | None:
    """Some bars of a work, with all that is known of them; None where hardly anything sounds."""
    meter = parse_meter(work.meter)
    bars = min(int(rng.choice(WINDOWS)), work.bars)
    if work.ensemble == "solo" and rng.random() < 0.35 and work.bars <= 48:
        bars = work.bars
    dense = work.notes / work.bars * 2.6 + 2
    bars = max(4, min(bars, int((LONGEST - 30) / dense), v.MOST_BARS, work.bars))
    last = work.bars - bars
    draw = rng.random()
    if draw < 0.35:
        start = 0
    elif draw < 0.55:
        start = last
    else:
        start = int(rng.integers(0, last + 1))
        start -= start % 4 if rng.random() < 0.7 else 0
    return cut(work, start, bars, meter)


def cut(work: Work, start: int, bars: int, meter: Meter) -> Sketch | None:
    """The bars of a work from `start` on, in the key that they are in."""
    length = bar_positions(meter)
    low, high = start * length, (start + bars) * length
    voices = [
        [
            Event(event.start - low, min(event.length, high - event.start), event.pitch)
            for event in events
            if low <= event.start < high
        ]
        for events in work.voices
    ]
    if sum(map(len, voices)) < 2 * bars:
        return None
    tonic, mode = work.tonic, work.mode
    if work.ensemble == "strings" and bars < work.bars:
        tonic, mode = find_key(voices, final=start + bars == work.bars, bias=(tonic, mode))
    up = -tonic if tonic <= 6 else 12 - tonic
    moved = tuple(
        tuple(
            Event(event.start, event.length, event.pitch + up)
            for event in events
            if v.LOWEST <= event.pitch + up <= v.HIGHEST
        )
        for events in voices
    )
    half = half_positions(meter)
    per_bar = length // half
    labels = moved_labels(work.labels[start * per_bar : (start + bars) * per_bar], -tonic)
    final = max((events[-1] for events in moved if events), key=lambda event: event.start + event.length)
    lowest = [events[-1] for events in moved if events][-1]
    closes = (
        lowest.pitch % 12 == 0 and final.length >= 18 and final.start + final.length >= high - length // 4
    )
    return Sketch(
        work.ensemble,
        mode,
        meter,
        bars,
        moved,
        np.repeat(labels, half),
        begins=(work.begins and start == 0) or (work.ensemble == "solo" and start % 8 == 0),
        ends=(work.ends and start + bars == work.bars) or bool(closes),
        tempo=None if work.tempo is None else v.class_of(work.tempo, v.TEMPO_EDGES),
    )


def _alone(sketch: Sketch, voice: int) -> Sketch:
    """One voice as a melody of its own, over the chords of all."""
    return Sketch(
        "solo",
        sketch.mode,
        sketch.meter,
        sketch.bars,
        (sketch.voices[voice],),
        sketch.chords,
        sketch.begins,
        sketch.ends,
        sketch.tempo,
    )


def draw_missing(sketch: Sketch, rng: np.random.Generator) -> Cells:
    """What is to be written: everything, the end, the beginning, bars in between, or voices."""
    bars, count = sketch.bars, len(sketch.voices)
    task = str(rng.choice(list(TASKS), p=list(TASKS.values())))
    all_voices = range(count)
    if task == "voices" and count == 1:
        task = "bars"
    if task == "compose" or bars < 3:
        return frozenset((bar, voice) for bar in range(bars) for voice in all_voices)
    if task == "continue":
        kept = int(rng.integers(1, max(2, bars * 3 // 4 + 1)))
        wanted = range(kept, bars) if rng.random() < 0.75 else range(bars - kept)
        return frozenset((bar, voice) for bar in wanted for voice in all_voices)
    if task == "bars":
        size = int(rng.integers(1, max(2, bars // 2 + 1)))
        start = int(rng.integers(0, bars - size + 1))
        return frozenset((bar, voice) for bar in range(start, start + size) for voice in all_voices)
    draw = rng.random()
    if draw < 0.5:  # harmonize
        voices = list(range(1, count))
    else:
        size = int(rng.integers(1, count))
        voices = [int(voice) for voice in rng.choice(count, size, replace=False)]
    first, end = 0, bars
    if rng.random() < 0.3:
        size = int(rng.integers(1, bars + 1))
        first = int(rng.integers(0, bars - size + 1))
        end = first + size
    return frozenset((bar, voice) for bar in range(first, end) for voice in voices)


def controlled(sketch: Sketch, missing: Cells, rng: np.random.Generator) -> Sketch:
    """The sketch with what is told about it; each control is left out at times."""
    length = sketch.bar_length
    onsets = count_missing(sketch, missing)
    quarters = len(missing) * length / v.PER_QUARTER
    density = v.class_of(onsets / max(quarters, 1e-9), v.DENSITY_EDGES)
    ranges: list[tuple[int, int] | None] = []
    told = rng.random() >= CONTROL_DROPPED
    for events in sketch.voices:
        if not events or not told:
            ranges.append(None)
            continue
        low = min(event.pitch for event in events) - int(rng.integers(0, 5))
        high = max(event.pitch for event in events) + int(rng.integers(0, 5))
        ranges.append((max(v.LOWEST, low), min(v.HIGHEST, high)))
    labels = sketch.chords
    if rng.random() < CHORDS_DROPPED:
        labels = np.full_like(labels, v.UNKNOWN_CHORD)
    return Sketch(
        sketch.ensemble,
        sketch.mode,
        sketch.meter,
        sketch.bars,
        sketch.voices,
        labels,
        sketch.begins,
        sketch.ends,
        None if rng.random() < CONTROL_DROPPED else sketch.tempo,
        None if rng.random() < CONTROL_DROPPED else density,
        tuple(ranges),
    )
