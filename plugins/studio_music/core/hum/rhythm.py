"""Beats, meter and tempo of a melody that nobody played to a metronome.

Each time from one note to the next is so many twelfths of a beat, while the length of the beat may wander:
the likeliest reading is found by Viterbi's algorithm over lengths of the beat and places within the bar. It
is read in several meters, and the likeliest reading counts. How often notes begin where in a bar, and how
long they are, was counted in 130 Irish, Scottish and American folk tunes and chorales, and evened out for
songs.

Sources: Raphael, Automated Rhythm Transcription, ISMIR 2001; Cemgil and Kappen, Monte Carlo Methods for Tempo
Tracking and Rhythm Quantization, JAIR 2003.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio_music.core.meter import TICKS, Meter

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

PARTS = 12
"""Of a beat that positions are counted in."""
SLOWEST, FASTEST = 40.0, 220.0
"""Beats per minute."""
_METERS = {Meter(4, 4): 0.0, Meter(3, 4): 2.5, Meter(6, 8): 2.5}
"""What is looked for, and what it costs to be less common."""
_SIMPLE = {0: 0.85, 6: 0.42, 3: 0.05, 9: 0.08, 4: 0.02, 8: 0.02}
"""How often notes begin at places within a beat of two halves."""
_COMPOUND = {0: 0.9, 4: 0.6, 8: 0.85, 2: 0.04, 6: 0.04, 10: 0.04}
"""The same for a beat of three thirds."""
_SIMPLE_LENGTHS = (
    {12: 0.42, 6: 0.3, 24: 0.1, 18: 0.06, 36: 0.03, 48: 0.03, 3: 0.03, 9: 0.02, 4: 0.01, 8: 0.01},
    {6: 0.66, 12: 0.17, 3: 0.06, 9: 0.04, 4: 0.03, 18: 0.01, 24: 0.015, 36: 0.005},
    {12: 0.7, 24: 0.13, 6: 0.1, 36: 0.02, 48: 0.02, 18: 0.02, 3: 0.01},
)
"""How often so many parts of a beat go by until the next note: in songs, dances and hymns."""
_COMPOUND_LENGTHS = (
    {4: 0.33, 8: 0.26, 12: 0.22, 24: 0.06, 20: 0.03, 16: 0.02, 2: 0.03, 6: 0.02, 36: 0.01, 48: 0.01},
    {4: 0.78, 8: 0.1, 12: 0.03, 2: 0.05, 6: 0.02, 20: 0.01, 24: 0.005},
)
_LONGER = 0.004
"""The same for any longer number of whole beats."""
_ACCENT = 0.5
"""How much long and loud notes are drawn to the beginnings of bars."""
_UNEVEN = 0.09
"""How uneven times are, beside their length."""
_JITTER = 0.022
"""Seconds that an onset is early or late besides."""
_WANDER = 0.035
"""How far the beat wanders from note to note, as the standard deviation of its logarithm."""
_DRIFTS = np.arange(-4, 5)
"""Steps between lengths of the beat that it may wander from a note to the next."""
_ALIKE = 60.0
"""How much it counts that the same pitch comes again a bar later."""
_PAUSE = 8
"""Beats: so long a pause says nothing of the beat."""
_STEPS = 64
"""Lengths of the beat that are tried, in even ratios."""


@dataclass(frozen=True)
class Rhythm:
    """How a melody is written."""

    places: tuple[int, ...]
    """Where each note begins, in twelfths of a beat from the first bar line on."""
    lengths: tuple[int, ...]
    """In twelfths of a beat."""
    beat: float
    """Seconds, on the whole."""
    meter: Meter

    @property
    def part_ticks(self) -> int:
        return self.meter.beat_ticks // PARTS

    @property
    def tempo(self) -> float:
        """Quarter notes per minute."""
        return 60.0 / self.beat * self.meter.beat_ticks / TICKS


def rhythm_of(
    starts: Numbers,
    ends: Numbers,
    pitches: Places,
    loudness: Numbers,
    tempo: float = 0.0,
    meter: Meter | None = None,
) -> Rhythm:
    """Reads the rhythm of notes that follow one another.

    Args:
        starts, ends: seconds, rising.
        pitches: MIDI.
        loudness: of each note, in dB or any even measure.
        tempo: quarter notes per minute where it is known, else 0.
        meter: where it is known.
    """
    accent = _accents(starts, loudness)
    readings = []
    for candidate, rare in _METERS.items() if meter is None else ((meter, 0.0),):
        known = 60.0 / tempo * candidate.beat_ticks / TICKS if tempo else 0.0
        for table in _COMPOUND_LENGTHS if candidate.is_compound else _SIMPLE_LENGTHS:
            cost, places, beats = _read(starts, accent, candidate, table, known)
            readings.append(
                (cost + rare - _ALIKE * _alike(places, pitches, candidate), candidate, places, beats, known)
            )
    _, found, places, beats, known = min(readings, key=lambda reading: reading[0])
    beat = known or (float(np.median(beats)) if len(beats) else 0.6)
    lengths = _lengths(starts, ends, places, beats, beat)
    return Rhythm(tuple(places.tolist()), tuple(lengths.tolist()), beat, found)


def _accents(starts: Numbers, loudness: Numbers) -> Numbers:
    """How much each note stands out by its length and loudness: 0 on the average, about -1 to 1."""
    if len(starts) < 2:
        return np.zeros(len(starts))
    times = np.diff(starts)
    long = np.log2(np.append(times, np.quantile(times, 0.8)) / np.median(times))
    accent = np.clip(long, -1.5, 1.5) + 0.08 * np.clip(loudness - np.median(loudness), -8, 8)
    return np.asarray(accent - accent.mean())


def _alike(places: Places, pitches: Places, meter: Meter) -> float:
    """How much more often the same pitch comes again a bar, two and four bars later than at other beats: -1
    to 1."""
    bar = meter.bar_ticks // meter.beat_ticks * PARTS
    at = dict(zip(places.tolist(), pitches.tolist(), strict=True))

    def share(lag: int) -> float:
        same = sum(at.get(place + lag) == pitch for place, pitch in at.items())
        return float(same / max(4, np.sum(places + lag <= places[-1])))

    bars = [share(bar * n) for n in (1, 2, 4)]
    others = [share(PARTS * n) for n in range(2, 4 * bar // PARTS) if PARTS * n % bar]
    return float(np.mean(bars) - np.mean(others)) if others else 0.0


def _rates(meter: Meter) -> tuple[Numbers, Numbers]:
    """For each place of a bar: how often notes begin there, 0 where none may; and how strong it is, 0 to
    1."""
    beats = meter.bar_ticks // meter.beat_ticks
    table = _COMPOUND if meter.is_compound else _SIMPLE
    rates, strong = np.zeros(beats * PARTS), np.zeros(beats * PARTS)
    for beat in range(beats):
        for place, rate in table.items():
            rates[beat * PARTS + place] = rate
        strong[beat * PARTS] = 1.0 if beat == 0 else 0.5 if 2 * beat == beats else 0.1
        rates[beat * PARTS] *= 0.9 + 0.2 * strong[beat * PARTS]
    return rates, strong - strong.mean()


def _firsts(meter: Meter, rates: Numbers) -> Numbers:
    """How likely a melody begins at each place of a bar: mostly on its first beat, or as an upbeat."""
    chance: Numbers = 0.15 * rates / rates.sum()
    chance[0] += 0.45
    chance[-PARTS] += 0.3
    chance[-PARTS // 3 if meter.is_compound else -PARTS // 2] += 0.1
    return chance


def _moves(lengths: dict[int, float], rates: Numbers) -> tuple[tuple[int, ...], Numbers]:
    """How many parts may go by, and what each costs from each place: (moves, places)."""
    table = dict(lengths)
    for beats in range(1, _PAUSE + 1):
        table.setdefault(beats * PARTS, _LONGER)
    chance = np.array([share * np.roll(rates, -parts) for parts, share in table.items()])
    total = chance.sum(axis=0)
    with np.errstate(divide="ignore"):
        return tuple(table), -np.log(chance / np.where(total > 0, total, 1.0))


def _read(
    starts: Numbers, accent: Numbers, meter: Meter, table: dict[int, float], known: float
) -> tuple[float, Places, Numbers]:
    """The cost of the likeliest reading, each note's place, and the beat's length at each time between
    notes."""
    times = np.diff(starts)
    usual = 0.75 if meter.is_compound else 0.6
    periods = (
        known * np.geomspace(0.88, 1.14, 21) if known else np.geomspace(60 / FASTEST, 60 / SLOWEST, _STEPS)
    )
    prior = np.log(periods / (known or usual)) / (0.05 if known else 0.2)
    step = float(np.log(periods[1] / periods[0]))
    wander = (step * _DRIFTS / _WANDER) ** 2 / 2
    sources = np.arange(len(periods))[None, :] + _DRIFTS[:, None]  # (drifts, periods)
    wander = np.where((sources >= 0) & (sources < len(periods)), wander[:, None], np.inf)
    sources = np.clip(sources, 0, len(periods) - 1)
    rates, strong = _rates(meter)
    moves, prices = _moves(table, rates)
    bar = len(rates)
    with np.errstate(divide="ignore"):
        score = prior[:, None] ** 2 / 2 - np.log(_firsts(meter, rates)) - _ACCENT * accent[0] * strong
    expected = np.array(moves)[:, None] / PARTS * periods  # (moves, periods)
    spread = (_UNEVEN * expected) ** 2 + 2 * _JITTER**2
    back: list[tuple[Places, Places]] = []
    for n, time in enumerate(times):
        ways = score[sources] + wander[:, :, None]  # (drifts, periods, places)
        best = ways.min(axis=0)
        source = sources[ways.argmin(axis=0), np.arange(len(periods))[:, None]]
        miss = (time - expected) ** 2 / spread / 2 + 0.5 * np.log(spread / expected**2)
        pause = time > _PAUSE * periods
        whole = (np.array(moves) == _PAUSE * PARTS)[:, None]
        miss = np.where(pause, np.where(whole, 0.0, np.inf), miss)
        after = np.full(score.shape, np.inf)
        chosen = np.zeros(score.shape, np.int64)
        for k, parts in enumerate(moves):
            arrived = np.roll(best + miss[k][:, None] + prices[k], parts, axis=1)
            better = arrived < after
            after = np.where(better, arrived, after)
            chosen = np.where(better, parts, chosen)
        back.append((source, chosen))
        score = after - _ACCENT * accent[n + 1] * strong
    period, place = (int(at) for at in np.unravel_index(int(score.argmin()), score.shape))
    cost = float(score.min())
    gone: list[int] = []
    beats: list[float] = []
    for n in range(len(times) - 1, -1, -1):
        source, chosen = back[n]
        parts = int(chosen[period, place])
        beats.append(float(periods[period]))
        pause = times[n] > _PAUSE * periods[period]
        if pause:  # whole bars more
            parts += max(0, round((times[n] / periods[period] - _PAUSE) * PARTS / bar)) * bar
        gone.append(parts)
        place = (place - parts) % bar
        period = int(source[period, place])
    return cost, np.cumsum([place, *reversed(gone)]).astype(np.int64), np.array(beats[::-1])


def _lengths(
    starts: Numbers, ends: Numbers, places: NDArray[np.int64], beats: Numbers, beat: float
) -> NDArray[np.int64]:
    """How long notes are written: up to the next one, unless a rest is heard."""
    found = []
    for n, start in enumerate(starts):
        local = beats[n] if n < len(beats) else (beats[-1] if len(beats) else beat)
        sung = (ends[n] - start) / local * PARTS
        if n + 1 == len(starts):
            options = (3, 6, 12, 18, 24, 36, 48)
            found.append(min(options, key=lambda parts: abs(np.log(parts / max(sung, 1)))))
            continue
        room = int(places[n + 1] - places[n])
        if room - sung < max(5.0, 0.35 * room):
            found.append(room)
        else:
            found.append(int(max(min(3, room), min(room, round(sung / 3) * 3))))
    return np.array(found)
