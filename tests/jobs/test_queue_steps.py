"""What people do to jobs, undone and done again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.core.item import JobState
from studio.core.recipe import Recipe
from studio.errors import BadInput
from studio.jobs.job import Job
from studio.jobs.queue import Queue
from studio.project.history import PartlyDoneError
from studio.project.store import Project

MakeRecipe = Callable[..., Recipe]


@pytest.fixture
def queue(project: Project) -> Queue:
    return Queue(project)


@pytest.fixture
def jobs(queue: Queue, recipe_of: MakeRecipe) -> list[Job]:
    return queue.submit([recipe_of(seed=n) for n in range(4)], title="Night", titles=list("abcd"))


def _order(queue: Queue) -> str:
    return "".join(job.title for job in queue.jobs([JobState.QUEUED, JobState.PAUSED]))


def test_a_cancelled_job_waits_again_in_its_old_place(
    project: Project, queue: Queue, jobs: list[Job]
) -> None:
    queue.cancel(jobs[1].id)
    assert (project.history.undo_title, _order(queue)) == ("Cancel “b”", "acd")
    assert project.history.undo().jobs == {jobs[1].id}
    assert queue.job(jobs[1].id) == jobs[1]
    assert _order(queue) == "abcd"
    project.history.redo()
    assert queue.job(jobs[1].id).state is JobState.CANCELLED


def test_a_running_job_that_was_cancelled_is_queued_again(
    project: Project, queue: Queue, jobs: list[Job]
) -> None:
    queue.claim()
    queue.cancel(jobs[0].id)
    project.history.undo()
    again = queue.job(jobs[0].id)
    assert (again.state, again.started, again.finished, again.attempts) == (JobState.QUEUED, None, None, 1)
    queue.claim()
    with pytest.raises(PartlyDoneError, match="jobs have started"):
        project.history.redo()
    assert queue.job(jobs[0].id).state is JobState.RUNNING


def test_a_paused_job_that_was_cancelled_is_paused_again(
    project: Project, queue: Queue, jobs: list[Job]
) -> None:
    queue.pause(jobs[2].id)
    queue.cancel_many([job.id for job in jobs])
    assert project.history.undo_title == "Cancel 4 jobs"
    project.history.undo()
    assert [job.state.value for job in queue.jobs()] == ["queued", "queued", "paused", "queued"]


def test_what_is_left_of_a_batch(project: Project, queue: Queue, jobs: list[Job]) -> None:
    queue.claim()
    queue.fail(jobs[0].id, BadInput("no"))
    assert [job.title for job in queue.cancel_batch(jobs[0].batch)] == list("bcd")
    assert project.history.undo_title == "Cancel what is left of “Night”"
    assert project.history.undo().jobs == {job.id for job in jobs[1:]}
    assert _order(queue) == "bcd"
    assert queue.job(jobs[0].id).state is JobState.FAILED


def test_a_job_that_is_over_cannot_be_cancelled(project: Project, queue: Queue, jobs: list[Job]) -> None:
    queue.cancel(jobs[0].id)
    queue.cancel(jobs[0].id)
    project.history.undo()
    assert project.history.undo_title is None


def test_moving(project: Project, queue: Queue, jobs: list[Job]) -> None:
    a, b, c, d = (job.id for job in jobs)
    orders = [_order(queue)]
    for ids, before in (([d], a), ([a, c], None), ([b], c), ([a, b], d)):
        queue.move_many(ids, before)
        orders.append(_order(queue))
    assert orders == ["abcd", "dabc", "dbac", "dabc", "abdc"]
    assert project.history.undo_title == "Move 2 jobs in the queue"
    for order in reversed(orders[:-1]):
        project.history.undo()
        assert _order(queue) == order
    for order in orders[1:]:
        project.history.redo()
        assert _order(queue) == order


def test_moving_into_the_same_gap_for_ever(project: Project, queue: Queue, jobs: list[Job]) -> None:
    a, b, c, _ = (job.id for job in jobs)
    for turn in range(200):
        queue.move(*((c, b) if turn % 2 else (b, c)))
        assert _order(queue) == ("acbd" if turn % 2 else "abcd")
    queue.move(a, None)
    assert _order(queue)[-1] == "a"
    while project.history.undo_title:
        project.history.undo()
    assert _order(queue) in ("abcd", "acbd")


def test_moving_to_where_it_is_says_nothing(project: Project, queue: Queue, jobs: list[Job]) -> None:
    queue.move(jobs[0].id, jobs[1].id)
    queue.move(jobs[3].id, None)
    queue.move(jobs[0].id, jobs[0].id)
    queue.move_many(["nobody"], None)
    assert project.history.undo_title is None


def test_a_retry_undone_brings_the_reason_back(project: Project, queue: Queue, jobs: list[Job]) -> None:
    queue.claim()
    failed = queue.fail(jobs[0].id, BadInput("too blue", "", ""), seconds=2.0, peak_memory=7)
    queue.retry(jobs[0].id)
    assert _order(queue) == "bcda"
    project.history.undo()
    again = queue.job(jobs[0].id)
    assert (again.state, again.seconds, again.finished) == (JobState.FAILED, 2.0, failed.finished)
    assert str(again.error) == "too blue"
    project.history.redo()
    assert _order(queue) == "bcda"
    for _ in range(4):
        queue.claim()
    with pytest.raises(PartlyDoneError):
        project.history.undo()
    assert queue.job(jobs[0].id).state is JobState.RUNNING
