"""kill -9 of the real window after each kind of edit: the next window has it, as it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.project.edits import Edits
from studio.project.store import Project
from tests.killed.deeds import DEEDS

ROOT = Path(__file__).parents[2]
SECONDS = 200.0

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All windows have the same: only the first has to look at the plugins."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "Trip.studio"
    with Project.create(folder) as made:
        for name, size in (("lake", (400, 300)), ("sea", (640, 300))):
            file = tmp_path / f"{name}.png"
            Image.fromarray(np.random.default_rng(1).integers(0, 256, (*size, 3), np.uint8)).save(file)
            made.add_asset(file, kind="image", name=name)
        text = tmp_path / "lamp.md"
        text.write_text("# Lamp\n\nGood light is quiet.\n")
        made.add_asset(text, kind="text", name="lamp")
    return folder


def window(home: Path, act: str, name: str, project: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.killed.window", act, name, project],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={
            **os.environ,
            "STUDIO_HOME": str(home),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
        },
    )


def is_kept(project: Path, wanted: Sequence[tuple[str, bytes]], scratch: Path) -> bool:
    """Whether the journal has it, while the window writes it."""
    if not (project / "edits").exists():
        return False
    shutil.copy(project / "edits", scratch)
    edits = Edits(scratch)
    return all(any(words in value for value in edits.kept(key)) for key, words in wanted)


def done_and_killed(home: Path, name: str, project: Path, scratch: Path) -> Any:
    """What was there after the deed, when nothing but the journal can tell of it any more."""
    deed = DEEDS[name]
    child = window(home, "do", name, project)
    try:
        assert child.stdout is not None
        expected = json.loads(child.stdout.readline())
        end = time.monotonic() + SECONDS
        while not is_kept(project, deed.kept, scratch):
            assert time.monotonic() < end, "it was never kept"
            time.sleep(0.02)
    finally:
        child.kill()
        child.communicate()
    return expected


@pytest.mark.parametrize("name", DEEDS)
def test_it_is_there_after_a_kill(home: Path, project: Path, tmp_path: Path, name: str) -> None:
    expected = done_and_killed(home, name, project, tmp_path / "copy")
    assert expected
    found, _ = window(home, "tell", name, project).communicate(json.dumps(expected) + "\n")
    assert json.loads(found) == expected
