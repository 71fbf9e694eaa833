"""Suggests chords: weighted progressions of a mode, with cadences at the ends of phrases.

The weights follow what tables of common progressions say: W. Piston, Harmony (1941), for major and minor;
P. Tagg, Everyday Tonality (2009), for the modes and for loops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from studio_music.core.chords import Chord, PlacedChord
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.moods import Taste

_PHRASE = 4
"""Bars."""
Reach = NDArray[np.float64]
Weights = Mapping[str, Mapping[str, float]]


def _row(text: str) -> dict[str, float]:
    """`IV 5, V 4` as weights."""
    return {name: float(weight) for name, weight in (part.split() for part in text.split(","))}


_MAJOR: Weights = {
    "I": _row("IV 5, V 4, vi 5, ii 2.5, iii 1.5, I/3 1, bVII 0.3"),
    "I/3": _row("IV 5, ii 2"),
    "ii": _row("V 6, IV 1, vi 1, V/4 0.4"),
    "iii": _row("vi 4, IV 4, ii 1"),
    "IV": _row("I 3, V 5, ii 1.5, vi 1.5, iv 0.5, I/3 0.8"),
    "iv": _row("I 3"),
    "V": _row("I 5, vi 3, IV 1.5, V/4 0.3"),
    "V/4": _row("I/3 3"),
    "vi": _row("IV 5, ii 3, V 3, iii 1, I/3 0.5"),
    "bVII": _row("IV 3"),
    "III": _row("vi 3"),
    "II": _row("V 3"),
}
_MINOR: Weights = {
    "i": _row("VI 5, iv 4, VII 4, III 2.5, v 1.5, V 1.5, ii° 0.6, i/3 0.5"),
    "i/3": _row("iv 4, VI 2"),
    "ii°": _row("V 5"),
    "III": _row("VI 3, VII 3, iv 2"),
    "iv": _row("i 2.5, V 4, VII 3, ii° 0.6, VI 1"),
    "v": _row("VI 2, iv 2, i 2, III 1"),
    "V": _row("i 6, VI 2"),
    "VI": _row("III 3, VII 5, iv 3, V 1.5, i 1"),
    "VII": _row("III 4, i 3, VI 2, v 0.7"),
}
_DORIAN: Weights = {
    "i": _row("IV 6, VII 4, III 2, v 2, ii 1.5"),
    "ii": _row("v 2, i 3, VII 1"),
    "III": _row("IV 3, VII 2, ii 1"),
    "IV": _row("i 5, VII 3, III 1"),
    "v": _row("i 3, IV 2, VII 1"),
    "VII": _row("i 4, IV 4, III 1"),
}
_MIXOLYDIAN: Weights = {
    "I": _row("bVII 6, IV 5, v 2, ii 1.5, vi 1"),
    "bVII": _row("IV 5, I 4, ii 1"),
    "IV": _row("I 5, bVII 3, v 1"),
    "v": _row("IV 2, bVII 2, I 2"),
    "ii": _row("IV 2, bVII 2, v 1"),
    "vi": _row("IV 3, bVII 2, ii 1"),
}
_LYDIAN: Weights = {
    "I": _row("II 6, V 3, iii 2, vi 2, vii 1"),
    "II": _row("I 4, vi 2, iii 2, V 2, vii 1"),
    "iii": _row("II 2, vi 3, I 1"),
    "V": _row("I 3, II 3, vi 1"),
    "vi": _row("II 3, V 2, I 1"),
    "vii": _row("I 2, II 1, iii 2"),
}
_PHRYGIAN: Weights = {
    "i": _row("bII 6, vii 3, VI 3, III 2, iv 2"),
    "bII": _row("i 5, III 2, vii 2, VI 1"),
    "III": _row("bII 3, VI 2, iv 1"),
    "iv": _row("i 2, bII 3, vii 1"),
    "VI": _row("bII 2, vii 3, iv 2"),
    "vii": _row("i 3, VI 2, bII 2"),
}
_LOCRIAN: Weights = {
    "i°": _row("bII 4, iii 3, bV 2, vii 2"),
    "bII": _row("i° 4, bV 2, vii 2"),
    "iii": _row("bII 3, vii 2, i° 2"),
    "bV": _row("bII 3, iii 2, i° 2"),
    "vii": _row("i° 3, bII 3"),
}
_TABLES: dict[str, Weights] = {
    "major": _MAJOR,
    "minor": _MINOR,
    "dorian": _DORIAN,
    "mixolydian": _MIXOLYDIAN,
    "lydian": _LYDIAN,
    "phrygian": _PHRYGIAN,
    "locrian": _LOCRIAN,
    "harmonic minor": {
        "i": _row("iv 5, V 5, VI 3, ii° 1.5"),
        "iv": _row("V 5, i 3, ii° 1"),
        "V": _row("i 6, VI 2"),
        "VI": _row("iv 3, ii° 2, V 3"),
        "ii°": _row("V 5"),
    },
    "melodic minor": {
        "i": _row("IV 4, V 4, ii 3"),
        "IV": _row("V 4, i 3, ii 1"),
        "V": _row("i 6, IV 1"),
        "ii": _row("V 5, IV 1"),
    },
    "major pentatonic": _MAJOR,
    "minor pentatonic": _MINOR,
    "blues": {"I": _row("IV 5, I 3, V 1"), "IV": _row("I 5, IV 1, V 1"), "V": _row("IV 4, I 3")},
    "chromatic": _MAJOR,
}
_STEPS = {
    "I": (0, ""), "i": (0, "m"), "i°": (0, "dim"), "bII": (1, ""), "ii": (2, "m"), "II": (2, ""),
    "ii°": (2, "dim"), "III": (3, ""), "iii": (4, "m"), "IV": (5, ""), "iv": (5, "m"), "V": (7, ""),
    "v": (7, "m"), "bV": (6, ""), "VI": (8, ""), "vi": (9, "m"), "VII": (10, ""), "bVII": (10, ""),
    "vii": (11, "m"),
}  # fmt: skip
_OTHER_STEPS = {
    ("major", "III"): (4, ""),
    ("major pentatonic", "III"): (4, ""),
    ("phrygian", "vii"): (10, "m"),
    ("locrian", "iii"): (3, "m"),
    ("locrian", "vii"): (10, "m"),
    ("chromatic", "III"): (4, ""),
}
"""Degrees that mean another chord in a mode than elsewhere."""
_SEVENTHS = {"m": "m7", "dim": "m7b5"}
_HALF = {
    "major": _row("V 6, ii 0.7, IV 1.5, vi 0.6"),
    "minor": _row("V 4, VII 2.5, v 1, iv 0.8"),
}
"""How a phrase ends that is answered by another one."""
_BEGINNINGS = {"major": _row("vi 1.2, IV 1"), "minor": _row("VI 1.6, III 0.4")}
"""Chords that a piece may begin with instead of the tonic, whose weight is 6."""
_BEFORE_END = {
    "major": _row("V 14, IV 2, ii 0.4, iv 0.4"),
    "minor": _row("V 10, VII 3, iv 1.5, v 0.8"),
}
"""The bar before the last."""


def suggest(
    key: Key,
    meter: Meter,
    bars: int,
    rng: np.random.Generator,
    *,
    taste: Taste | None = None,
    ends: bool = True,
    after: Chord | None = None,
) -> tuple[PlacedChord, ...]:
    """Chords for so many bars, in ticks from the first one.

    Args:
        taste: what to do more of.
        ends: whether the last bar closes on the tonic; otherwise it leads back to the first bar.
        after: the chord that goes before, where something is continued.
    """
    taste = taste or Taste()
    grid = _Writer(key, taste, rng).write(bars, ends, after)
    placed: list[PlacedChord] = []
    for number, chords in enumerate(grid):
        half = meter.half_ticks
        if len(chords) == 2 and half == meter.bar_ticks:  # no half: the second chord has the last beat
            half = meter.bar_ticks - meter.beat_ticks
        for place, chord in enumerate(chords[: 2 if half < meter.bar_ticks and half > 0 else 1]):
            start = number * meter.bar_ticks + place * half
            if not placed or placed[-1].chord != chord:
                placed.append(PlacedChord(start, chord))
    return tuple(placed)


class _Writer:
    def __init__(self, key: Key, taste: Taste, rng: np.random.Generator) -> None:
        self._key, self._taste, self._rng = key, taste, rng
        self._table = _TABLES[key.mode]
        self._home = next(iter(self._table))
        self._rich = rng.random() < taste.rich
        self._phrase_bars = 2 * _PHRASE if rng.random() < taste.slow else _PHRASE

    def write(self, bars: int, ends: bool, after: Chord | None) -> list[list[Chord]]:
        if bars < self._phrase_bars:
            self._phrase_bars = _PHRASE
        if self._key.mode == "blues" and bars >= 12:
            degrees = self._blues(bars)
        else:
            degrees = self._phrases(bars, ends, after)
        grid = [[self._chord(name)] for name in degrees]
        if ends and bars > 1:
            grid[-1] = [self._chord(self._home)]
        self._quicken(grid, degrees, ends)
        return grid

    def _phrases(self, bars: int, ends: bool, after: Chord | None) -> list[str]:
        """Phrases: the first one comes again, as it is or answered, or after another one."""
        size = self._phrase_bars
        count = -(-bars // size)
        loops = self._rng.random() < self._taste.loops
        first = self._phrase("round" if loops else "half", after)
        other = self._phrase("half" if self._rng.random() < 0.6 else "round", None)
        degrees: list[str] = []
        for place in range(count):
            last = place == count - 1
            length = bars - place * size if last else size
            bridge = not loops and place % 4 == 2
            phrase = other if bridge else first
            if last:
                phrase = self._closed(phrase, length, "end" if ends else "back")
            elif not loops and place % 2 == 1 and not bridge:
                phrase = self._closed(first, length, "close")
            degrees += phrase[:length]
        return degrees

    def _closed(self, phrase: Sequence[str], length: int, goal: str) -> list[str]:
        """A phrase that begins as another one does, and goes to a goal in its last two or three bars."""
        count = max(0, length - 2)
        if count and phrase[count - 1] == "V":  # the dominant comes right before the goal, not earlier
            count -= 1
        kept = list(phrase[:count])
        return kept + self._walk(length - len(kept), goal, kept[-1] if kept else None)

    def _phrase(self, goal: str, after: Chord | None) -> list[str]:
        chords = self._walk(_PHRASE, goal, None, after)
        return [name for name in chords for _ in range(self._phrase_bars // _PHRASE)]

    def _walk(self, length: int, goal: str, before: str | None, after: Chord | None = None) -> list[str]:
        """A path of chords, drawn from all paths to a goal by their weights.

        Goals: `end` closes the piece, `close` a section, `half` half closes a phrase, `round` leads to the
        first chord once more, `back` from the end of the piece to its first bar.
        """
        if length == 0:
            return []
        names = list(self._table)
        size = len(names)
        step = np.array([[self._table[a].get(b, 0.0) for b in names] for a in names])
        step /= step.sum(axis=1, keepdims=True)
        reach = [self._goal(names, goal)]
        for _ in range(length - 1):
            reach.insert(0, step @ reach[0])
        if goal == "end" and length > 1:
            reach = self._before_end(names, step, reach)
        if before is not None:
            start = step[names.index(before)]
        elif after is not None:
            start = np.array([0.1 if self._chord(name) == after else 1.0 for name in names])
        else:
            start = np.array([6.0 if name == self._home else 0.0 for name in names])
            for name, weight in _BEGINNINGS.get(self._key.mode, {}).items():
                start[names.index(name)] += weight
        path: list[str] = []
        current = start
        for place, reachable in enumerate(reach):
            if goal == "round" and path and place == 1:  # only now the first chord is known
                reach[1:] = self._to(names, step, path[0], len(reach) - 1)
                reachable = reach[1]
            chances = current * reachable
            if chances.sum() <= 0:  # no way leads to the goal: go on as chords do
                chances = current
            chosen = int(self._rng.choice(size, p=chances / chances.sum()))
            path.append(names[chosen])
            current = step[chosen]
        return path

    def _to(self, names: list[str], step: Reach, first: str, length: int) -> list[Reach]:
        """From where, and how likely, a first chord is reached again after `length` steps."""
        reach = [np.array([self._table[name].get(first, 0.0) for name in names])]
        for _ in range(length - 1):
            reach.insert(0, step @ reach[0])
        return reach

    def _before_end(self, names: list[str], step: Reach, reach: list[Reach]) -> list[Reach]:
        wanted = _BEFORE_END.get("minor" if self._key.is_minor else "major", {})
        last_but_one = np.array([wanted.get(name, 0.0) for name in names])
        if last_but_one.sum() > 0:
            reach[-2] = last_but_one
            for place in range(len(reach) - 3, -1, -1):
                reach[place] = step @ reach[place + 1]
        return reach

    def _goal(self, names: list[str], goal: str) -> Reach:
        home = np.array([float(name == self._home) for name in names])
        if goal in ("end", "close"):
            return home
        if goal == "round":
            return np.ones(len(names))
        # What leads back to the first chord, or half closes.
        wanted = _HALF.get("minor" if self._key.is_minor else "major", {})
        half = np.array([wanted.get(name, 0.0) for name in names])
        if half.sum() == 0:
            half = np.array([self._table[name].get(self._home, 0.0) for name in names])
        return half if half.sum() > 0 else home

    def _chord(self, name: str) -> Chord:
        base, _, over = name.partition("/")
        steps, quality = _OTHER_STEPS.get((self._key.mode, base), _STEPS[base])
        root = (self._key.tonic + steps) % 12
        if over:
            above = {"3": 3 if quality == "m" else 4, "4": -2}[over]
            quality = "7" if over == "4" else quality
            return Chord(root, quality, (root + above) % 12)
        if self._key.mode == "blues":
            return Chord(root, "7")
        return Chord(root, self._seventh(root, quality) if self._rich else quality)

    def _seventh(self, root: int, quality: str) -> str:
        """The quality with the seventh that lies in the scale, or as it is."""
        for above, name in ((11, "maj7"), (10, "7")) if quality == "" else ((10, _SEVENTHS[quality]),):
            if (root + above) % 12 in self._key.pitch_classes:
                return name
        return quality

    def _quicken(self, grid: list[list[Chord]], degrees: list[str], ends: bool) -> None:
        """Bars before a cadence may have two chords: the subdominant goes before the dominant."""
        minor = self._key.is_minor
        before = {"major": ("ii", "IV"), "minor": ("iv", "ii°"), "harmonic minor": ("iv", "ii°")}.get(
            self._key.mode
        )
        if before is None:
            return
        for number in range(_PHRASE - 2, len(grid), _PHRASE):
            target = number if ends and number == len(grid) - 2 else number + 1
            if target >= len(grid) or degrees[target] != "V" or (number and degrees[target - 1] in before):
                continue
            if self._rng.random() < self._taste.quick:
                name = before[int(self._rng.random() < (0.3 if minor else 0.4))]
                grid[target] = [self._chord(name), self._chord("V")]

    def _blues(self, bars: int) -> list[str]:
        """The twelve bars, again and again."""
        early = self._rng.random() < 0.5  # whether the second bar leaves the tonic already
        form = ("I", "IV" if early else "I", "I", "I", "IV", "IV", "I", "I", "V", "IV", "I", "V")
        return [form[bar % 12] for bar in range(bars)]
