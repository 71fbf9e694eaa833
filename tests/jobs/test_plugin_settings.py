"""What the person has set for a plugin, as its generators see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio import settings
from studio.core.authoring import Generator
from studio.core.generator import NewArtifact
from studio.core.kind import Kind
from studio.core.params_base import Params
from studio.jobs.work import _settings_of

pytest_plugins = ["studio.testing"]


class Tells(Generator):
    """Writes its settings down."""

    name, title, kind = "tells", "Tells", Kind.TEXT

    class Params(Params):
        pass

    def generate(self, params: Any, run: Any) -> Iterator[NewArtifact]:
        path = run.scratch / "said.txt"
        path.write_text(str(run.settings["mask-color"]))
        yield NewArtifact(path, Kind.TEXT)


def test_a_generator_reads_them(run_generator: Any) -> None:
    result = run_generator(Tells, settings={"mask-color": "#00ff00"})
    assert result.artifacts[0].path.read_text() == "#00ff00"


def test_a_worker_reads_what_is_set_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path))
    default = _settings_of("image")
    assert default["mask-color"].startswith("#")
    chosen = settings.Settings(plugins={"image": {"mask-color": "#00ff00", "mask-strength": "much"}})
    settings.save(chosen, tmp_path / "config")
    assert _settings_of("image") == {**default, "mask-color": "#00ff00"}
    assert _settings_of("nobody") == {}
