"""What travels between the studio and its service process, and the files of thumbnails."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.export_request import ExportRequest
from studio.core.thumbnail import Notes, Pixels, Swatches, TextPage, Wave
from studio.service import wire
from studio.service.deaths import FILE, MOST, Death, Deaths
from studio.service.thumbnail_file import WrongThumbnailError, read_drawing, write_thumbnail

DRAWINGS = [
    TextPage(()),
    TextPage(("# Title", "")),
    Wave(((-1.0, 0.5),)),
    Swatches(("#00ff7F",)),
    Notes(((0, 5, 60, 15),)),
]


@pytest.mark.parametrize("made", DRAWINGS)
def test_a_drawing_is_read_as_it_was_written(made: object, tmp_path: Path) -> None:
    write_thumbnail(made, 10, tmp_path / "new" / "file")
    assert read_drawing((tmp_path / "new" / "file").read_bytes()) == made
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]


@pytest.mark.parametrize(
    "made",
    [
        Wave(()),
        Wave(((-1.5, 0),)),
        Wave(((float("nan"), 0),)),
        Wave(((0.0, 0.0),) * 20_001),
        Swatches(("red",)),
        Swatches(("#12345",)),
        Notes(((5, 4, 60, 0),)),
        Notes(((0, 4, 128, 0),)),
        TextPage("no lines"),  # type: ignore[arg-type]
        Pixels(0, 1, b""),
        Pixels(2, 1, b"1234"),
        Pixels(True, 11, b"1234" * 11),
        None,
        "text",
    ],
)
def test_what_is_no_thumbnail_is_not_written(made: object, tmp_path: Path) -> None:
    with pytest.raises(WrongThumbnailError):
        write_thumbnail(made, 10, tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=100) | st.text(max_size=80).map(str.encode))
def test_any_bytes_are_a_drawing_or_none(data: bytes) -> None:
    read_drawing(data)
    read_drawing(b"{" + data)


def test_long_lines_are_cut(tmp_path: Path) -> None:
    write_thumbnail(TextPage(("x" * 10_000, "a\ud800b")), 10, tmp_path / "file")
    found = read_drawing((tmp_path / "file").read_bytes())
    assert isinstance(found, TextPage)
    assert (len(found.lines[0]), found.lines[1]) == (500, "a?b")


def test_messages_travel_without_loss() -> None:
    odd = Path("/a\udcff/é \n")
    for message in (
        wire.MakeThumbnail(id=1, kind="image", function="", source=odd, side=160, target=odd),
        wire.LoadFile(id=2, function="a.b:c", source=odd, folder=odd, language="de"),
        wire.ExportFile(
            id=3,
            function="a.b:c",
            source=odd,
            target=odd,
            request=ExportRequest(kind="part", format="step", options={"deviation": 0.1}),
            language="en",
        ),
        wire.Drop(id=1),
    ):
        assert wire.to_child(wire.encode(message)) == message
    for answer in (
        wire.Ready(protocol=1),
        wire.Started(id=1),
        wire.Done(id=1, files=(odd,)),
        wire.Failed(id=1, error={"message": "x"}),
        wire.Dropped(id=1),
    ):
        assert wire.from_child(wire.encode(answer)) == answer


def test_what_is_too_long_or_no_message_is_refused() -> None:
    with pytest.raises(wire.WireError):
        wire.encode(wire.Failed(id=1, error={"message": "x" * wire.MAX_LINE}))
    with pytest.raises(wire.WireError):
        wire.from_child(b" " * (wire.MAX_LINE + 1))
    with pytest.raises(wire.WireError):
        wire.from_child(wire.encode(wire.Drop(id=1)))


@given(st.binary(max_size=200))
def test_any_line_is_a_message_or_refused(line: bytes) -> None:
    for read in (wire.to_child, wire.from_child):
        try:
            read(line)
        except wire.WireError as error:
            assert str(error).isascii()


def test_deaths_are_remembered_and_bounded(tmp_path: Path) -> None:
    deaths = Deaths(tmp_path)
    for number in range(MOST + 3):
        deaths._read()[Death(str(number), "a", "1")] = None
    deaths.add(Death("x", "a", "1"))
    again = Deaths(tmp_path)
    assert Death("x", "a", "1") in again
    assert Death("x", "a", "2") not in again
    assert Death("0", "a", "1") not in again
    assert len(msgspec.json.decode((tmp_path / FILE).read_bytes())) == MOST


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff", b"[" * 100_000])
def test_a_damaged_file_of_deaths_is_begun_anew(data: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(data)
    deaths = Deaths(tmp_path)
    assert Death("x", "a", "1") not in deaths
    deaths.add(Death("x", "a", "1"))
    assert Death("x", "a", "1") in Deaths(tmp_path)


def test_deaths_that_cannot_be_kept_count_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    deaths = Deaths(tmp_path / "file")
    deaths.add(Death("x", "a", "1"))
    assert Death("x", "a", "1") in deaths
