"""Connects what is around a song: bars, tracks and roll with the song's history and with the player."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from studio.api.values import StudioError, mark, stored, tr
from studio.ui.api import RoomContext
from studio_music.core.editing.harmony import with_chord_text
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.song import Song
from studio_music.room.acts import Acts
from studio_music.room.again import Again
from studio_music.room.document import SongDocument
from studio_music.room.humming import Humming
from studio_music.room.page import MusicPage
from studio_music.room.playing import Playing
from studio_music.room.roll.tool import Tool
from studio_music.room.sound_font import SoundFontChoice
from studio_music.room.tracks import edits as track_edits
from studio_music.room.transport import edits as time_edits
from studio_music.room.transport.fields import key_words


class SongDesk(QObject):
    """It is also what the room's commands do."""

    def __init__(
        self,
        context: RoomContext,
        page: MusicPage,
        document: SongDocument,
        playing: Playing,
        acts: Acts,
        again: Again,
        humming: Humming,
    ) -> None:
        super().__init__()
        self._context, self._page, self._document = context, page, document
        self._playing, self._acts, self._again = playing, acts, again
        self._humming = humming
        self._fonts = SoundFontChoice(context, playing)
        self._model = document.model
        self._actions: Mapping[str, QAction] = {}
        self._shown: Song | None = None

    def attach(self) -> None:
        """The page has its parts now."""
        page, model, playing = self._page, self._model, self._playing
        bar, tracks, roll = page.transport, page.tracks, page.roll
        bar.play_wanted.connect(self.toggle_play)
        bar.stop_wanted.connect(self.stop)
        bar.start_wanted.connect(self.to_start)
        bar.loop_changed.connect(self.set_loop)
        bar.metronome_changed.connect(playing.set_metronome)
        bar.count_in_changed.connect(playing.set_count_in)
        bar.tracks_changed.connect(page.show_tracks)
        bar.score_changed.connect(page.show_score)
        bar.told_again.connect(self._context.say)
        bar.tempo.chosen.connect(self._set_tempo)
        bar.key.chosen.connect(self._set_key)
        bar.meter.chosen.connect(self._set_meter)
        page.acts.set_acts(self._acts.all())
        page.acts.keep_wanted.connect(self.keep)
        page.acts.hum_wanted.connect(self.hum)
        page.acts.again_changed.connect(lambda on: self._again.start() if on else self._again.stop())
        self._again.changed.connect(self._on_again)
        tracks.activated.connect(model.activate)
        tracks.changed.connect(self._change_track)
        tracks.mix_moved.connect(playing.set_mix)
        tracks.add_wanted.connect(self._add_track)
        tracks.duplicate_wanted.connect(self._duplicate_track)
        tracks.remove_wanted.connect(self._remove_track)
        tracks.move_wanted.connect(self._move_track)
        model.activated.connect(tracks.show_active)
        roll.seek_wanted.connect(playing.seek)
        roll.note_on.connect(playing.note_on)
        roll.note_off.connect(playing.note_off)
        roll.chord_edited.connect(self._edit_chord)
        model.begun.connect(self._on_begun)
        model.changed.connect(self._on_song)
        playing.moved.connect(self._on_moved)
        playing.changed.connect(self._on_playing)
        playing.level.connect(bar.level.show_level)
        self._on_song(model.song, frozenset())
        self._on_playing()

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        self._actions = actions
        self.tell_state()

    # Commands ----------------------------------------------------------------------------------------------

    def toggle_play(self) -> None:
        if self._playing.song is not None:
            self._playing.toggle()

    def stop(self) -> None:
        """Back to where it began; pressed again, to the start."""
        self._playing.stop()

    def to_start(self) -> None:
        """Of the loop, where it loops; else of the song."""
        song = self._model.song
        self._playing.seek(song.loop[0] if song is not None and song.loop and self._playing.loops else 0)

    def set_loop(self, on: bool) -> None:
        self._playing.set_loops(on)

    def toggle_loop(self) -> None:
        self.set_loop(not self._playing.loops)

    def toggle_metronome(self) -> None:
        self._playing.set_metronome(not self._playing.metronome)

    def toggle_count_in(self) -> None:
        self._playing.set_count_in(not self._playing.count_in)

    def toggle_tracks(self) -> None:
        self._page.build()
        self._page.show_tracks(not self._page.shows_tracks)

    def toggle_score(self) -> None:
        self._page.build()
        self._page.show_score(not self._page.shows_score)

    def toggle_again(self) -> None:
        if self._again.is_on:
            self._again.stop()
        else:
            self._again.start()

    def keep(self) -> None:
        if self._again.is_on:
            self._again.keep()
        else:
            self._document.keep()

    def keep_try(self) -> None:
        self._again.keep()

    def draw(self) -> None:
        """An empty song, with the pencil in hand."""

        def begin() -> None:
            self._document.begin_empty()
            self._page.roll.tool = Tool.PENCIL
            self._page.roll.setFocus()

        self._context.new_project(begin)

    def hum(self) -> None:
        self._playing.pause()  # the microphone would hear it
        self._humming.toggle()

    def ask_font(self) -> None:
        self._fonts.ask()

    def use_our_font(self) -> None:
        self._fonts.use_ours()

    # Edits -------------------------------------------------------------------------------------------------

    def _change(self, title: str, song: Song | None, merge: str = "") -> None:
        if song is not None:
            self._model.change(title, song, merge)

    def _set_tempo(self, bpm: float) -> None:
        if (song := self._model.song) is not None:
            self._change(stored(mark("Tempo")), time_edits.with_tempo(song, round(self._playing.tick), bpm))

    def _set_key(self, key: Key) -> None:
        if (song := self._model.song) is not None:
            moves = self._page.transport.key.moves
            changed = time_edits.with_key(song, round(self._playing.tick), key, move=moves)
            self._change(stored(mark("Key {key}"), key=key_words(key)), changed)

    def _set_meter(self, meter: Meter) -> None:
        if (song := self._model.song) is not None:
            self._change(
                stored(mark("Meter {meter}"), meter=str(meter)),
                time_edits.with_meter(song, round(self._playing.tick), meter),
            )

    def _change_track(self, place: int, title: str, fields: dict[str, Any]) -> None:
        song = self._model.song
        if song is not None and place < len(song.tracks):
            self._change(title, track_edits.with_fields(song, place, fields))

    def _add_track(self, drums: bool) -> None:
        if (song := self._model.song) is not None:
            made = track_edits.added(song, drums=drums)
            self._change(stored(mark("New track")), made)
            self._model.activate(len(made.tracks) - 1)
            self._page.tracks.strips[-1].begin_naming()

    def _duplicate_track(self, place: int) -> None:
        if (song := self._model.song) is not None:
            self._change(stored(mark("Copy of a track")), track_edits.duplicated(song, place))
            self._model.activate(place + 1)

    def _remove_track(self, place: int) -> None:
        if (song := self._model.song) is not None:
            self._change(stored(mark("Removal of a track")), track_edits.removed(song, place))

    def _move_track(self, place: int, to: int) -> None:
        if (song := self._model.song) is not None:
            self._change(stored(mark("Order of the tracks")), track_edits.moved(song, place, to))
            self._model.activate(to)

    def _edit_chord(self, tick: int, text: str) -> None:
        song = self._model.song
        if song is None:
            return
        try:
            changed = with_chord_text(song, tick, text)
        except StudioError as error:
            self._context.report(error)
            self._page.roll.edit_chord(tick, text)
            return
        self._change(stored(mark("Chord")), changed)

    # What is shown -----------------------------------------------------------------------------------------

    def _on_begun(self) -> None:
        """Another song: it is heard from its beginning; while one plays, from where that was."""
        song, playing = self._model.song, self._playing
        self._shown = None
        if song is None or self._page.shows_comparison:
            return
        if song.loop is not None:
            playing.set_loops(True)
        if not playing.is_playing or playing.tick >= song.length:
            playing.seek(0)

    def _on_song(self, song: Song | None, _tracks: object) -> None:
        before, self._shown = self._shown, song
        if song is None:
            self._playing.show(None)
            return
        if before is not None and song.loop is not None and song.loop != before.loop:
            self._playing.set_loops(True)  # who marks a loop wants to hear it
        if not self._page.shows_comparison:
            self._playing.show(song)
        self._page.tracks.show_song(song)
        self._page.tracks.show_active(self._model.active)
        self._tell_place(self._playing.tick)

    def _on_moved(self, tick: float) -> None:
        if not self._page.shows_comparison:
            self._page.roll.set_cursor(round(tick))
            self._tell_place(tick)

    def _tell_place(self, tick: float) -> None:
        song, bar = self._model.song, self._page.transport
        if song is None or not song.bars:
            return
        at = min(max(0, round(tick)), max(0, song.length - 1))
        here = song.bar_at(at)
        beat = (at - here.start) // here.meter.beat_ticks + 1
        bar.show_place(here.number + 1, beat, song.seconds_at(at), song.duration)
        tempo = next(change.bpm for change in reversed(song.tempos) if change.start <= at)
        bar.tempo.show_tempo(tempo)
        bar.key.show_key(song.key_at(at))
        bar.meter.show_meter(song.meter_at(at))

    def _on_playing(self) -> None:
        playing, bar = self._playing, self._page.transport
        bar.show_playing(playing.is_playing)
        bar.loop.set_on(playing.loops)
        bar.metronome.set_on(playing.metronome)
        bar.count_in.set_on(playing.count_in)
        bar.say_silence(playing.silence)

    def _on_again(self, on: bool) -> None:
        self._page.acts.again.set_on(on)
        if on:
            self._playing.set_loops(True)
            self._playing.play()
        self.tell_state()

    def tell_state(self) -> None:
        """Whether there is something to keep, and what can be done, may be another now."""
        document, can_write = self._document, not self._context.read_only
        has_song = self._model.song is not None
        if self._page.is_built:
            acts = self._page.acts
            acts.refresh()
            acts.keep.setEnabled(can_write and document.is_changed)
            acts.again.setEnabled(can_write and has_song)
            acts.hum.setEnabled(can_write)
            acts.say_state(tr("Not kept yet") if document.is_changed else "")
        for id, on in (
            ("music.keep", can_write and has_song),
            ("music.keep_try", self._again.is_on),
            ("music.again", can_write and has_song),
        ):
            if id in self._actions:
                self._actions[id].setEnabled(on)
        for act in self._acts.all():
            if f"music.{act.id}" in self._actions:
                self._actions[f"music.{act.id}"].setEnabled(not act.needs())
