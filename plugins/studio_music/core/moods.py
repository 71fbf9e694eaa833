"""Moods, as settings of everything that a designer could set one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.api.values import mark


@dataclass(frozen=True)
class Taste:
    """What a mood asks of chords."""

    loops: float = 0.4
    """How likely four bars are repeated as they are, 0 to 1."""
    rich: float = 0.0
    """How likely chords have sevenths, for the whole song; 0 to 1."""
    slow: float = 0.0
    """How likely each chord lasts two bars, 0 to 1."""
    quick: float = 0.25
    """How likely the bar before a cadence has two chords, 0 to 1."""


@dataclass(frozen=True)
class Mood:
    """What a mood sets where nothing else is asked for. Where there are several values, chance chooses."""

    name: str
    title: str
    modes: tuple[str, ...]
    tempo: tuple[int, int]
    """Quarter notes per minute, from and to."""
    density: int
    """1 (few notes) to 5 (many)."""
    grooves: tuple[str, ...]
    energy: float
    """0 to 1."""
    melodies: tuple[int, ...]
    """General MIDI programs of the melody."""
    lift: int = 0
    """Semitones by which melodies lie higher than usual."""
    chords_programs: tuple[int, ...] = ()
    """General MIDI programs of the chords; none: the groove's own."""
    taste: Taste = field(default_factory=Taste)


_ALL = (
    Mood(
        "calm", mark("Calm"), ("major", "major", "dorian"), (66, 84), 2,
        ("ballad", "arpeggio", "bossa", "lofi"), 0.3, (73, 0, 11, 71, 24), -2,
        taste=Taste(loops=0.4, rich=0.4, slow=0.2),
    ),
    Mood(
        "bright", mark("Bright"), ("major", "major", "mixolydian"), (104, 126), 3,
        ("pop", "folk", "jig", "pop"), 0.55, (73, 40, 25, 65), 2,
        taste=Taste(loops=0.4, rich=0.05),
    ),
    Mood(
        "dark", mark("Dark"), ("minor", "phrygian", "harmonic minor", "minor"), (70, 96), 2,
        ("epic", "arpeggio", "lofi", "ballad"), 0.45, (42, 69, 71, 60), -5,
        taste=Taste(loops=0.4, slow=0.3, quick=0.15),
    ),
    Mood(
        "playful", mark("Playful"), ("major", "mixolydian", "lydian"), (116, 144), 4,
        ("swing", "march", "dance", "jig"), 0.6, (73, 12, 71, 68), 4,
        taste=Taste(loops=0.25, rich=0.25, quick=0.4),
    ),
    Mood(
        "epic", mark("Epic"), ("minor", "dorian", "minor"), (84, 112), 3,
        ("epic", "epic", "rock"), 0.85, (60, 61, 48, 56), 0,
        taste=Taste(loops=0.65, slow=0.25, quick=0.1),
    ),
    Mood(
        "wistful", mark("Wistful"), ("minor", "dorian", "major"), (66, 88), 2,
        ("waltz", "ballad", "arpeggio", "folk"), 0.35, (40, 68, 0, 71), 0,
        taste=Taste(loops=0.3, rich=0.35),
    ),
    Mood(
        "tense", mark("Tense"), ("harmonic minor", "phrygian", "minor"), (120, 150), 4,
        ("epic", "rock", "dance"), 0.75, (40, 81, 48), 0,
        taste=Taste(loops=0.7, slow=0.2, quick=0.1),
    ),
    Mood(
        "solemn", mark("Solemn"), ("major", "minor", "mixolydian"), (60, 76), 2,
        ("classical", "march", "classical"), 0.45, (68, 60, 40, 56), 0, (19, 48),
        taste=Taste(loops=0.0, quick=0.5),
    ),
)  # fmt: skip
MOODS: Mapping[str, Mood] = {mood.name: mood for mood in _ALL}
"""By name, in the order in which they are offered."""
