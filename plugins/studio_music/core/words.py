"""Changes in words, such as “calmer, minor, fewer notes”, read by plain rules, in English and German."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from studio.api.values import BadInput, mark, tr
from studio_music.core.instruments import INSTRUMENTS
from studio_music.core.keys import Key, parse_key
from studio_music.core.word_tables import (
    A_BIT,
    DOWN,
    FILLERS,
    INSTRUMENT_WORDS,
    INTERVALS,
    MUCH,
    NUMBERS,
    OPPOSITES,
    QUALITIES,
    UP,
)


@dataclass(frozen=True)
class Change:
    """What is to become of a song. What is left out stays."""

    tempo: float = 1.0
    """A factor."""
    bpm: float | None = None
    """Quarter notes per minute; goes before `tempo`."""
    density: float = 0.0
    """-1 (half of the notes) to 1 (many more)."""
    loudness: float = 0.0
    """Added to velocities."""
    mode: str | None = None
    """`major` or `minor`."""
    key: Key | None = None
    """Goes before `mode`."""
    transpose: int = 0
    """Semitones, of everything but drums."""
    octaves: int = 0
    """Of the melody alone."""
    articulation: float = 1.0
    """Below 1: notes are shorter by this factor; above 1: they last until the next one."""
    instrument: int | None = None
    """General MIDI program of the melody."""
    swing: float | None = None
    """Where off-beat eighths fall; 0.5 is straight."""

    def with_(self, other: Change) -> Change:
        """Both, one after the other."""
        return Change(
            self.tempo * other.tempo,
            other.bpm or self.bpm,
            max(-1.0, min(1.0, self.density + other.density)),
            self.loudness + other.loudness,
            other.mode or self.mode,
            other.key or self.key,
            self.transpose + other.transpose,
            self.octaves + other.octaves,
            self.articulation * other.articulation,
            self.instrument if other.instrument is None else other.instrument,
            self.swing if other.swing is None else other.swing,
        )


@dataclass(frozen=True)
class Reading:
    """What words mean."""

    change: Change
    understood: tuple[str, ...]
    """The words that were understood, as they were written."""
    unknown: tuple[str, ...]
    """Words that mean nothing here."""


EXAMPLES = mark("calmer, minor, fewer notes, slower, louder, up a tone, in D minor, staccato, with flute")
_MORE = {
    "calm": Change(tempo=0.88, density=-0.35, loudness=-12, articulation=1.5),
    "lively": Change(tempo=1.12, density=0.3, loudness=8),
    "happy": Change(tempo=1.06, mode="major"),
    "sad": Change(tempo=0.92, mode="minor", loudness=-6),
    "dark": Change(mode="minor", octaves=-1, loudness=-4),
    "bright": Change(mode="major", octaves=1),
    "fast": Change(tempo=1.15),
    "slow": Change(tempo=0.86),
    "loud": Change(loudness=16),
    "soft": Change(loudness=-16),
    "high": Change(octaves=1),
    "low": Change(octaves=-1),
    "dense": Change(density=0.6),
    "sparse": Change(density=-0.5),
    "short": Change(articulation=0.5),
    "smooth": Change(articulation=2.0),
    "swing": Change(swing=0.64),
    "epic": Change(tempo=0.95, loudness=18, density=0.2),
}
"""What more of a quality means."""
_INTERVAL = "|".join(sorted(INTERVALS, key=len, reverse=True))
_COUNT = r"(?P<count>\d{1,2}|" + "|".join(NUMBERS) + r")"


def instrument_named(text: str) -> int:
    """The General MIDI program, 0 to 127, that a name or a number from 1 to 128 means. Raises `BadInput`."""
    program = _instrument(_plain(text))
    if program is None:
        raise BadInput(
            tr("“{text}” is no instrument that is known here.", text=text.strip()[:40]),
            tr("Write a name such as Flute or Grand piano, or its General MIDI number, 1 to 128."),
        )
    return program


def read_words(text: str) -> Reading:
    """What words ask for. Raises `BadInput` where none of them is understood."""
    change = Change()
    understood: list[str] = []
    unknown: list[str] = []
    for clause in re.split(r"[,;.!\n]+|\s(?:and|und|but|aber)\s", text):
        one, rest = _clause(_plain(clause))
        if one is not None:
            change = change.with_(one)
            understood.append(clause.strip())
        unknown += rest
    if not understood:
        raise BadInput(
            tr("Nothing of “{text}” is understood.", text=text.strip()[:80]),
            tr("Words that are understood: {examples}.", examples=tr(EXAMPLES)),
        )
    return Reading(change, tuple(understood), tuple(dict.fromkeys(unknown)))


def _plain(text: str) -> str:
    """Small letters without dots above them, so that `höher` and `hoeher` are one word."""
    small = text.lower().replace("ß", "ss").replace("’", "'")
    small = "".join(char for char in unicodedata.normalize("NFD", small) if not unicodedata.combining(char))
    return " ".join(re.sub(r"\b(h|fr|gl|d|w|z|r|k|fl|f|bl|t|st)(oe|ue|ae)", _umlaut, small).split())


def _umlaut(found: re.Match[str]) -> str:
    return found[1] + found[2][0]


def _clause(text: str) -> tuple[Change | None, list[str]]:
    """What one clause asks for, None for nothing; and the words that are left over."""
    change: Change | None = None
    for pattern, meaning in _RULES:
        while (found := pattern.search(text)) is not None:
            one = meaning(found)
            if one is None:
                break
            change = one if change is None else change.with_(one)
            text = f"{text[: found.start()]} {text[found.end() :]}"
    rest = [word for word in re.findall(r"[\w#'-]+", text) if word not in FILLERS]
    return change, rest


def _scaled(change: Change, found: re.Match[str]) -> Change:
    """Less of a change after “a bit”, more after “much”."""
    by = 0.5 if found["bit"] else 1.6 if found["much"] else 1.0
    return replace(
        change,
        tempo=change.tempo**by,
        density=max(-1.0, min(1.0, change.density * by)),
        loudness=change.loudness * by,
    )


def _quality(found: re.Match[str]) -> Change:
    quality = QUALITIES[found["word"]]
    if found["less"]:
        if quality not in OPPOSITES:
            return Change(swing=0.5)
        quality = OPPOSITES[quality]
    return _scaled(_MORE[quality], found)


def _notes(found: re.Match[str]) -> Change:
    fewer = found["amount"] in ("fewer", "less", "weniger")
    return _scaled(Change(density=-0.5 if fewer else 0.6), found)


def _bpm(found: re.Match[str]) -> Change | None:
    bpm = float(found["bpm"])
    return Change(bpm=bpm) if 20 <= bpm <= 300 else None


def _moved(found: re.Match[str]) -> Change:
    count = found["count"] or "1"
    number = int(count) if count.isdigit() else NUMBERS[count]
    if found["interval"].startswith(("half", "whole")) and not count.isdigit():
        number = 1 if count not in ("two", "zwei", "three", "drei") else number
    direction = -1 if re.fullmatch(DOWN, found["direction"]) else 1
    return Change(transpose=direction * number * INTERVALS[found["interval"]])


def _key(found: re.Match[str]) -> Change | None:
    tonic = found["tonic"]
    mode = {"dur": "major", "moll": "minor", "": ""}.get(found["mode"] or "", found["mode"] or "")
    if found["mode"] in ("dur", "moll"):  # German calls Bb B and B H; is and es are sharp and flat
        tonic = {"h": "b", "b": "bb", "es": "eb", "as": "ab"}.get(tonic, tonic)
        tonic = re.sub(r"^([a-g])is$", r"\1#", re.sub(r"^([a-g])es$", r"\1b", tonic))
    try:
        return Change(key=parse_key(f"{tonic.capitalize()} {mode or 'major'}"))
    except BadInput:
        return None


def _with_instrument(found: re.Match[str]) -> Change | None:
    program = _instrument(found["name"].strip())
    return None if program is None else Change(instrument=program)


def _instrument(name: str) -> int | None:
    if name.isdigit():
        return int(name) - 1 if 1 <= int(name) <= 128 else None
    if name in INSTRUMENT_WORDS:
        return INSTRUMENT_WORDS[name]
    titles = [_plain(instrument.title) for instrument in INSTRUMENTS]
    shown = [_plain(tr(instrument.title)) for instrument in INSTRUMENTS]
    for names in (titles, shown):
        if name in names:
            return names.index(name)
    whole = [place for place, title in enumerate(titles) if name and name in re.split(r"\W+", title)]
    return whole[0] if whole else None


_DEGREE = rf"(?:(?P<bit>{A_BIT})\s+|(?P<much>{MUCH})\s+)?"
_MODES = r"major|minor|dorian|phrygian|lydian|mixolydian|harmonic minor|melodic minor"
_QUALITY = "|".join(sorted(map(re.escape, QUALITIES), key=len, reverse=True))
_NAMES = "|".join(re.escape(name) for name in sorted(INSTRUMENT_WORDS, key=len, reverse=True))
_Meaning = Callable[[re.Match[str]], Change | None]
_PLAYED_ON = r"\b(?:with|on|for|mit|auf|fur)\s+(?:an?\s+|the\s+|eine[rmn]?\s+|der\s+|dem\s+)?"
_LESS = r"(?P<less>(?:less|not so|not as|weniger|nicht so)\s+)?(?:more\s+|mehr\s+)?"
_WRITTEN: tuple[tuple[str, _Meaning], ...] = (
    (r"\b(?P<bpm>\d{2,3})\s*(?:bpm|schlage)\b", _bpm),
    (
        rf"(?:\b(?:by|um)\s+)?\b(?:{_COUNT}\s+)?(?P<interval>{_INTERVAL})\s+(?P<direction>{UP}|{DOWN})\b",
        _moved,
    ),
    (rf"\b(?P<direction>{UP}|{DOWN})\s+(?:by\s+|um\s+)?{_COUNT}?\s*(?P<interval>{_INTERVAL})\b", _moved),
    (r"\b(?:in|to|nach)\s+(?P<tonic>[a-h](?:is|es|s)?)[\s-]+(?P<mode>dur|moll)\b", _key),
    (rf"\b(?:in|to|nach)\s+(?P<tonic>[a-g](?:#|b|♯|♭)?)(?:\s+(?P<mode>{_MODES}))?(?=\s|$)", _key),
    (r"\b(?:minor|moll)\b", lambda _: Change(mode="minor")),
    (r"\b(?:major|dur)\b", lambda _: Change(mode="major")),
    (r"\b(?:half|halbes|halbe)[ -]?(?:time|tempo|speed)\b", lambda _: Change(tempo=0.5)),
    (r"\b(?:double|doppeltes|doppelte)[ -]?(?:time|tempo|speed)\b", lambda _: Change(tempo=2.0)),
    (rf"{_DEGREE}\b(?P<amount>fewer|less|more|weniger|mehr)\s+(?:notes|noten|tones|tone)\b", _notes),
    (
        r"\b(?:straight|straighter|gerade|gerader|no swing|kein swing|ohne swing)\b",
        lambda _: Change(swing=0.5),
    ),
    (rf"{_PLAYED_ON}(?P<name>{_NAMES})\b", _with_instrument),
    (rf"{_DEGREE}{_LESS}\b(?P<word>{_QUALITY})\b", _quality),
)
_RULES = tuple((re.compile(pattern), meaning) for pattern, meaning in _WRITTEN)
