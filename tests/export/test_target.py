from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest

from studio.errors import BadInput, DiskFull, ProjectDamaged
from studio.export.target import FolderRefused, Target


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_taken_name_gets_a_number_and_the_old_file_stays(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"theirs")
    target = Target(tmp_path)
    assert [target.write("a.png", b"x", "number")[0].name for _ in range(3)] == [
        "a 2.png",
        "a 3.png",
        "a 4.png",
    ]
    assert (tmp_path / "a.png").read_bytes() == b"theirs"


def test_replace_replaces_their_file_but_never_our_own(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"theirs")
    target = Target(tmp_path)
    target.write("a.png", b"first", "replace")
    target.write("A.png", b"second", "replace")
    assert (tmp_path / "a.png").read_bytes() == b"first"
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == [b"first", b"second"]


def test_a_link_in_the_folder_is_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.png").symlink_to(outside)
    Target(folder).write("a.png", b"x", "number")
    Target(folder).write("a.png", b"x", "replace")
    assert outside.read_text() == "mine"
    assert not (folder / "a.png").is_symlink()


def test_a_damaged_file_is_not_handed_on(tmp_path: Path) -> None:
    source = tmp_path / "blob"
    source.write_bytes(b"damaged")
    with pytest.raises(ProjectDamaged):
        Target(tmp_path / "out").copy("a.png", source, "0" * 64, "number")
    assert names(tmp_path / "out") == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
@pytest.mark.parametrize("call", ["fsync", "write"])
def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, call: str
) -> None:
    target = Target(tmp_path)

    def refuse(*_: object) -> int:
        raise OSError(code, "full")

    if call == "fsync":
        monkeypatch.setattr(os, "fsync", refuse)
    else:
        monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(DiskFull) as caught:
        target.write("a.png", b"x" * 100, "number")
    assert "disk is full" in caught.value.message
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_folder_that_may_not_be_written_to_is_named() -> None:
    nobody = 65534
    with tempfile.TemporaryDirectory() as outer:
        Path(outer).chmod(0o755)
        folder = Path(outer) / "locked"
        folder.mkdir()
        folder.chmod(0o555)
        user = os.geteuid()
        if user == 0:  # root may write anywhere
            os.seteuid(nobody)
        try:
            with pytest.raises(FolderRefused, match="Permission denied"):
                Target(folder)
        finally:
            os.seteuid(user)
        assert names(folder) == []


def test_a_read_only_file_system_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FolderRefused) as caught:
        target.write("a.png", b"x", "number")
    assert "Read-only file system" in caught.value.message and str(tmp_path) in caught.value.message


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FolderRefused, match="not a folder"):
        Target(tmp_path / "file")


def test_a_folder_of_that_name_stays_when_replacing(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(BadInput, match="a folder has that name"):
        Target(tmp_path).write("a.png", b"x", "replace")
    assert names(tmp_path) == ["a.png"]


def test_files_get_the_rights_that_new_files_get(tmp_path: Path) -> None:
    path = Target(tmp_path).write("a.png", b"x", "number")[0]
    (tmp_path / "plain").write_text("x")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode
