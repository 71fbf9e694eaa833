"""At small sizes, on large screens and with large text, all that a room shows can be read and reached."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from studio_music.core.midi_file import write_song

from studio.core.kind import Kind
from studio.jobs.describe import discover
from studio.paths import cache_folder
from studio.project.store import Project
from tests.studio_music.room_songs import song
from tests.ui.builders import picture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with something for each room."""
    with Project.create(tmp_path / "Trip.studio") as made:
        made.add_asset(picture(tmp_path / "beach.png"), kind=Kind.IMAGE)
        words, tune = tmp_path / "words.md", tmp_path / "song.mid"
        words.write_text("# Fjord\n\nA desk lamp that folds flat.\n")
        made.add_asset(words, kind=Kind.TEXT)
        write_song(song(), tune)
        made.add_asset(tune, kind="music")
    return made.folder


@pytest.mark.parametrize(
    ("factor", "percent", "sizes"),
    [
        ("1", "100", ["1024x640", "1440x900"]),
        ("1", "150", ["1024x640", "1920x1080"]),
        ("2", "100", ["1024x640", "1920x1080"]),
    ],
    ids=["small", "large text", "200 %"],
)
def test_nothing_is_cut(home: Path, folder: Path, factor: str, percent: str, sizes: list[str]) -> None:
    """With two pixels of the screen for one of the window, 1024 x 640 is a screen of 2048 x 1280, and
    1920 x 1080 one of 3840 x 2160."""
    discover(cache_folder())
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.walk", str(folder), "en,de", percent, *sizes],
        env={**os.environ, "STUDIO_HOME": str(home), "QT_SCALE_FACTOR": factor},
        capture_output=True,
        text=True,
        timeout=800,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.strip().splitlines()[-1]) == []
