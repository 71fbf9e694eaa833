"""What 10,000 jobs leave behind: memory, open files and shared memory of the studio.

Run with `pytest -m benchmark tests/benchmarks/bench_soak.py -s`. The jobs are tiny, and go through the real
queue and a real worker. SQLite keeps up to 16 MB of a project's pages in memory; 9,000 such jobs fill that.
Here it keeps 1 MB, so that nothing else hides behind it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.core.recipe import Recipe
from studio.jobs.describe import discover
from studio.jobs.runner import Runner
from studio.models.store import ModelStore
from studio.project import database
from studio.project.store import Project
from tests.benchmarks.sizes import at_most, size
from tests.held import Held, held

CHUNKS, CHUNK = size((100, 100), (4, 25))
"""Batches, one after the other, and jobs of each."""
WARM = size(10, 2)
"""Batches until all is imported, and SQLite's cache is full."""
GROWTH = at_most(1.05)
SOURCE = """
from studio.api import *

class Tiny(Generator):
    name, title, kind = "tiny", "Tiny", Kind.TEXT

    def generate(self, params, run):
        path = run.scratch / "out.txt"
        path.write_text(str(run.seed))
        yield NewArtifact(path, Kind.TEXT)

@hookimpl
def register_generators(): return [Tiny]
"""


@pytest.mark.benchmark
def test_jobs_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [one for one in database.SETTINGS if not one.startswith("cache_size")]
    monkeypatch.setattr(database, "SETTINGS", (*others, "cache_size=-1000"))
    site = tmp_path / "site"
    info = site / "soak-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: soak\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[studio.plugins]\nsoak = soak_plugin\n")
    (site / "soak_plugin.py").write_text(SOURCE)
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))}
    catalog = discover(tmp_path / "cache", environment=environment)
    looks: list[Held] = []
    with Project.create(tmp_path / "soak.studio") as project:
        runner = Runner(
            project, catalog, ModelStore(tmp_path), on_event=lambda event: None, environment=environment
        )
        runner.start()
        for chunk in range(CHUNKS):
            seeds = range(chunk * CHUNK, (chunk + 1) * CHUNK)
            recipes = [
                Recipe(generator="soak/tiny", generator_version="1", params={}, seed=seed) for seed in seeds
            ]
            runner.wait([job.id for job in runner.submit(recipes, title="batch")])
            looks.append(held())
        items = len(project.items(limit=CHUNKS * CHUNK + 1))
        runner.stop()

    for chunk in range(WARM - 1, CHUNKS, max(1, CHUNKS // 10)):
        print(f"\n{(chunk + 1) * CHUNK} jobs: {looks[chunk]}", end="")
    print()
    warm, last = looks[WARM - 1], looks[-1]
    assert items == CHUNKS * CHUNK
    assert last.memory <= warm.memory * GROWTH
    assert last.files <= warm.files + 2, "more than the pipes of a worker that is just beginning"
    assert last.shared <= warm.shared
