"""What the name of a part says of its instrument and its role."""

from __future__ import annotations

from studio_music.core.song import ROLES

_PROGRAMS = {
    "piano": 0, "pianoforte": 0, "klavier": 0, "keyboard": 0, "harpsichord": 6, "cembalo": 6, "organ": 19,
    "guitar": 24, "lute": 24, "contrabass": 43, "kontrabass": 43, "double bass": 43, "violone": 43,
    "violoncello": 42, "cello": 42, "viola": 41, "violin": 40, "violino": 40, "violine": 40, "fiddle": 110,
    "harp": 46, "timpani": 47, "soprano": 52, "alto": 52, "tenor": 52, "bass": 52, "voice": 52, "choir": 52,
    "trumpet": 56, "trombone": 57, "tuba": 58, "horn": 60, "saxophone": 65, "sax": 65, "oboe": 68,
    "bassoon": 70, "fagott": 70, "clarinet": 71, "piccolo": 72, "flute": 73, "recorder": 74, "whistle": 78,
    "banjo": 105, "bagpipe": 109, "accordion": 21,
}  # fmt: skip
_PIECES = {
    "soprano": "soprano", "alto": "alto", "tenor": "tenor", "bass": "bass voice", "melody": "melody",
    "chords": "chords", "right hand": "right hand", "left hand": "left hand", "drums": "drums",
}  # fmt: skip


def program_of(name: str) -> int:
    """The General MIDI program that a part's name tells; the piano's where it tells none."""
    words = name.lower().replace(".", " ").replace("-", " ")
    for known, program in _PROGRAMS.items():
        if known in words.split() or (" " in known and known in words):
            return program
    return 0


def role_of(name: str) -> str:
    """One of `ROLES`: what the name says, or `other`."""
    word = " ".join(name.lower().split())
    return _PIECES.get(word, word if word in ROLES and word != "bass" else "other")
