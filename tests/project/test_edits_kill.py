"""kill -9 while the journal is written: it has all that was told, and at most one record more.

STUDIO_KILL_ROUNDS=1000 pytest tests/project/test_edits_kill.py
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.project.edits import MOST_BYTES, SLACK, Edits
from tests.project.edit_writer import record

ROUNDS = int(os.environ.get("STUDIO_KILL_ROUNDS", "20"))
KEYS = [f"key {number}" for number in range(4)]


def after(state: dict[str, list[bytes]], number: int) -> dict[str, list[bytes]]:
    is_added, key, value = record(number)
    return {**state, key: [*(state[key] if is_added else ()), value]}


@pytest.mark.slow
@pytest.mark.timeout(600 + 10 * ROUNDS)
def test_killed_while_it_is_written(tmp_path: Path) -> None:
    file, root = tmp_path / "edits", Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    chance, state, number, untold = random.Random(3), {key: list[bytes]() for key in KEYS}, 0, 0
    for _ in range(ROUNDS):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.project.edit_writer", file, str(number)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env=environment,
        )
        assert child.stdout is not None
        lines = [child.stdout.readline()]  # it is writing now
        time.sleep(chance.uniform(0, 0.05))
        child.kill()
        lines += child.communicate()[0].splitlines(keepends=True)
        told = [int(line) for line in lines if line.endswith("\n")]
        assert told == [*range(number, number + len(told))], "the writing process ended by itself"
        for one in told:
            state = after(state, one)
        number += len(told)
        edits = Edits(file)
        found = {key: edits.kept(key) for key in KEYS}
        if found != state:
            state, number, untold = after(state, number), number + 1, untold + 1
        assert found == state
        kept = sum(len(value) for values in state.values() for value in values)
        assert file.stat().st_size < 2 * kept + SLACK + MOST_BYTES
    print(f"{ROUNDS} kills, {number} records, 0 lost, {untold} written and not yet told")
