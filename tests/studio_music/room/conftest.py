"""The room in a whole window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from studio_music.room import playing, waving

from studio.ui.shell.studio_window import StudioWindow
from tests.studio_music.room_window import Desk, FakeFinder, FakePlayer, desk_of
from tests.ui.conftest import (  # noqa: F401
    _collector,
    _empty_clipboard,
    _left_by_others,
    _nothing_in_front,
    another,
    dressed,
    home,
    studio,
    until,
)


@pytest.fixture
def desk(
    studio: StudioWindow,  # noqa: F811
    tmp_path: Path,
    until: Callable[..., None],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Desk]:
    FakePlayer.made.clear()
    FakeFinder.made.clear()
    monkeypatch.setattr(playing, "Player", FakePlayer)
    monkeypatch.setattr(waving, "PeakFinder", FakeFinder)
    studio.window.resize(1500, 900)
    yield desk_of(studio, tmp_path / "Songs.studio", lambda is_so: until(is_so, 5.0))
