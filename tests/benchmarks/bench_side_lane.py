"""Short jobs beside a long one: how soon they start, and what both cost together.

Run with `pytest -m benchmark tests/benchmarks/bench_side_lane.py -s`. Both multiply large matrices with all
processor cores, so they are in each other's way as much as work can be.
"""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

import pytest

from studio.core.recipe import Recipe
from studio.jobs.describe import discover
from studio.jobs.estimate import Work
from studio.jobs.events import Event, JobPlanned
from studio.jobs.runner import Runner
from studio.models.store import ModelStore
from studio.project.store import Project
from tests.benchmarks.sizes import at_most, size

LONG, SHORT, COUNT = size((100, 4, 8), (3, 1, 2))
"""Products of the long job and of a short one, and how many short ones."""
START_SECONDS = at_most(0.3)
TOGETHER = at_most(1.15)
SOURCE = """
from studio.api import *

class Multiplies(Generator):
    name, title, kind = "long", "Long", Kind.TEXT

    class Params(Params):
        products: int = 1

    def generate(self, params, run):
        import numpy as np

        a = run.warm("matrix", lambda: np.ones((1500, 1500), np.float32))
        for n in range(params.products):
            run.progress(n, params.products)
            a @ a
        path = run.scratch / "out.txt"
        path.write_text(str(run.seed))
        yield NewArtifact(path, Kind.TEXT)

class Short(Multiplies):
    name, title = "short", "Short"

@hookimpl
def register_generators(): return [Multiplies, Short]
"""


def _recipe(generator: str, products: int, seed: int = 0) -> Recipe:
    params = {"products": products}
    return Recipe(generator=f"both/{generator}", generator_version="1", params=params, seed=seed)


@pytest.mark.benchmark
def test_a_short_job_starts_at_once_and_both_cost_little_more(tmp_path: Path) -> None:
    site = tmp_path / "site"
    info = site / "both-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: both\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[studio.plugins]\nboth = both_plugin\n")
    (site / "both_plugin.py").write_text(SOURCE)
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))}
    catalog = discover(tmp_path / "cache", environment=environment)
    planned: dict[str, float] = {}

    def hear(event: Event) -> None:
        if isinstance(event, JobPlanned):
            planned[event.job_id] = time.perf_counter()

    with Project.create(tmp_path / "bench.studio") as project:
        models = ModelStore(tmp_path)
        runner = Runner(project, catalog, models, on_event=hear, environment=environment, side_lane=True)
        runner.history.add(Work("both/long", "cpu"), 600, 100 << 20)
        runner.history.add(Work("both/short", "cpu"), 0.1, 100 << 20)
        runner.start()

        def run_short() -> float:
            """Seconds until it has begun."""
            began = time.perf_counter()
            (job,) = runner.submit([_recipe("short", SHORT)], title="short", first=True)
            runner.wait([job.id])
            return planned[job.id] - began

        run_short()  # nothing is imported the first time that counts
        began = time.perf_counter()
        for _ in range(COUNT):
            run_short()
        short_alone = time.perf_counter() - began
        began = time.perf_counter()
        runner.wait([runner.submit([_recipe("long", LONG)], title="long")[0].id])
        long_alone = time.perf_counter() - began

        began = time.perf_counter()
        (long,) = runner.submit([_recipe("long", LONG, seed=1)], title="long")
        while long.id not in planned:
            time.sleep(0.01)
        run_short()  # warms the worker beside
        starts = [run_short() for _ in range(COUNT - 1)]
        was_beside = runner.queue.job(long.id).finished is None
        runner.wait([long.id])
        together = time.perf_counter() - began
        runner.stop()

    ratio = together / (short_alone + long_alone)
    print(
        f"\na short job beside a long one starts after {statistics.median(starts) * 1000:.0f} ms (median),"
        f" {max(starts) * 1000:.0f} ms (longest of {len(starts)}), with the long one "
        f"{'still running' if was_beside else 'over'};"
        f" {COUNT} short ones alone {short_alone:.2f} s, the long one alone {long_alone:.2f} s,"
        f" together {together:.2f} s: {ratio:.2f} of the sum"
    )
    assert statistics.median(starts) <= START_SECONDS
    assert ratio <= TOGETHER
