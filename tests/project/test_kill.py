"""kill -9 at any moment of saving: nothing that was acknowledged is lost, and nothing is damaged."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.project import backups
from studio.project.check import check
from studio.project.store import Project

ROUNDS = int(os.environ.get("STUDIO_KILL_ROUNDS", "20"))


@pytest.mark.slow
@pytest.mark.timeout(600 + 60 * ROUNDS)
def test_killed_while_saving(tmp_path: Path) -> None:
    folder = tmp_path / "P.studio"
    Project.create(folder).close()
    chance, acknowledged, journals, uncounted = random.Random(7), {}, 0, 0
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    for turn in range(ROUNDS):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.project.saver", folder, f"r{turn}"],
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env=environment,
        )
        assert child.stdout is not None
        lines = [child.stdout.readline()]  # it is saving now
        time.sleep(chance.uniform(0, 0.15))
        child.kill()
        lines += child.communicate()[0].splitlines()
        whole = [line.strip().split(" ", 1) for line in lines if line.strip()]
        assert whole, "the saving process ended by itself"
        acknowledged.update(dict(whole))
        journals += (folder / "project.db-journal").exists()
        with Project.open(folder) as project:
            project.prove()
            items = {item.uid: item for item in project.items(limit=100_000)}
            for uid, name in acknowledged.items():
                assert items[uid].name == name
                assert not items[uid].rejected  # it was, and that was undone
            for uid, name in whole:
                data = project.blob_path(items[uid].digest).read_bytes()
                assert hashlib.sha256(data).hexdigest() == items[uid].digest
                assert data == name.removesuffix("-renamed").encode() * 2000
            uncounted = len(items) - len(acknowledged)
            assert uncounted <= turn + 1  # at most one a round was saved and not yet told
    assert len(acknowledged) > ROUNDS
    report = check(folder, repair=False)
    assert {problem.part for problem in report.problems} <= {"orphan"}
    assert not report.missing
    assert all(backups.is_good(path) for path in backups.list_backups(folder))
    print(f"{ROUNDS} kills, {len(acknowledged)} saved, 0 lost, {journals} hot journals, {uncounted} untold")
