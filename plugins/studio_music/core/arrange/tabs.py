"""Rhythms written as rows of signs, and how the bars of any meter are put together of them."""

from __future__ import annotations

from typing import NamedTuple

from studio_music.core.meter import TICKS, Meter


class Hit(NamedTuple):
    """Something that is struck."""

    start: int
    length: int
    """Ticks."""
    sign: str
    """What the tab says: each kind of part has its own signs."""


def read_tab(tab: str, start: int, length: int) -> list[Hit]:
    """The hits of a tab that is stretched over `length` ticks from `start`.

    Every sign takes the same share of the time. `.` is silence, `-` holds what was struck before, a space
    says nothing; any other sign strikes.
    """
    signs = tab.replace(" ", "")
    hits: list[Hit] = []
    sounding = False
    for place, sign in enumerate(signs):
        here, following = (start + length * at // len(signs) for at in (place, place + 1))
        if sign == "-" and sounding:
            hits[-1] = hits[-1]._replace(length=following - hits[-1].start)
        elif sign in ".-":
            sounding = False
        else:
            hits.append(Hit(here, following - here, sign))
            sounding = True
    return hits


def cut_tab(tab: str, part: int, of: int) -> str:
    """The first `part` of `of` equal shares of a tab."""
    signs = tab.replace(" ", "")
    return signs[: len(signs) * part // of]


def pieces(meter: Meter) -> list[tuple[str, int]]:
    """A bar of a meter as pieces: the family of each, and its ticks.

    Meters of quarters and halves are divided into fours, threes and twos; compound meters into sixes; all
    others into twos and threes of their unit, as 7/8 into 2 + 2 + 3.
    """
    unit = 4 * TICKS // meter.unit
    if meter.is_compound or (meter.unit >= 8 and meter.beats == 3):
        groups = meter.beats // 3
        return [("6/8", 6 * unit)] * (groups // 2) + [("3/8", 3 * unit)] * (groups % 2)
    if meter.unit >= 8:
        twos, odd = divmod(meter.beats, 2)
        if odd and twos:
            return [("1", 2 * unit)] * (twos - 1) + [("3/8", 3 * unit)]
        return [("1", 2 * unit)] * twos + [("1", unit)] * odd
    found: list[tuple[str, int]] = []
    left = meter.beats * 4 // meter.unit
    while left:
        share = 3 if left == 5 or (left == 6 and meter.unit == 4) else min(left, 4)
        found.append((str(share), share * TICKS))
        left -= share
    return found
