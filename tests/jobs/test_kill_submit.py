"""`kill -9` while a batch of files is put into the queue: all of it is there, or nothing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from studio.jobs.queue import Queue
from studio.project.check import check
from studio.project.store import Project

FILES = 5
ROUNDS = int(os.environ.get("STUDIO_KILL_ROUNDS", "10"))
SEED = int(os.environ.get("STUDIO_KILL_SEED", time.time_ns() % 10**6))


@pytest.mark.slow
@pytest.mark.timeout(600 + 60 * ROUNDS)
def test_a_batch_of_files_comes_whole_or_not_at_all(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(FILES):
        (photos / f"p{number}.txt").touch()
    folder = tmp_path / "Q.studio"
    Project.create(folder).close()
    target = Path(__file__).with_name("submit_target.py")
    batches = 0
    for _ in range(ROUNDS):
        process = subprocess.Popen(
            [sys.executable, str(target), str(folder), str(photos)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"opened\n"
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        process.communicate()
        for file in photos.glob("* *"):  # it was just being renamed
            file.rename(photos / file.name.split(" ")[-1])
        batches = _check(folder, batches)
    assert batches


def _check(folder: Path, before: int) -> int:
    with Project.open(folder) as project:
        jobs, items = Queue(project).jobs(limit=100_000), project.items(limit=100_000)
        assert set(Counter(job.batch for job in jobs).values()) <= {FILES}, f"seed {SEED}"
        wanted = {job.recipe.inputs["source"] for job in jobs}
        assert {item.digest for item in items} == wanted, f"seed {SEED}"
        for digest in wanted:
            project.blob_path(digest)
    assert check(folder, repair=False).whole
    assert len(jobs) // FILES >= before
    return len(jobs) // FILES
