"""Reads scores in Humdrum's **kern: https://www.humdrum.org/rep/kern/.

Notes, chords, ties, dots and tuplets, spines that divide and join, keys, meters, tempos, repeats. Lyrics,
ornaments and grace notes are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from studio.api.values import BadInput, tr
from studio_music.core.keys import Key, parse_pitch_class
from studio_music.core.meter import MOST_BEATS, TICKS, UNITS
from studio_music.core.midi_limits import MOST_EVENTS, MOST_NOTES, too_many_events, too_many_notes
from studio_music.core.song import Meter, Song
from studio_music.formats.reading.measures import RawBar, RawNote, RawPart, song_of

_WHOLE = 4 * TICKS
_CLASSES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_TOKEN = re.compile(r"(\d{1,4})(?:%(\d{1,3}))?(\.{0,3})")
_PITCH = re.compile(r"([a-gA-G])\1{0,5}(?![a-gA-G])(#{1,2}|-{1,2}|n)?")
_CODES = {
    "violn": "Violin", "viola": "Viola", "cello": "Cello", "cbass": "Double bass", "soprn": "Soprano",
    "alto": "Alto", "tenor": "Tenor", "bass": "Bass", "piano": "Piano", "flt": "Flute", "oboe": "Oboe",
    "clars": "Clarinet", "fagot": "Bassoon", "cor": "Horn", "tromp": "Trumpet", "organ": "Organ",
    "cemba": "Harpsichord", "guitr": "Guitar",
}  # fmt: skip
_MOST_SPINES = 256


@dataclass
class _Spine:
    """A column of the file."""

    part: int
    """Place of its part; -1 where it holds no notes."""
    at: Fraction
    """Ticks from the beginning of the bar up to which it has been read."""


def read_kern(data: bytes, name: str) -> Song:
    """The song in a file that is called `name`. Raises `BadInput`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return _Reader(text, name).song()


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self._name, self._title, self._count = name, "", 0
        self._spines: list[_Spine] = []
        self._parts: list[RawPart] = []
        self._bars: list[RawBar] = []
        """The bar of each part that is being read."""
        self._signature: str | None = None
        self._is_expanded = False
        budget = MOST_EVENTS
        for line in text.splitlines():
            if line.startswith("!!!OTL") and not self._title:
                self._title = line.partition(":")[2].strip()
            if not line or line.startswith("!"):
                continue
            words = line.split("\t")
            budget -= len(words)
            if budget < 0:
                raise too_many_events(name)
            if line.startswith("**"):
                self._begin(words)
            elif line.startswith("*"):
                self._interpret(words)
            elif line.startswith("="):
                self._bar_line(words[0])
            else:
                self._data(words)

    def song(self) -> Song:
        if not self._parts:
            raise BadInput(
                tr("“{name}” is not a score in **kern.", name=self._name),
                tr("Its first line has **kern for each part."),
            )
        self._end_bar()
        return song_of(self._title, list(reversed(self._parts)), self._name)  # the lowest part stands first

    def _begin(self, words: list[str]) -> None:
        if self._parts:
            return
        for word in words[:_MOST_SPINES]:
            is_kern = word.strip() == "**kern"
            self._spines.append(_Spine(len(self._parts) if is_kern else -1, Fraction(0)))
            if is_kern:
                self._parts.append(RawPart())
                self._bars.append(RawBar())

    def _interpret(self, words: list[str]) -> None:
        if any(word in ("*^", "*v", "*-", "*x", "*+") for word in words):
            self._change_spines(words)
            return
        for spine, word in zip(self._spines, words, strict=False):
            if spine.part >= 0:
                self._tandem(spine, word)

    def _change_spines(self, words: list[str]) -> None:
        changed: list[_Spine] = []
        was_join = False
        for spine, word in zip(self._spines, words, strict=False):
            if word == "*-":
                was_join = False
                continue
            if word == "*v" and was_join and changed and changed[-1].part == spine.part:
                changed[-1].at = max(changed[-1].at, spine.at)
                continue
            was_join = word == "*v"
            changed.append(spine)
            if word == "*^" and len(changed) < _MOST_SPINES:
                changed.append(_Spine(spine.part, spine.at))
        swapped = [place for place, word in enumerate(words) if word == "*x"]
        if len(swapped) == 2 and max(swapped) < len(changed):
            one, other = swapped
            changed[one], changed[other] = changed[other], changed[one]
        self._spines = changed

    def _tandem(self, spine: _Spine, word: str) -> None:
        part, bar = self._parts[spine.part], self._bars[spine.part]
        if word.startswith('*I"'):
            part.name = part.name or word[3:].strip()
        elif word.startswith("*I") and word[2:] in _CODES:
            part.name = part.name or _CODES[word[2:]]
        elif word.startswith("*MM"):
            found = re.match(r"\*MM(\d{1,4}(?:\.\d{1,4})?)", word)
            if found and 0 < float(found[1]) <= 2000:
                bar.tempos.append((spine.at, float(found[1])))
        elif found := re.match(r"\*M(\d{1,2})/(\d{1,2})(?!\d)", word):
            beats, unit = int(found[1]), int(found[2])
            if 1 <= beats <= MOST_BEATS and unit in UNITS:
                bar.meter = Meter(beats, unit)
        elif found := re.match(r"\*k\[((?:[a-g][#-n]{1,2})*)\]", word):
            sharps, flats = found[1].count("#"), found[1].count("-")
            fifths = sharps - flats
            mode = bar.key.mode if bar.key is not None else "major"
            bar.key = Key((fifths * 7 + (9 if mode == "minor" else 0)) % 12, mode)
        elif found := re.match(r"\*([A-Ga-g])([#-]?):", word):
            tonic = parse_pitch_class(found[1].upper() + found[2].replace("-", "b"))
            if tonic is not None:
                bar.key = Key(tonic, "minor" if found[1].islower() else "major")
        elif word.startswith("*>") and "[" in word:
            self._is_expanded = True

    def _data(self, words: list[str]) -> None:
        for spine, word in zip(self._spines, words, strict=False):
            if spine.part < 0 or word == ".":
                continue
            notes = word.split(" ")
            length = next((found for found in map(_length, notes) if found is not None), None)
            if length is None or "q" in word:
                continue
            bar = self._bars[spine.part]
            for note in notes:
                pitch = _pitch(note)
                if pitch is None:
                    continue
                self._count += 1
                if self._count > MOST_NOTES:
                    raise too_many_notes(self._name)
                own = _length(note)
                tied = "[" in note or "_" in note
                bar.notes.append(RawNote(spine.at, length if own is None else own, pitch, tied_to=tied))
            spine.at += length
            bar.length = max(bar.length, spine.at)

    def _bar_line(self, word: str) -> None:
        ends = ":|" in word or ":!" in word
        begins = "|:" in word or "!:" in word
        if ends and not self._is_expanded:
            for bar in self._bars:
                bar.repeats = 2
        self._end_bar()
        for bar in self._bars:
            bar.repeat_begins = begins and not self._is_expanded

    def _end_bar(self) -> None:
        if any(bar.length for bar in self._bars):
            for part, bar in zip(self._parts, self._bars, strict=True):
                part.bars.append(bar)
            self._bars = [RawBar() for _ in self._parts]
        for spine in self._spines:
            spine.at = Fraction(0)


def _length(token: str) -> Fraction | None:
    """Ticks; None where the token does not say it."""
    found = _TOKEN.search(token)
    if found is None:
        return None
    if found[2]:  # 3%2 is two thirds of a whole note
        length = Fraction(_WHOLE * int(found[2]), int(found[1]) or 1)
    elif int(found[1]) == 0:
        length = Fraction(_WHOLE * 2 ** len(found[1]))
    else:
        length = Fraction(_WHOLE, int(found[1]))
    return length * (2 - Fraction(1, 2 ** len(found[3])))


def _pitch(token: str) -> int | None:
    found = None if "r" in token else _PITCH.search(token)
    if found is None:
        return None
    letter, count = found[1], 0
    while token[found.start() + count : found.start() + count + 1] == letter:
        count += 1
    octave = 3 + count if letter.islower() else 4 - count
    sign = found[2] or ""
    alter = sign.count("#") - sign.count("-")
    return 12 * (octave + 1) + _CLASSES[letter.lower()] + alter
