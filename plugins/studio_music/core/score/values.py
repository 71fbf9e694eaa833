"""How long notes are written: as values such as a dotted quarter, divided where beats should be seen."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from studio_music.core.meter import TICKS, Meter
from studio_music.core.score.grid import groups

TYPES = {
    8 * TICKS: "breve",
    4 * TICKS: "whole",
    2 * TICKS: "half",
    TICKS: "quarter",
    TICKS // 2: "eighth",
    TICKS // 4: "16th",
    TICKS // 8: "32nd",
    TICKS // 16: "64th",
}
"""MusicXML's names of note values, by their ticks."""
BEAMS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4}


class Value(NamedTuple):
    """A note value."""

    kind: str
    """One of `TYPES`."""
    dots: int = 0


@lru_cache(maxsize=1024)
def value_of(ticks: int) -> Value | None:
    """The value that lasts so long, with at most one dot."""
    if ticks in TYPES:
        return Value(TYPES[ticks])
    if ticks % 3 == 0 and ticks // 3 * 2 in TYPES:
        return Value(TYPES[ticks // 3 * 2], 1)
    return None


def triplet_value(ticks: int) -> Value | None:
    """The value that lasts so long where three notes have the time of two."""
    return value_of(ticks * 3 // 2) if ticks * 3 % 2 == 0 else None


def divide(start: int, end: int, meter: Meter, is_rest: bool) -> list[tuple[int, int]]:
    """Parts of a note or rest from `start` to `end` (ticks within its bar), each of which is one value."""
    if start >= end:
        return []
    if value_of(end - start) is not None and _may_stay(start, end, meter, is_rest):
        return [(start, end)]
    middle = _strongest(start, end, meter)
    if middle is None:  # shorter than the shortest value, or off every beat
        return _greedy(start, end)
    return divide(start, middle, meter, is_rest) + divide(middle, end, meter, is_rest)


def _greedy(start: int, end: int) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    for ticks in TYPES:
        while end - start >= ticks:
            parts.append((start, start + ticks))
            start += ticks
    return parts


@lru_cache(maxsize=256)
def _levels(meter: Meter) -> tuple[tuple[int, ...], ...]:
    """Places within a bar where values are divided, from the strongest: halves, beats, halves of beats …"""
    lengths = groups(meter)
    beats = [sum(lengths[:place]) for place in range(1, len(lengths))]
    halves = [meter.half_ticks] if len(lengths) >= 4 and meter.half_ticks in beats else []
    finer = []
    for step in (240, 120, 60, 30):
        finer.append(tuple(range(step, meter.bar_ticks, step)))
    return (tuple(halves), tuple(beats), *finer)


def _strongest(start: int, end: int, meter: Meter) -> int | None:
    for level in _levels(meter):
        inside = [tick for tick in level if start < tick < end]
        if inside:
            # A note from off the beat reaches the first beat; one from a beat stays whole as long as it can.
            return inside[0] if start not in level and start else inside[-1]
    return None


def _may_stay(start: int, end: int, meter: Meter, is_rest: bool) -> bool:
    """Whether a single value may stand here without hiding a beat."""
    halves, beats = _levels(meter)[:2]
    length = end - start
    on_beat = start == 0 or start in beats
    to_beat = end == meter.bar_ticks or end in beats
    crossed = [beat for beat in beats if start < beat < end]
    if is_rest:
        if not crossed:
            dotted = value_of(length) is not None and length not in TYPES
            return not dotted or (meter.is_compound and on_beat and to_beat)
        if meter.is_compound:
            return start == 0 and end == meter.bar_ticks
        # A rest over beats begins where it would divide the bar evenly.
        return length in TYPES and start % length == 0
    if not crossed:
        return True
    if meter.is_compound:
        return on_beat and to_beat and not any(start < half < end and start for half in halves)
    if any(start < half < end for half in halves):
        return start == 0 or (on_beat and to_beat)
    if on_beat:
        return True
    return (to_beat and length <= meter.beat_ticks * 3 // 2 and start % (TICKS // 2) == 0) or (
        length == TICKS and start % (TICKS // 2) == 0
    )
