"""The queue as rows: order, states, and that nothing is ever lost."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from studio import words
from studio.core.generator import NewArtifact
from studio.core.item import JobState
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.core.titles import stored
from studio.errors import BadInput, StudioError
from studio.jobs.queue import TRIES, Queue
from studio.paths import translation_folders
from studio.project.store import Project

MakeRecipe = Callable[..., Recipe]
NO_ENV = {"env": {}, "seconds": 1.5, "peak_memory": 10}


def text_file(folder: Path, text: str) -> NewArtifact:
    path = folder / "made.txt"
    path.write_text(text)
    return NewArtifact(path, Kind.TEXT)


@pytest.fixture
def queue(project: Project) -> Queue:
    return Queue(project)


def test_a_completed_job_has_its_items(queue: Queue, project: Project, recipe_of: MakeRecipe) -> None:
    (job,) = queue.submit([recipe_of(prompt="a red house")], title="House")
    assert queue.claim() is not None
    items = queue.complete(job.id, [text_file(project.staging(), "x")], **NO_ENV)
    assert project.items(text="red") == items
    assert items[0].name == "House"
    done = queue.job(job.id)
    assert (done.state, done.seconds, done.peak_memory, done.attempts) == (JobState.DONE, 1.5, 10, 1)


def test_a_job_completes_once(queue: Queue, project: Project, recipe_of: MakeRecipe) -> None:
    (job,) = queue.submit([recipe_of()], title="x")
    queue.claim()
    assert queue.complete(job.id, [text_file(project.staging(), "x")], **NO_ENV)
    assert queue.complete(job.id, [text_file(project.staging(), "y")], **NO_ENV) == []
    assert project.count() == 1


def test_a_cancelled_job_keeps_nothing(queue: Queue, project: Project, recipe_of: MakeRecipe) -> None:
    (job,) = queue.submit([recipe_of()], title="x")
    queue.claim()
    queue.cancel(job.id)
    assert queue.complete(job.id, [text_file(project.staging(), "x")], **NO_ENV) == []
    assert project.count() == 0


def test_items_and_state_commit_together(
    queue: Queue, project: Project, recipe_of: MakeRecipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    (job,) = queue.submit([recipe_of()], title="x")
    queue.claim()

    def broken(*arguments: object, **named: object) -> None:
        raise sqlite3.OperationalError("no")

    monkeypatch.setattr(project, "insert_items", broken)
    with pytest.raises((sqlite3.OperationalError, StudioError)):
        queue.complete(job.id, [text_file(project.staging(), "x")], **NO_ENV)
    assert queue.job(job.id).state is JobState.RUNNING


def test_recover_puts_interrupted_jobs_first_in_their_order(queue: Queue, recipe_of: MakeRecipe) -> None:
    jobs = queue.submit([recipe_of(seed=n) for n in range(4)], title="x")
    queue.claim()
    queue.claim()
    (first,) = queue.submit([recipe_of()], title="y", first=True)
    assert queue.recover() == 2
    order = [job.id for job in queue.jobs()]
    assert order == [jobs[0].id, jobs[1].id, first.id, jobs[2].id, jobs[3].id]


def test_a_job_that_is_interrupted_each_time_blocks_nobody(queue: Queue, recipe_of: MakeRecipe) -> None:
    hangs, after = queue.submit([recipe_of(), recipe_of()], title="x")
    for attempt in (1, 2):
        assert queue.claim() == queue.job(hangs.id)
        assert queue.job(hangs.id).attempts == attempt
        assert queue.recover() == 1
    queue.claim()
    assert queue.requeue(hangs.id).attempts == 2  # the window was closed: that is nothing against the job
    queue.claim()
    assert queue.recover() == 0
    failed = queue.job(hangs.id)
    assert failed.state is JobState.FAILED
    assert "interrupted each time" in str(failed.error)
    assert queue.claim() == queue.job(after.id)
    queue.retry(hangs.id)
    assert queue.claim() == queue.job(hangs.id)
    assert queue.job(hangs.id).attempts == 1
    assert queue.recover() == 2  # whoever tries it again by hand gives it all its attempts


def test_a_job_that_comes_further_each_time_is_never_refused(
    project: Project, queue: Queue, recipe_of: MakeRecipe
) -> None:
    (job,) = queue.submit([recipe_of()], title="x")
    for design in range(2 * TRIES):
        queue.claim()
        (project.kept(job.recipe.digest) / f"design-{design}").write_text("done")
        assert queue.may_go_on(queue.job(job.id))
        assert queue.recover() == 1
    for _ in range(TRIES - 1):
        queue.claim()
        (project.kept(job.recipe.digest) / "design-9.part").write_text("begun, and never whole")
        assert queue.requeue(job.id, counts=True).state is JobState.QUEUED
    queue.claim()
    assert not queue.may_go_on(queue.job(job.id))
    assert queue.recover() == 0


def test_errors_come_back_as_what_they_were(queue: Queue, recipe_of: MakeRecipe) -> None:
    (job,) = queue.submit([recipe_of()], title="x")
    queue.claim()
    failed = queue.fail(job.id, BadInput("too blue", "make it green", "line 3"))
    assert isinstance(failed.error, BadInput)
    assert (failed.error.message, failed.error.hint, failed.error.detail) == (
        "too blue",
        "make it green",
        "line 3",
    )
    assert queue.retry(job.id).error is None


def test_claim_by_device(queue: Queue, recipe_of: MakeRecipe) -> None:
    cpu, gpu = queue.submit([recipe_of(), recipe_of(device="cuda:0")], title="x")
    assert not queue.has_work(devices=["mps"])
    assert queue.claim(devices=["cuda:0"]) == queue.job(gpu.id)
    assert queue.claim(devices=["cuda:0"]) is None
    assert queue.claim(excluding=["cuda:0"]) == queue.job(cpu.id)


def test_a_paused_batch_and_queue_give_nothing(queue: Queue, recipe_of: MakeRecipe) -> None:
    (job,) = queue.submit([recipe_of()], title="x")
    queue.pause_batch(job.batch)
    assert queue.batches()[0].paused
    assert queue.claim() is None
    queue.resume_batch(job.batch)
    queue.pause_all()
    assert queue.claim() is None
    queue.resume_all()
    assert queue.claim() is not None


def test_an_unknown_job_is_said_in_words(queue: Queue) -> None:
    with pytest.raises(StudioError, match="no longer in this project"):
        queue.job("nothing")


def test_titles_and_counts(queue: Queue, recipe_of: MakeRecipe) -> None:
    a, b = queue.submit([recipe_of()] * 2, title="both", titles=["a", "b"])
    assert (a.title, b.title) == ("a", "b")
    queue.cancel(b.id)
    assert queue.batches()[0].counts == {JobState.QUEUED: 1, JobState.CANCELLED: 1}
    assert queue.counts()[JobState.QUEUED] == 1
    assert queue.counts()[JobState.DONE] == 0


WAITING = (JobState.QUEUED, JobState.PAUSED)
pick = st.integers(0, 10**6)


class QueueMachine(RuleBasedStateMachine):
    """Against a model of two lists: what waits, in its order, and the state of each job."""

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.project = Project.create(self.folder / "q.studio")
        self.queue = Queue(self.project)
        self.states: dict[str, JobState] = {}
        self.waiting: list[str] = []

    def teardown(self) -> None:
        self.project.close()
        shutil.rmtree(self.folder)

    def any(self, number: int, *states: JobState) -> str | None:
        fitting = [id for id, state in self.states.items() if not states or state in states]
        return fitting[number % len(fitting)] if fitting else None

    @rule(count=st.integers(1, 3), first=st.booleans())
    def submit(self, count: int, first: bool) -> None:
        recipe = Recipe(generator="a/b", generator_version="1", params={})
        new = [job.id for job in self.queue.submit([recipe] * count, title="t", first=first)]
        self.states.update(dict.fromkeys(new, JobState.QUEUED))
        if first:
            self.waiting = new + self.waiting
            return
        # Where a batch has its turns is told in test_turns.py: neither it nor any other is mixed up.
        order = [job.id for job in self.queue.jobs(WAITING, limit=1000)]
        assert [id for id in order if id in new] == new
        assert [id for id in order if id not in new] == self.waiting
        self.waiting = order

    @rule()
    def claim(self) -> None:
        expected = next((id for id in self.waiting if self.states[id] is JobState.QUEUED), None)
        job = self.queue.claim()
        assert (job.id if job else None) == (None if self.queue.paused else expected)
        if job:
            self.states[job.id] = JobState.RUNNING
            self.waiting.remove(job.id)

    @rule(number=pick, done=st.booleans())
    def end(self, number: int, done: bool) -> None:
        id = self.any(number, JobState.RUNNING)
        if id is None:
            return
        if done:
            self.queue.complete(id, [text_file(self.project.staging(), id)], **NO_ENV)
        else:
            self.queue.fail(id, BadInput("no"))
        self.states[id] = JobState.DONE if done else JobState.FAILED

    @rule(number=pick)
    def cancel(self, number: int) -> None:
        id = self.any(number)
        if id and not self.states[id].is_final:
            self.states[id] = JobState.CANCELLED
            self.waiting = [other for other in self.waiting if other != id]
        if id:
            assert self.queue.cancel(id).state is self.states[id]

    @rule(number=pick)
    def pause(self, number: int) -> None:
        id = self.any(number, JobState.QUEUED)
        if id:
            self.queue.pause(id)
            self.states[id] = JobState.PAUSED

    @rule(number=pick)
    def resume(self, number: int) -> None:
        id = self.any(number)
        if id:
            self.queue.resume(id)
            if self.states[id] is JobState.PAUSED:
                self.states[id] = JobState.QUEUED

    @rule(number=pick)
    def retry(self, number: int) -> None:
        id = self.any(number)
        if id:
            self.queue.retry(id)
            if self.states[id] in (JobState.FAILED, JobState.CANCELLED):
                self.states[id] = JobState.QUEUED
                self.waiting.append(id)

    @rule(number=pick, before=pick, to_end=st.booleans())
    def move(self, number: int, before: int, to_end: bool) -> None:
        id, other = self.any(number), None if to_end else self.any(before)
        if id:
            self.queue.move(id, other)
            if id in self.waiting and id != other:
                self.waiting.remove(id)
                place = self.waiting.index(other) if other in self.waiting else len(self.waiting)
                self.waiting.insert(place, id)

    @rule()
    def crash_and_recover(self) -> None:
        ran = self.queue.jobs([JobState.RUNNING])
        tried = [job.id for job in ran if job.attempts >= TRIES]
        running = [job.id for job in ran if job.attempts < TRIES]
        self.project.close()
        self.project = Project.open(self.folder / "q.studio")
        self.queue = Queue(self.project)
        assert self.queue.recover() == len(running)
        self.states.update(dict.fromkeys(running, JobState.QUEUED) | dict.fromkeys(tried, JobState.FAILED))
        self.waiting = running + self.waiting

    @rule(number=pick)
    def requeue(self, number: int) -> None:
        id = self.any(number, JobState.RUNNING)
        if id:
            self.queue.requeue(id)
            self.states[id] = JobState.QUEUED
            self.waiting.insert(0, id)

    @precondition(lambda self: hasattr(self, "queue"))
    @rule(paused=st.booleans())
    def pause_all(self, paused: bool) -> None:
        (self.queue.pause_all if paused else self.queue.resume_all)()
        assert self.queue.paused is paused

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "queue"):
            return
        jobs = self.queue.jobs(limit=1000)
        assert {job.id: job.state for job in jobs} == self.states
        assert [job.id for job in jobs if job.state in WAITING] == self.waiting
        ranks = [0 if job.state is JobState.RUNNING else 1 if job.state in WAITING else 2 for job in jobs]
        assert ranks == sorted(ranks)
        made = {item.job for item in self.project.items(limit=1000)}
        assert made == {id for id, state in self.states.items() if state is JobState.DONE}


TestQueueMachine = QueueMachine.TestCase
TestQueueMachine.settings = settings(max_examples=25, stateful_step_count=30)
TestQueueMachine.pytestmark = [pytest.mark.slow]


def test_titles_follow_the_language(queue: Queue, recipe_of: MakeRecipe, tmp_path: Path) -> None:
    title = stored("{name}, other seeds", name=stored("Seed {seed}", seed=7))
    queue.submit([recipe_of(), recipe_of()], title=title, titles=[stored("Seed {seed}", seed=7), "Lake"])
    assert [job.title for job in queue.jobs()] == ["Seed 7", "Lake"]
    words.use("de", translation_folders(), tmp_path)
    try:
        assert [job.title for job in queue.jobs()] == ["Startwert 7", "Lake"]
        assert queue.batches()[0].title == "Startwert 7, andere Startwerte"
    finally:
        words.use(words.ENGLISH, [], tmp_path)
