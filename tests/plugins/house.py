"""A studio without one of its bundled plugins: an environment of links with the other ones."""

from __future__ import annotations

import os
import subprocess
import sysconfig
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]


class House:
    """Commands run in it as in an installation of its own."""

    def __init__(self, folder: Path, without: str) -> None:
        self.home = folder / "home"
        venv.create(folder / "venv", with_pip=False, symlinks=True)
        self.python = next((folder / "venv").glob("[bS]*/python*"))
        site = next((folder / "venv").rglob("site-packages"))
        for place in Path(sysconfig.get_paths()["purelib"]).iterdir():
            if place.suffix != ".pth" and not place.name.startswith("studio"):
                (site / place.name).symlink_to(place)
        (site / "studio").symlink_to(ROOT / "studio")
        for plugin in (ROOT / "plugins").iterdir():
            if plugin.name.startswith("studio_") and plugin.name != f"studio_{without}":
                (site / plugin.name).symlink_to(plugin)
        _write_metadata(site, without)

    def run(self, *words: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment |= {"STUDIO_HOME": str(self.home), "QT_QPA_PLATFORM": "offscreen"}
        command = [str(self.python), *words]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, env=environment, cwd=self.home.parent
        )


def _write_metadata(site: Path, without: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    info = site / f"studio-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: studio\nVersion: {project['version']}\n")
    lines = []
    for group, points in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in points.items() if name != without)]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
