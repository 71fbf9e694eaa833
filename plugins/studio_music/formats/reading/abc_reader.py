"""Reads tunes in ABC notation: https://abcnotation.com/wiki/abc:standard:v2.1.

Notes, accidentals, ties, tuplets, broken rhythm, chord symbols, repeats with endings, voices, and changes of
key, meter and tempo within a tune. Ornaments, lyrics and layout are passed over.
"""

from __future__ import annotations

import re
from fractions import Fraction

from studio.api.values import BadInput, tr
from studio_music.core.chords import Chord, parse_chord
from studio_music.core.keys import SCALES, Key, parse_pitch_class
from studio_music.core.meter import MOST_BEATS, TICKS, UNITS
from studio_music.core.midi_limits import MOST_NOTES, too_many_notes
from studio_music.core.score.accidentals import signature
from studio_music.core.song import Meter, Song
from studio_music.formats.reading.measures import RawBar, RawNote, RawPart, song_of

MOST_TUNES = 100
_WHOLE = 4 * TICKS
_CLASSES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
_MODES = {
    "": "major", "maj": "major", "ion": "major", "m": "minor", "min": "minor", "aeo": "minor",
    "mix": "mixolydian", "dor": "dorian", "phr": "phrygian", "lyd": "lydian", "loc": "locrian",
}  # fmt: skip
_TUPLET_TIMES = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}
_LONGEST = Fraction(64 * _WHOLE)
_LENGTH = r"(?P<up>\d{0,3})(?P<down>(?:/\d{0,3}){0,4})"
_TOKEN = re.compile(
    r"(?P<chord>\"[^\"\n]{0,60}\")"
    r"|(?P<field>\[[A-Za-z]:[^\]\n]{0,200}\])"
    r"|(?P<bar>:*\|[\]|]?:*\s*\[?\d[\d,-]{0,8}(?=[^\d/])|:*\[?\|[\]|]?:*|::+|\[\d[\d,-]{0,8})"
    r"|(?P<grace>\{[^}\n]{0,100}\})"
    r"|(?P<decoration>![^!\n]{1,40}!|\+[^+\n]{1,40}\+)"
    r"|(?P<tuplet>\((?P<p>\d)(?::(?P<q>\d?))?(?::(?P<r>\d{0,2}))?)"
    rf"|(?P<note>(?P<accidental>\^\^|\^|__|_|=)?(?P<letter>[A-Ga-g])(?P<octave>[',]{{0,6}}){_LENGTH})"
    r"|(?P<rest>[zxZX])(?P<restup>\d{0,3})(?P<restdown>(?:/\d{0,3}){0,4})"
    r"|(?P<open>\[)|(?P<close>\](?P<closeup>\d{0,3})(?P<closedown>(?:/\d{0,3}){0,4}))"
    r"|(?P<tie>-)|(?P<broken>[<>]{1,3})|(?P<overlay>&)|(?P<other>.)",
    re.DOTALL,
)


def read_abc(data: bytes, name: str) -> list[Song]:
    """The songs in a file that is called `name`, at most `MOST_TUNES`. Raises `BadInput` where there is
    none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = [found.start() for found in re.finditer(r"^X:", text, re.MULTILINE)]
    if not starts:
        raise BadInput(
            tr("There is no tune in “{name}”.", name=name),
            tr("A tune in ABC begins with a line such as X:1."),
        )
    songs: list[Song] = []
    failed: BadInput | None = None
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        try:
            songs.append(_Tune(text[start:end], name).song())
        except BadInput as error:  # tunes of words alone stand among the others
            failed = error
        if len(songs) == MOST_TUNES:
            break
    if not songs:
        assert failed is not None
        raise failed
    return songs


class _Voice:
    """Where a voice has come to."""

    def __init__(self) -> None:
        self.part = RawPart()
        self.bar = RawBar()
        self.at = Fraction(0)
        self.accidentals: dict[tuple[str, int], int] = {}
        self.tuplet_left, self.tuplet_scale = 0, Fraction(1)
        self.broken = Fraction(1)
        """What the next note is longer or shorter by."""
        self.last: list[RawNote] = []
        """The notes that a tie or a broken rhythm belongs to."""
        self.overlaid = Fraction(0)
        """How far the layers of this bar reach over which another one is laid."""
        self.ending: frozenset[int] = frozenset()


class _Tune:
    def __init__(self, text: str, name: str) -> None:
        self._name, self._title, self._count = name, "", 0
        self._meter: Meter | None = Meter(4, 4)
        self._unit: Fraction | None = None
        self._key = Key(0)
        self._tempo = ""
        self._altered: dict[str, int] = signature(self._key)
        self._voices: dict[str, _Voice] = {}
        self._names: dict[str, str] = {}
        self._in_head = True
        self._voice = self._voice_called("1")
        for line in text.split("\n"):
            self._line(line.split("%", 1)[0].rstrip())

    def song(self) -> Song:
        parts = []
        for own, voice in self._voices.items():
            self._end_bar(voice)
            voice.part.name = self._names.get(own, "")
            parts.append(voice.part)
        return song_of(self._title, parts, self._name)

    def _voice_called(self, own: str) -> _Voice:
        if own not in self._voices and len(self._voices) < 64:
            self._voices[own] = _Voice()
        return self._voices.get(own, next(iter(self._voices.values()), None) or _Voice())

    def _line(self, line: str) -> None:
        field = re.match(r"([A-Za-z]):(.*)", line)
        if field and (self._in_head or field[1] in "KLMQVTIPwWNRsrmU"):
            self._field(field[1], field[2].strip())
            return
        if self._in_head:
            return
        self._music(line)

    def _field(self, letter: str, text: str) -> None:
        if letter == "T" and not self._title:
            self._title = text
        elif letter == "M":
            self._meter = _meter(text)
            if not self._in_head and self._meter is not None:
                self._voice.bar.meter = self._meter
        elif letter == "L":
            found = re.match(r"(\d{1,3})(?:/(\d{1,3}))?", text)
            if found and int(found[1]) and int(found[2] or 1):
                self._unit = min(Fraction(int(found[1]), int(found[2] or 1)), Fraction(1))
        elif letter == "Q":
            self._tempo = text
            if not self._in_head:
                self._set_tempo()
        elif letter == "V":
            self._set_voice(text)
        elif letter == "K":
            self._set_key(text)
            if self._in_head:
                self._begin_body()

    def _begin_body(self) -> None:
        self._in_head = False
        for voice in self._voices.values():
            voice.bar.key = self._key
            voice.bar.meter = self._meter
        self._set_tempo()

    def _set_voice(self, text: str) -> None:
        own = text.split()[0] if text.split() else "1"
        if own != "1" and self._in_head and list(self._voices) == ["1"] and not self._names:
            del self._voices["1"]
        self._voice = self._voice_called(own)
        named = re.search(r"\b(?:name|nm)=(?:\"([^\"]*)\"|(\S+))", text)
        self._names.setdefault(own, (named[1] or named[2] or "") if named else own)

    def _set_tempo(self) -> None:
        """`1/4=120`, `120`, `3/8=60`; several lengths before the equals sign are added."""
        text = re.sub(r"\"[^\"]*\"", "", self._tempo)
        found = re.search(r"(?:((?:\d{1,2}/\d{1,2}\s*)+)=\s*)?(\d{1,4}(?:\.\d{1,4})?)", text)
        if found is None or not 0 < float(found[2]) <= 2000:
            return
        pairs = re.findall(r"(\d+)/(\d+)", found[1] or "")
        counted = sum((Fraction(int(up), int(down)) for up, down in pairs if int(down)), Fraction(0))
        beat = counted or Fraction(1, 4)
        self._voice.bar.tempos.append((self._voice.at, float(Fraction(found[2]) * beat * 4)))

    def _set_key(self, text: str) -> None:
        text = re.sub(r"\b(clef|middle|transpose|octave|stafflines|staffscale|name|nm)=\S+", "", text).strip()
        if text[:2] in ("HP", "Hp"):
            self._key, self._altered = Key(2), dict.fromkeys("FC", 1)
            return
        found = re.match(r"([A-G])([#b]?)\s*([A-Za-z]{0,10})", text)
        if found is not None:
            tonic = parse_pitch_class(found[1] + found[2])
            mode = _MODES.get("m" if found[3] == "m" else found[3].lower()[:3], "major")
            if tonic is not None and mode in SCALES:
                self._key = Key(tonic, mode)
        elif not text.startswith(("none", "")) or not text:
            return
        self._altered = dict(signature(self._key))
        for sign, letter in re.findall(r"(\^\^|\^|__|_|=)([A-Ga-g])(?![a-z])", text):
            self._altered[letter.upper()] = _ACCIDENTALS[sign]
        for voice in self._voices.values() if self._in_head else [self._voice]:
            voice.bar.key = self._key

    # Music
    # ---------------------------------------------------------------------------------------------------

    def _music(self, line: str) -> None:
        voice = self._voice
        inside: list[RawNote] | None = None  # a chord of notes
        start = Fraction(0)
        for token in _TOKEN.finditer(line):
            kind = token.lastgroup
            if token["note"] is not None:
                length = self._length(token["up"], token["down"])
                pitch = self._pitch(voice, token)
                if inside is not None:
                    inside.append(RawNote(start, length, pitch))
                else:
                    self._play(voice, [RawNote(voice.at, length, pitch)], length)
            elif token["rest"] is not None:
                self._rest(voice, token)
            elif kind == "open":
                inside, start = [], voice.at
            elif token["close"] is not None and inside is not None:
                scale = self._factor(token["closeup"], token["closedown"])
                for note in inside:
                    note.length *= scale
                if inside:
                    self._play(voice, inside, inside[0].length)
                inside = None
            elif token["bar"] is not None:
                self._bar_line(voice, token["bar"])
            elif token["chord"] is not None:
                self._chord(voice, token["chord"][1:-1])
            elif token["tuplet"] is not None:
                self._tuplet(voice, token)
            elif kind == "tie":
                for note in inside[-1:] if inside else voice.last:
                    note.tied_to = True
            elif kind == "broken":
                self._broken(voice, token["broken"])
            elif kind == "overlay":
                voice.at, voice.last, voice.overlaid = Fraction(0), [], voice.bar.length
            elif kind == "field":
                self._field(token["field"][1], token["field"][3:-1].strip())
                voice = self._voice

    def _length(self, up: str, down: str) -> Fraction:
        unit = self._unit
        if unit is None:
            bar = Fraction(self._meter.beats, self._meter.unit) if self._meter else Fraction(1)
            unit = Fraction(1, 16) if bar < Fraction(3, 4) else Fraction(1, 8)
        return min(unit * _WHOLE * self._factor(up, down), _LONGEST)

    @staticmethod
    def _factor(up: str, down: str) -> Fraction:
        value = Fraction(int(up or 1))
        for part in down.split("/")[1:]:
            value /= int(part or 2) or 1
        return value

    def _pitch(self, voice: _Voice, token: re.Match[str]) -> int:
        letter, marks = token["letter"], token["octave"]
        octave = 4 + letter.islower() + marks.count("'") - marks.count(",")
        place = letter.upper(), octave
        if token["accidental"]:
            voice.accidentals[place] = _ACCIDENTALS[token["accidental"]]
        alter = voice.accidentals.get(place, self._altered.get(letter.upper(), 0))
        return 12 * (octave + 1) + _CLASSES[letter.upper()] + alter

    def _play(self, voice: _Voice, notes: list[RawNote], length: Fraction) -> None:
        scale = voice.broken
        voice.broken = Fraction(1)
        if voice.tuplet_left:
            scale *= voice.tuplet_scale
            voice.tuplet_left -= 1
        self._count += len(notes)
        if self._count > MOST_NOTES:
            raise too_many_notes(self._name)
        for note in notes:
            note.start, note.length = voice.at, note.length * scale
        voice.bar.notes += notes
        voice.last = notes
        self._advance(voice, length * scale)

    def _advance(self, voice: _Voice, length: Fraction) -> None:
        voice.at = min(voice.at + length, _LONGEST)
        voice.bar.length = max(voice.bar.length, voice.at)

    def _rest(self, voice: _Voice, token: re.Match[str]) -> None:
        if token["rest"] in "ZX":
            bars = min(int(token["restup"] or 1), 200)
            for number in range(bars):
                self._advance(voice, Fraction((self._meter or Meter(4, 4)).bar_ticks))
                if number + 1 < bars:
                    self._end_bar(voice)
            return
        self._play(voice, [], self._length(token["restup"], token["restdown"]))

    def _broken(self, voice: _Voice, signs: str) -> None:
        if not voice.last:  # after a rest, or where a bar or a layer begins
            return
        less = Fraction(1, 2 ** len(signs))
        here, then = (2 - less, less) if signs[0] == ">" else (less, 2 - less)
        for note in voice.last:
            before = note.length
            note.length *= here
            if note is voice.last[0]:
                voice.at += note.length - before
                voice.bar.length = max(voice.at, voice.overlaid)
        voice.broken = then

    def _tuplet(self, voice: _Voice, token: re.Match[str]) -> None:
        count = int(token["p"])
        if count < 2:
            return
        compound = self._meter is not None and self._meter.is_compound
        times = int(token["q"] or 0) or _TUPLET_TIMES.get(count, 3 if compound else 2)
        voice.tuplet_left = int(token["r"] or 0) or count
        voice.tuplet_scale = Fraction(times, count)

    def _chord(self, voice: _Voice, text: str) -> None:
        if not text or text[0] in "^_<>@":
            return
        try:
            chord: Chord | None = parse_chord(text)
        except BadInput:
            return
        voice.bar.chords.append((voice.at, chord))

    # Bars
    # ----------------------------------------------------------------------------------------------------

    def _bar_line(self, voice: _Voice, line: str) -> None:
        signs = re.sub(r"[\d,\-\s]", "", line)
        numbers = re.search(r"\d[\d,-]*", line)
        ends, begins = signs.startswith(":"), signs.endswith(":") or signs == "::"
        bar = voice.bar
        if bar.notes or bar.length:
            if ends:
                bar.repeats = 2
            self._end_bar(voice)
        elif ends and voice.part.bars:
            voice.part.bars[-1].repeats = 2
        if ends or begins or "]" in signs or "||" in signs:
            voice.ending = frozenset()
        if begins:
            voice.bar.repeat_begins = True
        if numbers is not None:
            voice.ending = _endings(numbers[0])
        voice.bar.endings = voice.ending

    def _end_bar(self, voice: _Voice) -> None:
        if not voice.bar.notes and not voice.bar.length:
            return
        voice.part.bars.append(voice.bar)
        voice.bar = RawBar(endings=voice.ending)
        voice.at = voice.overlaid = Fraction(0)
        voice.accidentals = {}
        voice.last = []


def _meter(text: str) -> Meter | None:
    """None: a free meter, or one that is not read."""
    text = {"C": "4/4", "C|": "2/2"}.get(text, text)
    found = re.match(r"\(?([\d+ ]{1,20})\)?\s*/\s*(\d{1,2})", text)
    if found is None:
        return None
    beats = sum(int(part) for part in re.findall(r"\d{1,2}", found[1]))
    unit = int(found[2])
    return Meter(beats, unit) if 1 <= beats <= MOST_BEATS and unit in UNITS else None


def _endings(text: str) -> frozenset[int]:
    """`1`, `1,3`, `1-3`."""
    found: set[int] = set()
    for part in text.split(","):
        low, _, high = part.partition("-")
        if low.isdigit():
            found.update(range(int(low), min(int(high) if high.isdigit() else int(low), int(low) + 9) + 1))
    return frozenset(found)
