"""The grid that edits keep to: values of notes, counted from the beginning of each bar."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from studio_music.core.meter import TICKS
from studio_music.core.song import Song

WHOLE = 4 * TICKS


class Snap(Enum):
    """What positions keep to. The value says it in a file."""

    AUTO = "auto"
    """As fine as the zoom lets it be seen."""
    OFF = "off"
    BAR = "bar"
    HALF = "1/2"
    QUARTER = "1/4"
    EIGHTH = "1/8"
    SIXTEENTH = "1/16"
    THIRTYSECOND = "1/32"
    HALF_TRIPLET = "1/2T"
    QUARTER_TRIPLET = "1/4T"
    EIGHTH_TRIPLET = "1/8T"
    SIXTEENTH_TRIPLET = "1/16T"


_STEPS = {
    Snap.HALF: WHOLE // 2,
    Snap.QUARTER: WHOLE // 4,
    Snap.EIGHTH: WHOLE // 8,
    Snap.SIXTEENTH: WHOLE // 16,
    Snap.THIRTYSECOND: WHOLE // 32,
    Snap.HALF_TRIPLET: WHOLE // 3,
    Snap.QUARTER_TRIPLET: WHOLE // 6,
    Snap.EIGHTH_TRIPLET: WHOLE // 12,
    Snap.SIXTEENTH_TRIPLET: WHOLE // 24,
}
FINEST = WHOLE // 32
"""What `AUTO` goes down to."""


@dataclass(frozen=True)
class Grid:
    """Lines in every bar at multiples of `step` ticks from its beginning. 0 has whole bars only."""

    step: int

    def snapped(self, song: Song, tick: float, side: Literal["near", "before", "after"] = "near") -> int:
        """The line nearest to a tick; or the last one at or before it, the first one at or after it.

        Lines go from the song's beginning to its end; `side` gives way to these.
        """
        tick = min(max(tick, 0), song.length)
        before = self._before(song, tick)
        if side == "before" or before == tick:
            return before
        after = self._after(song, before)
        if side == "after":
            return after
        return after if after - tick <= tick - before else before

    def length_at(self, song: Song, tick: int) -> int:
        """Ticks from the line at or before a tick to the next one."""
        before = self._before(song, min(tick, song.length - 1))
        return self._after(song, before) - before

    def moved(self, song: Song, tick: int, steps: int) -> int:
        """So many lines after a tick, or before it where `steps` is negative; the song's ends at most."""
        for _ in range(abs(steps)):
            if steps > 0:
                tick = self._after(song, self._before(song, tick))
            else:
                tick = self._before(song, max(0, tick - 1))
        return min(max(tick, 0), song.length)

    def lines(self, song: Song, start: int, end: int) -> list[int]:
        """All lines from `start` to `end`, both included, within the song."""
        found: list[int] = []
        first = bisect.bisect_right(song.bars, start, key=lambda bar: bar.end)
        for bar in song.bars[first:]:
            if bar.start > end:
                break
            step = self.step or bar.end - bar.start
            begun = bar.start + max(0, -(-(start - bar.start) // step)) * step
            found.extend(range(begun, min(bar.end, end + 1), step))
        return found

    def _before(self, song: Song, tick: float) -> int:
        if tick >= song.length:
            return song.length
        bar = song.bar_at(int(tick))
        return bar.start + (int(tick - bar.start) // self.step * self.step if self.step else 0)

    def _after(self, song: Song, line: int) -> int:
        """The line that follows one."""
        if line >= song.length:
            return song.length
        bar = song.bar_at(line)
        return min(line + self.step, bar.end, song.length) if self.step else min(bar.end, song.length)


TICK_GRID = Grid(1)
"""Every tick: no grid."""


def grid_of(snap: Snap, song: Song, least: float = 0.0) -> Grid:
    """The grid of a snap.

    Args:
        least: For `AUTO`: how far apart lines are at least, in ticks.
    """
    if snap is Snap.OFF:
        return TICK_GRID
    if snap is Snap.BAR:
        return Grid(0)
    return Grid(_STEPS[snap]) if snap is not Snap.AUTO else auto_grid(song, least)


def auto_grid(song: Song, least: float) -> Grid:
    """The finest grid of beats, halves of them and so on, with lines `least` ticks apart; else of bars."""
    meter = song.meter
    steps = [step for step in (meter.half_ticks, meter.beat_ticks) if step < meter.bar_ticks]
    unit = WHOLE // meter.unit if meter.is_compound else meter.beat_ticks // 2
    while unit >= FINEST:
        steps.append(unit)
        unit //= 2
    fitting = [step for step in steps if step >= least]
    return Grid(min(fitting)) if fitting else Grid(0)
