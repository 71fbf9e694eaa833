"""The README's plugin is a plugin that works, and its commands are commands that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from studio import cli
from studio.core.authoring import build, describe

README = Path(__file__).parent.parent / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_plugin_in_the_readme_works(tmp_path: Path) -> None:
    names: dict[str, Any] = {"__name__": "readme"}
    exec(compile(blocks("python")[0], "README.md", "exec", dont_inherit=True), names)
    (generator,) = names["register_generators"]()
    assert describe("readme", generator).id == "readme/invert"
    Image.new("RGB", (4, 4), (255, 0, 10)).save(tmp_path / "photo.png")
    run = SimpleNamespace(
        input=lambda name: tmp_path / "photo.png", progress=lambda done, total: None, scratch=tmp_path
    )
    (made,) = generator().generate(build(generator.Params, {}), run)
    with Image.open(made.path) as picture:
        assert picture.getpixel((0, 0)) == (0, 255, 245)


@pytest.mark.parametrize("line", [line for block in blocks("") for line in block.splitlines() if line])
def test_the_commands_in_the_readme_are_understood(
    line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line.split("  ")[0].split(" > ")[0])
    if words[0] == "studio" and "--help" not in words:
        monkeypatch.setattr(cli.run, "command", lambda *_: 0)
        monkeypatch.setattr(cli.batch, "command", lambda *_: 0)
        monkeypatch.setattr("studio.cli.models_fetch.install", lambda *_: 0)
        monkeypatch.setattr(cli.doctor, "command", lambda *_: 0)
        assert cli.main(words[1:]) == 0
    elif words[0] != "studio":
        assert words[:3] == ["python3", "-m", "studio.bootstrap"]
