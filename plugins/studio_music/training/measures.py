"""What is measured of music: of ours, of the baselines' and of real scores alike.

A `Tune` is what comes out of the engine or of a sketch: voices of notes with the tonic at C.
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio_music.core.keys import SCALES
from studio_music.core.meter import Meter
from studio_music.core.tokens.sketch import Event, Sketch

COMMON = Meter(4, 4)


@dataclass(frozen=True)
class Tune:
    ensemble: str
    mode: str
    bar: int
    """Positions of a bar."""
    bars: int
    voices: tuple[tuple[Event, ...], ...]
    down: int = 0
    """Semitones from here, where the tonic is C, to the pitches as they are written."""
    meter: Meter = COMMON


def of_sketch(sketch: Sketch) -> Tune:
    return Tune(
        sketch.ensemble, sketch.mode, sketch.bar_length, sketch.bars, sketch.voices, meter=sketch.meter
    )


def in_key(tunes: Iterable[Tune]) -> float:
    """Share of notes in the scale; minor counts its raised sixth and seventh."""
    inside = total = 0
    for tune in tunes:
        scale = set(SCALES[tune.mode]) | ({9, 11} if tune.mode == "minor" else set())
        for events in tune.voices:
            inside += sum(event.pitch % 12 in scale for event in events)
            total += len(events)
    return inside / max(1, total)


def pitch_classes(tunes: Iterable[Tune]) -> NDArray[np.float64]:
    """Share of the sounding time of each pitch class."""
    counts = np.zeros(12)
    for tune in tunes:
        for event in itertools.chain(*tune.voices):
            counts[event.pitch % 12] += event.length
    found: NDArray[np.float64] = counts / max(1.0, counts.sum())
    return found


def durations(tunes: Iterable[Tune]) -> NDArray[np.float64]:
    """Share of notes of each duration, up to two whole notes."""
    counts = np.zeros(193)
    for tune in tunes:
        for event in itertools.chain(*tune.voices):
            counts[min(192, event.length)] += 1
    found: NDArray[np.float64] = counts / max(1.0, counts.sum())
    return found


def distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Half the sum of differences: 0 for the same histogram, 1 for ones with nothing in common."""
    return float(np.abs(one - other).sum() / 2)


def self_similarity(tunes: Iterable[Tune]) -> float:
    """How like each bar of the top voice is to the likest bar before it, by rhythm and contour."""
    found = []
    for tune in tunes:
        bars = [_bar_set(tune, number) for number in range(tune.bars)]
        for number in range(1, tune.bars):
            if not bars[number]:
                continue
            found.append(max((_jaccard(bars[number], bars[before]) for before in range(number)), default=0.0))
    return float(np.mean(found)) if found else 0.0


def copied(tunes: Iterable[Tune], known: set[int]) -> float:
    """Share of runs of eight notes of a voice, by interval and duration, that stand in the training set."""
    hits = total = 0
    for tune in tunes:
        for events in tune.voices:
            runs = grams(events)
            hits += sum(run in known for run in runs)
            total += len(runs)
    return hits / max(1, total)


def grams(events: tuple[Event, ...] | list[Event], size: int = 8) -> list[int]:
    """Runs of notes as numbers: intervals and durations, whatever the key."""
    steps = [(following.pitch - event.pitch, event.length) for event, following in itertools.pairwise(events)]
    return [hash(tuple(steps[place : place + size - 1])) for place in range(len(steps) - size + 2)]


def leading_faults(tunes: Iterable[Tune]) -> dict[str, float]:
    """Of four voices: parallel fifths and octaves for 100 moves of two, and the share of crossings."""
    counts: collections.Counter[str] = collections.Counter()
    for tune in tunes:
        length = tune.bars * tune.bar
        sounding = np.zeros((len(tune.voices), length), int)
        for place, events in enumerate(tune.voices):
            for event in events:
                sounding[place, event.start : event.start + event.length] = event.pitch
        changes = [0, *(np.flatnonzero((np.diff(sounding) != 0).any(0)) + 1)]
        for before, after in itertools.pairwise(changes):
            for high, low in itertools.combinations(range(len(tune.voices)), 2):
                was, now = sounding[[high, low], before], sounding[[high, low], after]
                if not was.all() or not now.all():
                    continue
                counts["pairs"] += 1
                counts["crossings"] += int(now[0] < now[1])
                if (was == now).any():
                    continue
                counts["moves"] += 1
                first, second = int(was[0] - was[1]) % 12, int(now[0] - now[1]) % 12
                if first == second and first in (0, 7):
                    counts["fifths" if first == 7 else "octaves"] += 1
    moves, pairs = max(1, counts["moves"]), max(1, counts["pairs"])
    return {
        "fifths": 100 * counts["fifths"] / moves,
        "octaves": 100 * counts["octaves"] / moves,
        "crossings": counts["crossings"] / pairs,
    }


def out_of_range(tunes: Iterable[Tune], limits: Sequence[tuple[int, int]]) -> float:
    """Share of notes that lie, as they are written, outside of what each voice is taught to sing."""
    outside = total = 0
    for tune in tunes:
        for events, (low, high) in zip(tune.voices, limits, strict=True):
            outside += sum(not low <= event.pitch + tune.down <= high for event in events)
            total += len(events)
    return outside / max(1, total)


def right_bars(tunes: Iterable[Tune]) -> float:
    """Share of bars, of each voice, filled by notes and rests that neither overlap nor outlast the music."""
    wrong = bars = 0
    for tune in tunes:
        for events in tune.voices:
            bars += tune.bars
            ends = [*(event.start for event in events[1:]), tune.bars * tune.bar]
            wrong += len(
                {
                    event.start // tune.bar
                    for event, end in zip(events, ends, strict=False)
                    if event.length < 1 or event.start + event.length > end
                }
            )
    return 1 - wrong / max(1, bars)


def agreement(found: Iterable[Event], true: Iterable[Event], first: int, end: int) -> float:
    """Share of positions from `first` to `end` where the same pitch sounds, or none in both."""
    lines = np.zeros((2, end - first), int)
    for line, events in zip(lines, (found, true), strict=True):
        for event in events:
            line[max(0, event.start - first) : max(0, event.start + event.length - first)] = event.pitch
    return float((lines[0] == lines[1]).mean())


def _bar_set(tune: Tune, number: int) -> frozenset[tuple[int, int]]:
    events = [event for event in tune.voices[0] if event.start // tune.bar == number]
    first = events[0].pitch if events else 0
    return frozenset((event.start % tune.bar, event.pitch - first) for event in events)


def _jaccard(one: frozenset[tuple[int, int]], other: frozenset[tuple[int, int]]) -> float:
    return len(one & other) / max(1, len(one | other))
