"""How pitches, places and lengths are written for people."""

from __future__ import annotations

from fractions import Fraction

from studio.api.values import mark, tr
from studio.ui.api import locales
from studio_music.core.editing.grid import WHOLE, Grid, Snap
from studio_music.core.instruments import DRUM_NOTES
from studio_music.core.keys import Key, spell
from studio_music.core.song import Song

SNAP_TITLES = {
    Snap.AUTO: mark("Auto"),
    Snap.OFF: mark("Off"),
    Snap.BAR: mark("Bar"),
    Snap.HALF: "1/2",
    Snap.QUARTER: "1/4",
    Snap.EIGHTH: "1/8",
    Snap.SIXTEENTH: "1/16",
    Snap.THIRTYSECOND: "1/32",
    Snap.HALF_TRIPLET: mark("1/2 triplet"),
    Snap.QUARTER_TRIPLET: mark("1/4 triplet"),
    Snap.EIGHTH_TRIPLET: mark("1/8 triplet"),
    Snap.SIXTEENTH_TRIPLET: mark("1/16 triplet"),
}


def snap_title(snap: Snap) -> str:
    return tr(SNAP_TITLES[snap])


def grid_title(grid: Grid) -> str:
    """How far the lines of a grid are apart: 1/8, 3/8, a bar."""
    if grid.step == 0:
        return tr("bar")
    part = Fraction(grid.step, WHOLE)
    return f"{part.numerator}/{part.denominator}"


def pretty(name: str) -> str:
    """`F#4` and `Bbm7b5` with the signs that musicians write."""
    if not name or name == "N.C.":
        return name
    head, rest = name[0], name[1:]
    return head + rest.replace("#", "♯").replace("b", "♭")


def pitch_name(pitch: int, key: Key) -> str:
    """`F♯4`, as the key spells it."""
    return pretty(str(spell(pitch, key)))


def drum_name(pitch: int) -> str:
    """What a drum kit plays there; "" for nothing that General MIDI knows."""
    return tr(DRUM_NOTES[pitch]) if pitch in DRUM_NOTES else ""


def chord_name(symbol: str) -> str:
    """A chord symbol with musical signs; letters of the quality stay as they are."""
    return symbol.replace("#", "♯").replace("b", "♭")


def position(song: Song, tick: float) -> str:
    """Bar, beat and sixteenth, counted from 1: "3.2.1"."""
    tick = min(max(int(tick), 0), max(song.length - 1, 0))
    bar = song.bar_at(tick)
    beat, rest = divmod(tick - bar.start, bar.meter.beat_ticks)
    return ".".join(locales.number(part + 1) for part in (bar.number, beat, rest // 120))


def bars_title(first: int, last: int) -> str:
    """What selected bars are called, counted from 1."""
    if first == last:
        return tr("Bar {number}", number=locales.number(first + 1))
    return tr("Bars {first} to {last}", first=locales.number(first + 1), last=locales.number(last + 1))
