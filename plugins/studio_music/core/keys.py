"""Keys and scales, and how pitches are written in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from studio.api.values import BadInput, mark, tr

STEPS = "CDEFGAB"
_STEP_CLASSES = (0, 2, 4, 5, 7, 9, 11)
_FIFTHS = "FCGDAEB"

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "major pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "chromatic": tuple(range(12)),
}
"""Semitones above the tonic, by the name of the mode."""
MODE_TITLES = {
    "major": mark("major"),
    "minor": mark("minor"),
    "dorian": mark("Dorian"),
    "phrygian": mark("Phrygian"),
    "lydian": mark("Lydian"),
    "mixolydian": mark("Mixolydian"),
    "locrian": mark("Locrian"),
    "harmonic minor": mark("harmonic minor"),
    "melodic minor": mark("melodic minor"),
    "major pentatonic": mark("major pentatonic"),
    "minor pentatonic": mark("minor pentatonic"),
    "blues": mark("blues"),
    "chromatic": mark("chromatic"),
}
_MAJOR_BELOW = {
    "major": 0,
    "minor": 3,
    "dorian": -2,
    "phrygian": -4,
    "lydian": -5,
    "mixolydian": -7,
    "locrian": -11,
    "harmonic minor": 3,
    "melodic minor": 3,
    "major pentatonic": 0,
    "minor pentatonic": 3,
    "blues": 3,
    "chromatic": 0,
}
"""Semitones from the tonic to the major key with the same signature."""
_SHORT_MODES = {
    "": "major",
    "maj": "major",
    "m": "minor",
    "min": "minor",
    "ionian": "major",
    "aeolian": "minor",
}


class Spelling(NamedTuple):
    """A pitch as it is written."""

    step: str
    """A letter of `STEPS`."""
    alter: int
    """Semitones: 1 for a sharp, -1 for a flat."""
    octave: int
    """Middle C begins octave 4."""

    def __str__(self) -> str:
        return f"{self.step}{accidental(self.alter)}{self.octave}"


@dataclass(frozen=True)
class Key:
    """A tonic and a mode."""

    tonic: int
    """Pitch class, 0 (C) to 11 (B)."""
    mode: str = "major"
    """One of `SCALES`."""

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The scale, as pitch classes."""
        return frozenset((self.tonic + step) % 12 for step in SCALES[self.mode])

    @property
    def is_minor(self) -> bool:
        """Whether the third above the tonic is small."""
        return 3 in SCALES[self.mode] and 4 not in SCALES[self.mode]

    @property
    def fifths(self) -> int:
        """The key signature: sharps, or flats where it is negative; from -6 to 6."""
        major = (self.tonic + _MAJOR_BELOW[self.mode]) % 12
        sharps = major * 7 % 12
        return sharps if sharps <= (5 if self.is_minor else 6) else sharps - 12

    @property
    def tonic_name(self) -> str:
        """`C`, `F#`, `Bb`: as the signature writes it."""
        step, alter, _ = spell(self.tonic + 60, self)
        return f"{step}{accidental(alter)}"

    @property
    def name(self) -> str:
        """`A minor`: what `parse_key` reads again."""
        return f"{self.tonic_name} {self.mode}"

    def transposed(self, semitones: int) -> Key:
        return Key((self.tonic + semitones) % 12, self.mode)


def accidental(alter: int) -> str:
    return "#" * alter if alter >= 0 else "b" * -alter


def spell(pitch: int, key: Key) -> Spelling:
    """How a pitch is written in a key: as near to the key on the line of fifths as it can be.

    Minor keys lean towards sharps by two fifths, so that their leading tone is written as one.
    """
    center = key.fifths + (3 if key.is_minor else 2)
    place = pitch * 7 % 12  # on the line of fifths from C
    place += 12 * round((center - place) / 12)
    step, alter = _FIFTHS[(place + 1) % 7], (place + 1) // 7
    octave = (pitch - alter) // 12 - 1
    return Spelling(step, alter, octave)


def parse_pitch_class(text: str) -> int | None:
    """`C`, `F#`, `Bb` as a pitch class; None for what is none."""
    found = re.fullmatch(r"([A-Ga-g])(#{1,2}|b{1,2}|♯|♭)?", text)
    if found is None:
        return None
    sign = (found[2] or "").replace("♯", "#").replace("♭", "b")
    alter = sign.count("#") - sign.count("b")
    return (_STEP_CLASSES[STEPS.index(found[1].upper())] + alter) % 12


def parse_key(text: str) -> Key:
    """Reads `A minor`, `Am`, `F# dorian`, `Bb`, `C major`. Raises `BadInput`."""
    found = re.fullmatch(r"\s*([A-Ga-g](?:#|b|♯|♭)?)(?:\s*[-_]?\s*([A-Za-z][A-Za-z _-]*))?\s*", text[:80])
    if found is not None:
        word = (found[2] or "").strip().replace("_", " ").replace("-", " ")
        mode = _SHORT_MODES.get(word) or _SHORT_MODES.get(word.lower()) or word.lower()
        tonic = parse_pitch_class(found[1])
        if tonic is not None and mode in SCALES:
            if not found[2] and found[1][0].islower():  # a small letter alone is how some write minor
                mode = "minor"
            return Key(tonic, mode)
    raise BadInput(
        tr("“{text}” is no key.", text=text[:40]),
        tr("Write a note and a mode, such as C, A minor, F# dorian or Bb major."),
    )
