from __future__ import annotations

import logging
from pathlib import Path

import pytest

from studio import log
from studio.plugins.catalog import Catalog, Failure, PluginDescription


def test_diagnostics_tell_versions_and_failures_but_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / "logs").mkdir()
    handler = log.set_up(tmp_path / "logs")
    try:
        logging.getLogger("test").warning("opened %s", tmp_path / "Secret.studio")
        broken = PluginDescription(
            name="x",
            distribution="studio-x",
            version="1",
            failure=Failure(reason="no luck", traceback="Traceback: y"),
        )
        text = log.diagnostics(
            Catalog(plugins=(broken,), devices=("cpu",), libraries={"numpy": "2.0"}), folder=tmp_path / "logs"
        )
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    for part in (
        "Studio ",
        "Python ",
        "Devices: cpu",
        "numpy 2.0",
        "Plugin x (studio-x 1): no luck",
        "Traceback: y",
    ):
        assert part in text
    assert "opened ~/Secret.studio" in text
    assert str(tmp_path) not in text


def test_the_log_rotates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_BYTES", 2000)
    handler = log.set_up(tmp_path)
    try:
        for n in range(500):
            logging.getLogger("test").info("line %d", n)
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    files = list(tmp_path.iterdir())
    assert len(files) == log.BACKUPS + 1
    assert all(file.stat().st_size <= 2000 for file in files)


def test_without_a_log_there_are_still_diagnostics(tmp_path: Path) -> None:
    assert "Studio " in log.diagnostics(folder=tmp_path)
