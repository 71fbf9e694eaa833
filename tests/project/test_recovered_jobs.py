"""Jobs of a damaged database: those that can be proven come back, the others are told of."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from studio.core.generator import NewArtifact
from studio.core.item import Item, JobState
from studio.core.kind import Kind
from studio.errors import ProjectDamaged
from studio.jobs.job import Job
from studio.jobs.queue import Queue
from studio.project import layout
from studio.project.recovery import recover
from studio.project.store import Project
from tests.project.builders import file_with, recipe


def _done(project: Project, drop: Path, name: str) -> tuple[Job, Item]:
    """The next job, done with one result."""
    queue = Queue(project)
    job = queue.claim()
    assert job is not None
    made = NewArtifact(file_with(drop, name.encode(), "made.png"), Kind.IMAGE, name)
    [item] = queue.complete(job.id, [made], env={"python": "3"}, seconds=1.5, peak_memory=7)
    return queue.job(job.id), item


def _damage(folder: Path, *statements: str) -> None:
    connection = sqlite3.connect(folder / layout.DATABASE)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    with pytest.raises(ProjectDamaged):
        Project.open(folder)


def _jobs(folder: Path) -> dict[str, Job]:
    with Project.open(folder) as project:
        project.prove()
        return {job.title: job for job in Queue(project).jobs()}


@pytest.fixture
def worked(project: Project, drop: Path) -> Project:
    """Two jobs done, one of them after the backup; four that wait or ended otherwise; no text list."""
    queue = Queue(project)
    early = queue.submit([recipe("one"), recipe("two")], title="Early", titles=["one", "two"])
    _done(project, drop, "first result")
    project.backup()
    _done(project, drop, "second result")
    late = queue.submit([recipe(w) for w in "abcd"], title="Late", titles=[*"abcd"])
    queue.pause(late[1].id)
    queue.cancel(late[2].id)
    queue.pause_batch(late[0].batch)
    queue.pause_all()
    assert early[1].state is JobState.QUEUED
    return project


@pytest.mark.parametrize(
    "elsewhere", ["UPDATE collection SET name = 'x'", "UPDATE item SET size = 1 WHERE name = 'second result'"]
)
def test_jobs_that_are_newer_than_the_backup_come_back(worked: Project, elsewhere: str) -> None:
    worked.make_collection("Best")
    before = {job.title: job for job in Queue(worked).jobs()}
    batches = Queue(worked).batches()
    worked.abandon()
    _damage(worked.folder, elsewhere)
    recover(worked.folder)
    assert _jobs(worked.folder) == before
    with Project.open(worked.folder) as again:
        queue = Queue(again)
        assert queue.batches() == batches
        assert queue.paused
        assert queue.batch_paused(batches[0].id)


def test_a_changed_job_that_waits_does_not_run(worked: Project) -> None:
    before = {job.title: job for job in Queue(worked).jobs()}
    worked.abandon()
    _damage(worked.folder, "UPDATE job SET recipe = replace(recipe, '\"a\"', '\"e\"') WHERE title = 'a'")
    recover(worked.folder)
    after = _jobs(worked.folder)
    [told] = [job for job in after.values() if job.title.startswith("Recovered ")]
    assert (told.id, told.state, told.recipe.params) == (before["a"].id, JobState.FAILED, {"prompt": "e"})
    assert told.error is not None and "damaged" in told.error.message
    assert {title: job for title, job in after.items() if job is not told} == {
        title: job for title, job in before.items() if title != "a"
    }
    with Project.open(worked.folder) as again:
        assert Queue(again).retry(told.id).state is JobState.QUEUED


def test_a_changed_job_that_the_backup_knows_does_not_run_again(project: Project, drop: Path) -> None:
    """It may have run since: here it was cancelled, then the row was damaged."""
    queue = Queue(project)
    [job] = queue.submit([recipe("p")], title="p")
    project.backup()
    queue.cancel(job.id)
    project.abandon()
    _damage(project.folder, "UPDATE job SET title = CAST(x'ff41' AS TEXT)")
    recover(project.folder)
    found = _jobs(project.folder)["p"]
    assert (found.id, found.state, found.recipe) == (job.id, JobState.FAILED, recipe("p"))


@pytest.mark.parametrize("column", ["state = 'queued'", "title = 'x'", "env = NULL", "attempts = 9"])
def test_a_job_whose_item_proves_it_is_done(worked: Project, column: str) -> None:
    with worked.db.transaction():
        item = worked.items(text="second")[0]
    worked.abandon()
    _damage(worked.folder, f"UPDATE job SET {column} WHERE id = '{item.job}'")
    recover(worked.folder)
    with Project.open(worked.folder) as again:
        assert again.items(text="second") == [item]
        assert item.job is not None
        assert Queue(again).job(item.job).state is JobState.DONE
        assert again.count() == 2


def test_an_item_keeps_its_name_when_the_backup_knows_the_recipe_of_its_job(
    worked: Project,
) -> None:
    item = worked.items(text="second")[0]
    worked.set_stars([item.uid], 4)
    item = worked.item(item.uid)
    worked.abandon()
    _damage(worked.folder, f"UPDATE job SET recipe = replace(recipe, 'two', 'twp') WHERE id = '{item.job}'")
    assert recover(worked.folder).from_damaged == 1
    with Project.open(worked.folder) as again:
        assert again.items(text="second") == [item]
        assert item.job is not None
        assert Queue(again).job(item.job).state is JobState.DONE


def test_a_changed_batch_has_another_name(worked: Project) -> None:
    before = {job.title: job for job in Queue(worked).jobs()}
    worked.abandon()
    _damage(worked.folder, "UPDATE batch SET title = 'x' WHERE title = 'Late'")
    recover(worked.folder)
    assert _jobs(worked.folder) == before
    with Project.open(worked.folder) as again:
        assert [batch.title for batch in Queue(again).batches()] == ["Recovered", "Early"]


@pytest.mark.parametrize("seed", range(12))
def test_torn_databases(project: Project, drop: Path, tmp_path: Path, seed: int) -> None:
    """Whatever is ruined: no file is lost, no job that has run runs again, and no result is made up."""
    queue = Queue(project)
    submitted = queue.submit([recipe(f"wish {n}") for n in range(40)], title="Many")
    for number in range(30):
        _done(project, drop, f"result {number}")
        if number == 9:
            project.backup()
    before = {item.digest for item in project.items(limit=1000)}
    project.abandon()
    path, chance = project.folder / layout.DATABASE, random.Random(seed)
    data = bytearray(path.read_bytes())
    if seed % 2:
        for page in chance.sample(range(1, len(data) // 4096), 2):
            data[page * 4096 : page * 4096 + 4096] = chance.randbytes(4096)
    else:
        for _ in range(300):
            data[chance.randrange(4096, len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    recover(project.folder)
    with Project.open(project.folder) as again:
        again.prove()
        assert {item.digest for item in again.items(limit=1000)} == before
        known = {job.id: job.recipe for job in submitted}
        found = {job.id: job for job in Queue(again).jobs(limit=1000)}
        for item in again.items(limit=1000):
            if item.job is not None:
                assert found[item.job].state is JobState.DONE
                assert found[item.job].recipe == known[item.job]
