"""What the thumbnails of stock kinds show, of any file whatever."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import wave
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.core.kind import Kind
from studio.core.thumbnail import Notes, Pixels, TextPage, Wave
from studio.errors import BadInput
from studio.stock.levels import peaks
from studio.stock.midi_notes import MAX_NOTES, Note, read_notes
from studio.stock.thumbnails import MAX_LINE, MAX_LINES, stock_thumbnail

SIDE = 100


def midi(events: bytes) -> bytes:
    track = events + b"\x00\xff\x2f\x00"
    head = b"MThd" + struct.pack(">IHHH", 6, 1, 1, 480)
    return head + b"MTrk" + struct.pack(">I", len(track)) + track


def written(folder: Path, data: bytes) -> Path:
    file = folder / "file"
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


def picture(file: Path, side: int = SIDE) -> Image.Image:
    made = stock_thumbnail(Kind.IMAGE, file, side)
    assert isinstance(made, Pixels)
    return Image.frombytes("RGBA", (made.width, made.height), made.rgba)


# --- pictures -----------------------------------------------------------------------------------------------


def test_exif_turns_and_small_pictures_stay_small(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (600, 300)).save(tmp_path / "turned.jpg", exif=exif)
    assert picture(tmp_path / "turned.jpg").size == (50, 100)
    Image.new("RGB", (20, 10)).save(tmp_path / "small.png")
    assert picture(tmp_path / "small.png").size == (20, 10)
    Image.new("RGB", (4000, 2)).save(tmp_path / "line.png")
    assert picture(tmp_path / "line.png").size == (100, 1)


@pytest.mark.parametrize(
    ("mode", "color", "shown"),
    [
        ("L", 200, (200, 200, 200, 255)),
        ("LA", (200, 100), (200, 200, 200, 100)),
        ("RGB", (9, 99, 199), (9, 99, 199, 255)),
        ("RGBA", (9, 99, 199, 50), (9, 99, 199, 50)),
        ("CMYK", (0, 0, 0, 0), (255, 255, 255, 255)),
        ("I;16", 200 * 256, (200, 200, 200, 255)),
        ("1", 1, (255, 255, 255, 255)),
        ("P", 0, (0, 0, 0, 255)),
    ],
)
def test_every_mode_is_shown(mode: str, color: object, shown: tuple[int, ...], tmp_path: Path) -> None:
    file = tmp_path / ("picture.tiff" if mode == "CMYK" else "picture.png")
    Image.new(mode, (300, 200), color).save(file)  # type: ignore[arg-type]
    made = picture(file)
    assert made.size == (100, 67)
    found = made.getpixel((50, 30))
    assert isinstance(found, tuple)
    assert all(abs(one - other) <= 4 for one, other in zip(found, shown, strict=True)), found


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP"])
def test_every_format_is_told_by_its_bytes(format: str, tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.new("RGB", (50, 40), (10, 200, 30)).save(data, format)
    assert picture(written(tmp_path, data.getvalue())).size == (50, 40)


def test_reading_a_jpeg_does_not_import_all_of_pillow(tmp_path: Path) -> None:
    Image.new("RGB", (50, 40)).save(tmp_path / "a.jpg")
    script = (
        "import sys; from pathlib import Path; from studio.stock.thumbnails import stock_thumbnail; "
        "stock_thumbnail('image', Path(sys.argv[1]), 20); "
        "print([name for name in ('numpy', 'PySide6', 'torch', 'PIL.PdfImagePlugin') if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "a.jpg")], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def _png(width: int, height: int, data: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(12_000, 12_000), (100_000, 100_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int], tmp_path: Path) -> None:
    bomb = _png(*size, zlib.compress(b"\0" * 1000))
    with pytest.raises(BadInput, match=r"too large|cannot be read"):
        stock_thumbnail(Kind.IMAGE, written(tmp_path, bomb), SIDE)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff cut", b"GIF89a"])
def test_what_is_no_picture_is_said(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="“file” cannot be read as a picture"):
        stock_thumbnail(Kind.MASK, written(tmp_path, data), SIDE)


# --- the others ---------------------------------------------------------------------------------------------


def test_a_text_shows_its_first_lines(tmp_path: Path) -> None:
    data = "\ufeff# Ünd\n\n".encode() + b"\xff broken\n" + b"x" * 5000 + b"\nlast"
    made = stock_thumbnail(Kind.TEXT, written(tmp_path, data), SIDE)
    assert made == TextPage(("# Ünd", "", "\ufffd broken", "x" * MAX_LINE))
    many = stock_thumbnail(Kind.TABLE, written(tmp_path, b"a;b\n" * 100), SIDE)
    assert many == TextPage(("a;b",) * MAX_LINES)


def test_sound_shows_its_levels_or_notes(tmp_path: Path) -> None:
    made = stock_thumbnail(Kind.AUDIO, wav(tmp_path / "a.wav", 2), SIDE)
    assert isinstance(made, Wave) and len(made.peaks) == 33
    played = midi(b"\x00\x90\x3c\x40\x60\x80\x3c\x00")
    assert stock_thumbnail(Kind.AUDIO, written(tmp_path, played), SIDE) == Notes(((0, 96, 60, 0),))


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_levels_of_every_width(width: int, tmp_path: Path) -> None:
    found = peaks(wav(tmp_path / "a.wav", width), 10)
    assert len(found) == 10
    assert found[0][1] == pytest.approx(1.0, abs=0.01)
    assert found[-1] == pytest.approx((0.0, 0.0), abs=0.01)


def test_an_empty_wav_has_no_levels(tmp_path: Path) -> None:
    assert peaks(wav(tmp_path / "a.wav", 2, frames=0), 10) == []


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.TEXT, b"\0\1\2binary"),
        (Kind.AUDIO, b"ID3 some mp3"),
        (Kind.AUDIO, b"MThd"),
        (Kind.AUDIO, b"RIFFxxxxWAVE"),
        (Kind.FILE, b"anything"),
        ("palette", b"anything"),
    ],
)
def test_what_cannot_be_shown_is_said(kind: str, data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        stock_thumbnail(kind, written(tmp_path, data), SIDE)
    with pytest.raises(BadInput):
        stock_thumbnail(kind, tmp_path / "missing", SIDE)


@given(
    st.sampled_from([Kind.IMAGE, Kind.TEXT, Kind.AUDIO, Kind.TABLE, "palette"]),
    st.sampled_from(
        [
            b"",
            b"RIFF\x24\0\0\0WAVEfmt ",
            midi(b""),
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"BM",
            b"II*\0",
            b"GIF87a",
        ]
    ),
    st.binary(max_size=300),
)
def test_any_file_is_shown_or_refused(
    tmp_path_factory: pytest.TempPathFactory, kind: str, head: bytes, data: bytes
) -> None:
    file = written(tmp_path_factory.mktemp("any"), head + data)
    try:
        made = stock_thumbnail(kind, file, 48)
    except BadInput as error:
        assert error.hint
    else:
        assert not isinstance(made, Pixels) or max(made.width, made.height) <= 48


# --- notes --------------------------------------------------------------------------------------------------


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
