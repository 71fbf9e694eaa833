"""The studio's own folders: what is said where they cannot be used, and what would help there."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from studio import paths
from studio.errors import StudioError

WORDS = {
    errno.ENOTDIR: ("a part of its path is a file", "move that file away"),
    errno.EEXIST: ("a file has that name", "move that file away"),
    errno.EACCES: ("you may not write there", "Change the permissions"),
    errno.EPERM: ("you may not write there", "Change the permissions"),
    errno.EROFS: ("that disk is read-only", "a disk that can be written to"),
    errno.ENOSPC: ("the disk is full", "Free some space there"),
    errno.EDQUOT: ("the disk is full", "Free some space there"),
    errno.ENAMETOOLONG: ("the name is too long", "another folder"),
    errno.ELOOP: (os.strerror(errno.ELOOP), "another folder"),
    errno.EIO: (os.strerror(errno.EIO), "another folder"),
}


@pytest.mark.parametrize("number", WORDS)
@pytest.mark.parametrize("call", ["mkdir", "write_bytes"])
def test_each_reason_has_its_words_and_its_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, call: str
) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, call, refuse)
    with pytest.raises(StudioError) as caught:
        paths.prove_usable()
    why, help = WORDS[number]
    assert caught.value.message == f"Studio cannot use its folder “{tmp_path / 'home' / 'config'}”: {why}."
    assert help in caught.value.hint and "STUDIO_HOME" in caught.value.hint
    assert ("Free some space" in caught.value.hint) == (number in (errno.ENOSPC, errno.EDQUOT))


def test_folders_that_can_be_used_stay_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path))
    paths.prove_usable()
    assert [path.name for path in sorted(tmp_path.rglob("*"))] == ["cache", "config", "data", "log"]


def _gui(home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "STUDIO_HOME": str(home)}
    command = [sys.executable, "-m", "studio", "gui"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="folders are not files elsewhere")
@pytest.mark.parametrize(
    ("home", "why"),
    [
        ("file", "a part of its path is a file"),
        ("n" * 300, "the name is too long"),
        ("loop", "symbolic link"),
    ],
)
def test_the_window_says_it_and_ends(tmp_path: Path, home: str, why: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    done = _gui(tmp_path / home)
    assert done.returncode == 1
    assert done.stderr.startswith("studio: Studio cannot use its folder “") and why in done.stderr
    assert "Traceback" not in done.stderr and "Free some space" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("mount") is None or os.name == "nt", reason="needs a disk of its own")
def test_on_a_disk_that_is_read_only_or_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(mounting, capture_output=True).returncode:
        pytest.skip("may not mount")
    try:
        for name in ("cache", "config", "data", "log"):
            (disk / name).mkdir()
        with pytest.raises(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(512))
        done = _gui(disk)
        assert done.returncode == 1 and "the disk is full" in done.stderr and "Free some space" in done.stderr
        (disk / "filler").unlink()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        done = _gui(disk)
        assert done.returncode == 1 and "that disk is read-only" in done.stderr
        assert "Free some space" not in done.stderr
    finally:
        subprocess.run(["umount", str(disk)], check=True)
