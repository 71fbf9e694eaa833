"""Pitches and ranges as a person writes them."""

from __future__ import annotations

import re

from studio.api.values import BadInput, tr
from studio_music.core.keys import Key, parse_pitch_class, spell

LOWEST, HIGHEST = 21, 108
"""A0 to C8: the piano's."""
_NAME = r"([A-Ga-g](?:#|b|♯|♭)?)(-?\d)"


def pitch_name(pitch: int, key: Key | None = None) -> str:
    """`C4` is middle C, 60."""
    return str(spell(pitch, key or Key(0)))


def parse_range(text: str) -> tuple[int, int] | None:
    """Reads `C4-A5`, `C4 to A5`, `C4..A5` as MIDI pitches; None for an empty text. Raises `BadInput`."""
    if not text.strip():
        return None
    found = re.fullmatch(rf"\s*{_NAME}\s*(?:-|–|\.\.|to|bis)\s*{_NAME}\s*", text)
    if found is None:
        raise BadInput(
            tr("“{text}” is no range of notes.", text=text[:40]),
            tr("Write the lowest and the highest note, such as C4-A5; C4 is middle C."),
        )
    low, high = _pitch(found[1], found[2]), _pitch(found[3], found[4])
    if not LOWEST <= low < high <= HIGHEST:
        raise BadInput(
            tr(
                "The range {text} does not lie on the keyboard from A0 to C8, low to high.", text=text.strip()
            ),
            tr("Write the lowest note first, such as C4-A5."),
        )
    return low, high


def _pitch(name: str, octave: str) -> int:
    pitch_class = parse_pitch_class(name)
    assert pitch_class is not None
    # B# and Cb lie in the octave of their letter.
    sharp = name[1:] in ("#", "♯") and pitch_class == 0
    flat = name[1:] in ("b", "♭") and pitch_class == 11
    return pitch_class + 12 * (int(octave) + 1 + (1 if sharp else -1 if flat else 0))
