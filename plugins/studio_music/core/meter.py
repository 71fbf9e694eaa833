"""Meters, and the ticks that time is counted in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.api.values import BadInput, tr

TICKS = 480
"""Per quarter note."""
UNITS = (1, 2, 4, 8, 16, 32)
MOST_BEATS = 64


@dataclass(frozen=True)
class Meter:
    """A time signature, as 6/8."""

    beats: int
    """The upper number: 1 to `MOST_BEATS`."""
    unit: int
    """The lower number: one of `UNITS`."""

    @property
    def bar_ticks(self) -> int:
        return self.beats * 4 * TICKS // self.unit

    @property
    def is_compound(self) -> bool:
        """Whether beats are dotted notes, as in 6/8, 9/8 and 12/8."""
        return self.unit >= 8 and self.beats > 3 and self.beats % 3 == 0

    @property
    def beat_ticks(self) -> int:
        """What is counted as a beat: three units in a compound meter, else one."""
        return (3 if self.is_compound else 1) * 4 * TICKS // self.unit

    @property
    def half_ticks(self) -> int:
        """The first half of the bar, in whole beats: where a second chord may come in; else the whole bar."""
        counted = self.bar_ticks // self.beat_ticks
        return self.beat_ticks * (counted // 2) if counted % 2 == 0 else self.bar_ticks

    def strong_ticks(self) -> tuple[int, ...]:
        """Where within the bar the strong beats are: its beginning, and its middle where it has one."""
        return (0, self.half_ticks) if self.half_ticks < self.bar_ticks else (0,)

    def __str__(self) -> str:
        return f"{self.beats}/{self.unit}"


def parse_meter(text: str) -> Meter:
    """Reads `3/4`; `C` is 4/4 and `C|` is 2/2. Raises `BadInput`."""
    cleaned = {"C": "4/4", "c": "4/4", "C|": "2/2", "c|": "2/2"}.get(text.strip(), text.strip())
    found = re.fullmatch(r"(\d{1,2})\s*/\s*(\d{1,2})", cleaned, re.ASCII)
    if found is not None:
        beats, unit = int(found[1]), int(found[2])
        if 1 <= beats <= MOST_BEATS and unit in UNITS:
            return Meter(beats, unit)
    raise BadInput(
        tr("“{text}” is no meter.", text=text[:40]), tr("Write it as two numbers, such as 3/4 or 6/8.")
    )
