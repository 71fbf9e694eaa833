"""A room that was closed leaves nothing behind in memory, whatever of it was shown."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from studio_music.room import playing, waving

from studio.ui.shell import app as studio_app
from tests.studio_music.room_songs import song
from tests.studio_music.room_window import FakeFinder, FakePlayer, desk_of


def test_the_room_and_its_song_are_let_go(
    home: Path,
    qapp: QApplication,
    until: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(playing, "Player", FakePlayer)
    monkeypatch.setattr(waving, "PeakFinder", FakeFinder)
    desk = desk_of(studio_app.build(qapp), tmp_path / "Songs.studio", until)
    desk.studio.window.show()
    desk.open(song())
    desk.room.desk.toggle_score()
    parts = ("model", "document", "playing", "scoring", "waving", "acts")
    refs = {name: weakref.ref(getattr(desk.room, name)) for name in parts}
    desk.studio.session.quit()
    desk.studio.session.end()
    del desk
    FakePlayer.made.clear()
    FakeFinder.made.clear()

    def left() -> list[str]:
        qapp.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        return [name for name, ref in refs.items() if ref() is not None]

    until(lambda: not left())
    qapp.setStyleSheet("")
