"""How voices move beside one another: what harmony teaches avoids is made unlikely, not forbidden."""

from __future__ import annotations

import bisect

import numpy as np
from numpy.typing import NDArray

from studio_music.core.tokens import vocabulary as v
from studio_music.core.tokens.sketch import Event

_PITCHES = np.arange(v.LOWEST, v.HIGHEST + 1)
CROSSING = 4.0
"""Nats off for a pitch above the voice above, or below the voice below."""
PARALLEL = 8.0
"""Nats off for parallel fifths and octaves."""


class Lines:
    """The notes of all voices as they grow."""

    def __init__(self, voices: tuple[tuple[Event, ...], ...]) -> None:
        self.events: list[list[Event]] = [list(events) for events in voices]

    def add(self, voice: int, event: Event) -> None:
        bisect.insort(self.events[voice], event)

    def around(self, voice: int, position: int) -> tuple[Event | None, Event | None]:
        """What sounds at a position, and what sounded just before what begins there."""
        events = self.events[voice]
        place = bisect.bisect_right(events, position, key=lambda event: event.start) - 1
        if place < 0 or events[place].start + events[place].length <= position:
            return None, None
        before = events[place - 1] if place and events[place].start == position else None
        if before is not None and before.start + before.length < position:
            before = None
        return events[place], before

    def penalties(self, voice: int, position: int, last: int | None) -> NDArray[np.float64]:
        """Nats off for each pitch that this voice may begin here; `last` is where it comes from."""
        off = np.zeros(len(_PITCHES))
        for other in range(len(self.events)):
            if other == voice:
                continue
            sounding, before = self.around(other, position)
            if sounding is None:
                continue
            beyond = sounding.pitch < _PITCHES if other < voice else sounding.pitch > _PITCHES
            off[beyond] += CROSSING
            if before is None or last is None or before.pitch == sounding.pitch:
                continue
            interval = abs(before.pitch - last) % 12
            if interval in (0, 7):
                same = np.abs(_PITCHES - sounding.pitch) % 12 == interval
                off[same & (last != _PITCHES)] += PARALLEL
        return off
