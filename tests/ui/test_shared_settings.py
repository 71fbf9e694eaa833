"""Settings that all windows share: changed at once, written down by a thread."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from studio import settings
from studio.ui.kit.shared_settings import SharedSettings


def test_a_disk_that_is_busy_keeps_nobody_waiting(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, saved, real = threading.Event(), [], settings.save

    def slow(values: settings.Settings, folder: Path) -> None:
        assert free.wait(10)
        saved.append(values)
        real(values, folder)

    monkeypatch.setattr(settings, "save", slow)
    shared = SharedSettings(tmp_path)
    heard: list[str] = []
    shared.changed.connect(heard.append)
    for scale in (110, 120, 130, 140):
        shared.change("appearance", font_scale=scale)
    assert heard == ["appearance"] * 4 and not saved
    free.set()
    shared.finish()
    assert settings.load(tmp_path)[0].appearance.font_scale == 140
    assert len(saved) <= 2, "what has changed again meanwhile is not written"


def test_it_goes_on_after_a_disk_that_refused(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("full")

    shared = SharedSettings(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(settings, "save", refuse)
        shared.change("appearance", font_scale=110)
        shared.finish()
    shared.change("appearance", font_scale=120)
    shared.finish()
    assert settings.load(tmp_path)[0].appearance.font_scale == 120
