"""Reads scores in MusicXML (partwise): notes, ties, chords, keys, meters, tempos, repeats, transposing
instruments.

Source: https://www.w3.org/2021/06/musicxml40/. Layout, lyrics, ornaments and jumps such as D.C. are passed
over.
"""

from __future__ import annotations

from fractions import Fraction
from xml.etree.ElementTree import Element

from studio.api.values import BadInput, tr
from studio_music.core.chords import QUALITIES, Chord, parse_chord
from studio_music.core.keys import SCALES, Key
from studio_music.core.meter import MOST_BEATS, TICKS, UNITS
from studio_music.core.score.drums import PLACES
from studio_music.core.score.harmony import KINDS
from studio_music.core.song import Meter, Song
from studio_music.formats.reading.measures import RawBar, RawNote, RawPart, song_of
from studio_music.formats.reading.xml_tree import tree_of

_CLASSES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_VELOCITIES = {
    "pppp": 20, "ppp": 30, "pp": 42, "p": 55, "mp": 68, "mf": 80, "f": 96, "ff": 110, "fff": 120, "ffff": 127,
}  # fmt: skip
_UNIT_TICKS = {
    "breve": 3840, "whole": 1920, "half": 960, "quarter": 480, "eighth": 240, "16th": 120, "32nd": 60,
}  # fmt: skip
_MAJOR_BELOW = {
    "major": 0, "minor": 3, "dorian": -2, "phrygian": -4, "lydian": -5, "mixolydian": -7, "locrian": -11,
}  # fmt: skip
_KINDS = {kind: quality for quality, (kind, _) in reversed(KINDS.items())} | {
    "suspended-fourth": "sus4",
    "major": "",
    "minor": "m",
    "dominant": "7",
    "major-sixth": "6",
    "minor-11th": "m9",
    "major-11th": "maj9",
    "minor-13th": "m9",
    "major-13th": "maj9",
}
_LONGEST = 64 * 4 * TICKS
"""Ticks of a bar or note."""


def read_musicxml(data: bytes, name: str) -> Song:
    """The song in a MusicXML file that is called `name`. Raises `BadInput`."""
    root = tree_of(data, name)
    if root.tag != "score-partwise":
        raise BadInput(
            tr("“{name}” is not a score in parts, as MusicXML has them.", name=name),
            tr("Export it as MusicXML, or as MIDI."),
        )
    title = root.findtext("work/work-title") or root.findtext("movement-title") or ""
    listed = {element.get("id", ""): element for element in root.iterfind("part-list/score-part")}
    parts = [_Part(listed.get(part.get("id", "")), part).raw for part in root.iterfind("part")]
    return song_of(title, parts, name)


class _Part:
    """Goes through the bars of a part."""

    def __init__(self, listed: Element | None, part: Element) -> None:
        self.raw = RawPart()
        self._drums: dict[str, int] = {}
        self._divisions = Fraction(TICKS)
        self._transposed = 0
        self._velocity = 80
        self._ending: frozenset[int] = frozenset()
        if listed is not None:
            self._describe(listed)
        unpitched = pitched = 0
        for measure in part.iterfind("measure"):
            self.raw.bars.append(self._bar(measure))
            unpitched += sum(1 for _ in measure.iter("unpitched"))
            pitched += sum(1 for _ in measure.iter("pitch"))
        self.raw.is_drums = self.raw.is_drums or unpitched > pitched

    def _describe(self, listed: Element) -> None:
        self.raw.name = (
            listed.findtext("part-name") or listed.findtext("score-instrument/instrument-name") or ""
        )
        for instrument in listed.iterfind("midi-instrument"):
            program = _integer(instrument.findtext("midi-program"), 1, 128)
            if program is not None and self.raw.program is None:
                self.raw.program = program - 1
            if _integer(instrument.findtext("midi-channel"), 10, 10):
                self.raw.is_drums = True
            drum = _integer(instrument.findtext("midi-unpitched"), 1, 128)
            if drum is not None:
                self._drums[instrument.get("id", "")] = drum - 1
            volume, pan = _number(instrument.findtext("volume")), _number(instrument.findtext("pan"))
            if volume is not None and 0 <= volume <= 100:
                self.raw.volume = round(volume * 127 / 100)
            if pan is not None and -90 <= pan <= 90:
                self.raw.pan = min(127, round(64 + pan * 64 / 90))

    def _bar(self, measure: Element) -> RawBar:
        bar = RawBar()
        at = last = Fraction(0)
        for element in measure:
            tag = element.tag
            if tag == "note":
                start, length = self._note(element, bar, at, last)
                if element.find("chord") is None:
                    last, at = start, start + length
            elif tag == "backup":
                at = max(Fraction(0), at - self._duration(element))
            elif tag == "forward":
                at += self._duration(element)
            elif tag == "attributes":
                self._attributes(element, bar)
            elif tag == "direction":
                self._direction(element, bar, at)
            elif tag == "sound":
                self._sound(element, bar, at)
            elif tag == "harmony":
                known, chord = _harmony(element)
                if known:
                    bar.chords.append((at + self._offset(element), chord))
            elif tag == "barline":
                self._barline(element, bar)
            bar.length = min(max(bar.length, at), Fraction(_LONGEST))
        bar.endings = self._ending or bar.endings
        if any(
            ending.get("type") in ("stop", "discontinue") for ending in measure.iterfind("barline/ending")
        ):
            self._ending = frozenset()
        return bar

    def _note(self, element: Element, bar: RawBar, at: Fraction, last: Fraction) -> tuple[Fraction, Fraction]:
        """Where it begins, and how long it lasts."""
        if element.find("grace") is not None:
            return at, Fraction(0)
        length = self._duration(element)
        start = last if element.find("chord") is not None else at
        pitch = self._pitch(element)
        if pitch is not None and element.find("cue") is None and element.find("rest") is None:
            ties = [tie.get("type") for tie in element.iterfind("tie")]
            loudness = _number(element.get("dynamics"))
            velocity = self._velocity if loudness is None else min(127, max(1, round(loudness * 0.9)))
            bar.notes.append(RawNote(start, length, pitch, velocity, "start" in ties))
        return start, length

    def _pitch(self, element: Element) -> int | None:
        written = element.find("pitch")
        if written is not None:
            step, octave = (
                (written.findtext("step") or "").strip(),
                _integer(written.findtext("octave"), 0, 9),
            )
            alter = _number(written.findtext("alter")) or 0.0
            if step not in _CLASSES or octave is None or abs(alter) > 3:
                return None
            return 12 * (octave + 1) + _CLASSES[step] + round(alter) + self._transposed
        unpitched = element.find("unpitched")
        if unpitched is None:
            return None
        instrument = element.find("instrument")
        if instrument is not None and instrument.get("id", "") in self._drums:
            return self._drums[instrument.get("id", "")]
        place = unpitched.findtext("display-step"), _integer(unpitched.findtext("display-octave"), 0, 9)
        is_cross = (element.findtext("notehead") or "").strip() in ("x", "cross", "circle-x")
        drums = [pitch for pitch, drum in PLACES.items() if (drum.step, drum.octave) == place]
        return next((pitch for pitch in drums if (PLACES[pitch].head != "normal") == is_cross), 38)

    def _duration(self, element: Element) -> Fraction:
        value = _number(element.findtext("duration"))
        if value is None or value <= 0:
            return Fraction(0)
        return min(Fraction(value) * TICKS / self._divisions, Fraction(_LONGEST))

    def _offset(self, element: Element) -> Fraction:
        value = _number(element.findtext("offset")) or 0.0
        return max(Fraction(0), min(Fraction(value) * TICKS / self._divisions, Fraction(_LONGEST)))

    def _attributes(self, element: Element, bar: RawBar) -> None:
        divisions = _number(element.findtext("divisions"))
        if divisions is not None and 0 < divisions <= 1_000_000:
            self._divisions = Fraction(divisions)
        beats, unit = element.findtext("time/beats"), _integer(element.findtext("time/beat-type"), 1, 32)
        counted = [_integer(part, 1, MOST_BEATS) for part in (beats or "").split("+")]
        if unit in UNITS and all(counted) and sum(filter(None, counted)) <= MOST_BEATS:
            bar.meter = Meter(sum(filter(None, counted)), unit)
        transpose = element.find("transpose")
        if transpose is not None:
            chromatic = _integer(transpose.findtext("chromatic"), -48, 48) or 0
            octaves = _integer(transpose.findtext("octave-change"), -4, 4) or 0
            self._transposed = chromatic + 12 * octaves
        fifths = _integer(element.findtext("key/fifths"), -7, 7)
        if fifths is not None and not self.raw.is_drums:
            mode = (element.findtext("key/mode") or "major").strip()
            mode = mode if mode in _MAJOR_BELOW and mode in SCALES else "major"
            bar.key = Key((fifths * 7 - _MAJOR_BELOW[mode] + self._transposed) % 12, mode)

    def _direction(self, element: Element, bar: RawBar, at: Fraction) -> None:
        at += self._offset(element)
        for mark in element.iterfind("direction-type/dynamics/*"):
            self._velocity = _VELOCITIES.get(mark.tag, self._velocity)
        sound = element.find("sound")
        if sound is not None and sound.get("tempo"):
            self._sound(sound, bar, at)
            return
        for metronome in element.iterfind("direction-type/metronome"):
            unit = _UNIT_TICKS.get((metronome.findtext("beat-unit") or "").strip())
            bpm = _number(metronome.findtext("per-minute"))
            if unit and bpm and 1 <= bpm <= 2000:
                dotted = Fraction(3, 2) if metronome.find("beat-unit-dot") is not None else Fraction(1)
                bar.tempos.append((at, float(bpm * unit * dotted / TICKS)))

    def _sound(self, sound: Element, bar: RawBar, at: Fraction) -> None:
        bpm = _number(sound.get("tempo"))
        if bpm and 0 < bpm <= 10_000:
            bar.tempos.append((at + self._offset(sound), bpm))

    def _barline(self, element: Element, bar: RawBar) -> None:
        repeat, ending = element.find("repeat"), element.find("ending")
        if repeat is not None and repeat.get("direction") == "forward":
            bar.repeat_begins = True
        elif repeat is not None:
            bar.repeats = _integer(repeat.get("times"), 2, 16) or 2
        if ending is not None and ending.get("type") == "start":
            numbers = (_integer(number, 1, 16) for number in (ending.get("number") or "").split(","))
            self._ending = frozenset(number for number in numbers if number)


def _harmony(element: Element) -> tuple[bool, Chord | None]:
    """Whether the chord is known, and the chord."""
    kind = element.find("kind")
    word = (kind.text or "").strip() if kind is not None else ""
    if word == "none":
        return True, None
    root = _tone(element, "root")
    if root is None:
        return False, None
    bass = _tone(element, "bass")
    text = (kind.get("text") or "") if kind is not None else ""
    quality = _KINDS.get(word)
    degrees = tuple(
        (
            _integer(degree.findtext("degree-value"), 1, 15),
            _integer(degree.findtext("degree-alter"), -2, 2) or 0,
            (degree.findtext("degree-type") or "").strip(),
        )
        for degree in element.iterfind("degree")
    )
    for candidate, (own, more) in KINDS.items():
        if own == word and tuple(map(tuple, more)) == degrees:
            quality = candidate
    try:
        read = parse_chord("C" + text.replace("♭", "b").replace("♯", "#")) if text else None
    except BadInput:
        read = None
    if read is not None:
        quality = read.quality
    if quality is None or quality not in QUALITIES:
        return False, None
    return True, Chord(root, quality, None if bass == root else bass)


def _tone(element: Element, what: str) -> int | None:
    step = (element.findtext(f"{what}/{what}-step") or "").strip()
    alter = _integer(element.findtext(f"{what}/{what}-alter"), -2, 2) or 0
    return (_CLASSES[step] + alter) % 12 if step in _CLASSES else None


def _number(text: str | None) -> float | None:
    if text is None or len(text) > 40:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None  # not for what is no number, either


def _integer(text: str | None, low: int, high: int) -> int | None:
    value = _number(text)
    return int(value) if value is not None and value == int(value) and low <= value <= high else None
