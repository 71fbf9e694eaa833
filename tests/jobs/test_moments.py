"""The studio is killed while jobs are queued, a result arrives, something is saved, an older project is
brought up to date, or a backup is made: what was there is there afterwards; of what went on, all or nothing.

STUDIO_KILL_ROUNDS sets how many moments of each are tried.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.core.item import JobState
from studio.core.kind import Kind
from studio.jobs.queue import Queue
from studio.project import backups, schema, stacks
from studio.project.check import check
from studio.project.store import Project
from tests.jobs import moments
from tests.project.builders import add_artifact, add_job, file_with, recipe

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.name == "nt", reason="no fork there"),
]

ROUNDS = int(os.environ.get("STUDIO_KILL_ROUNDS", "20"))
ROOT = Path(__file__).parents[2]


class Killer:
    """The process that forks the ones that are killed."""

    def __init__(self, action: str) -> None:
        paths = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
        self._action = action
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.moments"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": paths},
        )

    def __call__(self, folder: Path, moment: int) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([self._action, str(folder), moment]) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        self._process.communicate()


def _prepare(tmp_path: Path) -> Path:
    """Items, a backup that is older than the last change, a job that runs and some that wait."""
    drop = tmp_path / "drop"
    for number in range(2):
        file_with(tmp_path, b"new %d" % number, f"new {number}.png")
    with Project.create(tmp_path / "Before.studio") as project:
        photo = project.add_asset(file_with(drop, b"photo"), kind=Kind.IMAGE)
        made = add_artifact(project, drop, b"made", "made", parent=photo.uid)
        with project.db.transaction() as connection:
            connection.execute("UPDATE job SET state = 'done'")
        project.backup()
        for number, state in enumerate(("running", "queued", "queued")):
            job = add_job(project, recipe(f"wish {number}"), state)
            with project.db.transaction() as connection:
                connection.execute("UPDATE job SET title = 'Night', position = ? WHERE id = ?", (number, job))
        project.set_stars([made.uid], 5)
    return project.folder


def _moments(killer: Killer, folder: Path, count: int) -> Iterator[int]:
    """Of what was counted, some of each kind: between statements and files, and within the commit."""
    chance = random.Random(8)
    every = list(range(1, count + 1))
    yield from every if count <= ROUNDS else sorted({1, count, *chance.sample(every, ROUNDS - 2)})
    for _ in range(max(4, ROUNDS // 4)):
        yield -chance.randrange(1, 6000)


def _whole(folder: Path) -> None:
    """It opens, all of it is proven, and at most files are left over that no item names."""
    with Project.open(folder) as project:
        project.prove()
        assert project.count(text="photo") == 1
        [made] = project.items(text="made")
        assert made.stars == 5 and project.recipe_of(made.uid) == recipe("prompt of made")
        assert project.blob_path(made.digest).read_bytes() == b"made"
        titles = Counter(job.title for job in Queue(project).jobs())
        assert titles["Night"] == 3 and titles["a job"] == 1
        assert not any((folder / "tmp").iterdir())
        assert all(backups.is_good(path) for path in backups.list_backups(folder))
        assert backups.list_backups(folder)
    report = check(folder, repair=False)
    assert report.whole, report.problems


@pytest.mark.parametrize("action", [*moments.ACTIONS, "migrate"])
def test_killed_at_any_moment(tmp_path: Path, action: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        if action == "migrate":
            patched.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:2])
            patched.setattr(stacks, "place", lambda *_, **__: None)
        prepared = _prepare(tmp_path)
    killer, done = Killer(action), Counter[bool]()
    try:
        shutil.copytree(prepared, tmp_path / "Counted.studio")
        count = int(killer(tmp_path / "Counted.studio", 0))
        assert count > 10
        for moment in _moments(killer, prepared, count):
            folder = tmp_path / "P.studio"
            shutil.copytree(prepared, folder)
            assert killer(folder, moment) == "killed", moment
            done[CHECKS[action](folder)] += 1
            _whole(folder)
            shutil.rmtree(folder)
    finally:
        killer.end()
    print(f"{action}: {count} moments, {sum(done.values())} kills, {done[True]} of them after it was done")


def _submitted(folder: Path) -> bool:
    with Project.open(folder) as project:
        queue = Queue(project)
        new = [job for job in queue.jobs() if job.title == "New"]
        assert len(new) in (0, 5) and all(job.state is JobState.QUEUED for job in new)
        assert [batch.title for batch in queue.batches()].count("New") == bool(new)
    return bool(new)


def _arrived(folder: Path) -> bool:
    """The job is done with both results, or it is not and makes them when it runs again."""
    with Project.open(folder) as project:
        queue = Queue(project)
        interrupted = queue.recover()
        made = [item for item in project.items() if item.name == "Night"]
        assert (interrupted, len(made)) in ((1, 0), (0, 2))
        if interrupted:
            assert queue.claim() is not None
            moments.arrive(project)
        made = [item for item in project.items() if item.name == "Night"]
        assert [project.blob_path(item.digest).read_bytes() for item in made] == [b"result 1", b"result 0"]
    return not interrupted


def _saved(folder: Path) -> bool:
    with Project.open(folder) as project:
        found = [item for item in project.items() if item.name.startswith("new ")]
        for item in found:
            assert project.blob_path(item.digest).read_bytes() == item.name.encode()
        assert {item.stars for item in found} <= {0, 4} and len({item.stars for item in found}) <= 1
        undone = project.history.redo_title == "New collection “New”"
        again = [project.add_asset(folder.parent / f"new {n}.png", kind=Kind.IMAGE) for n in range(2)]
        assert {item.uid for item in found} <= {item.uid for item in again}  # each is there once
    return undone


def _backed_up(folder: Path) -> bool:
    there = len(backups.list_backups(folder))
    with Project.open(folder) as project:
        project.backup()
    assert 2 <= len(backups.list_backups(folder)) <= there + 1
    return there == 2


def _migrated(folder: Path) -> bool:
    """The old format or the new one; whichever it is, opening it leads to the new one, after a backup."""
    connection = sqlite3.connect(folder / "project.db")
    [format] = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    assert format in (2, schema.version())
    with Project.open(folder) as project:
        assert len(Queue(project).jobs([JobState.QUEUED, JobState.RUNNING])) == 3
    assert len(backups.list_backups(folder)) == 2
    return bool(format == schema.version())


CHECKS = {
    "submit": _submitted,
    "arrive": _arrived,
    "save": _saved,
    "back_up": _backed_up,
    "migrate": _migrated,
}
