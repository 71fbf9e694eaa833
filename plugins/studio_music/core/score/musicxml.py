"""Songs as scores in MusicXML 4.0: https://www.w3.org/2021/06/musicxml40/.

Times are written in ticks. Each note has an id that tells which one it is: see `note_of`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from studio_music.core.keys import Spelling
from studio_music.core.meter import TICKS
from studio_music.core.score.accidentals import Accidentals
from studio_music.core.score.beams import beam
from studio_music.core.score.drums import place_of
from studio_music.core.score.grid import Placed
from studio_music.core.score.harmony import harmony
from studio_music.core.score.notation import Written, WrittenBar, WrittenVoice, write_part
from studio_music.core.score.parts import Part, parts_of, titles_of
from studio_music.core.score.spelling import spellings
from studio_music.core.score.swing import straightened
from studio_music.core.song import BarSpan, Song

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" \
"http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise version="4.0">
"""
_MODES = frozenset(["major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian"])
_SWING = (
    '<direction placement="above"><direction-type><words font-weight="bold">Swing</words></direction-type>'
    "{offset}</direction>"
)
_TEMPO_STEP = 0.04
"""A tempo is printed where it differs by such a share from the last one that was."""


class NoteOf(NamedTuple):
    """Which note of a song an element of its score is."""

    track: int
    note: int


def note_of(element: str) -> NoteOf | None:
    """What the id of an element of a score stands for: `t0n12`, or `t0n12p1` for the second of tied notes."""
    found = re.fullmatch(r"t(\d{1,3})n(\d{1,7})(?:p\d+)?", element)
    return NoteOf(int(found[1]), int(found[2])) if found else None


def musicxml(song: Song, titles: Sequence[str] | None = None) -> str:
    """The score of a song.

    Args:
        titles: what the instrument of each track is called; None: as this process's language calls it.
    """
    bars = song.bars or (BarSpan(0, 0, song.meter.bar_ticks, song.meter),)
    straight = straightened(song)
    swings, song = straight is not None, straight or song
    parts = parts_of(song, titles or titles_of(song))
    written = spellings(song)
    text = [_HEAD]
    text.append(f"<work><work-title>{_escaped(song.title)}</work-title></work>\n")
    text.append("<identification><encoding><software>Studio</software></encoding></identification>\n")
    text.append(_part_list(song, parts))
    for place, part in enumerate(parts):
        is_top = place == _chord_part(song, parts)
        writer = _PartWriter(song, part, f"P{place + 1}", written, is_top, swings and place == 0)
        text.append(f'<part id="P{place + 1}">\n')
        for number, bar in enumerate(write_part(song, part, bars)):
            text.append(writer.measure(bar, number == 0, number == len(bars) - 1, place == 0))
        text.append("</part>\n")
    if not parts:  # a score needs a part
        text.append(_empty_part(bars))
    text.append("</score-partwise>\n")
    return "".join(text)


def _chord_part(song: Song, parts: Sequence[Part]) -> int:
    """The part that the chord symbols stand above: the melody, else the first one that has pitches."""
    for place, part in enumerate(parts):
        if song.tracks[part.tracks[0]].role in ("melody", "soprano", "right hand"):
            return place
    return next((place for place, part in enumerate(parts) if not part.is_drums), 0)


def _part_list(song: Song, parts: Sequence[Part]) -> str:
    text = ["<part-list>\n"]
    for place, part in enumerate(parts):
        before = parts[place - 1].is_choir if place else False
        after = parts[place + 1].is_choir if place + 1 < len(parts) else False
        if part.is_choir and not before and after:
            text.append(
                '<part-group number="1" type="start"><group-symbol>bracket</group-symbol>'
                "<group-barline>no</group-barline></part-group>\n"
            )
        text.append(_score_part(song, part, place))
        if part.is_choir and before and not after:
            text.append('<part-group number="1" type="stop"/>\n')
    if not parts:
        text.append('<score-part id="P1"><part-name></part-name></score-part>\n')
    text.append("</part-list>\n")
    return "".join(text)


def _score_part(song: Song, part: Part, place: int) -> str:
    track, own = song.tracks[part.tracks[0]], f"P{place + 1}"
    channel = 10 if part.is_drums else place % 9 + 1
    mixed = f"<volume>{track.volume * 100 / 127:.4g}</volume><pan>{(track.pan - 64) * 90 / 64:.4g}</pan>"
    text = [f'<score-part id="{own}"><part-name>{_escaped(part.name)}</part-name>']
    text.append(f"<part-abbreviation>{_escaped(_short(part.name))}</part-abbreviation>")
    if part.is_drums:
        drums = sorted({note.pitch for note in track.notes})
        for pitch in drums:
            text.append(
                f'<score-instrument id="{own}-I{pitch}"><instrument-name>{pitch}</instrument-name>'
                "</score-instrument>"
            )
        for pitch in drums:
            text.append(
                f'<midi-instrument id="{own}-I{pitch}"><midi-channel>{channel}</midi-channel>'
                f"<midi-program>{track.program + 1}</midi-program>"
                f"<midi-unpitched>{pitch + 1}</midi-unpitched>{mixed}</midi-instrument>"
            )
    else:
        text.append(
            f'<score-instrument id="{own}-I1"><instrument-name>{_escaped(part.name)}</instrument-name>'
            f'</score-instrument><midi-instrument id="{own}-I1"><midi-channel>{channel}</midi-channel>'
            f"<midi-program>{track.program + 1}</midi-program>{mixed}</midi-instrument>"
        )
    text.append("</score-part>\n")
    return "".join(text)


_SHORT = {
    "piano": "Pno.", "violin": "Vln.", "viola": "Vla.", "cello": "Vc.", "flute": "Fl.", "soprano": "S.",
    "alto": "A.", "tenor": "T.", "bass": "B.", "guitar": "Gtr.", "drums": "Dr.", "clarinet": "Cl.",
}  # fmt: skip


def _short(name: str) -> str:
    """`Vln. 1` for `Violin 1`, `Mel.` for `Melody`."""
    words = name.split()
    numbers = words[-1:] if len(words) > 1 and len(words[-1]) <= 2 else []
    known = next((short for word, short in _SHORT.items() if word in name.lower().split()), None)
    if known is None and len(name) <= 4:
        return name
    return " ".join([known or (words[0] if len(words[0]) <= 4 else f"{words[0][:3]}."), *numbers])


def _empty_part(bars: Sequence[BarSpan]) -> str:
    text = ['<part id="P1">\n']
    for number, bar in enumerate(bars):
        text.append(f'<measure number="{number + 1}">')
        if number == 0:
            text.append(f"<attributes><divisions>{TICKS}</divisions>{_time(bar)}</attributes>")
        text.append(
            f'<note><rest measure="yes"/><duration>{bar.end - bar.start}</duration></note></measure>\n'
        )
    return "".join([*text, "</part>\n"])


def _time(bar: BarSpan) -> str:
    return f"<time><beats>{bar.meter.beats}</beats><beat-type>{bar.meter.unit}</beat-type></time>"


class _PartWriter:
    """Writes the measures of a part, one after the other."""

    def __init__(
        self,
        song: Song,
        part: Part,
        own: str,
        written: Sequence[Sequence[Spelling]],
        is_top: bool,
        swings: bool,
    ) -> None:
        self._song, self._part, self._own, self._written = song, part, own, written
        self._is_top, self._swings = is_top, swings
        self._staves = len(part.clefs)
        self._accidentals = [Accidentals() for _ in part.clefs]
        self._segments: dict[tuple[int, int], int] = {}
        self._bar: BarSpan | None = None
        self._tempo = 0.0

    def measure(self, bar: WrittenBar, is_first: bool, is_last: bool, has_tempo: bool) -> str:
        span = bar.bar
        short = span.end - span.start != span.meter.bar_ticks
        implicit = ' implicit="yes"' if short else ""
        text = [f'<measure number="{span.number + 1}"{implicit}>\n', self._attributes(span, is_first)]
        marks = self._marks(span, has_tempo, is_first)
        shown = self._shown_accidentals(bar)
        at = span.start
        for voice in bar.voices:
            beam(voice.events, span)
            if at != span.start:
                text.append(f"<backup><duration>{at - span.start}</duration></backup>\n")
            at = span.start
            several = sum(other.staff == voice.staff for other in bar.voices) > 1
            for event in voice.events:
                while marks and marks[0][0] < event.end:
                    tick, body = marks.pop(0)
                    text.append(
                        body.format(offset=f"<offset>{tick - at}</offset>" if tick > at else "") + "\n"
                    )
                text.append(self._event(event, voice, several, shown))
                at = event.end
        if is_last:
            text.append('<barline location="right"><bar-style>light-heavy</bar-style></barline>\n')
        text.append("</measure>\n")
        self._bar = span
        return "".join(text)

    def _attributes(self, span: BarSpan, is_first: bool) -> str:
        song, text = self._song, []
        key = song.key_at(span.start)
        if is_first:
            text.append(f"<divisions>{TICKS}</divisions>")
        if is_first or (self._bar is not None and song.key_at(self._bar.start).fifths != key.fifths):
            mode = key.mode if key.mode in _MODES else "minor" if key.is_minor else "major"
            fifths = 0 if self._part.is_drums else key.fifths
            text.append(f"<key><fifths>{fifths}</fifths><mode>{mode}</mode></key>")
        if is_first or (self._bar is not None and self._bar.meter != span.meter):
            text.append(_time(span))
        if is_first:
            if self._staves > 1:
                text.append(f"<staves>{self._staves}</staves>")
            for number, clef in enumerate(self._part.clefs):
                numbered = f' number="{number + 1}"' if self._staves > 1 else ""
                change = f"<clef-octave-change>{clef.octave}</clef-octave-change>" if clef.octave else ""
                line = f"<line>{clef.line}</line>" if clef.sign != "percussion" else ""
                text.append(f"<clef{numbered}><sign>{clef.sign}</sign>{line}{change}</clef>")
        return f"<attributes>{''.join(text)}</attributes>\n" if text else ""

    def _marks(self, span: BarSpan, has_tempo: bool, is_first: bool) -> list[tuple[int, str]]:
        """Tempos and chord symbols within a bar: the tick, and the element with room for its offset."""
        song, marks = self._song, []
        if is_first and self._swings:
            marks.append((span.start, _SWING))
        if has_tempo:
            for place, (start, bpm) in enumerate(song.tempos):
                until = song.tempos[place + 1].start if place + 1 < len(song.tempos) else song.length + 1
                if span.start <= start < span.end or (is_first and start < span.start < until):
                    marks.append((max(start, span.start), self._tempo_mark(bpm, span)))
        if self._is_top:
            for place, (start, chord) in enumerate(song.chords):
                until = song.chords[place + 1].start if place + 1 < len(song.chords) else song.length + 1
                if span.start <= start < span.end or (is_first and start < span.start < until):
                    key = song.key_at(start)
                    marks.append((max(start, span.start), harmony(chord, key)))
        return sorted(marks, key=lambda mark: mark[0])

    def _tempo_mark(self, bpm: float, span: BarSpan) -> str:
        if self._tempo and abs(bpm / self._tempo - 1) < _TEMPO_STEP:
            return f'<sound tempo="{bpm:.6g}">{{offset}}</sound>'
        self._tempo = bpm
        beat, dot = TICKS, ""
        if span.meter.is_compound and span.meter.beat_ticks == TICKS * 3 // 2:
            beat, dot = TICKS * 3 // 2, "<beat-unit-dot/>"
        shown = round(bpm * TICKS / beat)
        return (
            '<direction placement="above"><direction-type><metronome><beat-unit>quarter</beat-unit>'
            f"{dot}<per-minute>{shown}</per-minute></metronome></direction-type>{{offset}}"
            f'<sound tempo="{bpm:.6g}"/></direction>'
        )

    def _shown_accidentals(self, bar: WrittenBar) -> dict[tuple[int, int, int], str]:
        """What is printed before notes, by the start of the value, the track and the note."""
        shown: dict[tuple[int, int, int], str] = {}
        if self._part.is_drums:
            return shown
        key = self._song.key_at(bar.bar.start)
        for staff, accidentals in enumerate(self._accidentals):
            accidentals.begin_bar(key)
            met = sorted(
                (event.start, note.pitch, note.track, note.place, event.tied_from)
                for voice in bar.voices
                if voice.staff == staff
                for event in voice.events
                for note in event.notes
            )
            for start, _, track, place, is_tied in met:
                accidental = accidentals.print_for(self._written[track][place], is_tied)
                if accidental:
                    shown[start, track, place] = accidental
        return shown

    def _event(
        self, event: Written, voice: WrittenVoice, several: bool, shown: dict[tuple[int, int, int], str]
    ) -> str:
        length = event.end - event.start
        staff = f"<staff>{voice.staff + 1}</staff>" if self._staves > 1 else ""
        if not event.notes and voice.hidden_rests and not event.tuplet and event.ratio is None:
            return f"<forward><duration>{length}</duration><voice>{voice.number}</voice>{staff}</forward>\n"
        timed = f"<duration>{length}</duration>"
        ties = "".join(
            f'<tie type="{kind}"/>'
            for kind, is_tied in (("stop", event.tied_from), ("start", event.tied_to))
            if is_tied
        )
        after = [f"<voice>{voice.number}</voice>"]
        if event.value is not None:
            after.append(f"<type>{event.value.kind}</type>{'<dot/>' * event.value.dots}")
        if not event.notes:
            rest = '<rest measure="yes"/>' if event.value is None else "<rest/>"
            hidden = ' print-object="no"' if voice.hidden_rests else ""
            notations = self._notations(event, is_first=True)
            return f"<note{hidden}>{rest}{timed}{''.join(after)}{_ratio(event)}{staff}{notations}</note>\n"
        text = []
        for place, note in enumerate(event.notes):
            chord = "<chord/>" if place else ""
            accidental = shown.get((event.start, note.track, note.place), "")
            printed = f"<accidental>{accidental}</accidental>" if accidental else ""
            stem = f"<stem>{'up' if voice.number % 2 else 'down'}</stem>" if several else ""
            head, instrument = self._drum(note)
            beams = "" if place else _beams(event)
            text.append(
                f"<note id={quoteattr(self._id(note))}>{chord}{self._pitch(note)}{timed}{ties}{instrument}"
                f"{''.join(after)}{printed}{_ratio(event)}{stem}{head}{staff}{beams}"
                f"{self._notations(event, is_first=place == 0)}</note>\n"
            )
        return "".join(text)

    def _id(self, note: Placed) -> str:
        key = note.track, note.place
        number = self._segments.get(key, 0)
        self._segments[key] = number + 1
        return f"t{note.track}n{note.place}" + (f"p{number}" if number else "")

    def _pitch(self, note: Placed) -> str:
        if self._part.is_drums:
            drum = place_of(note.pitch)
            return (
                f"<unpitched><display-step>{drum.step}</display-step>"
                f"<display-octave>{drum.octave}</display-octave></unpitched>"
            )
        step, alter, octave = self._written[note.track][note.place]
        altered = f"<alter>{alter}</alter>" if alter else ""
        return f"<pitch><step>{step}</step>{altered}<octave>{octave}</octave></pitch>"

    def _drum(self, note: Placed) -> tuple[str, str]:
        """The shape of the note head, and which instrument plays."""
        if not self._part.is_drums:
            return "", ""
        head = place_of(note.pitch).head
        shape = f"<notehead>{head}</notehead>" if head != "normal" else ""
        return shape, f'<instrument id="{self._own}-I{note.pitch}"/>'

    def _notations(self, event: Written, is_first: bool) -> str:
        text = ""
        if event.notes:
            text += '<tied type="stop"/>' * event.tied_from + '<tied type="start"/>' * event.tied_to
        if is_first and event.tuplet:
            bracket = "" if event.beams else ' bracket="yes"'
            text += f'<tuplet type="{event.tuplet}"{bracket if event.tuplet == "start" else ""}/>'
        return f"<notations>{text}</notations>" if text else ""


def _ratio(event: Written) -> str:
    if event.ratio is None:
        return ""
    actual, normal = event.ratio
    return (
        f"<time-modification><actual-notes>{actual}</actual-notes><normal-notes>{normal}</normal-notes>"
        "</time-modification>"
    )


def _beams(event: Written) -> str:
    return "".join(f'<beam number="{level + 1}">{word}</beam>' for level, word in enumerate(event.beams))


def _escaped(text: str) -> str:
    """As it may stand in XML, which has no words for most control characters."""
    return escape("".join(sign for sign in text if sign >= " " and sign not in "\ufffe\uffff"))
