"""The scripts that make the pictures of README and docs keep up with the window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "docs" / "screenshots"


def test_a_scene_is_shown_and_photographed(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPTS), "--only", "stopped", "--looks", "dark-de", "--empty", "--full"]
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([*command, str(tmp_path)], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (picture,) = tmp_path.iterdir()
    assert picture.name == "stopped-1-dark-de.png"
    with Image.open(picture) as image:
        assert image.size == (1440, 900)
        assert len(image.getcolors(1 << 24)) > 20, "not one plain color"
        brightest_corner = max(image.getpixel((0, 899)))
    assert brightest_corner < 100, "the dark theme"


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_songs_and_parts_can_be_brought_onto_the_stage(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPTS), "--looks", "light-en", "--empty", "--only", "music", "parts"]
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([*command, "--full", str(tmp_path)], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len([*tmp_path.glob("music-*.png")]) == 4
    assert len([*tmp_path.glob("parts-*.png")]) == 2
