"""Chord symbols, and the grid that a designer types: `Am7 | Dm7 G7 | % | C/E | N.C.`"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from studio.api.values import BadInput, tr
from studio_music.core.keys import Key, accidental, parse_pitch_class, spell
from studio_music.core.meter import Meter

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "dim": (0, 3, 6),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "aug": (0, 4, 8),
    "sus4": (0, 5, 7),
    "sus2": (0, 2, 7),
    "7sus4": (0, 5, 7, 10),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "mMaj7": (0, 3, 7, 11),
    "5": (0, 7),
    "add9": (0, 4, 7, 2),
    "madd9": (0, 3, 7, 2),
    "9": (0, 4, 7, 10, 2),
    "maj9": (0, 4, 7, 11, 2),
    "m9": (0, 3, 7, 10, 2),
    "6/9": (0, 4, 7, 9, 2),
    "11": (0, 7, 10, 2, 5),
    "13": (0, 4, 7, 10, 2, 9),
    "7b9": (0, 4, 7, 10, 1),
    "7#9": (0, 4, 7, 10, 3),
    "7#5": (0, 4, 8, 10),
    "7b5": (0, 4, 6, 10),
}
"""Semitones above the root, in the order of their weight, by how the quality is written after the root."""
_OTHER_SPELLINGS = {
    "M": "", "maj": "", "major": "", "Δ": "maj7", "min": "m", "mi": "m", "-": "m", "minor": "m",
    "M7": "maj7", "Maj7": "maj7", "ma7": "maj7", "j7": "maj7", "Δ7": "maj7", "min7": "m7", "mi7": "m7",
    "-7": "m7", "o": "dim", "°": "dim", "ø": "m7b5", "ø7": "m7b5", "m7(b5)": "m7b5", "min7b5": "m7b5",
    "-7b5": "m7b5", "o7": "dim7", "°7": "dim7", "+": "aug", "sus": "sus4", "7sus": "7sus4", "dom7": "7",
    "min6": "m6", "-6": "m6", "mM7": "mMaj7", "mmaj7": "mMaj7", "m(maj7)": "mMaj7", "-maj7": "mMaj7",
    "2": "add9", "add2": "add9", "m(add9)": "madd9", "(add9)": "add9", "M9": "maj9", "min9": "m9",
    "-9": "m9", "69": "6/9", "7(b9)": "7b9", "7(#9)": "7#9", "+7": "7#5", "aug7": "7#5", "7+": "7#5",
    "7alt": "7#9", "power": "5",
}  # fmt: skip
_NO_CHORD = frozenset({"n.c.", "nc", "n.c", "none"})
MOST_CHORDS = 2048
"""In a grid."""


@dataclass(frozen=True)
class Chord:
    """A root, a quality, and the bass where it is another note."""

    root: int
    """Pitch class."""
    quality: str = ""
    """One of `QUALITIES`."""
    bass: int | None = None
    """Pitch class; None is the root."""

    @property
    def tones(self) -> tuple[int, ...]:
        """Pitch classes: the root first. The bass of a slash chord is one of them."""
        tones = tuple((self.root + step) % 12 for step in QUALITIES[self.quality])
        return tones if self.bass is None or self.bass in tones else (*tones, self.bass)

    @property
    def pitch_classes(self) -> frozenset[int]:
        return frozenset(self.tones)

    @property
    def lowest(self) -> int:
        """Pitch class of the bass."""
        return self.root if self.bass is None else self.bass

    def symbol(self, key: Key) -> str:
        """`Am7`, `C/E`: what `parse_chord` reads again."""
        bass = "" if self.bass is None else f"/{_name(self.bass, key)}"
        return f"{_name(self.root, key)}{self.quality}{bass}"

    def transposed(self, semitones: int) -> Chord:
        bass = None if self.bass is None else (self.bass + semitones) % 12
        return Chord((self.root + semitones) % 12, self.quality, bass)


class PlacedChord(NamedTuple):
    """A chord from a tick on, until the next one."""

    start: int
    chord: Chord | None
    """None: no chord (N.C.)."""


def parse_chord(text: str) -> Chord | None:
    """Reads a chord symbol; None is `N.C.`. Raises `BadInput`."""
    cleaned = text.strip().replace("♯", "#").replace("♭", "b")
    if cleaned.lower() in _NO_CHORD:
        return None
    found = re.match(r"[A-G](?:#{1,2}|b{1,2})?", cleaned)
    if found is not None:
        root = parse_pitch_class(found[0])
        rest, bass = cleaned[found.end() :], None
        slash = re.search(r"/([A-G](?:#{1,2}|b{1,2})?)$", rest)
        if slash is not None:
            bass, rest = parse_pitch_class(slash[1]), rest[: slash.start()]
        quality = _OTHER_SPELLINGS.get(rest, rest)
        if root is not None and quality in QUALITIES:
            return Chord(root, quality, None if bass == root else bass)
    raise BadInput(
        tr("“{text}” is no chord that is known.", text=text[:40]),
        tr("Write chords such as C, Am, G7, Fmaj7, Dm7b5, C/E, or N.C. for no chord."),
    )


def parse_grid(text: str, meter: Meter, bars: int | None = None) -> tuple[PlacedChord, ...]:
    """Reads a chord grid.

    Bars are divided by `|`, and the chords of a bar share it in whole beats. `%` is the bar before once more.
    Without any `|` each chord has a bar of its own. Where `bars` are more than the grid has, it is repeated;
    what is over is left out. An empty text has no chords.

    Raises:
        BadInput: something is no chord, a bar has more chords than beats, or `%` comes first.
    """
    if not text.strip():
        return ()
    written = _bars_of(text)
    counted = meter.bar_ticks // meter.beat_ticks
    grid: list[list[Chord | None]] = []
    for words in written:
        if words == ["%"]:
            if not grid:
                raise BadInput(
                    tr("The chord grid begins with %, which repeats the bar before."),
                    tr("Write a chord in the first bar."),
                )
            grid.append(grid[-1])
            continue
        if len(words) > counted:
            raise BadInput(
                tr("The bar “{bar}” has more chords than beats.", bar=" ".join(words)[:60]),
                tr("A bar of {meter} has room for {count} chords.", meter=str(meter), count=counted),
            )
        chords: list[Chord | None] = []
        for word in words:
            if word in ("%", ".", "/"):  # the chord before goes on for one more share
                if not chords and not grid:
                    raise BadInput(
                        tr("The chord grid begins with “{sign}”, which goes on with a chord.", sign=word),
                        tr("Write a chord in the first bar."),
                    )
                chords.append(chords[-1] if chords else grid[-1][-1])
            else:
                chords.append(parse_chord(word))
        grid.append(chords)
    wanted = len(grid) if bars is None else bars
    placed: list[PlacedChord] = []
    for number in range(wanted):
        chords = grid[number % len(grid)]
        for place, chord in enumerate(chords):
            start = number * meter.bar_ticks + meter.beat_ticks * (counted * place // len(chords))
            if not placed or placed[-1].chord != chord:
                placed.append(PlacedChord(start, chord))
    return tuple(placed)


def write_grid(chords: Sequence[PlacedChord], meter: Meter, bars: int, key: Key) -> str:
    """The grid that `parse_grid` reads as these chords, as far as they change on beats that it can say."""
    if not chords:
        return ""
    written: list[str] = []
    counted = meter.bar_ticks // meter.beat_ticks
    for number in range(bars):
        beats = [
            chord_at(chords, number * meter.bar_ticks + beat * meter.beat_ticks) for beat in range(counted)
        ]
        parts = next(
            parts
            for parts in range(1, counted + 1)
            if beats
            == [beats[_start(_place(beat, parts, counted), parts, counted)] for beat in range(counted)]
        )
        words: list[str] = []
        for place in range(parts):
            chord = beats[_start(place, parts, counted)]
            goes_on = place > 0 and chord == beats[_start(place - 1, parts, counted)]
            words.append("." if goes_on else "N.C." if chord is None else chord.symbol(key))
        written.append(" ".join(words))
    grid = " | ".join(
        "%" if place and written[place - 1] == words else words for place, words in enumerate(written)
    )
    return f"{grid} |" if bars == 1 and " " in grid else grid  # else each chord would have a bar of its own


def _place(beat: int, parts: int, counted: int) -> int:
    """Which of a bar's `parts` chords sounds on a beat, of `counted` beats."""
    return max(place for place in range(parts) if _start(place, parts, counted) <= beat)


def chord_at(chords: Sequence[PlacedChord], tick: int) -> Chord | None:
    """The chord that sounds at a tick; None where there is none."""
    place = bisect.bisect_right(chords, tick, key=lambda placed: placed.start) - 1
    return chords[place].chord if place >= 0 else None


def _start(place: int, parts: int, counted: int) -> int:
    """The beat at which the chord number `place` of `parts` begins."""
    return counted * place // parts


def _bars_of(text: str) -> list[list[str]]:
    """The words of each bar. Bar lines at the ends, double ones and line breaks count for nothing."""
    lines = [part.split() for part in re.split(r"[|\n]+|:\||\|:", text)]
    bars = [words for words in lines if words]
    if sum(map(len, bars)) > MOST_CHORDS:
        raise BadInput(
            tr("The chord grid has more than {count} chords.", count=MOST_CHORDS), tr("Write fewer chords.")
        )
    if "|" not in text and "\n" not in text.strip():
        bars = [[word] for words in bars for word in words]
    return bars


def _name(pitch_class: int, key: Key) -> str:
    step, alter, _ = spell(60 + pitch_class, key)
    return f"{step}{accidental(alter)}"
