from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.core.kind import Kind
from studio.errors import DiskFull, ProjectDamaged
from studio.project import backups
from studio.project.store import Project
from tests.project.builders import file_with


def test_only_changes_are_backed_up(project: Project, drop: Path) -> None:
    first = project.backup()
    assert first is not None
    assert project.backup() is None
    project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    second = project.backup()
    assert second is not None
    assert backups.list_backups(project.folder) == [second, first]
    assert all(backups.is_good(path) for path in (first, second))
    project.close()
    with Project.open(project.folder) as again:
        assert again.backup() is None


def test_ten_are_kept(project: Project, drop: Path) -> None:
    for number in range(13):
        project.add_asset(file_with(drop, b"%d" % number), kind=Kind.IMAGE, name=str(number))
        assert project.backup() is not None
    kept = backups.list_backups(project.folder)
    assert len(kept) == backups.KEEP
    assert kept == sorted(kept, reverse=True)
    connection = Project.open(project.folder, read_only=True)
    assert connection.count() == 13
    connection.close()


def test_a_damaged_database_replaces_no_backup(project: Project, drop: Path) -> None:
    item = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    good = project.backup()
    with project.db.transaction() as connection:
        connection.execute("UPDATE item SET name = 'altered'")
    with pytest.raises(ProjectDamaged, match="Nothing was changed"):
        project.backup()
    assert backups.list_backups(project.folder) == [good]
    assert list((project.folder / "tmp").iterdir()) == []
    assert item.name == "photo"
    project.abandon()


def test_a_full_disk(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(DiskFull, match="the backup was not saved"):
            project.backup()
    assert list((project.folder / "tmp").iterdir()) == []
    assert list((project.folder / "backups").iterdir()) == []
    assert project.backup() is not None


def test_what_is_a_good_backup(project: Project) -> None:
    path = project.backup()
    assert path is not None
    data = path.read_bytes()
    for bad in (b"", data[:5000], bytes(len(data)), data.replace(b"item_count", b"item_cuont")):
        path.write_bytes(bad)
        assert not backups.is_good(path)
