"""Who plays: the voices that the model writes, and the parts that rules add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studio.api.values import mark
from studio_music.core.compose.request import Ensemble as Learnt
from studio_music.core.song import Track


@dataclass(frozen=True)
class VoicePart:
    """A voice that the model writes."""

    track: Track
    """Its track, without notes."""
    low: int
    high: int
    """MIDI pitches that it is written in where nothing else is asked for."""


@dataclass(frozen=True)
class Ensemble:
    """A group of players or singers."""

    name: str
    title: str
    learnt: Learnt
    """What the model takes it for."""
    voices: tuple[VoicePart, ...]
    """From high to low."""
    parts: tuple[str, ...] = ()
    """What rules add: of `studio_music.core.arrange.accompany.PARTS`."""

    @property
    def has_melody(self) -> bool:
        """Whether one melody stands out, whose range and instrument can be chosen."""
        return len(self.voices) == 1


def _melody(name: str, role: str, program: int = 0) -> tuple[VoicePart, ...]:
    return (VoicePart(Track(name, program=program, role=role, volume=104, reverb=45), 60, 81),)


_CHOIR = (
    VoicePart(Track(mark("Soprano"), program=52, role="soprano", pan=52, reverb=70), 60, 79),
    VoicePart(Track(mark("Alto"), program=52, role="alto", pan=76, reverb=70), 55, 74),
    VoicePart(Track(mark("Tenor"), program=52, role="tenor", pan=44, reverb=70), 48, 67),
    VoicePart(Track(mark("Bass"), program=52, role="bass voice", pan=84, reverb=70), 40, 62),
)
_STRINGS = (
    VoicePart(Track(mark("Violin 1"), program=40, role="soprano", pan=44, reverb=55), 57, 88),
    VoicePart(Track(mark("Violin 2"), program=40, role="alto", pan=56, reverb=55), 55, 81),
    VoicePart(Track(mark("Viola"), program=41, role="tenor", pan=72, reverb=55), 48, 74),
    VoicePart(Track(mark("Cello"), program=42, role="bass voice", pan=84, reverb=55), 36, 64),
)
ENSEMBLES: Mapping[str, Ensemble] = {
    ensemble.name: ensemble
    for ensemble in (
        Ensemble("solo", mark("One melody"), "solo", _melody("Melody", "melody")),
        Ensemble("chords", mark("Melody and chords"), "solo", _melody("Melody", "melody"), ("left hand",)),
        Ensemble("choir", mark("Four-part choir"), "choir", _CHOIR),
        Ensemble("strings", mark("String quartet"), "strings", _STRINGS),
        Ensemble("piano", mark("Piano"), "solo", _melody("Right hand", "right hand"), ("left hand",)),
        Ensemble(
            "band", mark("Small band"), "solo", _melody("Melody", "melody"), ("chords", "bass", "drums")
        ),
    )
}
"""By name, in the order in which they are offered."""
