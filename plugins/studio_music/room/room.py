"""The room of music: a song is heard, edited note by note, and made anew in parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from studio.api.values import tr
from studio.ui.api import (
    Command,
    Editor,
    GeneratorDescription,
    Given,
    Item,
    Job,
    Room,
    RoomContext,
    StageHistory,
)
from studio_music.core.song import Song
from studio_music.core.state import FORMAT, pack, unpack
from studio_music.room.acts import COMPOSE, Acts
from studio_music.room.again import Again
from studio_music.room.commands import music_commands
from studio_music.room.comparing import Comparing
from studio_music.room.document import SongDocument
from studio_music.room.handing import Handing
from studio_music.room.humming import Humming
from studio_music.room.marked import Marked
from studio_music.room.page import MusicPage
from studio_music.room.playing import Playing
from studio_music.room.roll.model import SongModel
from studio_music.room.scoring import Scoring
from studio_music.room.song_desk import SongDesk
from studio_music.room.waiting import Waiting
from studio_music.room.waving import Waving

_TELL_MS = 120
"""While notes are dragged the song changes with each move of the pointer: the form is told a little later."""


class HandedOver(Struct, frozen=True):
    """What the room of a rebuilt window takes over."""

    song: Song | None
    item: Item | None
    name: str
    is_kept: bool
    tick: float
    tracks_wanted: bool | None
    shows_score: bool
    shows_wave: bool
    loops: bool


class MusicRoom(Room):
    FORMAT = FORMAT

    def __init__(self, context: RoomContext) -> None:
        super().__init__(context)
        self.model = SongModel()
        self.page = MusicPage(self.model, lambda: context.theme)
        self.document = SongDocument(context, self.model)
        self.playing = Playing()
        self.acts = Acts(context, self.document, self._marked)
        self.waiting = Waiting(
            context,
            self.document,
            self._show_song,
            lambda: self.page.roll.fit(),
            self.compare,
        )
        self.again = Again(context, self.document, self.page.strip)
        self.humming = Humming(context, self.page.strip)
        self.desk = SongDesk(
            context, self.page, self.document, self.playing, self.acts, self.again, self.humming
        )
        self.waving = Waving(self.page, self.model, self.playing)
        self.scoring = Scoring(context, self.page, self.model, self.playing)
        self.handing = Handing(context, self.page, self.document)
        self.comparing = Comparing(context, self.page, self.model, self.playing)
        self._project = context.project
        """The one that the stage belongs to."""
        self._track: int | None = None
        """The track that was chosen in the panel."""
        self._is_back = False
        """A song was brought back, and nobody was told yet."""
        self._telling = QTimer(self.page, singleShot=True, interval=_TELL_MS)
        self._telling.timeout.connect(context.form.stage_changed)
        self.page.built.connect(self._on_built)
        self.page.seen.connect(self.playing.see)
        self.page.compose.clicked.connect(lambda: self.acts.compose())
        self.page.strip.stop_wanted.connect(self._stop_job)
        self.page.strip.keep_wanted.connect(self._keep_strip)
        self.page.audio_dropped.connect(self.humming.bring_in)
        self.document.opened.connect(self._on_opened)
        self.document.state_changed.connect(self._tell_state)
        self.model.changed.connect(self._tell_history)
        self.playing.passed.connect(self.again.on_pass)
        self.playing.failed.connect(context.report)
        self._wires: list[tuple[Any, Any]] = [
            (context.jobs.happened, self.waiting.on_event),
            (context.jobs.happened, self.again.on_event),
            (context.items.added, self.again.on_items),
            (context.items.changed, self._on_items_changed),
            (context.form.changed, self._on_form),
            (context.project_changed, self._on_project),
        ]
        for signal, slot in self._wires:
            signal.connect(slot)
        self._on_form()

    @classmethod
    def prepare(cls) -> None:
        from studio_music.room.roll import roll, toolbar  # noqa: F401 - what the first song is shown with
        from studio_music.room.tracks import panel  # noqa: F401

    def stage(self) -> QWidget:
        return self.page

    # Items -------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        def show() -> None:
            self.context.show()
            if self.model.song is None:
                self.page.compose.setFocus()

        self.context.new_project(show)

    def open(self, items: Sequence[Item]) -> None:
        item = items[0]
        if self.again.has_made(item):
            return  # it comes with the next repeat
        self.comparing.leave()
        if self.waiting.open_result(item):
            return
        if self.document.is_at_hand(item):
            self._show_song()
        else:
            self.again.stop()
            self.document.open(item)

    def compare(self, items: Sequence[Item]) -> bool:
        self.again.stop()
        self.comparing.show(items)
        return True

    def shown(self) -> Sequence[Item]:
        if self.page.shows_comparison:
            return [one.item for one in self.page.comparison.compared]
        return [self.document.item] if self.document.item is not None else ()

    def to_export(self) -> Sequence[Item]:
        if self.page.shows_comparison:
            return self.shown()
        item = self.document.keep_now()
        return [item] if item is not None else ()

    def follow(self, job: Job) -> None:
        if not self.again.takes(job):
            self.comparing.leave()
            self.waiting.follow(job)

    def given(self, generator: GeneratorDescription) -> Mapping[str, Given]:
        return self.acts.given(generator)

    def reuse(self, inputs: Mapping[str, Item]) -> None:
        """The song that a recipe worked on comes onto the stage, its other inputs into the form."""
        generator = self.context.form.generator
        slot = self.acts.slot(generator) if generator is not None else ""
        for name, item in inputs.items():
            if name == slot:
                self.context.form.give(name, None)
                self.open([item])
            else:
                self.context.form.give(name, item)

    def subject(self) -> str:
        return self.acts.subject()

    def obstacle(self) -> str:
        return self.acts.obstacle()

    def cost(self) -> str:
        return self.acts.cost()

    # Commands ----------------------------------------------------------------------------------------------

    def commands(self) -> Sequence[Command]:
        self.page.build()
        return [*music_commands(self.desk, self.acts.all()), *self.page.roll.commands()]

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        self.desk.attach_actions(actions)
        self.page.roll.attach_actions(actions)
        self._tell_state()

    def editors(self) -> Mapping[str, Callable[[], Editor]]:
        from studio_music.room.chord_editor import HINT, ChordEditor
        from studio_music.room.form_editors import (
            INSTRUMENT_HINT,
            KEY_HINT,
            TRACK_HINT,
            InstrumentEditor,
            KeyEditor,
            TrackEditor,
        )

        return {
            HINT: partial(ChordEditor, self.context.form, lambda: self.model.song),
            KEY_HINT: KeyEditor,
            INSTRUMENT_HINT: InstrumentEditor,
            TRACK_HINT: partial(TrackEditor, self.model),
        }

    def history(self) -> StageHistory | None:
        return self.model if self.model.song is not None and not self.page.shows_comparison else None

    def theme_changed(self) -> None:
        theme = self.context.theme
        if self.page.is_built:
            self.page.roll.set_theme(theme)
            self.page.tracks.recolor()
        if self.page.has_comparison:
            self.page.comparison.recolor()
        self.scoring.theme_changed()

    # Keeping -----------------------------------------------------------------------------------------------

    def save(self) -> bytes | Callable[[], bytes]:
        unfinished = self.document.unfinished()
        return partial(pack, unfinished) if unfinished is not None else b""

    def restore(self, state: bytes, format: int) -> None:
        unfinished = unpack(state, format)
        if unfinished is not None:
            self.document.bring_back(unfinished)
            self._is_back = True
            QTimer.singleShot(0, self.page, self._tell_back)

    def hand_over(self) -> object:
        return HandedOver(
            self.model.song,
            self.document.item,
            self.document.name,
            not self.document.is_changed,
            self.playing.tick,
            self.page.tracks_wanted,
            self.page.shows_score,
            not self.page.is_built or self.page.roll.shows_wave,
            self.playing.loops,
        )

    def take_over(self, state: object) -> None:
        assert isinstance(state, HandedOver)
        self._is_back = False
        if state.song is None:
            return
        self.document.take_over(state.song, state.item, state.name, is_kept=state.is_kept)
        self.page.show_tracks(state.tracks_wanted)
        self.page.show_score(state.shows_score)
        self.page.roll.show_wave(state.shows_wave)
        self.playing.set_loops(state.loops)
        self.playing.seek(state.tick)

    def close(self) -> None:
        for signal, slot in self._wires:
            signal.disconnect(slot)
        self.playing.close()
        self.humming.close()
        self.scoring.close()
        self.waving.close()
        if self.page.parent() is None:  # the room was asked something, and never shown
            self.page.deleteLater()

    # Within ------------------------------------------------------------------------------------------------

    def _marked(self) -> Marked:
        return Marked(self.page.roll.bars if self.page.is_built else None, self._track)

    def _show_song(self) -> None:
        self.page.show_song()
        self.context.name_stage(self.document.name)

    def _on_built(self) -> None:
        self.desk.attach()
        self.handing.attach()
        self.waving.attach()
        roll = self.page.roll
        roll.bars_changed.connect(self._on_bars)
        self.page.tracks.activated.connect(self._on_track)
        self.model.begun.connect(self._on_begun)

    def _stop_job(self) -> None:
        if self.humming.is_recording:
            self.humming.cancel()
        else:
            self.again.stop()

    def _keep_strip(self) -> None:
        if self.humming.is_recording:
            self.humming.finish()
        else:
            self.again.keep()

    def _on_bars(self) -> None:
        self.page.acts.refresh()
        if self.page.roll.bars is None:
            self.acts.let_bars_go()
        self.acts.patch()

    def _on_begun(self) -> None:
        self._on_track(None)

    def _on_track(self, place: int | None) -> None:
        """A track was chosen in the panel: what is made anew can be that one alone."""
        self._track = place
        if place is not None:
            self.acts.patch()

    def _on_opened(self) -> None:
        if self.model.song is not None:
            self._show_song()
        elif not self.page.shows_comparison:
            self.page.show_empty()
            self.context.name_stage("")
        self._tell_state()

    def _tell_history(self) -> None:
        self.context.history_changed()

    def _tell_state(self) -> None:
        self.desk.tell_state()
        if not self._telling.isActive():
            self._telling.start()

    def _tell_back(self) -> None:
        """Unless it was there all the time, in a window that is built anew."""
        if self._is_back and self.model.song is not None:
            self._is_back = False
            self.context.say(
                tr(
                    "“{name}” is back as you left it; it was not kept yet.",
                    name=self.document.name or tr("Song"),
                ),
                tr("Show"),
                self.context.show,
            )

    def _on_items_changed(self, uids: frozenset[str]) -> None:
        """Its name may be another."""
        item = self.document.item
        if item is not None and item.uid in uids:
            self.document.renew()
            if self.page.shows_song:
                self.context.name_stage(self.document.name)

    def _on_form(self) -> None:
        form = self.context.form
        composes = form.generator is not None and form.generator.id == COMPOSE
        self.page.tell_bars(form.values().get("bars") if composes else None)
        if self.page.is_built:
            self.page.acts.refresh()

    def _on_project(self) -> None:
        if self.context.project != self._project:
            self._project = self.context.project
            if isValid(self.page):
                self.humming.cancel()
                self.again.stop()
                self.waiting.forget()
                self.comparing.leave()
                self.document.forget()
