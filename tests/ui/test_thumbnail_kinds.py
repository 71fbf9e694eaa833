from __future__ import annotations

import struct
import wave
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from studio_product.core.files.partfile import write_part
from studio_product.core.part import Part
from studio_product.core.studies.catalog import preset

from studio.core.kind import Kind
from studio.stock.midi_notes import MAX_NOTES, Note, read_notes
from studio.ui.items.thumbnail_kinds import draw
from studio.ui.items.thumbnail_wave import peaks
from tests.studio_product.core.solids import box

SIDE = 120
patient = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def midi(events: bytes, tracks: int = 1) -> bytes:
    track = events + b"\x00\xff\x2f\x00"
    head = b"MThd" + struct.pack(">IHHH", 6, 1, tracks, 480)
    return head + (b"MTrk" + struct.pack(">I", len(track)) + track) * tracks


def stl(faces: list[tuple[tuple[float, float, float], ...]]) -> bytes:
    made = b"\0" * 80 + struct.pack("<I", len(faces))
    for face in faces:
        made += struct.pack("<12fH", 0, 0, 0, *[value for corner in face for value in corner], 0)
    return made


CUBE = [
    ((0, 0, 0), (1, 0, 0), (1, 1, 0)),
    ((0, 0, 1), (1, 0, 1), (1, 1, 1)),
    ((0, 0, 0), (1, 0, 0), (1, 0, 1)),
]


def written(folder: Path, name: str, data: bytes) -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def wav(file: Path, width: int, channels: int = 2, frames: int = 5000) -> Path:
    with wave.open(str(file), "wb") as opened:
        opened.setnchannels(channels)
        opened.setsampwidth(width)
        opened.setframerate(8000)
        loud = b"\xff" * width if width == 1 else b"\xff" * (width - 1) + b"\x7f"
        quiet = b"\x80" if width == 1 else b"\0" * width
        opened.writeframes((loud * channels) * (frames // 2) + (quiet * channels) * (frames - frames // 2))
    return file


# Notes -----------------------------------------------------------------------------------------------------


def test_notes_with_running_status_and_a_note_that_never_ends() -> None:
    played = (
        b"\x00\x90\x3c\x40"
        + b"\x60\x3c\x00"
        + b"\x00\xff\x01\x03abc"
        + b"\x00\x91\x40\x40"
        + b"\x60\xf0\x02ab"
    )
    assert read_notes(midi(played)) == [Note(0, 96, 60, 0), Note(96, 192, 64, 1)]


def test_a_damaged_end_keeps_what_came_before() -> None:
    played = midi(b"\x00\x90\x3c\x40\x60\x80\x3c\x00\x00\x90\x40\x40")
    assert Note(0, 96, 60, 0) in read_notes(played[:-6])
    assert read_notes(b"") == []
    assert read_notes(b"MThd") == []


def test_notes_are_bounded() -> None:
    assert len(read_notes(midi(b"\x00\x90\x3c\x40\x01\x80\x3c\x00" * (MAX_NOTES + 50)))) == MAX_NOTES


@given(st.binary(max_size=400))
def test_any_bytes_are_notes_or_none(data: bytes) -> None:
    for played in (data, midi(data), midi(data)[: len(data)]):
        for note in read_notes(played):
            assert 0 <= note.pitch <= 127
            assert 0 <= note.channel <= 15
            assert note.end >= note.start


# Levels ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_levels_of_every_width(width: int, tmp_path: Path) -> None:
    found = peaks(wav(tmp_path / "a.wav", width), 10)
    assert len(found) == 10
    assert found[0][1] == pytest.approx(1.0, abs=0.01)
    assert found[-1] == pytest.approx((0.0, 0.0), abs=0.01)


def test_an_empty_wav_has_no_levels(tmp_path: Path) -> None:
    assert peaks(wav(tmp_path / "a.wav", 2, frames=0), 10) == []


# Parts -----------------------------------------------------------------------------------------------------


def test_a_part_is_drawn_in_its_middle_and_nothing_around_it(qapp, tmp_path: Path) -> None:
    image = draw("part", written(tmp_path, "cube.stl", stl(CUBE)), SIDE)
    assert (image.width(), image.height()) == (SIDE, SIDE)
    drawn = sum(image.pixelColor(x, y).alpha() > 200 for x in range(SIDE) for y in range(SIDE))
    assert SIDE * SIDE * 0.2 < drawn < SIDE * SIDE * 0.9
    assert image.pixelColor(0, 0).alpha() == 0


def test_the_nearer_face_hides_the_farther(qapp, tmp_path: Path) -> None:
    """A large floor, and above it a smaller roof: the roof's light is what is seen."""
    floor = [((-3, -3, 0), (3, -3, 0), (3, 3, 0)), ((-3, -3, 0), (3, 3, 0), (-3, 3, 0))]
    slope = [((-1, -1, 1), (1, -1, 1), (1, 1, 2.5)), ((-1, -1, 1), (1, 1, 2.5), (-1, 1, 2.5))]
    plain = draw("part", written(tmp_path, "floor.stl", stl(floor)), SIDE)
    for name, faces in (("a", floor + slope), ("b", slope + floor)):
        both = draw("part", written(tmp_path, f"{name}.stl", stl(faces)), SIDE)
        shades = {
            both.pixelColor(x, y).value()
            for x in range(SIDE)
            for y in range(SIDE)
            if both.pixelColor(x, y).alpha() == 255
        }
        assert len(shades) > 1, "the roof is lit differently"
    assert not plain.isNull()


def test_a_part_of_the_studio_is_drawn(qapp, tmp_path: Path) -> None:
    file = tmp_path / "part.glb"
    write_part(file, Part(box(), preset("mbb-beam")))
    image = draw("part", file, SIDE)
    assert (image.width(), image.height()) == (SIDE, SIDE)
    assert image.pixelColor(SIDE // 2, SIDE // 2).alpha() == 255
    assert image.pixelColor(1, 1).alpha() == 0


# All of them -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "data"),
    [
        (Kind.TEXT, "a.md", "# Heading\n\nSome words of a text, ünd mehr.".encode()),
        (Kind.TEXT, "a.txt", b"\xff\xfe broken \xc3"),
        (Kind.AUDIO, "a.mid", midi(b"\x00\x90\x3c\x40\x60\x80\x3c\x00")),
        ("part", "a.stl", stl(CUBE)),
    ],
)
def test_each_kind_has_a_picture(qapp, kind: str, name: str, data: bytes, tmp_path: Path) -> None:
    image = draw(kind, written(tmp_path, name, data), SIDE)
    assert not image.isNull()
    assert max(image.width(), image.height()) == SIDE


def test_a_wav_has_a_picture(qapp, tmp_path: Path) -> None:
    assert draw(Kind.AUDIO, wav(tmp_path / "a.wav", 2), SIDE).width() == SIDE


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.TEXT, b"\0\1\2binary"),
        (Kind.AUDIO, b"ID3 some mp3"),
        (Kind.AUDIO, b"MThd"),
        (Kind.AUDIO, b"RIFFxxxxWAVE"),
        ("part", b"not a part"),
        (Kind.IMAGE, b"no picture"),
    ],
)
def test_what_cannot_be_shown_is_null(qapp, kind: str, data: bytes, tmp_path: Path) -> None:
    assert draw(kind, written(tmp_path, "file", data), SIDE).isNull()
    assert draw(kind, tmp_path / "missing", SIDE).isNull()


@patient
@given(
    st.sampled_from([Kind.IMAGE, Kind.TEXT, Kind.AUDIO, "part", "palette"]),
    st.binary(max_size=300),
    st.sampled_from([b"", b"RIFF\x24\0\0\0WAVEfmt ", midi(b""), stl(CUBE), b"solid\nvertex 1 2 "]),
)
def test_any_file_gives_a_picture_or_none(qapp, tmp_path: Path, kind: str, data: bytes, head: bytes) -> None:
    image = draw(kind, written(tmp_path, "file", head + data), 48)
    assert image.isNull() or max(image.width(), image.height()) <= 48


@patient
@given(st.lists(st.tuples(*[st.tuples(*[st.floats(width=32)] * 3)] * 3), max_size=6))
def test_any_faces_give_a_picture_or_none(qapp, tmp_path: Path, faces: list) -> None:
    draw("part", written(tmp_path, "any.stl", stl(faces)), 48)
