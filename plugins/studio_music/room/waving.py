"""The waveform of the song on the stage: computed by a process of its own while the lane is to be seen."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from studio.ui.api import Bridge
from studio_music.core.sound.peaks_client import PeakFinder, Peaks, PeaksDied
from studio_music.room.page import MusicPage
from studio_music.room.playing import Playing
from studio_music.room.roll.model import SongModel

_REST_MS, _BEGIN_MS = 1000, 500
"""So long after the last edit the wave is computed anew; after another song came, which is seen at once."""


class Waving(QObject):
    def __init__(self, page: MusicPage, model: SongModel, playing: Playing) -> None:
        super().__init__()
        self._page, self._model, self._playing = page, model, playing
        self._bridge = Bridge()
        self._bridge.listen(self._on_event)
        self._finder: PeakFinder | None = None
        self._run = 0
        """What the lane takes peaks of; 0 while these would be of a song from before an edit."""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._find)

    def attach(self) -> None:
        """The page has its parts now."""
        lane = self._page.roll.wave
        lane.outdated.connect(self._on_outdated)
        lane.seen.connect(self._on_seen)
        self._playing.font_changed.connect(lane.doubt)
        self._on_seen(lane.isVisible())

    def close(self) -> None:
        self._timer.stop()
        if self._finder is not None:
            self._finder.close()
            self._finder = None
        self._bridge.unlisten(self._on_event)
        self._bridge.close()

    def _on_outdated(self, fresh: bool) -> None:
        self._run = 0
        if self._page.roll.wave.isVisible():
            self._timer.start(_BEGIN_MS if fresh else _REST_MS)

    def _on_seen(self, on: bool) -> None:
        if not on:
            self._timer.stop()
        elif not self._run and not self._page.roll.wave.wave.is_true:
            self._timer.start(_BEGIN_MS)

    def _find(self) -> None:
        song = self._model.song
        if song is None:
            return
        if self._finder is None:
            self._finder = PeakFinder(self._bridge.post)
        self._run = self._finder.find(song, self._playing.font)

    def _on_event(self, event: object) -> None:
        if isinstance(event, Peaks) and event.run == self._run:
            import numpy as np  # for speed: the window imports this file

            values = np.frombuffer(event.values, "<f4").reshape(-1, 2)
            self._page.roll.wave.take(event.first, event.bins, event.seconds, values)
        elif isinstance(event, PeaksDied):  # what is dimmed tells; the next edit begins another one
            self._finder, self._run = None, 0
