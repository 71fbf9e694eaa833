"""What a job costs beside the work itself: through the queue and a warm worker, against a direct call.

Run with `pytest -m benchmark tests/benchmarks/bench_jobs.py -s`. Most of it is waiting for the disk: a job is
two transactions and a blob, each synced. How much of the time that is, is printed too.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.backends.cache import WarmCache
from studio.core.authoring import Generator
from studio.core.generator import NewArtifact, Run
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.jobs.describe import discover
from studio.jobs.run import execute
from studio.jobs.runner import Runner
from studio.models.store import ModelStore
from studio.project.store import Project
from tests.benchmarks.sizes import at_most, size

JOBS, WRITES = size((60, 20), (2, 2))
GOAL_MS = at_most(30.0)
SOURCE = '''
from studio.api import *

class Small(Generator):
    """Writes a kilobyte."""
    name, title, kind = "small", "Small", Kind.TEXT

    def generate(self, params, run):
        for n in range(20):
            run.progress(n, 20)
        path = run.scratch / "out.txt"
        path.write_text(f"{run.seed} " * 200)
        yield NewArtifact(path, Kind.TEXT)

@hookimpl
def register_generators(): return [Small]
'''


class Small(Generator):
    """The same, for the direct call."""

    name, title, kind = "small", "Small", Kind.TEXT

    def generate(self, params: object, run: Run) -> Iterator[NewArtifact]:
        for n in range(20):
            run.progress(n, 20)
        path = run.scratch / "out.txt"
        path.write_text(f"{run.seed} " * 200)
        yield NewArtifact(path, Kind.TEXT)


def _recipe(seed: int) -> Recipe:
    return Recipe(generator="small/small", generator_version="1", params={}, seed=seed)


@pytest.mark.benchmark
def test_a_job_costs_little_more_than_its_work(tmp_path: Path) -> None:
    site = tmp_path / "site"
    info = site / "small-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: small\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[studio.plugins]\nsmall = small_plugin\n")
    (site / "small_plugin.py").write_text(SOURCE)
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))}
    catalog = discover(tmp_path / "cache", environment=environment)

    direct, alone = [], []
    warm, kept = WarmCache(), tmp_path / "kept"
    kept.mkdir()
    for n in range(JOBS):
        scratch = tmp_path / f"scratch-{n}"
        scratch.mkdir()
        began = time.perf_counter()
        execute(Small(), _recipe(n), {}, {}, scratch, kept, emit=str, cancelled=lambda: False, warm=warm)
        direct.append(time.perf_counter() - began)

    with Project.create(tmp_path / "bench.studio") as project:
        models = ModelStore(tmp_path)
        runner = Runner(project, catalog, models, on_event=str, environment=environment)
        runner.start()
        runner.wait([job.id for job in runner.submit([_recipe(0)], title="warm up")])
        for n in range(JOBS):
            began = time.perf_counter()
            runner.wait([runner.submit([_recipe(1000 + n)], title="one")[0].id])
            alone.append(time.perf_counter() - began)
        began = time.perf_counter()
        many = runner.submit([_recipe(5000 + n) for n in range(JOBS)], title="batch")
        runner.wait([job.id for job in many])
        in_batch = (time.perf_counter() - began) / JOBS
        runner.stop()
        writes = [_synced_writes(project, tmp_path / f"blob-{n}") for n in range(WRITES)]
        synced = statistics.median(writes) * 1000

    base = statistics.median(direct) * 1000
    single, each = statistics.median(alone) * 1000, in_batch * 1000
    print(
        f"\ndirect {base:.2f} ms; a job alone {single:.2f} ms (median); in a batch {each:.2f} ms each (mean);"
        f" of that, synced writes {synced:.2f} ms"
    )
    assert each - base <= GOAL_MS
    assert single - base <= GOAL_MS


def _synced_writes(project: Project, file: Path) -> float:
    """Seconds for what any job must write durably: its claim, its blob, its end."""
    file.write_text(str(file))
    began = time.perf_counter()
    for _ in range(2):
        with project.db.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta(key, value) VALUES ('bench', ?)", (time.time(),))
    project.store_blob(file, extension=".txt", move=True)
    return time.perf_counter() - began
