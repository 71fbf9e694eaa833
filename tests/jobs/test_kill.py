"""`kill -9` of the studio, of its worker, or of both, at any moment: the batch ends whole, nothing twice.

STUDIO_KILL_ROUNDS sets how many kills, STUDIO_KILL_SEED repeats a run.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import psutil
import pytest

from studio.core.item import JobState
from studio.core.recipe import Recipe
from studio.jobs.queue import TRIES, Queue
from studio.plugins.catalog import Catalog
from studio.project.store import Project

ITEMS = 50
ROUNDS = int(os.environ.get("STUDIO_KILL_ROUNDS", "20"))
SEED = int(os.environ.get("STUDIO_KILL_SEED", time.time_ns() % 10**6))


@pytest.mark.slow
@pytest.mark.timeout(600 + 60 * ROUNDS)
@pytest.mark.parametrize("lanes", [1, 2])
def test_a_batch_survives_kills(
    tmp_path: Path,
    stress_catalog: Catalog,
    stress_environment: dict[str, str],
    recipe_of: Callable[..., Recipe],
    lanes: int,
) -> None:
    catalog = tmp_path / "catalog.json"
    catalog.write_bytes(msgspec.json.encode(stress_catalog))
    chance = random.Random(SEED)
    rounds, batches = ROUNDS, 0
    while rounds > 0:
        batches += 1
        folder = tmp_path / f"{batches}.studio"
        with Project.create(folder) as project:
            recipes = [recipe_of(text=f"item {n}", seed=n, seconds=0.01) for n in range(ITEMS)]
            if lanes == 1:
                Queue(project).submit(recipes, title="batch")
            else:
                _submit_long_and_short(Queue(project), recipes)
        target = str(Path(__file__).with_name("kill_target.py"))
        short_seconds = "0.1" if lanes == 2 else "0"
        command = [sys.executable, target, str(folder), str(catalog), short_seconds]
        rounds = _kill_until_done(folder, command, {**os.environ, **stress_environment}, chance, rounds)
        _check(folder)


def _submit_long_and_short(queue: Queue, recipes: list[Recipe]) -> None:
    """Every fifth takes half a second; what is short comes by itself, as people ask for it."""
    for recipe in recipes[1::5]:
        slow = {"seconds": 0.5, "text": recipe.params["text"], "what": "write"}
        queue.submit([recipe.changed(generator="stress/slow", params=slow)], title="long")
    for recipe in recipes:
        if recipe not in recipes[1::5]:
            queue.submit([recipe], title="short")


def _kill_until_done(
    folder: Path, command: list[str], environment: dict[str, str], chance: random.Random, rounds: int
) -> int:
    """Runs the command to its end, with at most so many kills on the way; returns how many are left."""
    studio = psutil.Popen(command, env=environment, stderr=subprocess.PIPE)
    workers: list[psutil.Process] = []
    while rounds > 0:
        time.sleep(chance.uniform(0.02, 1.2))
        # What was interrupted too often fails, as it should: on a busy computer, one may be hit each time.
        while studio.poll() is None and _would_fail(folder):
            time.sleep(0.05)
        if studio.poll() is not None:
            break
        rounds -= 1
        target = chance.choice(["studio", "worker", "both"])
        workers = studio.children()
        for process in {"studio": [studio], "worker": workers, "both": [studio, *workers]}[target]:
            if process.is_running():
                process.kill()
        if target != "worker":
            studio.wait(300)
            for worker in workers:  # it goes with its studio
                worker.wait(300)
            studio = psutil.Popen(command, env=environment, stderr=subprocess.PIPE)
    _, said = studio.communicate(timeout=500)
    assert studio.returncode == 0, f"seed {SEED}: {said.decode()}"
    return rounds


def _would_fail(folder: Path) -> bool:
    """Whether a job has but one attempt left, or may begin its last before the kill comes."""
    # Not read-only: after a kill in the middle of a transaction, whoever reads first must take it back.
    with closing(
        sqlite3.connect(f"file:{folder / 'project.db'}?mode=rw", uri=True, timeout=30)
    ) as connection:
        query = "SELECT count(*) FROM job WHERE state IN ('queued', 'running') AND attempts >= ?"
        return bool(connection.execute(query, (TRIES - 1,)).fetchone()[0])


def _check(folder: Path) -> None:
    with Project.open(folder) as project:
        queue = Queue(project)
        items, jobs = project.items(limit=1000), queue.jobs(limit=1000)
        told = [f"{job.error} ({job.error.detail})" for job in jobs if job.error]
        assert Counter(job.state for job in jobs) == {JobState.DONE: ITEMS}, f"seed {SEED}: {told}"
        assert sorted(item.name for item in items) == sorted(f"item {n}" for n in range(ITEMS)), (
            f"seed {SEED}"
        )
        assert {item.job for item in items} == {job.id for job in jobs}
        for item in items:
            number = item.name.split()[1]
            assert project.blob_path(item.digest).read_text().startswith(f"item {number} {number} ")
        assert not any((folder / "tmp").iterdir())
