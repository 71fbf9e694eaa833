from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from studio.core.kind import Kind
from studio.errors import ProjectDamaged
from studio.project import backups, schema
from studio.project.store import Project
from tests.project.builders import file_with

NEXT = ("ALTER TABLE batch ADD COLUMN color TEXT NOT NULL DEFAULT 'gray'",)


def _edit(project: Project, *statements: str) -> None:
    project.close()
    connection = sqlite3.connect(project.folder / "project.db")
    connection.execute("PRAGMA writable_schema=ON")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_an_older_project_is_updated_after_a_backup(
    project: Project, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = project.add_asset(file_with(drop, b"a"), kind=Kind.IMAGE)
    project.close()
    released = schema.version()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, NEXT))
    with Project.open(project.folder, read_only=True) as copied:
        assert copied.items() == [item]
        assert backups.list_backups(project.folder) == []
    with Project.open(project.folder) as updated:
        assert updated.items() == [item]
        assert updated.db.read("PRAGMA user_version")[0][0] == schema.version() == released + 1
        assert updated.db.read("SELECT color FROM batch") == []
    [backup] = backups.list_backups(project.folder)
    connection = sqlite3.connect(backup)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == released
    connection.close()
    assert backups.is_good(backup)
    assert f'"format": {released + 1}' in (project.folder / "project.json").read_text()


def test_a_failed_update_changes_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.close()
    before = (project.folder / "project.db").read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, (*NEXT, "INSERT INTO nowhere VALUES (1)")))
        with pytest.raises(sqlite3.OperationalError):
            Project.open(project.folder)
    assert (project.folder / "project.db").read_bytes() == before
    Project.open(project.folder).close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER evil AFTER INSERT ON item BEGIN DELETE FROM item; END",
        "CREATE VIEW evil AS SELECT 1",
        "CREATE TABLE evil(x)",
        "DROP INDEX item_live",
        "DROP TRIGGER item_added",
        "UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (size >= 0)', '') WHERE name = 'item'",
    ],
)
def test_other_tables_than_ours_are_refused(project: Project, statement: str) -> None:
    _edit(project, statement)
    with pytest.raises(ProjectDamaged) as caught:
        Project.open(project.folder)
    assert caught.value.detail == "unexpected or missing tables"


@pytest.mark.parametrize("statement", ["PRAGMA application_id=1", "PRAGMA user_version=0"])
def test_another_programs_database_is_refused(project: Project, statement: str) -> None:
    _edit(project, statement)
    with pytest.raises(ProjectDamaged):
        Project.open(project.folder)


def test_a_write_ahead_log_is_undone(project: Project) -> None:
    _edit(project, "PRAGMA journal_mode=WAL")
    with Project.open(project.folder) as again:
        assert again.db.read("PRAGMA journal_mode")[0][0] == "delete"


def test_the_settings_are_those_that_were_tested(project: Project) -> None:
    found = {
        name: project.db.read(f"PRAGMA {name}")[0][0]
        for name in (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "trusted_schema",
            "cell_size_check",
            "mmap_size",
        )
    }
    assert found == {
        "journal_mode": "delete",
        "synchronous": 3,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "mmap_size": 0,
    }
