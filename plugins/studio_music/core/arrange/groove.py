"""What a groove is: tabs for the parts of an accompaniment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studio_music.core.arrange.tabs import Hit, cut_tab, pieces, read_tab
from studio_music.core.meter import Meter
from studio_music.core.song import BarSpan

PARTS = ("chords", "left", "bass")
"""The parts with pitches; drums have a tab for each instrument."""
DRUMS = {
    "kick": 36,
    "stick": 37,
    "snare": 38,
    "clap": 39,
    "floor": 43,
    "hat": 42,
    "pedal": 44,
    "low": 45,
    "open": 46,
    "mid": 47,
    "crash": 49,
    "high": 50,
    "ride": 51,
    "tamb": 54,
    "shaker": 70,
    "claves": 75,
}
"""Keys of General MIDI's percussion, by how the tabs call them."""
_SHARE = {"2": ("4", 1, 2), "1": ("4", 1, 4), "3/8": ("6/8", 1, 2)}


@dataclass(frozen=True)
class Patterns:
    """The tabs of one family. Where a part has several, each phrase takes one.

    The signs: of chords and of the left hand `X x o` (the close chord: loud, usual, soft) and `l m h` (its
    lowest, middle and highest note); of the left hand also `b` (the bass), `f` (the other bass, a fifth
    away) and `1` to `5` (the wide broken chord from the bass up); of the bass `1 5 8` (root, fifth,
    octave), `w` (a walking note) and `a` (a note that leads to the next root); of drums `X x o` and `?`
    (struck in some phrases).
    """

    chords: tuple[str, ...]
    left: tuple[str, ...]
    bass: tuple[str, ...]
    drums: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Groove:
    """A manner of accompanying."""

    name: str
    title: str
    patterns: Mapping[str, Patterns]
    """By family: at least one of `4`, `3` and `6/8`."""
    swing: float = 0.5
    """Where an off-beat eighth falls within its beat: 0.5 is straight, 0.67 is a triplet."""
    chords_program: int = 0
    """General MIDI program of the chords."""
    bass_program: int = 33
    voices: int = 3
    """Notes of a voicing, where the chord has no more."""
    fills: str = "straight"
    """Which fills the drums play at the ends of phrases: `straight`, `swing`, or none where it is empty."""
    pad: bool = False
    """Whether strings hold the chords where the accompaniment is full."""


def family_of(meter: Meter) -> str:
    """The family whose tabs a meter is mostly played with: `4`, `3` or `6/8`."""
    if meter.unit >= 8:
        return "6/8"
    return "3" if meter.beats % 3 == 0 else "4"


def drum_tabs(text: str) -> dict[str, str]:
    """Tabs of drums from lines such as `hat x.x.x.x.`."""
    rows = (line.split(None, 1) for line in text.strip().splitlines())
    return {name: tab.replace(" ", "") for name, tab in rows}


def patterns_for(groove: Groove, family: str, instead: Mapping[str, Groove]) -> Patterns:
    """A groove's tabs of a family: cut from a longer one, or else of the groove that has to do `instead`."""
    whole, part, of = _SHARE.get(family, (family, 1, 1))
    found = groove.patterns.get(whole) or instead[whole].patterns[whole]
    if of == 1:
        return found
    return Patterns(
        tuple(cut_tab(tab, part, of) for tab in found.chords),
        tuple(cut_tab(tab, part, of) for tab in found.left),
        tuple(cut_tab(tab, part, of) for tab in found.bass),
        tuple({name: cut_tab(tab, part, of) for name, tab in kit.items()} for kit in found.drums),
    )


def bar_hits(
    groove: Groove, part: str, bar: BarSpan, choice: int, instead: Mapping[str, Groove]
) -> list[Hit]:
    """What a part with pitches strikes in a bar; `choice` says which of its tabs."""
    hits: list[Hit] = []
    for start, length, patterns in _parts(groove, bar, instead):
        tabs: tuple[str, ...] = getattr(patterns, part)
        hits += read_tab(tabs[choice % len(tabs)], start, length)
    return _within(hits, bar)


def drum_hits(
    groove: Groove, bar: BarSpan, choice: int, instead: Mapping[str, Groove]
) -> list[tuple[str, Hit]]:
    """What the drums strike in a bar, with the names of the instruments."""
    hits: list[tuple[str, Hit]] = []
    for start, length, patterns in _parts(groove, bar, instead):
        for name, tab in patterns.drums[choice % len(patterns.drums)].items():
            hits += [(name, hit) for hit in _within(read_tab(tab, start, length), bar)]
    return hits


def _parts(groove: Groove, bar: BarSpan, instead: Mapping[str, Groove]) -> list[tuple[int, int, Patterns]]:
    found = []
    start = bar.start
    for family, length in pieces(bar.meter):
        found.append((start, length, patterns_for(groove, family, instead)))
        start += length
    return found


def _within(hits: list[Hit], bar: BarSpan) -> list[Hit]:
    """The hits of a bar that a change of meter may have cut."""
    return [hit._replace(length=min(hit.length, bar.end - hit.start)) for hit in hits if hit.start < bar.end]
