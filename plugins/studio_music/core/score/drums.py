"""Where the drums stand on their staff.

Source: N. Weinberg, Guide to Standardized Drumset Notation (Percussive Arts Society, 1998).
"""

from __future__ import annotations

from typing import NamedTuple


class DrumPlace(NamedTuple):
    """A place on the staff, as if it were a treble staff, and the shape of the note head."""

    step: str
    octave: int
    head: str = "normal"
    is_foot: bool = False
    """Feet are the lower voice."""


_CYMBAL = "x"
PLACES = {
    35: DrumPlace("F", 4, is_foot=True),
    36: DrumPlace("F", 4, is_foot=True),
    37: DrumPlace("C", 5, _CYMBAL),
    38: DrumPlace("C", 5),
    39: DrumPlace("C", 5, "slash"),
    40: DrumPlace("C", 5),
    41: DrumPlace("A", 4),
    42: DrumPlace("G", 5, _CYMBAL),
    43: DrumPlace("B", 4),
    44: DrumPlace("D", 4, _CYMBAL, is_foot=True),
    45: DrumPlace("B", 4),
    46: DrumPlace("G", 5, "circle-x"),
    47: DrumPlace("D", 5),
    48: DrumPlace("E", 5),
    49: DrumPlace("A", 5, _CYMBAL),
    50: DrumPlace("F", 5),
    51: DrumPlace("F", 5, _CYMBAL),
    52: DrumPlace("B", 5, _CYMBAL),
    53: DrumPlace("F", 5, "diamond"),
    54: DrumPlace("E", 5, "triangle"),
    55: DrumPlace("B", 5, _CYMBAL),
    56: DrumPlace("E", 5, "triangle"),
    57: DrumPlace("A", 5, _CYMBAL),
    59: DrumPlace("F", 5, _CYMBAL),
}
_ELSEWHERE = DrumPlace("E", 5, "diamond")


def place_of(pitch: int) -> DrumPlace:
    """Where the drum of a General MIDI pitch stands."""
    return PLACES.get(pitch, _ELSEWHERE)
