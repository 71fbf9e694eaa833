"""The plugin author's guide is true: its plugin is taken from the page, installed for a worker, and run."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio import hookspecs
from studio.core.authoring import Ui
from studio.core.images import Picture, load_image
from studio.core.png import encode_png
from studio.jobs.describe import discover
from studio.testing import run_generator

__all__ = ["run_generator"]  # the fixture

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The page's module with the metadata that pip would make of the page's pyproject.toml."""
    project = tomllib.loads(blocks("toml")[0])["project"]
    site = tmp_path / "site"
    info = site / f"studio_mirror-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    ((name, module),) = project["entry-points"]["studio.plugins"].items()
    (info / "entry_points.txt").write_text(f"[studio.plugins]\n{name} = {module}\n")
    (site / f"{module}.py").write_text(blocks("python")[0])
    return site


def test_the_smallest_plugin_is_small() -> None:
    assert len(blocks("python")[0].splitlines()) < 35
    assert len([line for line in blocks("python")[0].splitlines() if line.strip()]) < 30


@pytest.mark.slow
def test_it_is_described_by_a_worker(site: Path, tmp_path: Path) -> None:
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    catalog = discover(tmp_path / "cache", environment={"PYTHONPATH": path})
    generator = catalog.generator("mirror/mirror")
    assert generator.summary == "Mirrors a photo, and can shift it sideways."
    assert generator.params_schema["properties"]["shift"]["x-ui"] == {"unit": "px", "hint": "slider"}


@pytest.mark.slow
def test_it_runs_from_the_command_line(site: Path, tmp_path: Path) -> None:
    """Found, described and run as any other: nothing but an installed package tells the studio of it."""
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "STUDIO_HOME": str(tmp_path / "home")}

    def studio(*words: object) -> dict[str, Any]:
        ran = subprocess.run(
            [sys.executable, "-m", "studio", *map(str, words), "--json"],
            env=environment,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        said: dict[str, Any] = json.loads(ran.stdout)
        return said

    (mirror,) = [plugin for plugin in studio("plugins")["plugins"] if plugin["name"] == "mirror"]
    assert (mirror["distribution"], mirror["version"]) == ("studio-mirror", "0.1")
    assert mirror["hooks"] == ["register_generators"] and mirror["failure"] is None
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    (tmp_path / "photo.png").write_bytes(encode_png(Picture(pixels)))
    out = tmp_path / "mirrored.png"
    studio("run", "mirror/mirror", "--input", tmp_path / "photo.png", "--shift", 1, "--out", out)
    assert np.array_equal(load_image(out).pixels, np.roll(pixels[:, ::-1], -1, axis=1))


def test_it_runs(site: Path, tmp_path: Path, run_generator: Callable[..., object]) -> None:
    space = runpy.run_path(str(site / "mirror_plugin.py"))
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    photo = tmp_path / "photo.png"
    photo.write_bytes(encode_png(Picture(pixels)))
    result = run_generator(space["Mirror"], {"shift": 1}, inputs={"image": photo})
    made = load_image(result.artifacts[0].path)  # type: ignore[attr-defined]
    assert np.array_equal(made.pixels, np.roll(pixels[:, ::-1], -1, axis=1))
    assert result.progress[0].message == "Mirroring"  # type: ignore[attr-defined]


@pytest.mark.slow
def test_its_test_passes(site: Path, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["studio.testing"]\n')
    (tmp_path / "test_mirror.py").write_text(blocks("python")[-1])
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    "hook", [name for name in vars(hookspecs) if hasattr(vars(hookspecs)[name], "studio_spec")]
)
def test_every_hook_is_in_the_guide(hook: str) -> None:
    assert f"def {hook}(" in PAGE.read_text(encoding="utf-8")


def test_every_hint_is_in_the_guide() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in Ui.__dataclass_fields__:
        assert f"{name}=" in text
