"""Drum parts: patterns, ghost notes, fills at the ends of phrases, a crash after a large fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from studio_music.core.arrange.dynamics import PHRASE, Feel
from studio_music.core.arrange.groove import DRUMS, Groove, drum_hits
from studio_music.core.arrange.grooves import INSTEAD, LARGE_FILLS, SMALL_FILLS
from studio_music.core.arrange.tabs import Hit, read_tab
from studio_music.core.meter import TICKS
from studio_music.core.song import BarSpan, Note

SECTION = 8
"""Bars after which a large fill comes."""
_SOFTER = {
    "hat": -14,
    "ride": -12,
    "shaker": -22,
    "tamb": -16,
    "pedal": -18,
    "open": -12,
    "stick": -8,
    "claves": -8,
}
_LIGHT = ("kick", "hat", "ride", "shaker", "stick")
"""What plays while an arrangement still grows."""
_STRIKE = TICKS // 8
"""Ticks that a drum's note lasts."""


def drum_part(
    groove: Groove,
    bars: Sequence[BarSpan],
    feel: Feel,
    rng: np.random.Generator,
    *,
    energy: float,
    fills: bool,
    ends: bool,
    light: int,
) -> list[Note]:
    """The notes of the drums.

    Args:
        energy: 0 to 1; ghost notes and extra strokes come with it.
        fills: whether the ends of phrases are filled.
        ends: whether the last bar closes the piece; otherwise it leads back to the first.
        light: how many bars at the beginning are played lightly.
    """
    strokes: list[tuple[BarSpan, str, Hit]] = []
    crash_next = (not ends and fills and bool(groove.fills)) and energy > 0.35
    choice, extra = 0, 0.0
    for bar in bars:
        if bar.number % SECTION == 0:
            choice = int(rng.integers(4))
        if bar.number % PHRASE == 0:
            extra = float(rng.random())
        last = bar.number == bars[-1].number
        if ends and last:
            strokes += _closing(groove, bar, choice)
            continue
        played = _pattern(groove, bar, choice, extra, energy)
        if bar.number < light:
            played = [(name, hit) for name, hit in played if name in _LIGHT and hit.sign != "o"]
        if crash_next and played:
            played = [
                (name, hit) for name, hit in played if hit.start > bar.start or name in ("kick", "snare")
            ]
            played.append(("crash", Hit(bar.start, _STRIKE, "x")))
        crash_next = False
        if fills and groove.fills and played and _is_phrase_end(bar, bars):
            large = (bar.number + 1) % SECTION == 0 or bar.number + 1 == light
            played = _filled(groove, bar, played, large and energy > 0.25, rng)
            crash_next = large and energy > 0.35
        strokes += [(bar, name, hit) for name, hit in played]
    notes = {
        (hit.start, name): Note(
            hit.start, _STRIKE, DRUMS[name], feel.velocity(bar, hit.start, hit.sign, _SOFTER.get(name, 0))
        )
        for bar, name, hit in strokes
    }
    return list(notes.values())


def _pattern(groove: Groove, bar: BarSpan, choice: int, extra: float, energy: float) -> list[tuple[str, Hit]]:
    played = []
    for name, hit in drum_hits(groove, bar, choice, INSTEAD):
        if hit.sign == "?":
            if extra < 0.25 + 0.6 * energy and bar.number % 2:
                played.append((name, hit._replace(sign="x" if name == "kick" else "o")))
        elif hit.sign != "o" or energy >= 0.3 or name == "kick":
            played.append((name, hit))
    return played


def _is_phrase_end(bar: BarSpan, bars: Sequence[BarSpan]) -> bool:
    """Whether something new begins after this bar: the next phrase, or the loop."""
    return (bar.number + 1) % PHRASE == 0 or bar.number == bars[-1].number


def _filled(
    groove: Groove, bar: BarSpan, played: list[tuple[str, Hit]], large: bool, rng: np.random.Generator
) -> list[tuple[str, Hit]]:
    """A bar whose end is a fill; the kick goes on below it."""
    compound = bar.meter.beat_ticks % TICKS != 0 or bar.meter.is_compound
    tables = LARGE_FILLS if large else SMALL_FILLS
    table = tables["compound" if compound else groove.fills]
    beat = max(bar.meter.beat_ticks, TICKS)
    length = min((2 if large else 1) * beat, bar.end - bar.start)
    start = bar.end - length
    fill: Mapping[str, str] = table[rng.integers(len(table))]
    kept = [(name, hit) for name, hit in played if hit.start < start or (name == "kick" and hit.sign != "o")]
    return kept + [(name, hit) for name, tab in fill.items() for hit in read_tab(tab, start, length)]


def _closing(groove: Groove, bar: BarSpan, choice: int) -> list[tuple[BarSpan, str, Hit]]:
    """The last bar: one stroke on its first beat."""
    names = {name for name, _ in drum_hits(groove, bar, choice, INSTEAD)}
    if not names:
        return []
    cymbal = "crash" if groove.fills else "ride"
    return [(bar, name, Hit(bar.start, _STRIKE, "x")) for name in ("kick", cymbal)]
