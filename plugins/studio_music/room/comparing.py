"""Songs that are compared: read off the window's thread, and heard in turn at the same place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.api.values import StudioError, tr, trn
from studio.ui.api import Item, RoomContext
from studio_music.core.midi_file import read_song
from studio_music.room.page import MusicPage
from studio_music.room.playing import Playing
from studio_music.room.roll.model import SongModel

if TYPE_CHECKING:
    from studio_music.room.compare.pane import Compared

MOST = 26
"""Songs that are compared at once: as many as there are letters."""


class Comparing(QObject):
    """The pane is made with the first comparison."""

    def __init__(self, context: RoomContext, page: MusicPage, model: SongModel, playing: Playing) -> None:
        super().__init__()
        self._context, self._page, self._model, self._playing = context, page, model, playing
        self._wanted: Sequence[Item] = ()
        playing.moved.connect(self._on_moved)
        playing.changed.connect(self._tell)

    def show(self, items: Sequence[Item]) -> None:
        if len(items) > MOST:
            self._context.say(tr("{count} of {all} songs are compared.", count=MOST, all=len(items)))
            items = items[:MOST]
        self._wanted = items
        try:
            paths = [self._context.items.file(item) for item in items]
        except StudioError as error:
            self._context.report(error)
            return

        def work(_: object) -> list[Compared]:
            from studio_music.room.compare.pane import Compared  # for speed: with the first comparison

            songs = [read_song(path) for path in paths]
            return [
                Compared(item, replace(song, title=item.name))
                for item, song in zip(items, songs, strict=True)
            ]

        def done(compared: list[Compared]) -> None:
            if self._wanted is items:
                self._begin(compared)

        self._context.tasks.start(tr("Opening the songs"), work, done, owner=self)

    def leave(self) -> None:
        """The song of the roll is heard again."""
        self._wanted = ()
        if self._page.shows_comparison:
            self._playing.pause()
            if (song := self._model.song) is not None:
                self._page.show_song()
                self._playing.show(song)
            else:
                self._page.show_empty()
                self._playing.show(None)

    def _begin(self, compared: Sequence[Compared]) -> None:
        is_first = not self._page.has_comparison
        pane = self._page.comparison
        if is_first:
            pane.play_wanted.connect(self._play)
            pane.seek_wanted.connect(self._seek)
            pane.open_wanted.connect(lambda item: self._context.open([item]))
        self._playing.pause()
        pane.show_songs(compared)
        self._page.show_comparison()
        self._playing.show(compared[0].song)
        self._playing.seek(0)
        self._context.name_stage(trn("One song", "{count} songs", len(compared)))
        self._tell()

    def _play(self, place: int) -> None:
        """Another song goes on in the bar where the one before was."""
        pane, playing = self._page.comparison, self._playing
        if place == pane.current and playing.is_playing:
            playing.pause()
            return
        if place != pane.current and pane.song is not None:
            tick = playing.tick
            pane.current = place
            playing.show(pane.song, at_once=True)
            playing.seek(tick if tick < pane.song.length else 0)
        playing.play()
        self._tell()

    def _seek(self, share: float) -> None:
        song = self._page.comparison.song
        if song is not None:
            self._playing.seek(share * song.length)

    def _on_moved(self, tick: float) -> None:
        if self._page.shows_comparison and (song := self._page.comparison.song) is not None:
            self._page.comparison.set_cursor(min(1.0, tick / max(1, song.length)))

    def _tell(self) -> None:
        if self._page.shows_comparison:
            pane = self._page.comparison
            pane.show_playing(pane.current, on=self._playing.is_playing)
