"""Short jobs beside long ones: a lane of their own, with the same promises."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from studio.backends.device import Memory
from studio.core.item import JobState
from studio.jobs import admission, side_lane
from studio.jobs.estimate import Work
from studio.jobs.queue import Job
from studio.jobs.runner import Runner
from studio.project.store import Project

pytestmark = pytest.mark.slow

SLOW = "stress/slow"
LONG, SHORT = Work(SLOW, "cpu"), Work("stress/stress", "cpu")


def count(path: Path) -> int:
    text = path.read_text() if path.exists() else ""
    return int(text or 0)


def until(holds: Any) -> None:
    deadline = time.monotonic() + 100
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for_steps(path: Path, more_than: int = 2) -> None:
    until(lambda: count(path) > more_than)


@pytest.fixture
def long(wide_rig: Any, tmp_path: Path) -> Job:
    """A long job that runs until the file `long.end` is there; what is short takes a tenth of a second."""
    wide_rig.runner.history.add(SHORT, 0.1, 50_000_000)
    wide_rig.runner.history.add(LONG, 600, 50_000_000)
    path = tmp_path / "long"
    job = wide_rig.submit("waits", generator=SLOW, text=str(path))
    wait_for_steps(path)
    return job


def test_a_short_job_does_not_wait_for_a_long_one(wide_rig: Any, long: Job, tmp_path: Path) -> None:
    short = wide_rig.run("write", text="short")
    assert short.state is JobState.DONE
    assert wide_rig.queue.job(long.id).state is JobState.RUNNING
    before = count(tmp_path / "long")
    wait_for_steps(tmp_path / "long", before)
    (tmp_path / "long.end").touch()
    (long,) = wide_rig.runner.wait([long.id], 100)
    assert (long.state, long.attempts) == (JobState.DONE, 1)


def test_the_worker_is_ready_before_it_is_asked(wide_rig: Any, long: Job) -> None:
    until(lambda: wide_rig.runner._lanes[-1]._host.alive)
    pid = wide_rig.runner._lanes[-1]._host.pid
    wide_rig.run("write")
    wide_rig.run("write")
    assert wide_rig.runner._lanes[-1]._host.pid == pid
    if hasattr(psutil.Process, "nice"):
        assert psutil.Process(pid).nice() < psutil.Process(wide_rig.runner._lanes[0]._host.pid).nice()


def test_what_nobody_knows_or_takes_long_waits(wide_rig: Any, long: Job, recipe_of: Any) -> None:
    long_too = wide_rig.submit("write", generator=SLOW)
    wide_rig.runner.history.add(SHORT, 4, 50_000_000)
    wide_rig.runner.history.add(SHORT, 4, 50_000_000)
    many = wide_rig.runner.submit([recipe_of()] * 3, title="together they take 12 s")
    (alone,) = wide_rig.runner.submit([recipe_of()], title="alone")
    assert wide_rig.runner.wait([alone.id], 100)[0].state is JobState.DONE  # they had been looked at first
    assert wide_rig.queue.job(long_too.id).state is JobState.QUEUED
    assert {wide_rig.queue.job(job.id).state for job in many} == {JobState.QUEUED}


def test_without_memory_it_goes_between(
    wide_rig: Any, long: Job, recipe_of: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []

    def full(device: str) -> Memory:
        looked.append(device)
        return Memory(8 << 30, 1 << 28)

    monkeypatch.setattr(admission, "device_memory", full)
    next_long = wide_rig.submit("waits", generator=SLOW, text=str(tmp_path / "next"))
    (short,) = wide_rig.runner.submit([recipe_of()], title="short", first=True)
    until(lambda: looked)
    assert wide_rig.queue.job(short.id).state is JobState.QUEUED
    (tmp_path / "long.end").touch()
    (short,) = wide_rig.runner.wait([short.id], 100)
    wait_for_steps(tmp_path / "next")
    assert short.finished < wide_rig.queue.job(next_long.id).started
    (tmp_path / "next.end").touch()


def test_the_short_job_can_be_held_and_cancelled(wide_rig: Any, long: Job, tmp_path: Path) -> None:
    path = tmp_path / "short"
    short = wide_rig.submit("waits", text=str(path))
    wait_for_steps(path)
    wide_rig.runner.pause(short.id)
    assert wide_rig.queue.job(short.id).state is JobState.PAUSED
    wide_rig.runner.resume(short.id)
    assert wide_rig.queue.job(short.id).state is JobState.RUNNING
    wait_for_steps(path, count(path) + 2)
    wide_rig.runner.cancel(short.id)
    assert wide_rig.runner.wait([short.id], 100)[0].state is JobState.CANCELLED
    assert wide_rig.queue.job(long.id).state is JobState.RUNNING


def test_a_paused_queue_holds_both(wide_rig: Any, long: Job, tmp_path: Path) -> None:
    wide_rig.runner.pause_all()
    short = wide_rig.submit("write")
    assert wide_rig.runner.wait([short.id], 0.5)[0].state is JobState.QUEUED
    wide_rig.runner.resume_all()
    assert wide_rig.runner.wait([short.id], 100)[0].state is JobState.DONE


def test_short_work_goes_on_while_the_long_job_is_held(wide_rig: Any, long: Job) -> None:
    wide_rig.runner.pause(long.id)
    assert wide_rig.run("write").state is JobState.DONE
    assert wide_rig.queue.job(long.id).state is JobState.PAUSED


def test_a_killed_worker_costs_nothing_but_time(wide_rig: Any, long: Job, tmp_path: Path) -> None:
    path = tmp_path / "short"
    short = wide_rig.submit("waits", text=str(path))
    wait_for_steps(path)
    (tmp_path / "short.end").touch()
    for lane in wide_rig.runner._lanes:
        psutil.Process(lane._host.pid).kill()
    (tmp_path / "long.end").touch()
    done = wide_rig.runner.wait([short.id, long.id], 100)
    assert [job.state for job in done] == [JobState.DONE] * 2
    assert wide_rig.project.count() == 2


def test_stop_gives_both_back(
    wide_rig: Any, long: Job, tmp_path: Path, stress_environment: dict[str, str], project: Project
) -> None:
    path = tmp_path / "short"
    short = wide_rig.submit("waits", text=str(path))
    wait_for_steps(path)
    wide_rig.runner.stop()
    assert {job.id for job in wide_rig.queue.jobs([JobState.QUEUED])} == {short.id, long.id}
    (tmp_path / "short.end").touch()
    (tmp_path / "long.end").touch()
    house = wide_rig.runner._lanes[0]._house
    again = Runner(project, house.catalog, house.models, on_event=str, environment=stress_environment)
    again.start()
    done = again.wait([short.id, long.id], 100)
    again.stop()
    assert [job.state for job in done] == [JobState.DONE] * 2
    assert project.count() == 2


def test_an_idle_worker_gives_its_memory_back(
    wide_rig: Any, long: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = wide_rig.runner._lanes[-1]
    wide_rig.run("write")
    pid = side._host.pid
    until(side.give_room)  # once it has put its job away
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert wide_rig.run("write").state is JobState.DONE  # in a fresh one
    monkeypatch.setattr(side_lane, "REST_SECONDS", 0.0)
    (tmp_path / "long.end").touch()
    until(lambda: not side._host.alive)
