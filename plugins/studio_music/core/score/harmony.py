"""Chord symbols in MusicXML's words."""

from __future__ import annotations

from typing import NamedTuple

from studio_music.core.chords import Chord
from studio_music.core.keys import Key, spell


class Degree(NamedTuple):
    """How a chord differs from its kind."""

    number: int
    alter: int
    how: str
    """`add`, `alter` or `subtract`."""


KINDS: dict[str, tuple[str, tuple[Degree, ...]]] = {
    "": ("major", ()),
    "m": ("minor", ()),
    "7": ("dominant", ()),
    "maj7": ("major-seventh", ()),
    "m7": ("minor-seventh", ()),
    "dim": ("diminished", ()),
    "m7b5": ("half-diminished", ()),
    "dim7": ("diminished-seventh", ()),
    "aug": ("augmented", ()),
    "sus4": ("suspended-fourth", ()),
    "sus2": ("suspended-second", ()),
    "7sus4": ("suspended-fourth", (Degree(7, -1, "add"),)),
    "6": ("major-sixth", ()),
    "m6": ("minor-sixth", ()),
    "mMaj7": ("major-minor", ()),
    "5": ("power", ()),
    "add9": ("major", (Degree(9, 0, "add"),)),
    "madd9": ("minor", (Degree(9, 0, "add"),)),
    "9": ("dominant-ninth", ()),
    "maj9": ("major-ninth", ()),
    "m9": ("minor-ninth", ()),
    "6/9": ("major-sixth", (Degree(9, 0, "add"),)),
    "11": ("dominant-11th", ()),
    "13": ("dominant-13th", ()),
    "7b9": ("dominant", (Degree(9, -1, "add"),)),
    "7#9": ("dominant", (Degree(9, 1, "add"),)),
    "7#5": ("augmented-seventh", ()),
    "7b5": ("dominant", (Degree(5, -1, "alter"),)),
}
"""MusicXML's kind of each quality, and the degrees that it needs besides."""


def harmony(chord: Chord | None, key: Key) -> str:
    """The element `<harmony>`, with `{offset}` where that has to be written; None is no chord."""
    moved = "{offset}"
    if chord is None:
        root = '<root><root-step text="">C</root-step></root>'
        return f'<harmony print-frame="no">{root}<kind text="N.C.">none</kind>{moved}</harmony>'
    kind, degrees = KINDS[chord.quality]
    bass = "" if chord.bass is None else f"<bass>{_note('bass', chord.bass, key)}</bass>"
    more = "".join(
        f'<degree print-object="no"><degree-value>{degree.number}</degree-value>'
        f"<degree-alter>{degree.alter}</degree-alter><degree-type>{degree.how}</degree-type></degree>"
        for degree in degrees
    )
    root = f"<root>{_note('root', chord.root, key)}</root>"
    written = f'<kind text="{chord.quality}">{kind}</kind>'
    return f'<harmony print-frame="no">{root}{written}{bass}{more}{moved}</harmony>'


def _note(what: str, pitch_class: int, key: Key) -> str:
    step, alter, _ = spell(60 + pitch_class, key)
    altered = f"<{what}-alter>{alter}</{what}-alter>" if alter else ""
    return f"<{what}-step>{step}</{what}-step>{altered}"
