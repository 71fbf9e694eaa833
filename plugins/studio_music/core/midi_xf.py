"""Chords as Yamaha's XF writes them into MIDI files: a meta event `FF 7F 07 43 7B 01 cr ct bn bt`.

Source: XF Format Specifications 2.01 (Yamaha, 1999), section 5, "Style messages".
"""

from __future__ import annotations

from studio_music.core.chords import Chord, PlacedChord
from studio_music.core.keys import STEPS, Key, spell

PREFIX = b"\x43\x7b\x01"
_CANCEL = 0x22
_NOTHING = 0x7F

_TYPES = {
    "": 0x00, "6": 0x01, "maj7": 0x02, "add9": 0x04, "maj9": 0x05, "6/9": 0x06, "aug": 0x07, "m": 0x08,
    "m6": 0x09, "m7": 0x0A, "m7b5": 0x0B, "madd9": 0x0C, "m9": 0x0D, "mMaj7": 0x0F, "dim": 0x11, "dim7": 0x12,
    "7": 0x13, "7sus4": 0x14, "7b5": 0x15, "9": 0x16, "13": 0x18, "7b9": 0x19, "7#9": 0x1B, "7#5": 0x1D,
    "5": 0x1F, "sus4": 0x20, "sus2": 0x21,
}  # fmt: skip
"""Chord types that say exactly what a quality says."""
_NEAREST = {"11": "7sus4"}
_READ = {code: quality for quality, code in _TYPES.items()} | {
    0x03: "maj7",  # Maj7(#11)
    0x0E: "m7",  # min7(11)
    0x10: "mMaj7",  # minMaj7(9)
    0x17: "7",  # 7(#11)
    0x1A: "7",  # 7(b13)
    0x1C: "aug",  # Maj7 aug
    0x1E: "5",  # 1+8
}


def encode(chord: Chord | None, key: Key) -> bytes:
    """What follows `FF 7F 07` for a chord, its notes written as in the key."""
    if chord is None:
        return PREFIX + bytes([_note(0, Key(0)), _CANCEL, _NOTHING, _NOTHING])
    kind = _TYPES[_NEAREST.get(chord.quality, chord.quality)]
    bass = _NOTHING if chord.bass is None else _note(chord.bass, key)
    return PREFIX + bytes([_note(chord.root, key), kind, bass, _NOTHING])


def is_exact(placed: PlacedChord) -> bool:
    """Whether `decode` gives the same chord again."""
    return placed.chord is None or placed.chord.quality in _TYPES


def decode(data: bytes) -> tuple[bool, Chord | None]:
    """Whether the data are a chord that is known, and the chord; None is no chord (N.C.)."""
    if len(data) < 5 or data[:3] != PREFIX:
        return False, None
    root, kind = _pitch_class(data[3]), data[4]
    if kind == _CANCEL or data[3] == _NOTHING:
        return True, None
    if root is None or kind not in _READ:
        return False, None
    return True, Chord(root, _READ[kind], _pitch_class(data[5]) if len(data) > 5 else None)


def _note(pitch_class: int, key: Key) -> int:
    """0fff nnnn: the accidental, counted from three flats, and the letter, counted from C as 1."""
    step, alter, _ = spell(60 + pitch_class, key)
    return (alter + 3) << 4 | (STEPS.index(step) + 1)


def _pitch_class(code: int) -> int | None:
    letter, alter = code & 0x0F, (code >> 4) - 3
    if not 1 <= letter <= 7 or alter > 3:
        return None
    return ((0, 2, 4, 5, 7, 9, 11)[letter - 1] + alter) % 12
