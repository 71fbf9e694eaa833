"""The host alone, with a real worker."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from studio.backends.plan import Choice
from studio.core.model import Plan
from studio.core.recipe import Recipe
from studio.errors import WorkerDied
from studio.jobs import wire
from studio.jobs.host import WorkerHost

pytestmark = pytest.mark.slow
MakeRecipe = Callable[..., Recipe]


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def host(stress_environment: dict[str, str], lines: list[str]) -> Iterator[WorkerHost]:
    host = WorkerHost(
        on_line=lines.append, environment=stress_environment, cancel_seconds=0.3, terminate_seconds=0.3
    )
    host.start()
    yield host
    host.stop()


def job(recipe: Recipe, staging: Path) -> wire.RunJob:
    (staging / "work").mkdir(parents=True)
    return wire.RunJob(
        job=staging.name,
        recipe=recipe,
        inputs={},
        models={},
        staging=staging,
        kept=staging,
        language="en",
        choices=(Choice(plan=Plan()),),
    )


def test_cancel_of_a_deaf_worker_ends_in_its_death(
    host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path
) -> None:
    def at_progress(message: wire.FromWorker) -> None:
        if isinstance(message, wire.Progress):  # not before: it is deaf from there on only
            host.ask("a", "cancel")

    outcome = host.run(job(recipe_of("deaf"), tmp_path / "a"), at_progress)
    assert outcome == wire.Stopped(job="a")
    assert not host.alive


def test_cancel_before_the_job_has_begun_counts(
    host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path
) -> None:
    host.ask("a", "cancel")
    outcome = host.run(
        job(recipe_of("waits", text=str(tmp_path / "n")), tmp_path / "a"), lambda message: None
    )
    assert outcome == wire.Stopped(job="a")
    assert host.alive


def test_a_job_that_is_run_again_does_not_hear_its_old_cancel(
    host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path
) -> None:
    host.ask("a", "cancel")
    host.forget()
    assert isinstance(host.run(job(recipe_of("write"), tmp_path / "a"), lambda message: None), wire.Done)


def test_a_job_cannot_hear_what_was_meant_for_another(
    host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path
) -> None:
    host.ask("other", "cancel")
    assert isinstance(host.run(job(recipe_of("write"), tmp_path / "a"), lambda message: None), wire.Done)


def test_the_worker_goes_with_its_pipe(host: WorkerHost, lines: list[str]) -> None:
    assert host.pid is not None
    worker = psutil.Process(host.pid)
    host.stop()
    assert not worker.is_running()


def test_the_worker_goes_with_the_thread_that_started_it(stress_environment: dict[str, str]) -> None:
    hosts: list[WorkerHost] = []

    def start_and_end() -> None:
        host = WorkerHost(on_line=lambda line: None, environment=stress_environment)
        host.start()
        hosts.append(host)

    thread = threading.Thread(target=start_and_end)
    thread.start()
    thread.join()
    deadline = time.monotonic() + 100
    while hosts[0].alive and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not hosts[0].alive
    hosts[0].stop()


def test_descriptors_and_threads_do_not_grow(stress_environment: dict[str, str]) -> None:
    def once() -> None:
        host = WorkerHost(on_line=lambda line: None, environment=stress_environment)
        host.start()
        host.kill()
        host.stop()

    once()
    before = len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
    for _ in range(3):
        once()
    assert (len(list(Path("/proc/self/fd").iterdir())), threading.active_count()) == before


def test_running_on_a_dead_worker_says_so(host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path) -> None:
    assert host.pid is not None
    os.kill(host.pid, signal.SIGTERM)
    psutil.Process(host.pid).wait(10) if host.alive else None
    with pytest.raises(WorkerDied):
        host.run(job(recipe_of("write"), tmp_path / "a"), lambda message: None)


def test_what_a_job_prints_is_read_before_the_job_is_over(
    host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path, lines: list[str]
) -> None:
    host.run(job(recipe_of("native_flood"), tmp_path / "a"), lambda message: None)
    assert lines == ["stress is imported", "native", "native", "native", "unfinished line"]


def test_a_flood_is_cut_and_its_end_is_kept(
    host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path, lines: list[str]
) -> None:
    assert isinstance(
        host.run(job(recipe_of("flood", number=200_000), tmp_path / "a"), lambda message: None), wire.Done
    )
    assert len(lines) == 5001
    assert lines[-1] == "… more was printed and is left out."
    assert host._reader.tail[-1] == "flood 199999"
    lines.clear()
    host.run(job(recipe_of("flood", number=2), tmp_path / "b"), lambda message: None)
    assert lines == ["flood 0", "flood 1"]


def test_an_endless_line_is_cut(
    host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path, lines: list[str]
) -> None:
    host.run(job(recipe_of("long_line"), tmp_path / "a"), lambda message: None)
    assert lines[-1].startswith("xxxx")
    assert "996003 more bytes" in lines[-1]
    assert len(lines[-1]) < 4100


def test_nobody_reads_the_protocol_but_the_worker(
    host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path, lines: list[str]
) -> None:
    host.run(job(recipe_of("reads"), tmp_path / "a"), lambda message: None)
    assert lines[-1] == "stdin: ''"


def test_the_worker_is_polite_and_offline(
    host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path, lines: list[str]
) -> None:
    host.run(job(recipe_of("environment"), tmp_path / "a"), lambda message: None)
    assert lines[-4] == (
        "OMP_WAIT_POLICY=passive ORT_DISABLE_TELEMETRY=1 HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1"
        " HF_HUB_DISABLE_TELEMETRY=1 DO_NOT_TRACK=1"
    )
    assert lines[-3] == f"nice={min(19, os.nice(0) + 10)} frozen=True gc=True"
    assert lines[-2] == "heavy="  # a worker that ran a plugin without them has imported none of them
    assert lines[-1] == "safe_path=True"  # the folder that it was started in is no place to import from


def test_warm_objects_are_made_once_per_worker(
    host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path, lines: list[str]
) -> None:
    outcomes = [
        host.run(job(recipe_of("warm", text=key), tmp_path / str(n)), lambda message: None)
        for n, key in enumerate(["a", "b", "a", "a"])
    ]
    said = [line for line in lines if line.startswith("warm")]
    assert said[0] == said[2] == said[3] != said[1]
    assert [outcome.loaded for outcome in outcomes if isinstance(outcome, wire.Done)] == [
        True,
        True,
        False,
        False,
    ]


def test_peak_memory_is_each_jobs_own(host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path) -> None:
    peaks = []
    for n, size in enumerate([0, 100_000_000, 0]):
        outcome = host.run(
            job(recipe_of("uses_memory", number=size), tmp_path / str(n)), lambda message: None
        )
        assert isinstance(outcome, wire.Done)
        peaks.append(outcome.peak_memory)
    assert peaks[1] - peaks[0] > 90_000_000
    assert peaks[1] - peaks[2] > 90_000_000


def test_the_same_recipe_gives_the_same_bytes(
    host: WorkerHost, recipe_of: MakeRecipe, tmp_path: Path
) -> None:
    made = []
    for n, seed in enumerate([7, 7, 8]):
        outcome = host.run(job(recipe_of("write", seed=seed), tmp_path / str(n)), lambda message: None)
        assert isinstance(outcome, wire.Done)
        made.append(outcome.artifacts[0].path.read_bytes())
    assert made[0] == made[1] != made[2]
