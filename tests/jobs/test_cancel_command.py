"""`studio cancel`: with nobody at the queue, and while another studio works it off."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio import cli
from studio.cli import codes
from studio.core.item import JobState
from studio.core.recipe import Recipe
from studio.errors import BadInput
from studio.jobs import asked
from studio.jobs.events import JobProgress
from studio.jobs.queue import Queue
from studio.project.store import Project


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, Any]]:
    code = cli.main(["cancel", *map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def folder(tmp_path: Path, recipe_of: Callable[..., Recipe]) -> Path:
    """Two batches: "Night" with a, b and c, of which a has failed, and "Day" with d."""
    folder = tmp_path / "Q.studio"
    with Project.create(folder) as project:
        queue = Queue(project)
        queue.submit([recipe_of()] * 3, title="Night", titles=list("abc"))
        queue.fail(queue.claim().id, BadInput("no"))
        queue.submit([recipe_of()], title="Day", titles=["d"])
    return folder


def states(folder: Path) -> dict[str, str]:
    with Project.open(folder, read_only=True) as project:
        return {job.title: job.state.value for job in Queue(project).jobs()}


def ids(folder: Path) -> dict[str, str]:
    with Project.open(folder, read_only=True) as project:
        return {job.title: job.id for job in Queue(project).jobs()}


def test_without_a_job_it_lists_what_is_open(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, said = run(capsys, folder)
    assert (code, {job["title"] for job in said["jobs"]}) == (codes.OK, set("bcd"))
    assert cli.main(["cancel", str(folder)]) == codes.OK
    lines = capsys.readouterr().out.splitlines()
    assert f"{ids(folder)['b'][:8]}  queued   Night: b" in lines


def test_jobs_by_how_their_ids_begin(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, said = run(capsys, folder, ids(folder)["b"][:8])
    assert (code, [job["title"] for job in said["cancelled"]]) == (codes.OK, ["b"])
    assert states(folder) == {"a": "failed", "b": "cancelled", "c": "queued", "d": "queued"}
    code, said = run(capsys, folder, ids(folder)["a"], ids(folder)["c"])
    assert (code, said["ok"]) == (codes.SOME_FAILED, False)
    assert ([job["title"] for job in said["cancelled"]], [job["title"] for job in said["over"]]) == (
        ["c"],
        ["a"],
    )
    for name in ("nothing", ""):
        code, said = run(capsys, folder, name)
        assert code == codes.BAD_INPUT
        assert "studio cancel" in said["error"]["hint"]


def test_a_batch_and_all(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert run(capsys, folder, "--batch", "Evening")[0] == codes.BAD_INPUT
    assert run(capsys, folder, "--batch", "Night")[0] == codes.OK
    assert states(folder) == {"a": "failed", "b": "cancelled", "c": "cancelled", "d": "queued"}
    assert run(capsys, folder, "--all")[0] == codes.OK
    assert states(folder)["d"] == "cancelled"
    code, said = run(capsys, folder, "--all")
    assert (code, said["cancelled"]) == (codes.OK, [])


@pytest.mark.slow
def test_while_another_studio_runs_the_queue(
    capsys: pytest.CaptureFixture[str], rig: Any, tmp_path: Path
) -> None:
    running, waiting = rig.submit("waits", text=str(tmp_path / "n")), rig.submit("write")
    rig.until(lambda event: isinstance(event, JobProgress))
    code, said = run(capsys, rig.project.folder, running.id, waiting.id)
    assert (code, len(said["cancelled"])) == (codes.OK, 2)
    over = rig.runner.wait([running.id, waiting.id], 100)
    assert [job.state for job in over] == [JobState.CANCELLED] * 2
    assert rig.run("write").state is JobState.DONE


@pytest.mark.slow
def test_a_studio_that_does_not_answer(
    capsys: pytest.CaptureFixture[str], rig: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.runner.pause_all()
    waiting = rig.submit("write")
    rig.runner.stop()
    monkeypatch.setattr(asked.ask_to_cancel, "__defaults__", (0.2,))
    code, said = run(capsys, rig.project.folder, waiting.id)
    assert code == codes.PROJECT
    assert "does not answer" in said["error"]["message"]
    assert rig.queue.job(waiting.id).state is JobState.QUEUED
    assert not list((rig.project.folder / "tmp").glob("cancel-*"))
