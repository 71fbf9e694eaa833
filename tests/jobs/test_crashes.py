"""A worker's end fails one job, in words, at once; the next job runs in a fresh worker."""

from __future__ import annotations

from typing import Any

import pytest

from studio.core.item import JobState
from studio.jobs.events import JobChanged

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("what", "code", "words"),
    [
        ("segv", "worker-died", "segmentation fault"),
        ("abort", "worker-died", "abort"),
        ("exit", "worker-died", "exit code 3"),
        ("orphan", "worker-died", "segmentation fault"),
        ("garbage", "worker-died", "cannot be understood"),
    ],
)
def test_a_death_fails_one_job_in_words(rig: Any, what: str, code: str, words: str) -> None:
    job, after = rig.submit(what), rig.submit("write", text="after")
    began = rig.until(
        lambda e: isinstance(e, JobChanged) and e.job.id == job.id and e.job.state is JobState.RUNNING
    )
    assert began
    job = rig.runner.wait([job.id], 100)[0]
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert job.error.code == code
    assert words in job.error.message
    assert "safe" in job.error.hint or what == "garbage"
    assert rig.runner.wait([after.id], 100)[0].state is JobState.DONE
    assert rig.workers_started() == 2


def test_the_last_words_of_a_crash_are_its_detail(rig: Any) -> None:
    job = rig.run("segv")
    assert job.error is not None
    assert "Segmentation fault" in job.error.detail  # faulthandler's traceback
    assert "in segv" in job.error.detail
    assert "segmentation fault" in rig.log_of(job.id)


def test_a_job_that_is_killed_every_time_fails_for_memory(rig: Any) -> None:
    job = rig.run("killed")
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert "memory ran out" in job.error.message
    assert job.attempts == 3
    assert rig.run("write").state is JobState.DONE


@pytest.mark.parametrize(
    ("what", "code", "message", "hint"),
    [
        ("memory", "out-of-memory", "ran out of memory", "smaller"),
        ("sys_exit", "plugin", "tried to end the program", "author"),
        ("fails", "plugin", "the moon is full", "Wait for the new moon."),
        ("says", "bad-input", "This is too blue.", "Make it green."),
        ("nothing", "plugin", "made nothing", "author"),
        ("outside", "plugin", "outside", "author"),
    ],
)
def test_what_a_generator_raises_leaves_the_worker_alive(
    rig: Any, what: str, code: str, message: str, hint: str
) -> None:
    job = rig.run(what)
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert (job.error.code, message in job.error.message, hint in job.error.hint) == (code, True, True)
    assert rig.run("write").state is JobState.DONE
    assert rig.workers_started() == 1


def test_a_native_hang_is_cancelled(rig: Any) -> None:
    """It holds the interpreter lock, so the flag is not even heard: SIGTERM ends it."""
    job = rig.submit("native_hang")
    rig.until(lambda e: getattr(e, "message", "") == "hangs")
    rig.runner.cancel(job.id)
    assert rig.queue.job(job.id).state is JobState.CANCELLED
    after = rig.run("write")
    assert after.state is JobState.DONE
    assert rig.queue.job(job.id).state is JobState.CANCELLED
    assert rig.queue.job(job.id).error is None
    assert rig.workers_started() == 2
