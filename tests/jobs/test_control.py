"""Cancel, pause, resume, reorder, retry: what a person does to jobs, with a real worker."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from studio.core.item import JobState
from studio.core.kind import Kind
from studio.errors import DiskFull, ProjectReadOnly, WorkerDied
from studio.jobs.estimate import work_of_recipe
from studio.jobs.events import (
    ItemsAdded,
    JobChanged,
    JobLog,
    JobPreview,
    JobProgress,
    QueueChanged,
    WorkerChanged,
)
from studio.jobs.host import WorkerHost
from studio.jobs.runner import Runner
from studio.project.store import Project

pytestmark = pytest.mark.slow


def count(path: Path) -> int:
    text = path.read_text() if path.exists() else ""
    return int(text or 0)


def wait_for_steps(path: Path, more_than: int) -> None:
    deadline = time.monotonic() + 100
    while count(path) <= more_than:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_still(path: Path) -> bool:
    """A step that had begun may end, whenever that is."""
    for _ in range(20):
        before = count(path)
        time.sleep(0.3)
        if count(path) == before:
            return True
    return False


def test_a_job_is_told_from_submission_to_items(rig: Any) -> None:
    began = time.monotonic()
    job = rig.run("write", text="hello", prompt="a prompt")
    assert job.state is JobState.DONE
    assert job.seconds is not None and 0 < job.seconds < time.monotonic() - began
    assert job.peak_memory > 1_000_000
    states = [event.job.state for event in rig.events if isinstance(event, JobChanged)]
    assert states == [JobState.QUEUED, JobState.RUNNING, JobState.DONE]
    (added,) = [event for event in rig.events if isinstance(event, ItemsAdded)]
    (item,) = added.items
    assert rig.project.items() == [item]
    assert (item.name, item.kind, item.extension, item.job) == ("hello", Kind.TEXT, ".txt", job.id)
    assert rig.project.blob_path(item.digest).read_text().startswith("hello 0 0.84")
    assert rig.project.items(text="a prompt") == [item]
    assert rig.project.recipe_of(item.uid) == job.recipe
    assert any(isinstance(event, JobLog) and event.line == "stress is imported" for event in rig.events)
    assert "done in" in rig.log_of(job.id)
    env = rig.project.db.read("SELECT env FROM job")[0]["env"]
    assert '"plugin": "studio-stress 1.0"' in env
    rig.runner.stop()
    assert not any((rig.project.folder / "tmp").iterdir())


def test_an_artifact_comes_from_the_jobs_first_input(rig: Any, recipe_of: Any, tmp_path: Path) -> None:
    source = tmp_path / "letter.txt"
    source.write_text("dear")
    asset = rig.project.add_asset(source, kind=Kind.TEXT)
    (job,) = rig.runner.submit([recipe_of("write", source=asset.digest)], title="x")
    assert rig.runner.wait([job.id], 100)[0].state is JobState.DONE
    made = rig.project.items(job=job.id)[0]
    assert made.parent == asset.uid
    assert made.name == "letter"
    assert rig.project.blob_path(made.digest).read_text().endswith("dear")


def test_several_artifacts_of_one_job(rig: Any) -> None:
    job = rig.run("many", number=5)
    names = [item.name for item in reversed(rig.project.items(job=job.id))]
    assert names == [f"part {n}" for n in range(5)]


def test_previews_arrive(rig: Any) -> None:
    rig.run("previews")
    pictures = [event.image for event in rig.events if isinstance(event, JobPreview)]
    assert pictures == [b"\x89PNG picture %d" % n for n in range(3)]


def test_progress_arrives_with_what_is_left(rig: Any, recipe_of: Any, tmp_path: Path) -> None:
    path = tmp_path / "n"
    recipe = recipe_of("waits", text=str(path))
    like = work_of_recipe(rig.project, rig.runner._catalog.generators[recipe.generator], recipe)
    for _ in range(9):  # else nothing is said of how long it still takes
        rig.runner.history.add(like, 60.0)
    job = rig.submit("waits", text=str(path))
    rig.until(lambda e: isinstance(e, JobProgress) and e.job_id == job.id and e.left is not None)
    Path(f"{path}.end").touch()
    assert rig.runner.wait([job.id], 100)[0].state is JobState.DONE


def test_cancel_of_a_running_and_of_a_waiting_job(rig: Any, tmp_path: Path) -> None:
    path = tmp_path / "n"
    running, waiting = rig.submit("waits", text=str(path)), rig.submit("write")
    wait_for_steps(path, 2)
    rig.runner.cancel(waiting.id)
    rig.runner.cancel(running.id)
    assert [job.state for job in rig.runner.wait([running.id, waiting.id], 100)] == [JobState.CANCELLED] * 2
    assert rig.run("write").state is JobState.DONE
    assert rig.workers_started() == 1  # it heard the flag
    assert rig.project.count() == 1


@pytest.mark.parametrize("how", ["job", "batch", "queue"])
def test_pause_holds_the_run_and_resume_lets_it_go_on(rig: Any, tmp_path: Path, how: str) -> None:
    path = tmp_path / "n"
    job = rig.submit("waits", text=str(path))
    runner = rig.runner
    wait_for_steps(path, 2)
    pause, resume = {
        "job": (lambda: runner.pause(job.id), lambda: runner.resume(job.id)),
        "batch": (lambda: runner.pause_batch(job.batch), lambda: runner.resume_batch(job.batch)),
        "queue": (runner.pause_all, runner.resume_all),
    }[how]
    pause()
    assert is_still(path)
    held = count(path)
    assert rig.queue.job(job.id).state is (JobState.PAUSED if how == "job" else JobState.RUNNING)
    resume()
    wait_for_steps(path, held + 2)
    Path(f"{path}.end").touch()
    done = runner.wait([job.id], 100)[0]
    assert done.state is JobState.DONE
    assert done.attempts == 1


def test_a_paused_run_can_be_cancelled(rig: Any, tmp_path: Path) -> None:
    path = tmp_path / "n"
    job = rig.submit("waits", text=str(path))
    wait_for_steps(path, 2)
    rig.runner.pause(job.id)
    rig.runner.cancel(job.id)
    assert rig.runner.wait([job.id], 100)[0].state is JobState.CANCELLED
    assert rig.run("write").state is JobState.DONE
    assert rig.workers_started() == 1


def test_order_first_move_and_paused_jobs(rig: Any, recipe_of: Any) -> None:
    rig.runner.pause_all()
    a, b, c = rig.runner.submit([recipe_of(text=t) for t in "abc"], title="abc", titles=["a", "b", "c"])
    (d,) = rig.runner.submit([recipe_of(text="d")], title="d", first=True)
    rig.runner.move(c.id, a.id)
    rig.runner.pause(b.id)
    assert [job.title for job in rig.queue.jobs()] == ["d", "c", "a", "b"]
    assert any(isinstance(event, QueueChanged) for event in rig.events)
    rig.runner.resume_all()
    rig.runner.wait([a.id, c.id, d.id], 100)
    assert [item.name for item in reversed(rig.project.items())] == ["d", "c", "a"]
    assert rig.queue.job(b.id).state is JobState.PAUSED
    rig.runner.resume(b.id)
    assert rig.runner.wait([b.id], 100)[0].state is JobState.DONE


def test_retry_runs_a_failed_job_again(rig: Any) -> None:
    job = rig.run("fails")
    rig.runner.retry(job.id)
    again = rig.runner.wait([job.id], 100)[0]
    assert (again.state, again.attempts) == (JobState.FAILED, 1)  # asked for by hand: counted anew


def test_a_batch_is_cancelled_as_one(rig: Any, recipe_of: Any, tmp_path: Path) -> None:
    path = tmp_path / "n"
    jobs = rig.runner.submit([recipe_of("waits", text=str(path))] * 3, title="three")
    wait_for_steps(path, 2)
    rig.runner.cancel_batch(jobs[0].batch)
    ended = rig.runner.wait([job.id for job in jobs], 100)
    assert [job.state for job in ended] == [JobState.CANCELLED] * 3


def test_stop_gives_the_running_job_back_and_start_takes_it_up(
    rig: Any, tmp_path: Path, stress_environment: dict[str, str]
) -> None:
    path = tmp_path / "n"
    job, after = rig.submit("waits", text=str(path)), rig.submit("write")
    wait_for_steps(path, 2)
    rig.runner.stop()
    assert [j.id for j in rig.queue.jobs([JobState.QUEUED])] == [job.id, after.id]
    Path(f"{path}.end").touch()
    house = rig.runner._lanes[0]._house
    second = Runner(
        rig.project, house.catalog, house.models, on_event=rig._hear, environment=stress_environment
    )
    assert second.start() == 0
    assert [j.state for j in second.wait([job.id, after.id], 100)] == [JobState.DONE] * 2
    second.stop()


def test_a_device_that_is_not_here_fails_in_words(rig: Any, recipe_of: Any) -> None:
    (job,) = rig.runner.submit([recipe_of(device="cuda:7")], title="x")
    (job,) = rig.runner.wait([job.id], 100)
    assert job.state is JobState.FAILED
    assert "no device “cuda:7”" in job.error.message


def test_a_missing_input_fails_in_words(rig: Any, recipe_of: Any) -> None:
    (job,) = rig.runner.submit([recipe_of(source="0" * 64)], title="x")
    (job,) = rig.runner.wait([job.id], 100)
    assert job.error.code == "missing-blob"


def test_another_version_of_the_generator_is_refused(rig: Any, recipe_of: Any) -> None:
    (job,) = rig.runner.submit([recipe_of().changed(generator_version="0")], title="x")
    (job,) = rig.runner.wait([job.id], 100)
    assert "version 0" in job.error.message


def test_a_grown_worker_is_replaced(rig: Any) -> None:
    rig.run("write")
    rig.run("grows", number=400_000_000)
    rig.run("write")
    assert rig.workers_started() == 2


def test_a_worker_is_replaced_after_its_share_of_jobs(rig: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.jobs.lane.RECYCLE_JOBS", 2)
    for _ in range(3):
        rig.run("write")
    assert rig.workers_started() == 2


def test_warm_up_starts_a_worker_without_a_job(rig: Any) -> None:
    rig.runner.warm_up()
    rig.until(lambda e: getattr(e, "state", "") == "ready")


def test_wait_ends_at_its_timeout(rig: Any) -> None:
    rig.runner.pause_all()
    job = rig.submit("write")
    assert rig.runner.wait([job.id], 0.05)[0].state is JobState.QUEUED


def test_a_listener_that_fails_does_not_stop_the_queue(rig: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(event: object) -> None:
        raise RuntimeError("the window is gone")

    monkeypatch.setattr(rig.runner, "_on_event", broken)
    assert rig.run("write").state is JobState.DONE


def test_a_full_disk_fails_the_job_and_the_queue_goes_on_later(
    rig: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing at all can be written for a while: not the artifact, not even the failure."""
    full = True

    def unless_full(real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            if full:
                raise DiskFull("Disk full.", "Free some space.")
            return real(*arguments, **named)

        return call

    monkeypatch.setattr("studio.jobs.lane._RETRY_SECONDS", 0.1)
    monkeypatch.setattr(rig.queue, "complete", unless_full(rig.queue.complete))
    monkeypatch.setattr(rig.queue, "fail", unless_full(rig.queue.fail))
    job = rig.submit("write")
    rig.until(lambda e: isinstance(e, JobChanged) and e.job.state is JobState.FAILED)
    assert rig.queue.job(job.id).state is JobState.RUNNING  # on the full disk
    full = False
    (job,) = rig.runner.wait([job.id], 100)
    assert job.error.code == "disk-full"
    assert rig.run("write").state is JobState.DONE


def test_a_worker_that_cannot_start_fails_the_job_that_needs_it(
    rig: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = []

    def broken(host: object) -> None:
        starts.append(host)
        raise WorkerDied("The worker cannot be started.", "Try again.")

    with monkeypatch.context() as patch:
        patch.setattr(WorkerHost, "start", broken)
        job = rig.run("write")
    assert job.state is JobState.FAILED
    assert job.error.code == "worker-died"
    assert len(starts) == 3
    assert rig.run("write").state is JobState.DONE


def test_a_read_only_project_is_left_alone(
    rig: Any, recipe_of: Any, tmp_path: Path, stress_environment: dict[str, str]
) -> None:
    rig.runner.stop()
    rig.queue.submit([recipe_of()], title="x")
    rig.project.close()
    with Project.open(rig.project.folder, read_only=True) as project:
        house = rig.runner._lanes[0]._house
        runner = Runner(project, house.catalog, house.models, on_event=lambda event: None)
        assert runner.start() == 0
        assert runner.queue.counts()[JobState.QUEUED] == 1
        with pytest.raises(ProjectReadOnly):
            runner.submit([recipe_of()], title="x")
        runner.stop()


def test_a_defect_of_ours_delays_the_queue_but_does_not_end_it(
    rig: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = rig.queue.claim, [1, 2]

    def claim(**named: Any) -> Any:
        if left:
            raise RuntimeError(f"defect {left.pop()}")
        return real(**named)

    monkeypatch.setattr("studio.jobs.lane._RETRY_SECONDS", 0.05)
    monkeypatch.setattr(rig.queue, "claim", claim)
    assert rig.run("write").state is JobState.DONE
    said = [event.detail for event in rig.events if isinstance(event, WorkerChanged) and event.detail]
    assert len(said) == 2 and "The studio itself failed here (RuntimeError)" in said[0]
