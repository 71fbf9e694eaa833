"""Scores: bars of the right length, notes as a musician would write them, and other programs that read
them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_music.core.chords import QUALITIES, Chord, PlacedChord, parse_grid
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.score.grid import Grid, groups
from studio_music.core.score.harmony import KINDS
from studio_music.core.score.musicxml import musicxml, note_of
from studio_music.core.score.notation import Written, write_part
from studio_music.core.score.parts import parts_of, titles_of
from studio_music.core.score.spelling import spellings
from studio_music.core.score.values import divide, value_of
from studio_music.core.song import ROLES, KeyChange, MeterChange, Note, Song, Track

METERS = [
    Meter(4, 4),
    Meter(3, 4),
    Meter(2, 2),
    Meter(6, 8),
    Meter(12, 8),
    Meter(5, 4),
    Meter(7, 8),
    Meter(3, 8),
]


def melody(*lengths: int, pitch: int = 67, gap: int = 0) -> Track:
    """Notes of these lengths, one after the other; a negative length is a rest."""
    notes, at = [], 0
    for length in lengths:
        if length > 0:
            notes.append(Note(at, length - gap, pitch))
        at += abs(length)
    return Track("Melody", tuple(notes), role="melody")


def written(track: Track, meter: Meter = METERS[0], bars: int = 1) -> list[Written]:
    song = Song("", (track,), meter.bar_ticks * bars, meters=(MeterChange(0, meter),))
    return [
        event
        for bar in write_part(song, parts_of(song, titles_of(song))[0], song.bars)
        for voice in bar.voices
        for event in voice.events
    ]


def shape(events: list[Written]) -> str:
    """`q. e r4`: the values of a voice, with ties and triplets."""
    letters = {"whole": "w", "half": "h", "quarter": "q", "eighth": "e", "16th": "s", "32nd": "t"}
    words = []
    for event in events:
        if event.value is None:
            words.append("R")
            continue
        word = letters[event.value.kind] + "." * event.value.dots
        word = ("" if event.notes else "r") + word + ("3" if event.ratio else "") + "~" * event.tied_to
        words.append(word)
    return " ".join(words)


@pytest.mark.parametrize(
    ("lengths", "meter", "expected"),
    [
        ((480, 480, 480, 480), Meter(4, 4), "q q q q"),
        ((720, 240, 960), Meter(4, 4), "q. e h"),
        ((240, 480, 240, 960), Meter(4, 4), "e q e h"),
        ((480, 960, 480), Meter(4, 4), "q h q"),
        ((720, 480, 720), Meter(4, 4), "q. e~ e q."),
        ((1440, 480), Meter(4, 4), "h. q"),
        ((120, 240, 120, 480, 960), Meter(4, 4), "s e s q h"),
        ((360, 120, 480, 960), Meter(4, 4), "e. s q h"),
        ((1920,), Meter(4, 4), "w"),
        ((-480, 1440), Meter(4, 4), "rq h."),
        ((480, -960, 480), Meter(4, 4), "q rq rq q"),
        ((-960, 960), Meter(4, 4), "rh h"),
        ((480, -1440), Meter(4, 4), "q rq rh"),
        ((160, 160, 160, 480, 960), Meter(4, 4), "e3 e3 e3 q h"),
        ((320, 160, 480, 960), Meter(4, 4), "q3 e3 q h"),
        ((320, 320, 320, 960), Meter(4, 4), "q3 q3 q3 h"),
        ((480, 160, -160, 160, 960), Meter(4, 4), "q e3 re3 e3 h"),
        ((640, 160, 160, 960), Meter(4, 4), "q~ e3 e3 e3 h"),
        ((80,) * 6 + (480, 960), Meter(4, 4), "s3 s3 s3 s3 s3 s3 q h"),
        ((240, 80, 80, 80, 480, 960), Meter(4, 4), "e s3 s3 s3 q h"),
        ((60,) * 8 + (480, 960), Meter(4, 4), "t t t t t t t t q h"),
        ((960, 480), Meter(3, 4), "h q"),
        ((480, 960), Meter(3, 4), "q h"),
        ((1440,), Meter(3, 4), "h."),
        ((480, 240, 720), Meter(6, 8), "q e q."),
        ((240, 480, 240, 480), Meter(6, 8), "e q e q"),
        ((480, 480, 480), Meter(6, 8), "q e~ e q"),
        ((1440,), Meter(6, 8), "h."),
        ((-720, 720), Meter(6, 8), "rq. q."),
        ((720, -240, 480), Meter(6, 8), "q. re q"),
        ((480, 480, 720), Meter(7, 8), "q q q."),
        ((1440, 960), Meter(5, 4), "h. h"),
    ],
)
def test_values_show_the_beats(lengths: tuple[int, ...], meter: Meter, expected: str) -> None:
    assert shape(written(melody(*lengths), meter)) == expected


def test_notes_that_are_played_a_little_short_are_written_whole() -> None:
    assert shape(written(melody(480, 240, 240, 960, gap=40))) == "q e e h"


def test_notes_that_are_played_a_little_late_are_written_on_the_beat() -> None:
    notes = tuple(Note(at, 200, 67) for at in (11, 232, 495, 701, 970, 1190, 1447, 1670))
    assert shape(written(Track("", notes))) == "e e e e e e e e"


def test_a_note_over_the_bar_line_is_tied() -> None:
    assert shape(written(melody(-1440, 960), bars=2)) == "rh rq q~ q rq rh"


def test_a_bar_without_notes_has_one_rest() -> None:
    assert shape(written(melody(-1920, 1920), bars=2)) == "R w"


@pytest.mark.slow
@given(st.integers(0, 63), st.integers(1, 64), st.sampled_from(METERS), st.booleans())
@settings(max_examples=300, deadline=None)
def test_parts_of_a_value_are_values_and_add_up(start: int, length: int, meter: Meter, is_rest: bool) -> None:
    low = start * 30 % meter.bar_ticks
    high = min(meter.bar_ticks, low + length * 30)
    parts = divide(low, high, meter, is_rest)
    assert [parts[0][0], *(end for _, end in parts)] == [*(begin for begin, _ in parts), high]
    assert all(value_of(end - begin) for begin, end in parts)


@pytest.mark.parametrize("meter", [*METERS, Meter(1, 8), Meter(5, 16), Meter(13, 32), Meter(64, 1)])
def test_beats_fill_the_bar(meter: Meter) -> None:
    assert sum(groups(meter)) == meter.bar_ticks


@st.composite
def songs(draw: st.DrawFn) -> Song:
    meter = draw(st.sampled_from(METERS))
    length = meter.bar_ticks * 3
    some = []
    for _ in range(draw(st.integers(1, 3))):
        step = draw(st.sampled_from([480, 240, 160, 120, 80, 7, 1]))
        notes = {
            Note(start, max(1, min(lasts, length - start)), pitch)
            for start, lasts, pitch in draw(
                st.lists(
                    st.tuples(
                        st.integers(0, (length - 1) // step).map(lambda n, step=step: n * step),
                        st.integers(1, 12).map(lambda n, step=step: n * step),
                        st.integers(21, 108),
                    ),
                    max_size=14,
                )
            )
        }
        some.append(
            Track(
                draw(st.text(max_size=8)),
                tuple(sorted(notes)),
                draw(st.sampled_from([0, 33, 41, 73])),
                draw(st.booleans()),
                draw(st.sampled_from(ROLES)),
            )
        )
    chords = draw(
        st.dictionaries(st.integers(0, length - 1), st.sampled_from([*QUALITIES, None]), max_size=4)
    )
    return Song(
        draw(st.text(max_size=8)),
        tuple(some),
        length,
        meters=(MeterChange(0, meter),),
        keys=(
            KeyChange(0, Key(draw(st.integers(0, 11)), draw(st.sampled_from(["major", "minor", "blues"])))),
        ),
        chords=tuple(
            PlacedChord(at, None if quality is None else Chord(at % 12, quality))
            for at, quality in sorted(chords.items(), key=lambda chord: chord[0])
        ),
    )


@pytest.mark.slow
@given(songs())
@settings(max_examples=150, deadline=None)
def test_every_voice_of_every_bar_adds_up(song: Song) -> None:
    root = Tree.fromstring(musicxml(song))
    ids = [note.get("id") for note in root.iter("note") if note.get("id")]
    assert len(ids) == len(set(ids))
    for part in root.iter("part"):
        assert len(part.findall("measure")) == len(song.bars)
        for measure in part.findall("measure"):
            at, ends = 0, set()
            for element in measure:
                length = int(element.findtext("duration", "0"))
                if element.tag == "backup":
                    ends.add(at)
                    at -= length
                elif element.tag == "forward" or (element.tag == "note" and element.find("chord") is None):
                    at += length
            assert ends | {at} == {song.meter.bar_ticks}


@given(songs())
@settings(max_examples=100, deadline=None)
def test_every_note_that_can_be_seen_is_written(song: Song) -> None:
    shown = {note_of(found) for found in re.findall(r'id="(t\d+n\d+)"', musicxml(song))}
    for place, track in enumerate(song.tracks):
        if not track.notes:
            continue
        pitches = {(note.start // 480, note.pitch) for note in track.notes}
        seen = {track.notes[of.note] for of in shown if of is not None and of.track == place}
        # Notes of one pitch at one time are written once; a note on the last bar line is not written.
        assert len(seen) >= len({pitch for _, pitch in pitches}) * 0.5


@given(songs())
@settings(max_examples=40, deadline=None)
def test_ties_lead_from_note_to_note(song: Song) -> None:
    for part in Tree.fromstring(musicxml(song)).iter("part"):
        begun: list[tuple[str | None, ...]] = []
        for note in part.iter("note"):
            kinds = [tie.get("type") for tie in note.findall("tie")]
            own = note.findtext("voice"), Tree.tostring(note.find("pitch") or note.find("unpitched") or note)
            if "stop" in kinds:
                assert own[0] in [voice for voice, _ in begun]
                begun.remove(next(entry for entry in begun if entry[0] == own[0]))
            if "start" in kinds:
                begun.append(own)
        assert not begun


@pytest.mark.slow
def test_music21_reads_chords_keys_and_meters_and_finds_every_bar_full() -> None:
    music21 = pytest.importorskip("music21")
    song = Song(
        "Tune",
        (
            melody(*[160] * 12, *[240] * 12),
            Track("Keys", tuple(Note(at * 480, 480, 40 + at * 5 % 40) for at in range(10)), 0),
            Track("Kit", tuple(Note(at * 240, 60, 36 + at % 2 * 6) for at in range(20)), is_drums=True),
        ),
        4800,
        meters=(MeterChange(0, Meter(4, 4)), MeterChange(1920, Meter(3, 4))),
        keys=(KeyChange(0, Key(3)), KeyChange(1920, Key(0, "minor"))),
        chords=parse_grid("Eb Cm7/G N.C.", Meter(4, 4)),
    )
    score = music21.converter.parse(musicxml(song), format="musicxml")
    for part in score.parts:
        for bar in part.getElementsByClass("Measure"):
            assert bar.duration.quarterLength == bar.barDuration.quarterLength
    symbols = list(score.recurse().getElementsByClass("ChordSymbol"))
    assert [symbol.figure for symbol in symbols] == ["E-", "Cm7/G", "N.C."]
    assert [key.sharps for key in score.parts[0].recurse().getElementsByClass("KeySignature")] == [-3]
    heard = [note.pitch.midi for note in score.parts[0].recurse().notes if hasattr(note, "pitch")]
    assert heard.count(67) == 24


def test_every_quality_has_a_kind() -> None:
    assert set(KINDS) == set(QUALITIES)


def test_notes_are_spelled_by_the_chord_and_the_key() -> None:
    pitches = (60, 63, 65, 68, 56, 66, 61)
    track = Track("", tuple(Note(n * 480, 480, pitch) for n, pitch in enumerate(pitches)))
    chords = (PlacedChord(0, Chord(5, "m")), PlacedChord(4 * 480, Chord(4)), PlacedChord(5 * 480, Chord(2)))
    song = Song("", (track,), 3840, chords=(*chords, PlacedChord(6 * 480, Chord(9))))
    assert [str(name)[:-1] for name in spellings(song)[0]][3:] == ["Ab", "G#", "F#", "C#"]


def test_accidentals_are_printed_where_they_are_needed() -> None:
    track = Track(
        "", tuple(Note(n * 480, 480, pitch) for n, pitch in enumerate((66, 66, 65, 66, 65, 67, 54, 65)))
    )
    text = musicxml(Song("", (track,), 3840))
    assert re.findall(r"<accidental>(\w+)</accidental>", text) == [
        "sharp",
        "natural",
        "sharp",
        "natural",
        "sharp",
    ]


def test_a_piano_has_two_staves_and_a_viola_its_clef() -> None:
    both = Track("Piano", tuple(sorted(Note(n * 480, 480, p) for n in range(8) for p in (36, 43, 76, 79))))
    viola = Track("Viola", tuple(Note(n * 480, 480, 60) for n in range(8)), 41)
    guitar = Track("Guitar", tuple(Note(n * 480, 480, 52) for n in range(8)), 25)
    song = Song("", (both, viola, guitar), 3840)
    parts = parts_of(song, titles_of(song))
    assert [[(clef.sign, clef.octave) for clef in part.clefs] for part in parts] == [
        [("G", 0), ("F", 0)],
        [("C", 0)],
        [("G", -1)],
    ]


def test_two_hands_in_two_tracks_are_one_part() -> None:
    right = Track("Right", (Note(0, 480, 72),), role="right hand")
    left = Track("Left", (Note(0, 480, 48),), role="left hand")
    (part,) = parts_of(Song("", (right, left), 1920), ["Piano", "Piano"])
    assert part.name == "Piano"
    assert part.tracks == [0, 1]


def test_a_song_without_tracks_is_a_score() -> None:
    assert "<rest" in musicxml(Song("", (), 3840))
    assert "<rest" in musicxml(Song(""))


def test_the_grid_of_an_empty_song() -> None:
    assert Grid(Song("", (), 1920).bars, []).window_at(5000).start == 1440


def test_swung_eighths_are_written_straight_with_a_word() -> None:
    swung = melody(*[320, 160] * 8)
    text = musicxml(Song("", (swung,), 3840))
    assert text.count("<type>eighth</type>") == 16
    assert text.count("Swing") == 1
    assert "<time-modification>" not in text
    triplets = musicxml(Song("", (melody(*[160] * 24),), 3840))
    assert "Swing" not in triplets


@pytest.mark.parametrize(("played", "expected"), [(360, "q q q q"), (240, "e re e re e re e re")])
def test_a_short_note_is_written_short_only_if_it_is_much_shorter(played: int, expected: str) -> None:
    notes = tuple(Note(n * 480, played, 67) for n in range(4))
    assert shape(written(Track("", notes))) == expected
