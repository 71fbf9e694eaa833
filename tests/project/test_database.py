from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from studio.core.kind import Kind
from studio.errors import DiskFull, ProjectClosed, ProjectError, ProjectInUse, ProjectReadOnly
from studio.project.store import Project
from tests.project.builders import file_with


def _batches(project: Project) -> list[str]:
    return [row["id"] for row in project.db.read("SELECT id FROM batch ORDER BY id")]


def _add(connection: sqlite3.Connection, batch: str) -> None:
    connection.execute("INSERT INTO batch(id, title, created) VALUES (?, '', 0)", (batch,))


def test_an_inner_block_joins_the_outer(project: Project) -> None:
    with pytest.raises(RuntimeError), project.db.transaction() as connection:
        with project.db.transaction() as inner:
            _add(inner, "a")
        raise RuntimeError
    assert _batches(project) == []
    with project.db.transaction() as connection:
        _add(connection, "a")
        with pytest.raises(RuntimeError), project.db.transaction() as inner:
            _add(inner, "b")
            raise RuntimeError
        with project.db.transaction() as inner:
            _add(inner, "c")
    assert _batches(project) == ["a", "c"]


def test_a_full_disk_takes_the_whole_block_back(project: Project) -> None:
    project.db.read(f"PRAGMA max_page_count={project.db.read('PRAGMA page_count')[0][0]}")
    with (
        pytest.raises(DiskFull, match="Everything saved before is safe"),
        project.db.transaction() as connection,
    ):
        for number in range(10_000):
            _add(connection, f"batch {number}")
    assert _batches(project) == []
    project.db.read("PRAGMA max_page_count=1000000")
    with project.db.transaction() as connection:
        _add(connection, "a")
    assert _batches(project) == ["a"]


def test_another_program_in_the_database(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    other = sqlite3.connect(project.db.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    project.db._connection.execute("PRAGMA busy_timeout=50")
    with pytest.raises(ProjectInUse, match="Another program"), project.db.transaction():
        pass
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows moves no folder in which a file is open")
def test_a_folder_that_was_moved_away(project: Project, tmp_path: Path) -> None:
    asset = project.add_asset(file_with(tmp_path / "a.txt", b"a"), kind=Kind.TEXT)
    moved = project.folder.rename(tmp_path / "moved")
    try:
        with pytest.raises(ProjectError, match="moved away") as caught:
            project.rename(asset.uid, "b")
        assert not isinstance(caught.value, ProjectReadOnly)
    finally:
        moved.rename(project.folder)
    project.rename(asset.uid, "b")
    assert project.item(asset.uid).name == "b"


def test_error_texts_are_ascii(project: Project) -> None:
    project.close()
    path = project.folder / "project.db"
    data = bytearray(path.read_bytes())
    data[100:2000] = "ünïcödé\x07".encode() * 190
    path.write_bytes(data)
    with pytest.raises(Exception, match="damaged") as caught:
        Project.open(project.folder)
    assert caught.value.detail.isascii()  # type: ignore[attr-defined]
    assert caught.value.detail.isprintable()  # type: ignore[attr-defined]


UNFINISHED = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size=1")
connection.execute("BEGIN IMMEDIATE")
for number in range(20000):
    connection.execute("INSERT INTO batch(id, title, created) VALUES (?, 'x', 0)", (str(number),))
os._exit(9)
"""


@pytest.fixture
def hot(project: Project, drop: Path) -> Path:
    """A closed project whose last writer died amid a transaction."""
    project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    project.close()
    subprocess.run([sys.executable, "-c", UNFINISHED, project.db.path], check=False)
    assert (project.folder / "project.db-journal").stat().st_size > 0
    return project.folder


def test_a_hot_journal_is_rolled_back(hot: Path) -> None:
    with Project.open(hot) as project:
        assert project.count() == 1
        assert _batches(project) == []
    assert not (hot / "project.db-journal").exists()


def _may_not_write(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Runs code that may not write the folder: as user nobody where we are root, who may write anything.

    Nobody gets a copy elsewhere: every pytest that starts closes the folder above ours to others again.
    """
    if os.name == "nt":
        pytest.skip("folders are not read-only on Windows")
    source = Path(__file__).parents[2]
    shell = f"import os, sys; sys.path[:0] = [{str(source)!r}, *{sys.path!r}]\nimport studio.project.store\n"

    def run(folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", shell + code, folder], capture_output=True, text=True)

    if os.geteuid() == 0:
        shell += "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        with TemporaryDirectory() as scratch:
            Path(scratch).chmod(0o755)
            copy = shutil.copytree(folder, Path(scratch) / folder.name)
            copy.chmod(0o755)
            return run(copy)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        return run(folder)
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


READ = """
from pathlib import Path
from studio.project.store import Project
from studio.errors import StudioError
for read_only in (False, True):
    try:
        with Project.open(Path(sys.argv[1]), read_only=read_only) as project:
            print(project.count(), project.items()[0].name)
    except StudioError as error:
        print(error.code, error.message)
"""


def test_a_folder_that_cannot_be_written(project: Project, drop: Path) -> None:
    project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    project.close()
    done = _may_not_write(project.folder, READ)
    assert done.stdout.splitlines() == [
        "project-read-only “Test.studio” cannot be written.",
        "1 photo",
    ], done.stderr


def test_a_hot_journal_in_a_folder_that_cannot_be_written(hot: Path) -> None:
    done = _may_not_write(hot, READ)
    assert done.stdout.splitlines()[1].startswith("project-read-only This project was not closed properly"), (
        done.stderr
    )


def test_a_hot_journal_and_a_read_only_connection(hot: Path) -> None:
    try:
        with Project.open(hot, read_only=True) as project:
            assert project.count() == 1
    except ProjectReadOnly as error:
        assert "not closed properly" in error.message


def test_who_reads_does_not_wait_for_a_long_change(project: Project) -> None:
    with project.db.transaction() as connection:
        _add(connection, "a")
    began, go_on = threading.Event(), threading.Event()

    def change() -> None:
        with project.db.transaction() as connection:
            connection.execute("CREATE TABLE wide(text)")
            connection.executemany("INSERT INTO wide VALUES (?)", (("x" * 2000,) for _ in range(20_000)))
            _add(connection, "b")
            began.set()
            assert go_on.wait(10)

    thread = threading.Thread(target=change)
    thread.start()
    assert began.wait(20)
    try:
        assert _batches(project) == ["a"], "it waits, or sees what may yet be taken back"
        for _ in range(20):  # more than what SQLite keeps in memory was changed: that must not lock the file
            assert project.db.read("SELECT count(*) FROM batch")[0][0] == 1
        with pytest.raises(sqlite3.OperationalError):
            project.db._beside.execute("DELETE FROM batch")
    finally:
        go_on.set()
        thread.join()
    assert _batches(project) == ["a", "b"]


def test_a_closed_project_is_not_read_beside_either(project: Project) -> None:
    began, go_on = threading.Event(), threading.Event()

    def change() -> None:
        with project.db.transaction():
            began.set()
            assert go_on.wait(10)

    thread = threading.Thread(target=change)
    thread.start()
    assert began.wait(10)
    assert _batches(project) == []
    go_on.set()
    thread.join()
    project.close()
    with pytest.raises(ProjectClosed):
        _batches(project)
    with pytest.raises(sqlite3.ProgrammingError):
        project.db._beside.execute("SELECT 1")
