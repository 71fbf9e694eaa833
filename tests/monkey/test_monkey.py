"""A short piece of random real actions, in two programs. Longer ones by the environment:

STUDIO_MONKEY_SEEDS=1,2,3 STUDIO_MONKEY_STEPS=10000 pytest -m slow tests/monkey
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.monkey.steps import steps

SEEDS = [int(seed) for seed in os.environ.get("STUDIO_MONKEY_SEEDS", "1,2").split(",")]
STEPS = int(os.environ.get("STUDIO_MONKEY_STEPS", "150"))
TAIL, MOST_WORDS = 10, 1500
"""Steps that are shown of what went wrong, and letters of each fault."""


def test_a_seed_is_its_steps() -> None:
    assert steps(3, 200) == steps(3, 200)
    assert steps(3, 200) != steps(4, 200)
    assert steps(3, 100) == steps(3, 200)[:100]


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_nothing_breaks_whatever_one_does(tmp_path: Path) -> None:
    # Half of the processors: another process of this suite needs one, and a stall shall be the window's own.
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // 2)) as pool:
        told = list(pool.map(lambda seed: play(seed, tmp_path / f"{seed}.log"), SEEDS))
    for words in told:
        print(words)
    assert not any(told), "\n\n".join(told)


def play(seed: int, log: Path) -> str:
    """What went wrong with this seed, in words; "" if nothing."""
    chosen = [f"--seed={seed}", f"--steps={STEPS}", f"--log={log}", "--any-computer"]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.monkey.run", *chosen],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    try:
        report = json.loads(ended.stdout)
    except ValueError:  # it broke down, and says on the other stream why
        report = {"faults": [], "steps": {}}
    did = sum(report["steps"].values())
    if ended.returncode == 0 and did == STEPS:
        return ""
    last = log.read_text(encoding="utf-8").splitlines()[-TAIL:] if log.exists() else []
    told = [f"seed {seed} ended with {ended.returncode} after {did} steps", *report["faults"]]
    crash = ended.stderr.find("Fatal Python error")  # what the C library says of it comes first
    told += [
        *(line[:80] for line in last),
        ended.stderr[max(crash - 300, 0) if crash >= 0 else -MOST_WORDS :],
    ]
    return "\n".join(words[:MOST_WORDS] for words in told)
