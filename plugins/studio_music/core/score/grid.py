"""Where notes begin and end in notation: onto the nearest sixteenths, thirty-seconds or triplets of each
beat.

The song itself stays as it sounds.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from studio_music.core.meter import TICKS, Meter
from studio_music.core.song import BarSpan, Note

_STRAIGHT, _TRIPLETS, _FINE, _FINE_TRIPLETS = 120, 160, 60, 80
_COSTS = {_STRAIGHT: 0.0, _TRIPLETS: 200.0, _FINE: 1000.0, _FINE_TRIPLETS: 1100.0}
"""Square ticks that notes must come nearer by, so that the finer or stranger grid is chosen."""
_WIDE_TRIPLETS = 320
_WIDE_COST = 300.0


@dataclass(frozen=True)
class Window:
    """A beat, or two of them, with the grid that its notes lie on."""

    start: int
    end: int
    step: int
    """Ticks."""

    @property
    def is_triplet(self) -> bool:
        return self.step in (_TRIPLETS, _FINE_TRIPLETS, _WIDE_TRIPLETS)

    def snap(self, tick: int) -> int:
        """The nearest place on the grid, from the start to the end."""
        place = self.start + (tick - self.start + self.step // 2) // self.step * self.step
        return min(place, self.end)


@dataclass
class Placed:
    """A note as it is written."""

    start: int
    end: int
    pitch: int
    place: int
    """Of the note in its track."""
    track: int = 0
    """Place of the track in the song."""


def groups(meter: Meter) -> list[int]:
    """The lengths, in ticks, of what is beamed together and counted as a beat in a bar."""
    unit = 4 * TICKS // meter.unit
    if meter.is_compound:
        return [meter.beat_ticks] * (meter.beats // 3)
    if meter.unit <= 4:
        return [TICKS] * (meter.bar_ticks // TICKS)
    if meter.beats == 1:
        return [unit]
    odd = meter.beats % 2
    return [2 * unit] * (meter.beats // 2 - odd) + [3 * unit] * odd


def windows_of(bars: Sequence[BarSpan], starts: Sequence[int]) -> list[Window]:
    """The windows of all bars, each with the grid that fits the starts of notes best; `starts` is sorted."""
    windows: list[Window] = []
    for bar in bars:
        at = bar.start
        spans: list[tuple[int, int]] = []
        for length in groups(bar.meter):
            if at < bar.end:
                spans.append((at, min(at + length, bar.end)))
            at += length
        place = 0
        while place < len(spans):
            start, end = spans[place]
            if place + 1 < len(spans) and _is_pair(bar, spans[place], spans[place + 1]):
                wide = _wide(starts, start, spans[place + 1][1])
                if wide is not None:
                    windows.append(wide)
                    place += 2
                    continue
            windows.append(_best(starts, start, end))
            place += 1
    return windows


def _is_pair(bar: BarSpan, first: tuple[int, int], second: tuple[int, int]) -> bool:
    return (first[0] - bar.start) % (2 * TICKS) == 0 and second[1] - first[0] == 2 * TICKS


def _between(starts: Sequence[int], start: int, end: int) -> list[int]:
    """Starts within a window, and those so shortly before it that they are meant to be in it."""
    low = bisect.bisect_left(starts, start - _FINE // 2)
    return [tick - start for tick in starts[low : bisect.bisect_left(starts, end - _FINE // 2)]]


def _cost(inside: Sequence[int], step: int) -> float:
    offs = [abs(tick - (tick + step // 2) // step * step) for tick in inside]
    return sum(off * off for off in offs) / len(offs) + max(offs) ** 2 / 2


def _best(starts: Sequence[int], start: int, end: int) -> Window:
    inside = _between(starts, start, end)
    length = end - start
    steps = [step for step in (_STRAIGHT, _FINE) if length % step == 0] or [length if length < 30 else 30]
    if not inside:
        return Window(start, end, steps[0])
    if length == TICKS:
        steps = [_STRAIGHT, _TRIPLETS, _FINE, _FINE_TRIPLETS]
    return Window(start, end, min(steps, key=lambda step: _cost(inside, step) + _COSTS.get(step, 0.0)))


def _wide(starts: Sequence[int], start: int, end: int) -> Window | None:
    """Three notes in the time of two quarters, where that fits better than two beats of their own."""
    inside = _between(starts, start, end)
    if not any(_WIDE_TRIPLETS / 2 < tick < end - start - _WIDE_TRIPLETS / 2 for tick in inside):
        return None
    fit = _cost(inside, _WIDE_TRIPLETS) + _WIDE_COST
    middle, other = start + TICKS, 0.0
    for low, high in ((start, middle), (middle, end)):
        half = _between(starts, low, high)
        if half:
            other += min(_cost(half, step) + cost for step, cost in _COSTS.items())
    return Window(start, end, _WIDE_TRIPLETS) if fit < other else None


class Grid:
    """The windows of a song for the notes of some tracks."""

    def __init__(self, bars: Sequence[BarSpan], notes: Sequence[Note]) -> None:
        self.windows = windows_of(bars, sorted(note.start for note in notes))
        self._starts = [window.start for window in self.windows]

    def window_at(self, tick: int) -> Window:
        return self.windows[max(0, bisect.bisect_right(self._starts, tick) - 1)]

    def placed(self, notes: Sequence[tuple[int, int, Note]]) -> list[Placed]:
        """Notes, each with the places of its track and of itself in it, as they are written, by start and
        pitch.
        """
        last = self.windows[-1].end
        written: list[Placed] = []
        for track, place, note in notes:
            start = self._snap_start(note.start)
            if start >= last:
                continue
            end = max(self.window_at(note.end - 1).snap(note.end), start)
            if end == start:
                window = self.window_at(start)
                end = min(start + window.step, window.end)
            written.append(Placed(start, end, note.pitch, place, track))
        written.sort(key=lambda placed: (placed.start, placed.pitch))
        return written

    def _snap_start(self, tick: int) -> int:
        window = self.window_at(tick + _FINE // 2 - 1)
        return max(window.start, window.snap(tick))

    def close_gaps(self, written: list[Placed]) -> list[Placed]:
        """Closes small gaps and overlaps that players leave between the notes of a staff; gives the notes."""
        starts = sorted({placed.start for placed in written})
        for placed in written:
            place = bisect.bisect_left(starts, placed.end)
            following = starts[place] if place < len(starts) else None
            before = starts[place - 1] if place else placed.start
            placed.end = self._closed(placed, before, following)
        return written

    def _closed(self, placed: Placed, before: int, following: int | None) -> int:
        """Where a note ends in notation: `before` and `following` are where notes begin before and from its
        end."""
        length = placed.end - placed.start
        gap = 0 if following is None else following - placed.end
        is_small = gap <= max(_FINE, length // 4) or (gap <= _STRAIGHT and 2 * gap <= length)
        if following is not None and gap and is_small:
            return following
        if before > placed.start and placed.end - before <= max(_FINE, length // 7):
            return before
        window = self.window_at(placed.end - 1)
        rest, tail = window.end - placed.end, placed.end - window.start
        if window.is_triplet:
            is_alone = placed.start <= window.start and (following is None or following >= window.end)
            return window.end if is_alone and rest <= window.step else placed.end
        if not rest or following == placed.end:
            return placed.end
        if rest <= _STRAIGHT and 2 * rest <= length and (following is None or following >= window.end):
            return window.end  # rather a note a little too long than a short rest behind it
        if placed.start < window.start and tail <= _STRAIGHT and 3 * tail <= length + _STRAIGHT // 2:
            return window.start
        return placed.end
