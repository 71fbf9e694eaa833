"""Scores of other programs become songs: MusicXML, ABC and kern; broken ones are refused in words."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_music.core.chords import QUALITIES, Chord, PlacedChord
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.midi_file import read_song, song_bytes
from studio_music.core.score.musicxml import musicxml
from studio_music.core.song import KeyChange, MeterChange, Note, Song, TempoChange, Track
from studio_music.formats import importing
from studio_music.formats.reading.abc_reader import read_abc
from studio_music.formats.reading.kern_reader import read_kern
from studio_music.formats.reading.musicxml_reader import read_musicxml
from studio_music.formats.reading.xml_tree import unpacked

from studio.api.values import BadInput


def tune(body: str, head: str = "M:4/4\nL:1/4\nK:C\n") -> Song:
    return read_abc(f"X:1\nT:Tune\n{head}{body}\n".encode(), "tune.abc")[0]


def heard(song: Song, track: int = 0) -> list[tuple[int, int, int]]:
    return [(note.start, note.length, note.pitch) for note in song.tracks[track].notes]


def score(body: str, attributes: str = "", listed: str = "") -> Song:
    """A part with the notes; a quarter is 4 divisions."""
    text = (
        "<score-partwise><work><work-title>T</work-title></work><part-list><score-part id='P1'>"
        f"<part-name>Flute</part-name>{listed}</score-part></part-list><part id='P1'><measure number='1'>"
        f"<attributes><divisions>4</divisions>{attributes}</attributes>{body}</measure></part></score-partwise>"
    )
    return read_musicxml(text.encode(), "score.musicxml")


def note(step: str, duration: int, more: str = "", before: str = "", octave: int = 4) -> str:
    pitch = f"<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
    return f"<note>{before}{pitch}<duration>{duration}</duration>{more}</note>"


# MusicXML
# ----------------------------------------------------------------------------------------------------


def test_a_song_comes_back_out_of_its_own_score() -> None:
    lead = Track("Melody", tuple(Note(n * 240, 240, 60 + n % 7 * 2) for n in range(24)), 73, role="melody")
    kit = Track("Drums", tuple(Note(n * 480, 480, 36 + n % 2 * 2) for n in range(12)), 0, True, "drums")
    song = Song(
        "Tune",
        (lead, kit),
        5760,
        (TempoChange(0, 90.0), TempoChange(1920, 120.0)),
        (MeterChange(0, Meter(4, 4)), MeterChange(3840, Meter(2, 4))),
        (KeyChange(0, Key(7)), KeyChange(3840, Key(2))),
        (PlacedChord(0, Chord(7, "maj7")), PlacedChord(1920, Chord(9, "m7", 7)), PlacedChord(3840, None)),
    )
    assert read_musicxml(musicxml(song).encode(), "x") == song


@pytest.mark.parametrize("quality", sorted(QUALITIES))
@pytest.mark.parametrize("with_text", [True, False])
def test_every_chord_comes_back(quality: str, with_text: bool) -> None:
    track = Track("", (Note(0, 1920, 60),))
    song = Song("", (track,), 1920, chords=(PlacedChord(0, Chord(10, quality, 2)),))
    text = musicxml(song)
    if not with_text:
        text = text.replace(f'<kind text="{quality}">', "<kind>")
    assert read_musicxml(text.encode(), "x").chords == song.chords


def test_ties_chords_voices_and_rests() -> None:
    tie = "<tie type='start'/>", "<tie type='stop'/>"
    song = score(
        note("C", 4, tie[0])
        + note("E", 4, before="<chord/>")
        + note("C", 4, tie[1])
        + "<note><rest/><duration>4</duration></note>"
        + note("G", 4)
        + "<backup><duration>16</duration></backup><forward><duration>8</duration></forward>"
        + note("A", 8, octave=3)
    )
    assert heard(song) == [(0, 480, 64), (0, 960, 60), (960, 960, 57), (1440, 480, 67)]
    assert (song.title, song.tracks[0].name, song.tracks[0].program) == ("T", "Flute", 73)


def test_instruments_that_transpose_and_grace_notes() -> None:
    transposed = "<key><fifths>2</fifths></key><transpose><chromatic>-2</chromatic></transpose>"
    song = score(note("D", 0, before="<grace/>") + note("D", 16), transposed)
    assert heard(song) == [(0, 1920, 60)]
    assert song.key == Key(0)


def test_an_upbeat_has_a_bar_of_its_own() -> None:
    four = "<time><beats>4</beats><beat-type>4</beat-type></time>"
    rest = f"</measure><measure number='2'>{note('C', 16)}"
    song = score(note("G", 4) + rest, four)
    assert [str(change.meter) for change in song.meters] == ["1/4", "4/4"]
    assert heard(song) == [(0, 480, 67), (480, 1920, 60)]


def test_repeats_with_endings_are_played() -> None:
    def bar(step: str, lines: str = "") -> str:
        return f"</measure><measure number='x'>{lines}{note(step, 16)}"

    def ending(number: int, back: bool) -> str:
        repeat = "<repeat direction='backward'/>" if back else ""
        return (
            f"<barline location='left'><ending number='{number}' type='start'/></barline>"
            f"<barline location='right'><ending number='{number}' type='stop'/>{repeat}</barline>"
        )

    song = score(note("C", 16) + bar("D", ending(1, True)) + bar("E", ending(2, False)) + bar("F"))
    assert [pitch for _, _, pitch in heard(song)] == [60, 62, 60, 64, 65]


def test_tempos_and_dynamics() -> None:
    loud = "<direction><direction-type><dynamics><ff/></dynamics></direction-type></direction>"
    speed = (
        "<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit-dot/>"
        "<per-minute>60</per-minute></metronome></direction-type></direction>"
    )
    song = score(loud + speed + note("C", 16))
    assert song.tracks[0].notes[0].velocity == 110
    assert song.tempo == 90.0


def test_compressed_scores(tmp_path: Path) -> None:
    packed = tmp_path / "score.mxl"
    container = '<container><rootfiles><rootfile full-path="a/b.xml"/></rootfiles></container>'
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("a/b.xml", musicxml(Song("", (Track("", (Note(0, 1920, 60),)),), 1920)))
    (made,) = importing.load_musicxml(packed, tmp_path)
    assert heard(read_song(made)) == [(0, 1920, 60)]


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.xml", content)
    return buffer.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><score-partwise>&b;</score-partwise>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<score-partwise>",
        b"<html></html>",
        b"<score-partwise/>",
        b"\xff\xfe\x00",
        b"<?xml version='1.0' encoding='cp037'?><a/>",
        ENTITIES,
        b"<a>" * 100 + b"</a>" * 100,
        b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><score-partwise><part/></score-partwise>",
    ],
)
def test_what_is_no_score_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_musicxml(data, "x.xml")


@pytest.mark.slow
def test_zip_bombs_are_refused() -> None:
    for data in (zipped(), zipped(a=bytes(60 << 20)), b"PK" + bytes(50), zipped(a=b"x")[:40]):
        with pytest.raises(BadInput):
            read_musicxml(unpacked(data, "x.mxl"), "x.mxl")


# ABC
# ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("C D E F|", [(0, 480, 60), (480, 480, 62), (960, 480, 64), (1440, 480, 65)]),
        ("C,2 c' c''|", [(0, 960, 48), (960, 480, 84), (1440, 480, 96)]),
        ("^C C =C _D|", [(0, 480, 61), (480, 480, 61), (960, 480, 60), (1440, 480, 61)]),
        ("^C2 z2|C4|", [(0, 960, 61), (1920, 1920, 60)]),
        ("C/2D/E// z//z/z2|", [(0, 240, 60), (240, 240, 62), (480, 120, 64)]),
        ("C>D E<F|", [(0, 720, 60), (720, 240, 62), (960, 240, 64), (1200, 720, 65)]),
        ("(3CDE z2|", [(0, 320, 60), (320, 320, 62), (640, 320, 64)]),
        ("C4-|C4|", [(0, 3840, 60)]),
        ("[CEG]2 z2|", [(0, 960, 60), (0, 960, 64), (0, 960, 67)]),
        ("{gab}C !trill!~D2 z|", [(0, 480, 60), (480, 960, 62)]),
        ("[K:D] F4|", [(0, 1920, 66)]),
        ("[L:1/8] CD z3|", [(0, 240, 60), (240, 240, 62)]),
        ("C2 E2 & G4|", [(0, 960, 60), (0, 1920, 67), (960, 960, 64)]),
        ("Z2|C4|", [(3840, 1920, 60)]),
    ],
)
def test_notes_of_abc(body: str, expected: list[tuple[int, int, int]]) -> None:
    assert heard(tune(body)) == expected


@pytest.mark.parametrize(
    ("body", "order"),
    [
        ("|:C4|D4:|E4|", "CDCDE"),
        ("C4|D4:|E4|", "CDCDE"),
        ("|:C4|1D4:|2E4|F4|", "CDCEF"),
        ("|:C4::D4:|", "CCDD"),
        ("C4|[1 D4:|[2 E4||", "CDCE"),
        ("C4||D4|]", "CD"),
    ],
)
def test_repeats_of_abc(body: str, order: str) -> None:
    assert "".join("C D EF G A B"[pitch - 60] for _, _, pitch in heard(tune(body))) == order


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("C", Key(0)),
        ("Am", Key(9, "minor")),
        ("F#min", Key(6, "minor")),
        ("Bb", Key(10)),
        ("Ddor", Key(2, "dorian")),
        ("G Mixolydian", Key(7, "mixolydian")),
        ("HP", Key(2)),
        ("D clef=bass", Key(2)),
    ],
)
def test_keys_of_abc(words: str, key: Key) -> None:
    assert tune("C4|", f"M:4/4\nL:1/4\nK:{words}\n").key == key


@pytest.mark.parametrize(
    ("words", "bpm"),
    [("1/4=90", 90), ("3/8=60", 90), ("120", 120), ('"Fast" 1/4=150', 150), ("1/8 1/4=40", 60)],
)
def test_tempos_of_abc(words: str, bpm: float) -> None:
    assert tune("C4|", f"M:4/4\nL:1/4\nQ:{words}\nK:C\n").tempo == bpm


def test_chords_and_voices_of_abc() -> None:
    song = tune(
        'V:1\n"Am7"C2"^slow"D2|"G/B"E4|\nV:2\nC,4|D,4|',
        "M:4/4\nL:1/4\nV:1 name=Violin\nV:2 name=Cello\nK:C\n",
    )
    assert [track.name for track in song.tracks] == ["Violin", "Cello"]
    assert [track.program for track in song.tracks] == [40, 42]
    assert song.chords == (PlacedChord(0, Chord(9, "m7")), PlacedChord(1920, Chord(7, "", 11)))


def test_every_tune_of_a_book_is_a_song(tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    book.write_text("%abc\nX:1\nT:One\nK:C\nCDEF|\n\nX:2\nT:One\nK:G\nGABc|\n\nX:3\nT:Words\nK:C\n")
    made = importing.load_abc(book, tmp_path)
    assert [path.name for path in made] == ["One.mid", "One-2.mid"]
    assert read_song(made[1]).key == Key(7)


# kern
# --------------------------------------------------------------------------------------------------------

KERN = """!!!OTL: A chorale
**kern\t**kern\t**text
*I"Bass\t*I"Soprano\t*
*M3/4\t*M3/4\t*
*k[b-]\t*k[b-]\t*
*F:\t*F:\t*
*MM80\t*MM80\t*
=1\t=1\t=1
4F\t[2cc\tla
4G\t.\t.
4BB-\t4cc]\t.
=2\t=2\t=2
2.AA\t12f\t.
.\t12g\t.
.\t12a\t.
.\t4.b-\t.
.\t8r\t.
==\t==\t==
*-\t*-\t*-
"""


def test_a_score_in_kern() -> None:
    song = read_kern(KERN.encode(), "x.krn")
    assert (song.title, song.key, str(song.meter), song.tempo) == ("A chorale", Key(5), "3/4", 80.0)
    assert [track.name for track in song.tracks] == ["Soprano", "Bass"]
    assert heard(song) == [
        (0, 1440, 72),
        (1440, 160, 65),
        (1600, 160, 67),
        (1760, 160, 69),
        (1920, 720, 70),
    ]
    assert heard(song, 1) == [(0, 480, 53), (480, 480, 55), (960, 480, 46), (1440, 1440, 45)]


def test_spines_divide_and_join_and_chords_sound() -> None:
    text = "**kern\n=1\n*^\n2c\t4e\n.\t4f\n*v\t*v\n2c 2e 2g\n==\n*-\n"
    assert heard(read_kern(text.encode(), "x")) == [
        (0, 480, 64),
        (0, 960, 60),
        (480, 480, 65),
        (960, 960, 60),
        (960, 960, 64),
        (960, 960, 67),
    ]


def test_repeats_of_kern() -> None:
    text = "**kern\n*M4/4\n=1!|:\n1c\n=2:|!\n1d\n==\n*-\n"
    assert [pitch for _, _, pitch in heard(read_kern(text.encode(), "x"))] == [60, 60, 62]


@pytest.mark.parametrize("data", [b"", b"**text\nla\n", b"**kern\n*-\n", b"X:1\n", bytes(range(256))])
def test_what_is_no_kern_or_abc_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_kern(data, "x")
    with pytest.raises(BadInput):
        read_abc(data, "x")


# Anything
# ----------------------------------------------------------------------------------------------------


def test_a_broken_rhythm_stays_in_its_layer() -> None:
    [song] = read_abc(b"X:1\nL:1/4\nK:C\nABcd&<A>B|", "x")
    notes = sorted((note.start, note.length) for track in song.tracks for note in track.notes)
    assert notes == [(0, 480), (0, 720), (480, 480), (720, 240), (960, 480), (1440, 480)]
    assert song.length == 1920


SIGNS = st.text(
    st.sampled_from("CDEFGABcdefgabzxZ|:[]()<>{}'\",^_=-/&!+0123456789 \nKMLQV*\t.r#n=v"), max_size=200
)


@given(SIGNS)
@settings(max_examples=300, deadline=None)
def test_any_signs_are_a_song_or_refused(signs: str) -> None:
    for reader, head in ((read_abc, "X:1\nK:C\n"), (read_kern, "**kern\t**kern\n")):
        try:
            read = reader((head + signs).encode(), "x")
        except BadInput:
            continue
        for song in read if isinstance(read, list) else [read]:
            assert song.bars
            song_bytes(song)


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_a_damaged_score_is_a_song_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    track = Track("", tuple(Note(n * 160, 160, 60 + n % 12) for n in range(24)))
    whole = Song("T", (track,), 3840, chords=(PlacedChord(0, Chord(0, "7b9")),))
    sources = [(read_musicxml, musicxml(whole).encode()), (read_kern, KERN.encode())]
    for reader, source in sources:
        data = bytearray(source)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(data))
            if chance.random() < 0.5:
                data[place] = chance.choice(b"0123456789<>/-. \tn")
            else:
                del data[place : place + chance.randint(1, 30)]
        try:
            song_bytes(reader(bytes(data), "x"))
        except BadInput:
            continue


def test_midi_files_come_in_as_they_are(tmp_path: Path) -> None:
    data = song_bytes(Song("T", (Track("", (Note(0, 480, 60),)),), 1920))
    source = tmp_path / "in.midi"
    source.write_bytes(data)
    folder = tmp_path / "out"
    folder.mkdir()
    assert [path.read_bytes() for path in importing.load_midi(source, folder)] == [data]
    source.write_bytes(b"RIFF\0\0\0\0RMIDdata\0\0\0\0" + data)
    assert read_song(importing.load_midi(source, folder)[0]).tracks
    source.write_bytes(b"no")
    with pytest.raises(BadInput):
        importing.load_midi(source, folder)
