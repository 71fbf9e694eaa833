from __future__ import annotations

import contextlib
import io
import shutil
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.errors import BadInput, DiskFull
from studio.project.unzip import extract

pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")


def _zip(path: Path, *entries: tuple[str, bytes], mode: int = 0, flags: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries:
            info = zipfile.ZipInfo("x")
            info.filename = name
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, data)
            info.flag_bits |= flags
    return path


def _refuse(archive: Path, folder: Path, match: str = "was not unpacked") -> None:
    folder.mkdir(exist_ok=True)
    with pytest.raises(BadInput, match=match):
        extract(archive, folder)
    assert list(folder.iterdir()) == []


HOSTILE = [
    "/etc/passwd", "../evil", "a/../../evil", "a/..", "..", ".", "./a", "a//b", "a/./b", "\\evil", "a\\b",
    "C:/evil", "C:evil",
    "file:stream", "CON", "nul.txt", "a/Com1.png", "aux .x", "a.", "a ", "a /b", "new\nline",
    "bell\x07",
    "x" * 256, "a/" * 600 + "b", "", "/", "//server/share/a", "lpt¹", "é" * 128,
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(tmp_path: Path, name: str) -> None:
    _refuse(_zip(tmp_path / "a.zip", ("fine", b"1"), (name, b"evil")), tmp_path / "out")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a", "a"),
        ("a", "A"),
        ("ä", "a\u0308"),
        ("straße", "STRASSE"),
        ("a", "a/b"),
        ("a/b", "A"),
        ("a/b", "A/b"),
    ],
)
def test_two_names_that_are_one(tmp_path: Path, first: str, second: str) -> None:
    archive = _zip(tmp_path / "a.zip", (first, b"1"), (second, b"2"))
    _refuse(archive, tmp_path / "out", "occurs twice")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices(tmp_path: Path, kind: int) -> None:
    _refuse(
        _zip(tmp_path / "a.zip", ("a", b"/etc/passwd"), mode=kind | 0o777),
        tmp_path / "out",
        "a link or a device",
    )


def test_encrypted(tmp_path: Path) -> None:
    _refuse(_zip(tmp_path / "a.zip", ("a", b"1"), flags=1), tmp_path / "out", "encrypted")


def test_a_name_with_nul(tmp_path: Path) -> None:
    archive = _zip(tmp_path / "a.zip", ("fineXevil", b"1"))
    archive.write_bytes(archive.read_bytes().replace(b"fineXevil", b"fine\0evil"))
    _refuse(archive, tmp_path / "out")


def test_bombs(tmp_path: Path) -> None:
    _refuse(_zip(tmp_path / "a.zip", ("zeros", bytes(50_000_000))), tmp_path / "out", "would unpack to 50 MB")
    many = _zip(tmp_path / "many.zip", *((str(number), b"") for number in range(20)))
    (tmp_path / "many").mkdir()
    with pytest.raises(BadInput, match="20 entries"):
        extract(many, tmp_path / "many", most_entries=19)
    with pytest.raises(BadInput, match="would unpack to 5 bytes"):
        extract(_zip(tmp_path / "b.zip", ("a", b"12345")), tmp_path / "many", most_bytes=4)


def test_more_than_the_disk_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.project.files.free", lambda _: 3)
    (tmp_path / "out").mkdir()
    with pytest.raises(DiskFull, match="3 bytes free, 5 bytes needed"):
        extract(_zip(tmp_path / "b.zip", ("a", b"12345")), tmp_path / "out")


def test_a_size_that_lies(tmp_path: Path) -> None:
    archive = _zip(tmp_path / "a.zip", ("zeros", bytes(1_000_000)))
    data = archive.read_bytes().replace(struct.pack("<L", 1_000_000), struct.pack("<L", 10))
    archive.write_bytes(data)
    (tmp_path / "out").mkdir()
    with pytest.raises(BadInput):
        extract(archive, tmp_path / "out")
    assert sum(path.stat().st_size for path in (tmp_path / "out").iterdir()) <= 10


def test_good_archives(tmp_path: Path) -> None:
    files = {"a/b/c.txt": b"1", "a/B2": b"2", "ü 日本/😀": b"3" * 5000, ".hidden": b""}
    archive = _zip(tmp_path / "a.zip", ("a/", b""), ("a/b/", b""), *files.items())
    (tmp_path / "out").mkdir()
    found = extract(archive, tmp_path / "out")
    assert {str(path): (tmp_path / "out" / path).read_bytes() for path in found} == files


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.text(st.sampled_from("aA/.\\:é\0 C"), max_size=8), min_size=1, max_size=4),
)
def test_no_name_leads_out(tmp_path: Path, names: list[str]) -> None:
    buffer = tmp_path / "a.zip"
    _zip(buffer, *((name, b"data") for name in names))
    out = tmp_path / "out"
    out.mkdir()
    before = {path for path in tmp_path.rglob("*") if out not in path.parents}
    try:
        found = extract(buffer, out)
    except BadInput:
        assert list(out.iterdir()) == []
    else:
        assert len(found) == len([name for name in names if not name.endswith("/")])
        assert all((out / path).read_bytes() == b"data" for path in found)
    assert {path for path in tmp_path.rglob("*") if out not in path.parents} == before
    shutil.rmtree(out)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_archives(tmp_path: Path, data: st.DataObject) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("folder/a.txt", b"hello hello hello")
        packed.writestr("b.txt", b"world")
    mutated = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    archive = tmp_path / "a.zip"
    archive.write_bytes(
        mutated[: data.draw(st.integers(0, len(mutated)))] if data.draw(st.booleans()) else mutated
    )
    out = tmp_path / "out"
    out.mkdir()
    before = {path for path in tmp_path.rglob("*") if out not in path.parents}
    with contextlib.suppress(BadInput, DiskFull):
        extract(archive, out)
    assert {path for path in tmp_path.rglob("*") if out not in path.parents} == before
    shutil.rmtree(out)
