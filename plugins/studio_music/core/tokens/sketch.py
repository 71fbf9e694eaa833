"""Music as the model sees it: relative to the tonic, on the grid of positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from studio_music.core.meter import Meter
from studio_music.core.tokens.vocabulary import PER_QUARTER


class Event(NamedTuple):
    """A note of one voice."""

    start: int
    """Positions from the beginning."""
    length: int
    """Positions, at least 1."""
    pitch: int
    """MIDI, with the tonic moved to C."""


@dataclass(frozen=True)
class Sketch:
    """Bars of one meter with their voices and chords, and what is asked of them."""

    ensemble: str
    mode: str
    """One of `vocabulary.MODES`."""
    meter: Meter
    bars: int
    voices: tuple[tuple[Event, ...], ...]
    """Monophonic, each sorted by start."""
    chords: NDArray[np.int16]
    """The chord label at each position."""
    begins: bool = True
    ends: bool = True
    tempo: int | None = None
    """A class, 0 to 5; None: unknown."""
    density: int | None = None
    """0 to 4; None: unknown."""
    ranges: tuple[tuple[int, int] | None, ...] = ()
    """Lowest and highest pitch of each voice; None: unknown."""

    @property
    def bar_length(self) -> int:
        """Positions of a bar."""
        return bar_positions(self.meter)

    @property
    def length(self) -> int:
        return self.bars * self.bar_length


def bar_positions(meter: Meter) -> int:
    return meter.beats * 4 * PER_QUARTER // meter.unit


def half_positions(meter: Meter) -> int:
    """Positions from one possible change of chord to the next: half a bar, or a bar that has no half."""
    return bar_positions(meter) * meter.half_ticks // meter.bar_ticks
