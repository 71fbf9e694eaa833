"""Jobs of all four media as they tell of themselves, with loading, stalls and a busy computer.

How each generator counts its work is taken from its code: a fill counts lines of pixels, repainting counts
steps and decodes after the last one, a text counts words of a length that is only guessed, a song counts
bars, a part counts designs that end sooner or later.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple


class Simulated(NamedTuple):
    told: list[tuple[float, float]]
    """(seconds since the beginning, part that is done)."""
    seconds: float


class Setup(NamedTuple):
    """What stays the same from job to job with the same settings; a seed changes the rest."""

    medium: str
    make: Callable[[Random], Simulated]


def setups(random: Random, count: int) -> Iterator[Setup]:
    """So many sorts of work of each medium, short and long."""
    for medium, make in MEDIA.items():
        for _ in range(count):
            scale = math.exp(random.uniform(math.log(3), math.log(900)))
            choice = random.random()
            yield Setup(medium, lambda own, m=make, s=scale, c=choice: m(own, s, c))  # type: ignore[misc]


def _played(random: Random, pieces: list[tuple[float, float | None]]) -> Simulated:
    """`pieces`: (seconds on a quiet computer, the part that is told after them). Others use it too."""
    now, load, told = 0.0, random.uniform(1.0, 1.3), []
    for seconds, part in pieces:
        load = min(max(load * math.exp(random.gauss(0, 0.02)), 1.0), 1.6)
        now += seconds * load
        if random.random() < 0.004:
            now += random.uniform(0.02, 0.06) * sum(s for s, _ in pieces)  # something else had the disk
        if part is not None:
            told.append((now, part))
    return Simulated(told, now)


def _fill(random: Random, scale: float, choice: float) -> Simulated:
    steps = int(40 + 160 * choice)
    scale *= math.exp(random.gauss(0, 0.08))
    pieces: list[tuple[float, float | None]] = [(0.03 * scale, 0.0)]
    slope = 0.6 * choice  # later lines have more to look through
    for step in range(steps):
        weight = 1 + slope * (step / steps - 0.5)
        pieces.append((0.92 * scale / steps * weight * math.exp(random.gauss(0, 0.2)), (step + 1) / steps))
    return _played(random, [*pieces, (0.05 * scale, None)])


def _repaint(random: Random, scale: float, choice: float) -> Simulated:
    steps = 20 + 10 * int(3 * choice)
    loading = scale * random.choice((0.02, 0.02, 0.05, 0.3))  # warm more often than cold
    pieces: list[tuple[float, float | None]] = [(loading, 0.0)]
    pieces += [(scale / steps * math.exp(random.gauss(0, 0.05)), (n + 1) / steps) for n in range(steps)]
    return _played(random, [*pieces, (scale * (0.03 + 0.1 * choice), None)])


def _text(random: Random, scale: float, choice: float) -> Simulated:
    expected = 400
    words = int(expected * min(max(random.gauss(0.8, 0.12), 0.4), 1.3))
    each = scale / expected
    pieces: list[tuple[float, float | None]] = [(scale * random.choice((0.01, 0.01, 0.15)), 0.0)]
    pieces.append((scale * (0.03 + 0.08 * choice), 0.0))
    for word in range(4, words, 4):
        slower = 1 + 0.25 * word / expected  # each word looks back on all before
        pieces.append((4 * each * slower * math.exp(random.gauss(0, 0.1)), min(word / expected, 0.99)))
    return _played(random, pieces)


def _song(random: Random, scale: float, choice: float) -> Simulated:
    bars = 8 * (1 + int(4 * choice))
    pieces: list[tuple[float, float | None]] = [(scale * random.choice((0.02, 0.1)), 0.0)]
    pieces += [(scale / bars * math.exp(random.gauss(0, 0.3)), (bar + 1) / bars) for bar in range(bars)]
    return _played(random, [*pieces, (0.04 * scale, None)])


def _part(random: Random, scale: float, choice: float) -> Simulated:
    designs = 3 + int(12 * choice)
    pieces: list[tuple[float, float | None]] = [(0.03 * scale, 0.0)]
    for design in range(designs):
        rounds = 40
        ends = int(rounds * min(1.0, random.uniform(0.6, 1.15)))
        for turn in range(ends):
            part = 0.9 * (design + (turn + 1) / rounds) / designs
            pieces.append((0.85 * scale / designs / rounds * math.exp(random.gauss(0, 0.15)), part))
    for design in range(designs):
        pieces.append((0.12 * scale / designs, 0.9 + 0.1 * (design + 1) / designs))
    return _played(random, pieces)


MEDIA: dict[str, Callable[[Random, float, float], Simulated]] = {
    "fill": _fill,
    "repaint": _repaint,
    "text": _text,
    "song": _song,
    "part": _part,
}
