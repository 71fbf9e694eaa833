from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from studio.core.kind import Kind
from studio.errors import MissingBlob
from studio.project.check import Report, check
from studio.project.database import connect
from studio.project.store import Project
from tests.project.builders import add_artifact, add_job, file_with, recipe


@pytest.fixture
def filled(project: Project, drop: Path) -> Project:
    photo = project.add_asset(file_with(drop, b"photo"), kind=Kind.IMAGE)
    add_artifact(project, drop, b"made", "made", parent=photo.uid)
    project.add_asset(file_with(drop, b"photo"), kind=Kind.MASK)
    return project


def _check_twice(project: Project) -> Report:
    """Reports without repairing, compares that nothing was written, then repairs and checks again."""
    project.close()
    before = {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}
    found = check(project.folder, repair=False)
    assert {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()} == before
    repaired = check(project.folder, repair=True)
    assert [problem.part for problem in repaired.problems] == [problem.part for problem in found.problems]
    again = check(project.folder, repair=False)
    assert again.ok == repaired.ok
    return repaired


def test_a_whole_project(filled: Project) -> None:
    (filled.folder / "blobs" / ".DS_Store").touch()
    report = _check_twice(filled)
    assert report.problems == []
    assert (report.items, report.files, report.size, report.missing) == (3, 2, 9, [])


def test_while_it_is_open(filled: Project) -> None:
    assert check(filled.folder, repair=False).ok


def test_a_missing_file(filled: Project) -> None:
    gone = [item for item in filled.items() if item.extension == ".png" and item.name == "photo"]
    filled.blob_path(gone[0].digest).unlink()
    report = _check_twice(filled)
    assert not report.ok
    assert sorted(report.missing) == sorted(item.uid for item in gone)
    assert [problem.message for problem in report.problems] == [
        f"The file of “photo” ({gone[0].digest}.png) is missing. Its recipe is kept."
    ]


def test_a_missing_file_that_is_in_the_trash(filled: Project) -> None:
    filled.blobs.discard(filled.items()[0].digest, ".png")
    filled.close()
    assert not check(filled.folder, repair=False).ok
    assert check(filled.folder, repair=True).ok
    assert check(filled.folder, repair=True).problems == []


@pytest.mark.parametrize("data", [b"Photo", b"longer than it was", b""])
def test_an_altered_file(filled: Project, data: bytes) -> None:
    item = filled.items()[0]
    filled.blob_path(item.digest).write_bytes(data)
    filled.close()
    report = check(filled.folder, repair=True)
    assert [(problem.part, problem.repaired) for problem in report.problems] == [("file", False)]
    assert item.uid in report.missing
    assert (filled.folder / "trash" / f"altered-{item.digest}.png").read_bytes() == data
    with Project.open(filled.folder) as again, pytest.raises(MissingBlob):
        again.blob_path(item.digest)


def test_files_that_nothing_names(filled: Project, drop: Path) -> None:
    orphan, _ = filled.store_blob(file_with(drop, b"orphan"), extension=".png")
    waited_for, _ = filled.store_blob(file_with(drop, b"waited for"), extension=".png")
    add_job(filled, recipe(inputs={"image": waited_for}), state="queued")
    report = _check_twice(filled)
    assert [(problem.part, problem.repaired) for problem in report.problems] == [("orphan", True)]
    assert (filled.folder / "trash" / f"{orphan}.png").exists()


def test_a_foreign_file_is_left(filled: Project) -> None:
    (filled.folder / "blobs" / "notes.txt").write_bytes(b"mine")
    report = _check_twice(filled)
    assert [(problem.part, problem.repaired) for problem in report.problems] == [("orphan", False)]
    assert (filled.folder / "blobs" / "notes.txt").read_bytes() == b"mine"


def test_a_search_index_that_does_not_fit(filled: Project) -> None:
    with filled.db.transaction() as connection:
        connection.execute(
            "INSERT INTO search(search, rowid, name, prompt) VALUES ('delete', 1, 'photo', '')"
        )
    assert filled.count(text="photo") == 1
    report = _check_twice(filled)
    assert [(problem.part, problem.repaired) for problem in report.problems] == [("search", True)]
    with Project.open(filled.folder) as again:
        assert again.count(text="photo") == 2


def test_a_torn_list(filled: Project) -> None:
    filled.close()
    text = filled.folder / "assets.jsonl"
    whole = text.read_bytes()
    text.write_bytes(whole[:-10])
    report = _check_twice(filled)
    assert [(problem.part, problem.repaired) for problem in report.problems] == [("list", True)]
    assert text.read_bytes() == whole


def test_a_damaged_backup(filled: Project) -> None:
    path = filled.backup()
    assert path is not None
    path.write_bytes(path.read_bytes()[:9000])
    filled.close()
    report = check(filled.folder, repair=False)
    assert [problem.part for problem in report.problems] == ["backup"]


@pytest.mark.parametrize("damage", ["row", "file"])
def test_a_damaged_database(filled: Project, damage: str) -> None:
    filled.backup()
    filled.close()
    path = filled.folder / "project.db"
    if damage == "row":
        connection = sqlite3.connect(path)
        connection.execute("UPDATE item SET size = 1")
        connection.commit()
        connection.close()
    else:
        path.write_bytes(bytes(10_000))
    report = _check_twice(filled)
    assert [(problem.part, problem.repaired) for problem in report.problems] == [("database", True)]
    assert report.items == 3


def test_a_row_without_its_job(filled: Project) -> None:
    filled.close()
    connection = connect(filled.folder / "project.db", "rw")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(
        "INSERT INTO job(id, batch, position, state, title, recipe, created)"
        " SELECT 'x', 'nowhere', 0, state, title, recipe, created FROM job"
    )
    connection.close()
    report = check(filled.folder, repair=True)
    assert [problem.message for problem in report.problems] == [
        "A row of job leads to a missing row of batch."
    ]
