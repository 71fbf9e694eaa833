"""The score of the song on the stage: engraved off the window's thread, and following the cursor."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from studio.api.values import BadInput, StudioError, tr
from studio.ui.api import RoomContext, Task
from studio_music.core.editing.chosen import Chosen
from studio_music.core.song import Song
from studio_music.room.page import MusicPage
from studio_music.room.playing import Playing
from studio_music.room.roll.model import SongModel

if TYPE_CHECKING:
    from studio_music.core.score.engraver import Engraver
    from studio_music.core.score.pages import Follower
    from studio_music.room.score_pane.sheet import Sheet

_SETTLE_MS = 350
"""So long after the last edit the score is engraved anew."""
_TALLEST = 1400
"""Pixels of a page: a song is a few long pages."""


class Scoring(QObject):
    """Works only while the score is to be seen."""

    def __init__(self, context: RoomContext, page: MusicPage, model: SongModel, playing: Playing) -> None:
        super().__init__()
        self._context, self._page, self._model, self._playing = context, page, model, playing
        self._task: Task | None = None
        self._is_stale = False
        """Whether another score is wanted than the one that is being made."""
        self._song: Song | None = None
        """What the score shows."""
        self._follower: Follower | None = None
        self._is_connected = False
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self._begin)
        page.score_shown.connect(self._on_shown)

    @cached_property
    def _engraver(self) -> Engraver:
        from studio_music.core.score.engraver import Engraver  # for speed: with the first score

        return Engraver()

    def theme_changed(self) -> None:
        self._song = None
        self._begin()

    def close(self) -> None:
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
        if "_engraver" in self.__dict__:  # it waits for what is engraved
            threading.Thread(target=self._engraver.close, daemon=True).start()

    def _on_shown(self, on: bool) -> None:
        if not on:
            self._timer.stop()
            return
        pane = self._page.score
        if not self._is_connected:
            self._is_connected = True
            pane.wanted.connect(self._redraw)
            pane.note_pressed.connect(self._on_note)
            pane.bar_pressed.connect(self._on_bar)
            pane.close_wanted.connect(lambda: self._page.show_score(False))
            self._model.changed.connect(self._begin_soon)
            self._page.roll.selection_changed.connect(self._mark)
            self._playing.moved.connect(self._on_moved)
        self._begin()

    def _begin_soon(self) -> None:
        self._timer.start()

    def _redraw(self) -> None:
        self._song = None
        self._begin()

    def _begin(self) -> None:
        """Makes the score of the song as it is now, unless it is shown already."""
        self._timer.stop()
        song = self._model.song
        if not self._page.shows_score or song is self._song:
            return
        if self._task is not None:
            self._is_stale = True
            return
        pane = self._page.score
        if song is None or not any(track.notes for track in song.tracks):
            self._show(song, None, [])
            pane.say(tr("Nothing to engrave yet"), tr("Draw notes in the roll, or compose a song."))
            return
        from studio_music.core.score.pages import Follower  # for speed
        from studio_music.room.score_pane.sheet import sheets_of

        width, scale = pane.room, pane.size_percent
        ink, ratio = self._context.theme.text, pane.devicePixelRatioF()
        engraver = self._engraver

        def work(task: Task) -> tuple[Follower, list[Sheet]]:
            engraving = engraver.engrave(song, width, _TALLEST, scale)
            task.check()
            sheets = sheets_of(engraving.pages, ink, width, ratio, task.check)
            return Follower(song, engraving.pages), sheets

        def done(made: tuple[Follower, list[Sheet]]) -> None:
            self._task = None
            self._show(song, *made)
            self._again()

        def failed(error: BaseException) -> None:
            self._task, self._song = None, song
            if isinstance(error, BadInput | StudioError):
                pane.say(error.message, error.hint)
            else:
                self._context.report(error)
            self._again()

        if not pane.views:
            pane.say_state(tr("Engraving…"))
        self._task = self._context.tasks.start(tr("Engraving the score"), work, done, failed, owner=self)

    def _again(self) -> None:
        self._page.score.say_state("")
        if self._is_stale:
            self._is_stale = False
            self._begin()

    def _show(self, song: Song | None, follower: Follower | None, sheets: list[Sheet]) -> None:
        self._song, self._follower = song, follower
        self._page.score.show_sheets(sheets)
        self._mark()
        self._on_moved(self._playing.tick)

    # The cursor and what is chosen -------------------------------------------------------------------------

    def _on_moved(self, tick: float) -> None:
        if self._page.shows_score and self._follower is not None and not self._page.shows_comparison:
            self._page.score.set_cursor(self._follower.at(tick), follow=self._page.roll.follow)

    def _mark(self) -> None:
        """What is chosen in the roll is seen in the score, where that shows the same song."""
        song = self._model.song
        if not self._page.shows_score or song is None or song is not self._song:
            return
        chosen = self._page.roll.chosen
        notes = song.tracks[chosen.track].notes if chosen.track < len(song.tracks) else ()
        self._page.score.mark(
            frozenset((chosen.track, place) for place, note in enumerate(notes) if note in chosen.notes)
            if chosen
            else frozenset()
        )

    def _on_note(self, track: int, place: int) -> None:
        song = self._model.song
        if song is None or song is not self._song:
            return
        note = song.tracks[track].notes[place]
        self._model.activate(track)
        self._page.roll.choose(Chosen(track, frozenset([note])))
        self._playing.seek(note.start)

    def _on_bar(self, number: int, share: float) -> None:
        song = self._song
        if song is not None and number < len(song.bars):
            bar = song.bars[number]
            beat = int(share * (bar.end - bar.start)) // bar.meter.beat_ticks * bar.meter.beat_ticks
            self._playing.seek(bar.start + beat)
