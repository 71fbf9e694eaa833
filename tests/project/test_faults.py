"""The n-th call to the system fails, for all n: a save is whole or nothing, and the next one works."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import asdict

from studio.core.item import Item
from studio.core.kind import Kind
from studio.errors import DiskFull, StudioError
from studio.project.check import check
from studio.project.store import Project
from tests.project.builders import add_artifact, add_job, file_with, recipe
from tests.project.faults import failing

Save = Callable[[Project, Path, int], None]


def _add(project: Project, drop: Path, number: int) -> None:
    source = file_with(drop, b"%d" % number * 3_000_000, f"new {number}.png")
    project.add_asset(source, kind=Kind.IMAGE)


def _move(project: Project, drop: Path, number: int) -> None:
    add_artifact(project, drop, b"%d" % number * 100, f"new {number}")


def _purge(project: Project, drop: Path, number: int) -> None:
    project.trash([item.uid for item in project.items(text="old")])
    project.purge_trash(0)


def _back_up(project: Project, drop: Path, number: int) -> None:
    project.set_stars([project.items(text="kept")[0].uid], number % 6)
    project.backup()


@pytest.mark.parametrize("save", [_add, _move, _purge, _back_up])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_every_call_fails_once(
    project: Project, drop: Path, monkeypatch: pytest.MonkeyPatch, save: Save, error: int
) -> None:
    kept = project.add_asset(file_with(drop, b"kept", "kept.png"), kind=Kind.IMAGE)
    number = 0
    while True:
        number += 1
        assert number < 100
        project.add_asset(file_with(drop, b"old %d" % number, f"old {number}.png"), kind=Kind.IMAGE)
        before = {item.uid: item for item in project.items()}
        with failing(monkeypatch, number, error) as calls:
            try:
                save(project, drop, number)
            except StudioError as refused:
                assert isinstance(refused, DiskFull) == (error == errno.ENOSPC)
                assert "Everything saved before is safe" in refused.message
        after = {item.uid: item for item in project.items()}
        if calls.failed and save in (_add, _move):
            assert after == before
        for item in after.values():
            assert project.blob_path(item.digest).stat().st_size == item.size
        assert list((project.folder / "tmp").iterdir()) == []
        if not calls.failed:
            break
    save(project, drop, 1000)
    project.prove()
    assert project.blob_path(kept.digest).read_bytes() == b"kept"
    project.close()
    report = check(project.folder, repair=False)
    assert {problem.part for problem in report.problems} <= {"orphan"}
    assert not report.missing


def test_a_full_database_for_every_size(project: Project, drop: Path) -> None:
    """SQLite may grow by n pages only, for n from 0 to enough."""
    digest, size = project.store_blob(file_with(drop, b"x"), extension=".png")
    many = [
        Item(f"{number:032}", f"item {number}", Kind.IMAGE, "artifact", digest, ".png", size, 1.0)  # type: ignore[arg-type]
        for number in range(60)
    ]
    start = project.db.read("PRAGMA page_count")[0][0]
    refused = 0
    for pages in range(200):
        project.db.read(f"PRAGMA max_page_count={start + pages}")
        try:
            with project.db.transaction() as connection:
                connection.execute("INSERT OR IGNORE INTO batch(id, title, created) VALUES ('b', '', 0)")
                connection.execute(
                    "INSERT INTO job(id, batch, position, state, title, recipe, created)"
                    " VALUES ('j', 'b', 1, 'done', '', ?, 0)",
                    (recipe("word " * 200).to_json(),),
                )
                jobs = [Item(**{**asdict(item), "job": "j"}) for item in many]
                project.insert_items(connection, jobs, prompt="word " * 200)
        except DiskFull:
            refused += 1
            assert project.count() == 0
            assert project.db.read("SELECT count(*) FROM job")[0][0] == 0
        else:
            break
    assert refused > 5
    assert project.count() == 60
    project.prove()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    mount = tmp_path / "disk"
    mount.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("needs root on Linux to make a small disk")
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", mount], capture_output=True
    ).returncode:
        pytest.skip("this system lets nobody make a small disk")
    yield mount
    subprocess.run(["umount", mount], check=True)


def test_a_disk_that_fills_up(small_disk: Path, drop: Path) -> None:
    filler = file_with(small_disk, bytes(200_000), "somebody else's")
    with Project.create(small_disk / "P.studio") as project:
        saved: list[Item] = []
        refused = 0
        for number in range(3000):
            source = file_with(drop, b"%05d" % number * (200 if number % 2 else 2000), f"photo {number}.png")
            try:
                saved.append(project.add_asset(source, kind=Kind.IMAGE))
            except DiskFull as error:
                refused += 1
                assert "Disk full" in error.message
                if refused > 20:
                    break
        assert refused > 20
        assert len(saved) > 50
        assert project.items(limit=10_000) == saved[::-1]
        for call in (project.backup, lambda: project.rename(saved[0].uid, "x" * 200)):
            try:
                call()
            except StudioError as error:
                assert isinstance(error, DiskFull), error
        with pytest.raises(DiskFull):
            Project.create(small_disk / "Other.studio")
        assert sorted(path.name for path in small_disk.iterdir()) == ["P.studio", filler.name]
    filler.unlink()
    with Project.open(small_disk / "P.studio") as project:
        assert [item.uid for item in project.items(limit=10_000)] == [item.uid for item in saved[::-1]]
        project.trash([item.uid for item in saved[:200]])
        project.purge_trash(0)
        project.add_asset(file_with(drop, b"again"), kind=Kind.IMAGE)
    assert not check(small_disk / "P.studio", repair=False).missing


def test_a_file_size_limit(project: Project, drop: Path) -> None:
    """A quota of another kind: the system refuses to let a file grow."""
    resource = pytest.importorskip("resource")
    big = file_with(drop, bytes(500_000), "big.png")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        with pytest.raises(DiskFull):
            project.add_asset(big, kind=Kind.IMAGE)
        with pytest.raises(StudioError), project.db.transaction() as connection:
            for number in range(10_000):
                connection.execute(
                    "INSERT INTO batch(id, title, created) VALUES (?, ?, 0)", (str(number), "title" * 20)
                )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert project.db.read("SELECT count(*) FROM batch")[0][0] == 0
    project.add_asset(big, kind=Kind.IMAGE)
    add_job(project, recipe())
    project.prove()
    assert isinstance(project.db.read("SELECT 1")[0], sqlite3.Row)
