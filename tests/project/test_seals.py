"""Rows of jobs, batches and the project's own facts: sealed by whoever writes, never altered unseen."""

from __future__ import annotations

import os
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from studio.core.item import Item, JobState, Origin
from studio.core.kind import Kind
from studio.core.recipe import ModelUse
from studio.errors import ProjectDamaged, StudioError
from studio.jobs import overview
from studio.jobs.queue import Queue
from studio.project import backups, layout, schema, seals
from studio.project.check import check
from studio.project.database import connect
from studio.project.store import Project
from tests.project.builders import add_artifact, add_job, file_with, recipe

TRIES = int(os.environ.get("STUDIO_FUZZ_TRIES", "300"))
MODEL = ModelUse(name="lama", digest="a" * 64)
TABLES = ("item", "item_tag", "item_collection", "collection", "step", "job", "batch", "meta")


def _fill(project: Project, drop: Path) -> Queue:
    """Jobs in every state, two batches (one is paused), items, a collection, a queue that is paused."""
    photo = project.add_asset(file_with(drop, b"photo"), kind=Kind.IMAGE)
    add_artifact(project, drop, b"made", "made", parent=photo.uid)
    job = add_job(project, recipe("with a model").changed(models={"network": MODEL}), "done")
    digest, size = project.store_blob(file_with(drop, b"by a model"), extension=".png")
    made = Item("1" * 32, "by a model", Kind.IMAGE, Origin.ARTIFACT, digest, ".png", size, 1.0, job=job)
    with project.db.transaction() as connection:
        project.insert_items(connection, [made])
    queue = Queue(project)
    jobs = queue.submit([recipe(f"wish {n}", seed=n) for n in range(6)], title="Night", titles=[*"abcdef"])
    later = queue.submit([recipe("later")], title="Morning")
    queue.claim()
    queue.fail(jobs[0].id, StudioError("It failed.", "Try it again."), seconds=2.5, peak_memory=12)
    queue.claim()
    queue.pause(jobs[2].id)
    queue.cancel(jobs[3].id)
    queue.move(later[0].id, jobs[4].id)
    queue.retry(jobs[3].id)
    project.history.undo()
    queue.pause_batch(later[0].batch)
    queue.pause_all()
    project.make_collection("Best", [photo.uid])
    project.add_tags([photo.uid], ["night sky"])
    return queue


@pytest.fixture
def queue(project: Project, drop: Path) -> Queue:
    return _fill(project, drop)


def _rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return {table: list(connection.execute(f"SELECT * FROM {table}")) for table in TABLES}
    finally:
        connection.close()


def test_whatever_writes_a_row_seals_it(project: Project, queue: Queue) -> None:
    def sealed() -> bool:
        return all(
            seals.is_sealed(table, row)
            for table in seals.COLUMNS
            for row in project.db.read(f"SELECT * FROM {table}")
        )

    assert sealed()
    with project.db.transaction() as connection:
        connection.execute("UPDATE job SET title = 'renamed', attempts = attempts + 1, env = '{}'")
        connection.execute("UPDATE job SET id = 'x' || id WHERE state = 'queued'")
        connection.execute("UPDATE batch SET paused = 1 - paused")
        connection.execute("INSERT OR REPLACE INTO meta(key, value) VALUES ('queue_paused', '0')")
    assert sealed()
    with pytest.raises(RuntimeError), project.db.transaction() as connection:
        connection.execute("UPDATE job SET title = 'never'")
        raise RuntimeError
    assert sealed()
    project.prove()


def test_the_seal_is_what_the_documentation_says() -> None:
    """So that another program can compare it, and so that it never changes by itself."""
    assert seals.seal("id", None, 1.5, "ä\0") == (
        "a6985d24011383890aca063277768ec037c504f5b1269a2c0c879a794cf4321f"
    )


ALTERED = [
    ("job", f"{column} = {value}")
    for column, value in {
        "state": "'cancelled'", "title": "title || ' '", "recipe": "replace(recipe, 'wish', 'wisp')",
        "position": "position + 0.5", "env": "'{}'", "error": "NULL", "created": "created + 1",
        "started": "3", "finished": "4", "seconds": "2.0", "peak_memory": "13", "attempts": "attempts + 1",
        "batch": "'batch'", "row_sha": "upper(row_sha)",
    }.items()
] + [
    ("batch", "title = 'Day'"), ("batch", "paused = 1 - paused"), ("batch", "created = 0"),
    ("meta", "value = '0' WHERE key = 'queue_paused'"), ("meta", "value = 'other' WHERE key = 'uuid'"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "change"), ALTERED)
def test_a_changed_row_is_noticed(project: Project, queue: Queue, table: str, change: str) -> None:
    project.close()
    connection = sqlite3.connect(project.folder / layout.DATABASE)
    where = "" if "WHERE" in change else " WHERE title IN ('a', 'Night')"
    assert connection.execute(f"UPDATE {table} SET {change}{where}").rowcount == 1
    connection.commit()
    connection.close()
    with pytest.raises(ProjectDamaged, match="damaged") as caught:
        Project.open(project.folder)
    assert table in caught.value.detail
    assert not check(project.folder, repair=False).ok
    with pytest.raises(ProjectDamaged):
        backups.back_up(project.folder / layout.DATABASE, project.folder)


@pytest.mark.parametrize("title", ["'other'", "CAST(x'ff41' AS TEXT)"])
def test_a_changed_row_is_not_changed_further(project: Project, queue: Queue, title: str) -> None:
    """A large project is proven in the background; meanwhile nobody seals what was altered."""
    project.close()
    path = project.folder / layout.DATABASE
    connection = sqlite3.connect(path)
    running = connection.execute(
        "SELECT id FROM job WHERE state = 'running' AND batch <> 'batch'"
    ).fetchone()[0]
    connection.execute(f"UPDATE job SET title = {title} WHERE id = ?", (running,))
    connection.execute(f"UPDATE batch SET title = {title}")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with Project.open(project.folder, prove=False) as again:
        altered = Queue(again)
        for change in (
            lambda: altered.cancel(running),
            lambda: altered.requeue(running),
            lambda: altered.recover(),
            lambda: altered.job(running),
            lambda: altered.jobs([JobState.RUNNING]),
            lambda: altered.batches(),
            lambda: altered.resume_batch(again.db.read("SELECT id FROM batch")[0][0]),
            lambda: [overview.jobs_of(altered, row[0]) for row in again.db.read("SELECT id FROM batch")],
        ):
            with pytest.raises(ProjectDamaged):
                change()
        again.abandon()
    assert path.read_bytes() == before


def test_a_step_of_a_changed_job_is_not_undone(project: Project, queue: Queue) -> None:
    waiting = queue.jobs([JobState.QUEUED])[0].id
    queue.cancel(waiting)
    project.close()
    connection = sqlite3.connect(project.folder / layout.DATABASE)
    connection.execute("UPDATE job SET attempts = 7 WHERE id = ?", (waiting,))
    connection.commit()
    connection.close()
    with Project.open(project.folder, prove=False) as again:
        with pytest.raises(ProjectDamaged):
            again.history.undo()
        again.abandon()


@pytest.mark.slow
def test_no_flipped_bit_is_overlooked(tmp_path: Path, drop: Path) -> None:
    with Project.create(tmp_path / "P.studio") as project:
        _fill(project, drop)
    path = project.folder / layout.DATABASE
    original, expected = path.read_bytes(), _rows(path)
    chance = random.Random(int(os.environ.get("STUDIO_FUZZ_SEED", "4")))
    used = [at for at, byte in enumerate(original) if byte]
    opened = 0
    for _ in range(TRIES):
        at = chance.choice(used) if chance.random() < 0.9 else chance.randrange(len(original))
        mutated = bytearray(original)
        mutated[at] ^= 1 << chance.randrange(8)
        path.write_bytes(mutated)
        try:
            Project.open(project.folder, read_only=True).close()
        except StudioError:
            continue
        opened += 1
        assert _rows(path) == expected, at
    print(f"{TRIES} flipped bits: {opened} opened, all with the rows that they had")
    assert 0 < opened < TRIES


@pytest.mark.parametrize("column", ["models", "seed", "generator", "batch", "sort_name"])
def test_check_compares_what_is_kept_twice(project: Project, queue: Queue, column: str) -> None:
    project.close()
    connection = connect(project.folder / layout.DATABASE, "rw")
    connection.execute(f"UPDATE item SET {column} = 'x' WHERE origin = 'artifact'")
    connection.close()
    report = check(project.folder, repair=True)
    assert [(problem.part, problem.repaired) for problem in report.problems] == [("index", True)]
    assert check(project.folder, repair=False).problems == []


# --- from format 3 -----------------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path, drop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as format 3 left it, with what `_fill` has put into it."""
    with Project.create(tmp_path / "Now.studio") as project:
        _fill(project, drop)
    now = _rows(project.folder / layout.DATABASE)
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:3])
        with Project.create(tmp_path / "Old.studio") as older:
            uuid = older.uuid
            with older.db.transaction() as connection:
                for table in ("batch", "job"):
                    for row in now[table]:
                        marks = ", ".join("?" * (len(row) - 1))
                        connection.execute(f"INSERT INTO {table} VALUES ({marks})", row[:-1])
    assert uuid
    return older.folder


def test_an_older_project_is_sealed(old: Path) -> None:
    path = old / layout.DATABASE
    before = _rows(path)
    began = path.read_bytes()
    with Project.open(old, read_only=True) as project:
        assert len(Queue(project).jobs()) == 9
    assert path.read_bytes() == began
    with Project.open(old) as project:
        project.prove()
        assert len(Queue(project).jobs()) == 9
        assert len(Queue(project).batches()) == 3
    after = _rows(path)
    assert {table: [row[:-1] for row in after[table]] for table in seals.COLUMNS} == {
        table: before[table] for table in seals.COLUMNS
    }
    [backup] = backups.list_backups(old)
    assert backups.is_good(backup)
