"""Projects of format 2, whose kinds were five words: brought up to date, or left as they are."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from studio.core.kind import Kind
from studio.errors import ProjectDamaged
from studio.project import backups, schema, seals, stacks
from studio.project.check import check
from studio.project.database import Database
from studio.project.order import Group, Sort
from studio.project.query import Query, parse
from studio.project.recovery import recover
from studio.project.store import Project
from tests.project.builders import add_artifact, add_job, file_with, recipe
from tests.project.updater import COMMITTING, STOPPED

OLDER = schema.MIGRATIONS[:2]
NEWER = {"siblings", "variation", "stack", "top", "fresh"}
"""Columns of the item that format 2 has not."""
STATEMENTS = tuple(statement for step in schema.MIGRATIONS[2:] for statement in step)
ROOT = Path(__file__).parents[2]


KINDS = (Kind.IMAGE, Kind.MASK, Kind.TEXT, "music", "part")


@pytest.fixture
def old(made: Path, tmp_path: Path) -> Path:
    """A folder as version 0.2 left it, to do anything with."""
    return shutil.copytree(made, tmp_path / made.name)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as version 0.2 left it: each kind, artifacts, tags, a collection, a gap in the ids, steps."""
    folder = tmp_path_factory.mktemp("made")
    drop = folder / "drop"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", OLDER)
        patched.setattr(stacks, "place", lambda *_, **__: None)
        with Project.create(folder / "Old.studio") as project:
            first = project.add_asset(file_with(drop, b"gone"), kind=Kind.IMAGE)
            assets = [project.add_asset(file_with(drop, k.encode()), kind=k, name=f"a {k}") for k in KINDS]
            made = [add_artifact(project, drop, b"%d" % n, f"artifact {n}", assets[0].uid) for n in range(3)]
            uids = [item.uid for item in (*assets, *made)]
            project.trash([first.uid])
            project.purge_trash(-1)
            project.trash([made[0].uid])
            project.set_stars(uids[:3], 4)
            project.add_tags(uids[1:5], ["sea", "Night sky"])
            project.make_collection("Best", uids[2:6])
            project.rename(uids[0], "harbor at dawn")
            project.set_rejected([uids[3]], True)
            project.history.undo()
            add_job(project, recipe("still to come"), "queued")
    assert b'"format": 2' in (project.folder / "project.json").read_bytes()
    shutil.rmtree(project.folder / "backups")
    (project.folder / "backups").mkdir()
    return project.folder


def _everything(database: Path) -> dict[str, Any]:
    """All rows of our tables with their ids, and what the search finds."""
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    try:
        tables = ("item", "item_tag", "item_collection", "collection", "step", "job", "batch", "meta")
        found: dict[str, Any] = {
            table: [_old(table, row) for row in connection.execute(f"SELECT * FROM {table}")]
            for table in tables
        }
        for word in ("harbor", "artifact", "prompt", "part", "gone"):
            query = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid"
            found[word] = [row[0] for row in connection.execute(query, (word,))]
        return found
    finally:
        connection.close()


def _old(table: str, row: sqlite3.Row) -> dict[str, Any]:
    """A row without what later formats have added to it."""
    return {
        name: row[name]
        for name in row.keys()  # noqa: SIM118 - of a row, which is no dict
        if (name != "row_sha" or table not in seals.COLUMNS) and (table != "item" or name not in NEWER)
    }


def _format(database: Path) -> int:
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def _objects(database: Path) -> set[tuple[str, str, str | None]]:
    connection = sqlite3.connect(database)
    try:
        return set(connection.execute("SELECT type, name, sql FROM sqlite_master"))
    finally:
        connection.close()


def test_every_row_keeps_its_id_and_its_seal(old: Path) -> None:
    before = _everything(old / "project.db")
    assert [row["id"] for row in before["item"]] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert before["harbor"] == [2]
    with Project.open(old) as project:
        project.prove()
        assert _format(project.db.path) == schema.version()
    assert _everything(old / "project.db") == before
    assert check(old, repair=False).problems == []
    assert b'"format": %d' % schema.version() in (old / "project.json").read_bytes()


def test_its_tables_are_those_of_a_new_project(old: Path, tmp_path: Path) -> None:
    Project.open(old).close()
    Project.create(tmp_path / "New.studio").close()
    assert _objects(old / "project.db") == _objects(tmp_path / "New.studio" / "project.db")


def test_it_is_backed_up_first_and_gone_back_to(old: Path) -> None:
    before = _everything(old / "project.db")
    Project.open(old).close()
    [backup] = backups.list_backups(old)
    assert _format(backup) == 2 and backups.is_good(backup)
    (old / "project.db").write_bytes(b"ruined" * 5000)
    (old / "assets.jsonl").unlink()
    assert recover(old).plan.backup == backup
    assert _everything(old / "project.db")["item"] == before["item"]
    with Project.open(old) as project:
        assert [item.kind for item in project.items(kinds=["music"])] == ["music"]


def test_a_damaged_one_is_recovered_from_its_rows(old: Path) -> None:
    shutil.rmtree(old / "backups")
    (old / "backups").mkdir()
    (old / "assets.jsonl").unlink()
    connection = sqlite3.connect(old / "project.db")
    connection.execute("DROP INDEX item_digest")
    connection.commit()
    connection.close()
    with pytest.raises(ProjectDamaged):
        Project.open(old)
    assert recover(old).from_damaged == 8
    with Project.open(old) as project:
        assert project.history.redo_title == "Reject “a music”"
        assert sorted(project.kinds()) == sorted(KINDS)


def test_what_was_done_before_is_undone_and_done_again(old: Path) -> None:
    with Project.open(old) as project:
        assert project.history.redo_title == "Reject “a music”"
        project.history.redo()
        assert [item.name for item in project.rows(project.order(parse("is:rejected").query).ids)] == [
            "a music"
        ]
        while project.history.undo_title != "Move “photo” to the trash":  # which is gone for good
            project.history.undo()
        assert all(item.stars == 0 and not item.tags and not item.collections for item in project.items())
        assert project.collections() == []
        assert project.count() == 8 and project.count(text="harbor") == 0
        while project.history.redo_title is not None:
            project.history.redo()
        assert project.count() == 7 and project.count(text="harbor") == 1
        project.prove()


def test_it_is_searched_sorted_and_added_to(old: Path, tmp_path: Path) -> None:
    with Project.open(old) as project:
        for text, count in {
            "sea": 0,
            "tag:sea": 4,
            "in:best": 3,
            "kind:music": 1,
            "generator:inpaint": 2,
        }.items():
            assert len(project.order(parse(text).query).ids) == count, text
        assert len(project.order(Query(), Sort.NAME, Group.KIND).sections) == 5
        palette = project.add_asset(
            file_with(tmp_path, b"ASEF", "warm.ase"), kind="palette", name="warm harbor"
        )
        assert project.id_of(palette.uid) == 10
        assert [item.uid for item in project.items(text="harbor", kinds=["palette"])] == [palette.uid]
        project.add_tags([palette.uid], ["sea"])
        assert len(project.order(parse("tag:sea").query).ids) == 5
        assert project.db.read("SELECT value FROM meta WHERE key = 'item_count'")[0][0] == 9
    assert check(old, repair=False).problems == []


def test_read_only_it_stays_as_it_is(old: Path) -> None:
    before = {path: path.read_bytes() for path in old.rglob("*") if path.is_file()}
    with Project.open(old, read_only=True) as project:
        assert project.count() == 7 and project.count(text="harbor") == 1
        project.prove()
    assert {path: path.read_bytes() for path in old.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER evil AFTER INSERT ON item BEGIN DELETE FROM job; END",
        "CREATE TRIGGER evil AFTER DELETE ON item BEGIN DELETE FROM job; END",
        "CREATE VIEW evil AS SELECT 1",
        "DROP TRIGGER item_added",
        "DROP INDEX item_name",
    ],
)
def test_other_tables_than_ours_are_refused_before_any_is_touched(
    old: Path, statement: str, read_only: bool
) -> None:
    connection = sqlite3.connect(old / "project.db")
    connection.execute(statement)
    connection.commit()
    connection.close()
    before = (old / "project.db").read_bytes()
    with pytest.raises(ProjectDamaged) as caught:
        Project.open(old, read_only=read_only)
    assert caught.value.detail == "unexpected or missing tables"
    assert (old / "project.db").read_bytes() == before
    assert backups.list_backups(old) == []


@pytest.mark.parametrize("kind", ["", "Palette", "a b", "9to5", "x" * 33, "pälette", "a_b"])
def test_what_is_no_word_is_no_kind(old: Path, tmp_path: Path, kind: str) -> None:
    with Project.open(old) as project, pytest.raises(sqlite3.IntegrityError):
        project.add_asset(file_with(tmp_path / "new", b"x"), kind=kind, name="n")


def _is_as_before(folder: Path, before: dict[str, Any], patched: pytest.MonkeyPatch) -> None:
    with patched.context() as again:
        again.setattr(schema, "MIGRATIONS", OLDER)
        with Project.open(folder, read_only=True) as project:
            project.prove()
            assert project.count() == 7
    assert _everything(folder / "project.db") == before


@pytest.mark.parametrize("count", range(len(STATEMENTS) + 1))
def test_an_error_at_any_statement_leaves_format_2(
    old: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    before = (old / "project.db").read_bytes()
    with monkeypatch.context() as patched:
        broken = (*STATEMENTS[:count], "INSERT INTO nowhere VALUES (1)")
        patched.setattr(schema, "MIGRATIONS", (*OLDER, broken))
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            Project.open(old)
    assert (old / "project.db").read_bytes() == before
    assert not (old / "project.db-journal").exists()
    with Project.open(old) as project:
        assert project.count() == 7


def test_an_update_that_is_broken_off_inside_a_statement_leaves_format_2(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, apply = (old / "project.db").read_bytes(), schema._apply
    chance, most = random.Random(5), 0

    def after(steps: int) -> bool:
        """Whether the update was broken off after so many steps of SQLite's machine."""
        nonlocal most
        taken = 0

        def step() -> bool:
            nonlocal taken
            taken += 1
            return taken == steps

        def watched(connection: sqlite3.Connection, found: int) -> None:
            connection.set_progress_handler(step, 1)
            try:
                apply(connection, found)
            finally:
                connection.set_progress_handler(None, 0)

        with monkeypatch.context() as patched:
            patched.setattr(schema, "_apply", watched)
            database = Database(old / "project.db")
            try:
                schema.migrate(database, 2)
            except (sqlite3.OperationalError, ProjectDamaged) as error:
                told = getattr(error, "detail", str(error))
                # The second, where it was broken off while FTS5 opened.
                assert "interrupted" in told or "vtable constructor failed: search" in told
                assert database.read("PRAGMA foreign_keys")[0][0] == 1
                return True
            finally:
                most = max(most, taken)
                database.close()
        return False

    whole = (old.parent / "whole.db", old / "project.db")
    shutil.copyfile(whole[1], whole[0])
    assert not after(-1)
    shutil.copyfile(whole[0], whole[1])
    assert most > 1000
    for steps in (1, 2, *(chance.randrange(3, most) for _ in range(60)), most):
        assert after(steps), steps
        assert (old / "project.db").read_bytes() == before
    with Project.open(old) as project:
        assert project.count() == 7


def _updating(folder: Path, stop: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    command = [sys.executable, "-m", "tests.project.updater", str(folder), str(stop)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)


@pytest.fixture
def killed(old: Path) -> tuple[Path, dict[str, Any], int]:
    """A project of format 2, all that is in it, and the number of the statement that ends its update."""
    before = _everything(old / "project.db")
    shutil.copytree(old, old.parent / "Counted.studio")
    child = _updating(old.parent / "Counted.studio", 0)
    told = child.communicate(timeout=500)[0].split()
    assert told[0] == COMMITTING
    return old, before, int(told[1])


@pytest.mark.slow
def test_killed_at_a_statement_it_is_still_format_2(
    killed: tuple[Path, dict[str, Any], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, before, count = killed
    assert count > len(STATEMENTS)
    for stop in (1, 2, count // 3, count // 2, count - 2, count - 1, count):
        child = _updating(folder, stop)
        assert child.stdout is not None
        assert child.stdout.readline().strip() == STOPPED
        child.kill()
        child.communicate()
        assert _format(folder / "project.db") == 2
        _is_as_before(folder, before, monkeypatch)
    with Project.open(folder) as project:
        assert project.count() == 7
        project.prove()


@pytest.mark.slow
def test_killed_while_it_is_written_it_is_one_format_or_the_other(
    killed: tuple[Path, dict[str, Any], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, before, _ = killed
    chance, found = random.Random(3), []
    shutil.copytree(folder, folder.parent / "Kept.studio")
    for _ in range(12):
        child = _updating(folder, 0)
        assert child.stdout is not None
        assert child.stdout.readline().startswith(COMMITTING)
        time.sleep(chance.uniform(0, 0.02))
        child.kill()
        child.communicate()
        format = _format(folder / "project.db")  # reading it rolls back what was not finished
        found.append(format)
        assert _everything(folder / "project.db") == before
        if format == 2:
            _is_as_before(folder, before, monkeypatch)
        with Project.open(folder) as project:
            project.prove()
            assert project.count() == 7
        shutil.rmtree(folder)
        shutil.copytree(folder.parent / "Kept.studio", folder)
    assert set(found) <= {2, schema.version()}
    print(f"{len(found)} kills while it was written: {found.count(2)} times format 2")
