"""Making and opening projects: what is refused, and what is mended on the way."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.errors import (
    BadInput,
    ProjectDamaged,
    ProjectError,
    ProjectNewer,
)
from studio.project.layout import sync_warning
from studio.project.store import Project
from tests.project.builders import file_with


def test_a_moved_project_opens(project: Project, drop: Path, tmp_path: Path) -> None:
    item = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    project.close()
    moved = tmp_path / "elsewhere" / "New name.studio"
    moved.parent.mkdir()
    shutil.move(project.folder, moved)
    with Project.open(moved) as again:
        assert again.name == "New name"
        assert again.blob_path(again.item(item.uid).digest).is_relative_to(moved)


def test_creating_needs_an_empty_place(tmp_path: Path) -> None:
    taken = tmp_path / "Taken.studio"
    file_with(taken, b"mine", "letter.txt")
    with pytest.raises(BadInput, match="not empty"):
        Project.create(taken)
    assert (taken / "letter.txt").read_bytes() == b"mine"
    with pytest.raises(BadInput, match="not empty"):
        Project.create(taken / "letter.txt")
    with pytest.raises(ProjectError, match="a part of its path is a file"):
        Project.create(taken / "letter.txt" / "P.studio")
    with pytest.raises(ProjectError, match="too long"):
        Project.create(tmp_path / ("x" * 300))
    (tmp_path / "Empty.studio").mkdir()
    Project.create(tmp_path / "Empty.studio").close()


def test_a_failed_creation_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("studio.project.files.sync_folder", fail)
    with pytest.raises(Exception, match="Disk full"):
        Project.create(tmp_path / "P.studio")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [None, "letter.txt"])
def test_what_is_no_project_is_refused(tmp_path: Path, content: str | None) -> None:
    folder = tmp_path / "P.studio"
    if content:
        file_with(folder, b"", content)
    with pytest.raises(BadInput, match=r"no project|not a Studio project"):
        Project.open(folder)
    with pytest.raises(BadInput):
        Project.open(Path("nul\0"))


LINKED = [
    "project.db",
    "project.json",
    "blobs",
    "tmp",
    "trash",
    "backups",
    "lock",
    "assets.jsonl",
    "blobs/ab",
]


@pytest.mark.parametrize("linked", LINKED)
def test_links_in_a_project_are_refused(project: Project, tmp_path: Path, linked: str) -> None:
    project.close()
    inside = project.folder / linked
    outside = tmp_path / "outside"
    if inside.exists():
        inside.rename(outside)
    else:
        outside.mkdir()
    inside.symlink_to(outside)
    for read_only in (False, True):
        with pytest.raises(BadInput, match="contains a link"):
            Project.open(project.folder, read_only=read_only)


def test_a_newer_project_is_refused_unchanged(project: Project) -> None:
    project.close()
    path = project.folder / "project.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA user_version=99")
    connection.close()
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(ProjectNewer, match=r"newer version of Studio \(format 99\)"):
            Project.open(project.folder, read_only=read_only)
    assert path.read_bytes() == before


def test_a_newer_card_is_refused(project: Project) -> None:
    project.close()
    (project.folder / "project.json").write_text('{"format": 99}')
    with pytest.raises(ProjectNewer, match="format 99"):
        Project.open(project.folder)


@pytest.mark.parametrize("card", [b"", b"\xff", b"[" * 100_000, b'{"format": "x"}', None])
def test_a_broken_card_is_written_anew(project: Project, card: bytes | None) -> None:
    project.close()
    path = project.folder / "project.json"
    if card is None:
        path.unlink()
    else:
        path.write_bytes(card)
    Project.open(project.folder).close()
    assert json.loads(path.read_text())["uuid"] == project.uuid


def test_folders_that_a_sync_tool_dropped(project: Project, drop: Path) -> None:
    project.close()
    for name in ("tmp", "trash", "backups", "blobs"):
        shutil.rmtree(project.folder / name)
    with Project.open(project.folder) as again:
        item = again.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
        assert again.blob_path(item.digest).read_bytes() == b"a"
        again.trash([item.uid])
        assert again.purge_trash(older_than_days=0) == 1


def test_leftovers_of_a_crash_are_cleared(project: Project, tmp_path: Path) -> None:
    staged = project.staging()
    (staged / "half.png").write_bytes(b"ha")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep").touch()
    (project.folder / "tmp" / "link").symlink_to(outside)
    project.close()
    Project.open(project.folder).close()
    assert list((project.folder / "tmp").iterdir()) == []
    assert (outside / "keep").exists()


def test_a_large_database_is_proven_later(
    project: Project, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.project.opening.PROVE_UP_TO", 0)
    digest, size = project.store_blob(file_with(drop, b"a"), extension=".png")
    with project.db.transaction() as connection:
        project.insert_items(
            connection,
            [
                Item(f"{number:032}", f"{number}", Kind.IMAGE, Origin.ASSET, digest, ".png", size, 1.0)
                for number in range(250)
            ],
        )
        connection.execute("UPDATE item SET name = 'altered' WHERE name = '3'")
    project.abandon()
    with pytest.raises(ProjectDamaged), Project.open(project.folder) as again:
        assert len(again.items()) == 200
        with pytest.raises(ProjectDamaged):
            again.items(offset=200)
        with pytest.raises(ProjectDamaged):
            again.prove()
    with Project.open(project.folder, read_only=True) as again:
        assert again.items(limit=1)[0].name == "249"


@pytest.mark.parametrize("above", ["Dropbox", "OneDrive - Studio", "Mobile Documents", "Google Drive"])
def test_synced_folders_are_told(above: str) -> None:
    assert "cloud service" in sync_warning(Path("/home/me") / above / "work" / "P.studio")
    assert sync_warning(Path("/home/me/work") / f"{above}.studio") == ""
