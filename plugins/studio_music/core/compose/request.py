"""What the music model is asked to fill in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio_music.core.chords import PlacedChord
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.song import Note

Ensemble = Literal["solo", "choir", "strings"]
"""What the model has learnt: one melody; soprano, alto, tenor and bass; a string quartet."""
VOICE_COUNTS: dict[Ensemble, int] = {"solo": 1, "choir": 4, "strings": 4}
Cadence = Literal["full", "half", "loop", "none"]
MOST_BARS = 64


@dataclass(frozen=True)
class Voice:
    """One line of the music: it sounds one note at a time."""

    role: str
    """As a track's: `melody`, `soprano`, …"""
    low: int
    """Lowest MIDI pitch that may be filled in."""
    high: int
    """Highest MIDI pitch that may be filled in."""
    notes: tuple[Note, ...] = ()
    """What is there already, in ticks from the request's first bar. Notes that begin in a bar that is
    filled in are replaced. Of notes that sound at the same time the highest counts."""


@dataclass(frozen=True)
class FillRequest:
    """Bars of one meter and key with voices, some of whose bars are to be filled in.

    Compose: no notes, every bar of every voice in `fill` (`everything` says that). Continue: notes in the
    first bars, the later ones in `fill`. Harmonize: a melody in voice 0, all bars of the other voices in
    `fill`.
    """

    ensemble: Ensemble
    voices: tuple[Voice, ...]
    """From high to low: as many as `VOICE_COUNTS` says."""
    key: Key
    meter: Meter
    """One of `studio_music.core.tokens.vocabulary.METERS`."""
    bars: int
    """1 to `MOST_BARS`."""
    fill: frozenset[tuple[int, int]]
    """(bar, voice), both counted from 0: what is written anew. Not empty."""
    tempo: float | None = None
    """Quarter notes per minute; None: whatever suits."""
    density: int | None = None
    """1 (few notes) to 5 (many); None: whatever suits."""
    chords: tuple[PlacedChord, ...] = ()
    """Chords to keep to, in ticks from the request's first bar; empty: none are given."""
    begins: bool = True
    """Whether the music begins with the first bar; False: something goes before it."""
    ends: bool = True
    """Whether the music ends with the last bar; False: something comes after it."""
    cadence: Cadence = "none"
    """How the last bar closes, where it is filled in: `full` ends on the tonic (of several voices the
    lowest, over its triad), `half` on the dominant, `loop` on a tone of the dominant that leads back to bar
    1; `none` leaves it to the model."""
    temperature: float = 1.0
    """Above 0, up to 2: the higher, the more surprising."""
    masks: bool = True
    """Whether key, range and chords are enforced. False is for measuring the model alone."""

    @staticmethod
    def everything(bars: int, voices: int) -> frozenset[tuple[int, int]]:
        """Every bar of every voice."""
        return frozenset((bar, voice) for bar in range(bars) for voice in range(voices))
