"""The room of music in the real window: opening, editing, keeping, generating, hearing, comparing."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog, QWidget
from studio_music.core.editing.chosen import Chosen
from studio_music.core.keys import Key
from studio_music.core.live import BarDone, SongBegun
from studio_music.core.meter import Meter
from studio_music.core.midi_file import read_song, song_from_bytes
from studio_music.core.own_font import own_font
from studio_music.core.score.engraver import Engraver
from studio_music.core.song import Note, Song
from studio_music.core.sound.font import OUR_FONT
from studio_music.core.sound.player_client import NoDevice, Passed, Position
from studio_music.room import handing, playing
from studio_music.room.roll.tool import Tool
from studio_music.room.room import MusicRoom
from studio_music.room.tracks import edits as track_edits

from studio.api.values import BadInput
from studio.ui.kit.controls import ElidedLabel
from studio.ui.kit.shortcuts import conflicts
from studio.ui.shell.studio_window import StudioWindow
from tests.studio_music.room_songs import BAR, song
from tests.studio_music.room_window import Desk, FakePlayer, desk_of
from tests.ui.conftest import (  # noqa: F401
    _collector,
    _empty_clipboard,
    _left_by_others,
    _nothing_in_front,
    another,
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
    monkeypatch.setattr(playing, "Player", FakePlayer)
    studio.window.resize(1500, 900)
    yield desk_of(studio, tmp_path / "Songs.studio", lambda is_so: until(is_so, 5.0))


def said(desk: Desk) -> str:
    """What the notice says."""
    return desk.studio.workspace.notice.text.whole_text()


def shown(kind: type[QDialog]) -> list[QDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]


# --- the first page -----------------------------------------------------------------------------------------


def test_the_empty_stage_has_one_action_which_composes(desk: Desk) -> None:
    page = desk.room.page
    assert "Compose one from a mood" in page.empty.text.text()
    page.compose.click()
    assert desk.newest_job().recipe.generator == "music/compose"


def test_the_first_page_of_the_window_leads_here(desk: Desk) -> None:
    info = desk.studio.parts.rooms.infos["music"]
    assert (info.begin, info.kinds) == ("Compose music", ("music",))
    assert desk.studio.parts.rooms.of_generator("music/vary") == "music"


def test_no_key_of_the_room_means_something_else_too(desk: Desk) -> None:
    found = conflicts(desk.studio.actions.holders())
    assert [id for id in found if id.startswith(("music.", "roll."))] == []


def test_space_presses_a_button_that_the_keyboard_has_reached(desk: Desk) -> None:
    desk.open(song())
    transport = desk.room.page.transport
    transport.metronome.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(transport.metronome, Qt.Key.Key_Space)
    assert transport.metronome.isChecked()
    assert not desk.room.playing.is_playing


# --- a song on the stage ------------------------------------------------------------------------------------


def test_an_opened_song_shows_its_tempo_key_meter_and_tracks(desk: Desk) -> None:
    desk.open(song())
    page = desk.room.page
    assert page.shows_song
    assert page.transport.tempo.value() == 120
    assert page.transport.key.text() == "A minor"
    assert page.transport.meter.text() == "4/4"
    assert [strip.name.whole_text() for strip in page.tracks.strips] == ["Flute", "Piano", "Kit"]
    assert page.tracks.strips[0].instrument.text() == "Flute"
    assert page.transport.time.text() == "0:00.0 / 0:16"
    assert not page.acts.keep.isEnabled()


def test_tempo_key_and_meter_are_edited_as_steps(desk: Desk) -> None:
    desk.open(song())
    room, bar = desk.room, desk.room.page.transport
    bar.tempo.setValue(90)
    bar.tempo.editingFinished.emit()
    assert desk.song.tempo == 90
    bar.key.chosen.emit(Key(0, "minor"))
    assert desk.song.key == Key(0, "minor")
    assert desk.song.tracks[0].notes[0].pitch == 72
    bar.meter.chosen.emit(Meter(3, 4))
    assert desk.song.meter == Meter(3, 4)
    assert bar.meter.text() == "3/4"
    assert room.history() is room.model
    for _ in range(3):
        room.model.undo()
    assert desk.song.tempo == 120
    assert desk.song.key == Key(9, "minor")
    assert not room.document.is_changed


def test_the_window_takes_steps_back(desk: Desk) -> None:
    desk.open(song())
    desk.room.page.tracks.strips[0].mute.click()
    assert desk.song.tracks[0].muted
    desk.room.page.roll.field.setFocus()
    desk.studio.actions["edit.undo"].trigger()
    assert not desk.song.tracks[0].muted


def test_tracks_are_mixed_added_and_removed(desk: Desk) -> None:
    desk.open(song())
    room, tracks = desk.room, desk.room.page.tracks
    desk.room.desk.toggle_play()
    tracks.strips[1].faders["volume"].setValue(40)
    assert ("volume", 40) in desk.player.told("set_mix")[-1]
    tracks.strips[1].faders["volume"]._settle()
    assert desk.song.tracks[1].volume == 40
    tracks.strips[0].instrument_chosen.emit(40)
    assert desk.song.tracks[0].program == 40
    tracks.add_wanted.emit(True)
    assert desk.song.tracks[3].is_drums
    assert room.model.active == 3
    assert not tracks.strips[3].field.isHidden()
    tracks.strips[3].field.setText("Shaker")
    tracks.strips[3].field.editingFinished.emit()
    assert desk.song.tracks[3].name == "Shaker"
    tracks.remove_wanted.emit(0)
    assert [track.name for track in desk.song.tracks] == ["Piano", "Kit", "Shaker"]
    assert len(tracks.strips) == 3


def test_a_chord_is_written_or_refused_in_words(desk: Desk) -> None:
    desk.open(song())
    roll = desk.room.page.roll
    roll.chord_edited.emit(BAR, "Dm7")
    assert desk.song.chord_at(BAR).symbol(desk.song.key) == "Dm7"
    before = desk.song
    roll.chord_edited.emit(BAR, "Hm")
    assert desk.song is before


def test_everything_is_reached_and_named(desk: Desk) -> None:
    desk.open(song())
    desk.room.desk.toggle_score()
    page = desk.room.page
    for widget in page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            name = widget.accessibleName() or getattr(widget, "text", str)()
            assert name or widget.focusProxy() is not None or isinstance(widget, QAbstractScrollArea), widget


@pytest.mark.parametrize("size", [(1024, 640), (1500, 900), (3840, 2160)])
def test_nothing_is_cut_at_any_size(desk: Desk, size: tuple[int, int]) -> None:
    desk.open(song())
    desk.studio.window.resize(*size)
    desk.studio.window.reset_layout()
    QTest.qWait(50)
    page = desk.room.page
    for part in (*page.transport.findChildren(QWidget), *page.acts.findChildren(QWidget)):
        if part.isVisible() and part.parent() in (page.transport, page.acts):
            assert part.parentWidget().rect().contains(part.geometry()), part
            if not isinstance(part, ElidedLabel):
                assert part.width() >= min(part.minimumSizeHint().width(), part.maximumWidth()), part
    assert page.transport.play.isVisible()
    assert page.acts.keep.isVisible()


# --- keeping ------------------------------------------------------------------------------------------------


def change(desk: Desk) -> None:
    desk.room.page.tracks.strips[0].mute.click()


def test_an_edited_song_is_kept_as_an_item_of_its_own(desk: Desk) -> None:
    item = desk.open(song())
    change(desk)
    acts = desk.room.page.acts
    assert acts.state.whole_text() == "Not kept yet"
    edited = desk.song
    acts.keep.click()
    desk.until(lambda: not desk.room.document.is_changed)
    kept = desk.room.document.item
    assert kept is not None
    assert (kept.parent, kept.kind, kept.name) == (item.uid, "music", "Tide")
    recipe = desk.recipe(kept)
    assert recipe.generator == "music/edited"
    assert recipe.inputs == {"song": item.digest}
    written = song_from_bytes(base64.b64decode(recipe.params["midi"]), "Tide")
    assert written.tracks == edited.tracks
    assert [one.uid for one in desk.room.shown()] == [kept.uid]
    desk.until(lambda: not acts.keep.isEnabled())
    desk.room.model.undo()
    assert desk.room.document.item.uid == item.uid
    assert not desk.room.document.is_changed


def test_what_is_exported_is_kept_first(desk: Desk) -> None:
    item = desk.open(song())
    assert [one.uid for one in desk.room.to_export()] == [item.uid]
    change(desk)
    (exported,) = desk.room.to_export()
    assert exported.parent == item.uid
    assert read_song(desk.project.blob_path(exported.digest)).tracks[0].muted


def test_another_song_says_what_is_lost_and_goes_back(desk: Desk) -> None:
    first = desk.open(song())
    change(desk)
    desk.open(song("Wave", 4))
    assert "is not kept" in said(desk)
    assert len(desk.song.bars) == 4
    desk.studio.workspace.notice.action.click()
    assert desk.song.tracks[0].muted
    assert desk.room.document.item.uid == first.uid
    assert desk.room.document.is_changed


def test_what_was_not_kept_comes_back_with_the_project(desk: Desk, tmp_path: Path) -> None:
    item = desk.open(song())
    change(desk)
    desk.studio.projects.close()
    desk.until(lambda: desk.studio.context.project is None and not desk.studio.projects._busy)
    assert desk.room.model.song is None
    desk.studio.projects.open(tmp_path / "Songs.studio")
    desk.until(lambda: desk.room.model.song is not None)
    assert desk.song.tracks[0].muted
    assert desk.room.document.item.uid == item.uid
    assert desk.room.document.is_changed
    desk.until(lambda: "is back as you left it" in said(desk))


def test_the_stage_is_handed_over_to_a_window_in_another_language(desk: Desk) -> None:
    desk.open(song())
    change(desk)
    desk.room.page.show_tracks(False)
    before = desk.room
    desk.studio.context.change_settings("appearance", language="de")
    desk.until(lambda: desk.room is not before)
    assert desk.song.tracks[0].muted
    assert desk.room.document.is_changed
    assert not desk.room.page.shows_tracks
    desk.studio.context.change_settings("appearance", language="en")


def test_a_song_is_drawn_from_nothing(desk: Desk) -> None:
    desk.room.desk.draw()
    room = desk.room
    assert room.page.shows_song
    assert room.page.roll.tool is Tool.PENCIL
    assert not room.document.is_changed
    room.desk.keep()
    assert said(desk) == "There are no notes to keep yet."
    room.model.change("Note", track_edits.with_fields(desk.song, 0, {"notes": (Note(0, 480, 60),)}))
    assert room.document.is_changed
    room.desk.keep()
    desk.until(lambda: room.document.item is not None)
    assert room.document.item.name == "New song"


def test_another_song_is_heard_from_its_beginning(desk: Desk) -> None:
    desk.open(song())
    desk.room.playing.seek(2 * BAR)
    desk.open(replace(song("Loop", 2), loop=(0, 2 * BAR)))
    assert desk.room.playing.tick == 0
    assert desk.room.playing.loops


# --- generating ---------------------------------------------------------------------------------------------


def test_marked_bars_and_the_chosen_track_go_into_the_form(desk: Desk) -> None:
    item = desk.open(song())
    page, form = desk.room.page, desk.room.context.form
    assert not page.acts.buttons["infill"].isEnabled()
    page.roll.select_bars((2, 3))
    page.tracks.activated.emit(1)
    assert page.acts.buttons["infill"].isEnabled()
    page.acts.buttons["infill"].click()
    job = desk.newest_job()
    assert job.recipe.generator == "music/infill"
    assert job.recipe.params["bars"] == "3-4"
    assert job.recipe.params["track"] == "2"
    assert job.recipe.inputs == {"song": item.digest}
    assert "Tide" in job.title
    assert desk.room.cost() == "Writes bars 3–4 of “Piano” anew; all else stays."
    page.roll.select_bars(None)
    assert form.values()["bars"] == ""
    assert desk.room.obstacle() == "Mark the bars in the ruler of the roll first."


def test_an_edited_song_is_given_to_a_generator_as_it_is(desk: Desk) -> None:
    item = desk.open(song())
    change(desk)
    desk.room.page.acts.buttons["vary"].click()
    (digest,) = desk.newest_job().recipe.inputs.values()
    assert digest != item.digest
    assert read_song(desk.project.blob_path(digest)).tracks[0].muted


def test_a_result_takes_the_place_of_the_song_as_one_step(desk: Desk) -> None:
    desk.open(song())
    before = desk.song
    desk.room.page.acts.buttons["vary"].click()
    job = desk.run(desk.newest_job())
    assert desk.room.page.strip.isVisible()
    desk.progress(job, 0.5, "Writing bar 4 of 8")
    assert "Writing bar 4 of 8" in desk.room.page.strip.words.whole_text()
    made = desk.finish(job, [song("Tide, varied", pitch=60)])
    desk.until(lambda: desk.room.document.item.uid == made[0].uid)
    assert not desk.room.page.strip.isVisible()
    assert desk.song.tracks[0].notes[0].pitch == 60
    desk.room.model.undo()
    assert desk.song is before
    assert not desk.room.document.is_changed


def test_a_job_that_is_over_at_once_is_a_step_too(desk: Desk) -> None:
    desk.open(song())
    before = desk.song
    desk.room.page.acts.buttons["accompany"].click()
    job = desk.newest_job()
    desk.room.waiting.job = None
    desk.room.waiting._is_over = True
    made = desk.finish(job, [song("Tide, accompanied", pitch=60)])
    desk.until(lambda: desk.room.document.item.uid == made[0].uid)
    desk.room.model.undo()
    assert desk.song is before


def test_several_results_can_be_compared(desk: Desk) -> None:
    desk.open(song())
    desk.room.page.acts.buttons["vary"].click()
    desk.finish(desk.run(desk.newest_job()), [song("First", pitch=60), song("Second", pitch=62)])
    desk.until(lambda: said(desk) == "2 songs were made.")
    desk.until(lambda: desk.room.document.name == "First")
    desk.studio.workspace.notice.action.click()
    desk.until(lambda: desk.room.page.shows_comparison)
    assert [one.item.name for one in desk.room.page.comparison.compared] == ["First", "Second"]


def test_bars_are_seen_as_they_are_written(desk: Desk) -> None:
    desk.room.page.compose.click()
    job = desk.run(desk.newest_job())
    whole = song("New", 2)
    empty = replace(whole, tracks=tuple(replace(track, notes=()) for track in whole.tracks))
    desk.say(job, SongBegun(empty))
    assert desk.room.model.song is None
    desk.say(job, BarDone(0, 0, BAR, {0: whole.tracks[0].notes[:4]}))
    assert desk.room.page.shows_song
    assert desk.song.tracks[0].notes == whole.tracks[0].notes[:4]
    desk.say(job, BarDone(1, BAR, 2 * BAR, {0: whole.tracks[0].notes[4:]}))
    assert desk.song.tracks[0].notes == whole.tracks[0].notes
    made = desk.finish(job, [whole])
    desk.until(lambda: desk.room.document.item is not None)
    assert desk.room.document.item.uid == made[0].uid
    assert not desk.room.document.is_changed


def test_a_cancelled_job_leaves_the_song_as_it_was(desk: Desk) -> None:
    desk.open(song())
    before = desk.song
    desk.room.page.acts.buttons["vary"].click()
    job = desk.run(desk.newest_job())
    empty = replace(before, tracks=tuple(replace(track, notes=()) for track in before.tracks))
    desk.say(job, SongBegun(empty, shift=0), BarDone(0, 0, BAR, {0: (Note(0, 480, 50),)}))
    assert desk.song.tracks[0].notes[0].pitch == 50
    desk.cancel(job)
    assert desk.song is before
    assert not desk.room.page.strip.isVisible()


def test_a_first_song_that_is_cancelled_leaves_the_empty_page(desk: Desk) -> None:
    desk.room.page.compose.click()
    job = desk.run(desk.newest_job())
    whole = song("New", 2)
    empty = replace(whole, tracks=tuple(replace(track, notes=()) for track in whole.tracks))
    desk.say(job, SongBegun(empty), BarDone(0, 0, BAR, {0: whole.tracks[0].notes[:4]}))
    assert desk.room.page.acts.state.whole_text() == ""
    assert desk.room.save() == b""
    desk.cancel(job)
    assert desk.room.model.song is None
    assert not desk.room.page.shows_song


def test_what_is_edited_meanwhile_stays(desk: Desk) -> None:
    desk.open(song())
    desk.room.page.acts.buttons["vary"].click()
    job = desk.run(desk.newest_job())
    change(desk)
    desk.finish(job, [song("Tide, varied", pitch=60)])
    desk.until(lambda: "is ready" in said(desk))
    assert desk.song.tracks[0].muted
    assert desk.song.tracks[0].notes[0].pitch == 69
    desk.studio.workspace.notice.action.click()
    desk.until(lambda: desk.song.tracks[0].notes[0].pitch == 60)


def test_words_are_asked_for_before_a_change(desk: Desk) -> None:
    desk.open(song())
    desk.room.page.acts.buttons["change"].click()
    assert desk.room.context.form.generator.id == "music/change"


# --- again on each repeat -----------------------------------------------------------------------------------


def test_another_one_comes_with_each_repeat_until_one_is_kept(desk: Desk) -> None:
    item = desk.open(song())
    room = desk.room
    room.context.form.choose("music/vary")
    room.desk.toggle_again()
    desk.until(lambda: room.again.is_on)
    assert room.playing.loops
    assert room.playing.is_playing
    first = desk.newest_job()
    assert first.recipe.generator == "music/vary"
    assert first.recipe.params["count"] == 1
    assert first.recipe.inputs == {"song": item.digest}
    made = desk.finish(first, [song("Try", pitch=60)])
    desk.until(lambda: room.again._ready is not None)
    assert desk.song.tracks[0].notes[0].pitch == 69
    desk.player.post(Passed(1))
    desk.until(lambda: desk.song.tracks[0].notes[0].pitch == 60)
    second = desk.newest_job()
    assert second.id != first.id
    assert second.recipe.seed != first.recipe.seed
    assert second.recipe.inputs == {"song": item.digest}
    room.model.undo()
    assert desk.song.tracks[0].notes[0].pitch == 69
    room.model.redo()
    room.page.strip.keep.click()
    assert not room.again.is_on
    assert room.document.given_item.uid == made[0].uid
    assert "is kept" in said(desk)


# --- hearing ------------------------------------------------------------------------------------------------


def test_space_plays_and_the_cursor_follows_the_player(desk: Desk) -> None:
    desk.open(song())
    room = desk.room
    room.page.roll.field.setFocus()
    QTest.keyClick(room.page.roll.field, Qt.Key.Key_Space)
    assert room.playing.is_playing
    assert desk.player.told("set_song")[-1][0] is desk.song
    assert desk.player.told("play")
    QTest.qWait(200)  # what the player tells right after it was asked to play is of before
    desk.player.post(Position(BAR + 960, True, 0.4, 0.5))
    desk.until(lambda: room.page.transport.place.text() == "2.3")
    assert room.page.transport.level.level() > -48
    at = room.playing.tick
    QTest.qWait(60)
    assert room.playing.tick > at  # it goes on between what the player tells
    QTest.keyClick(room.page.roll.field, Qt.Key.Key_Space)
    assert not room.playing.is_playing
    assert desk.player.told("pause")
    room.desk.stop()
    assert room.page.transport.place.text() == "1.1"


def test_an_edit_is_heard_while_it_plays(desk: Desk) -> None:
    desk.open(song())
    desk.room.desk.toggle_play()
    change(desk)
    desk.until(lambda: desk.player.told("set_song")[-1][0] is desk.song)
    assert desk.room.playing.is_playing


def test_the_loop_is_what_is_marked_or_the_whole_song(desk: Desk) -> None:
    desk.open(song())
    room = desk.room
    room.desk.toggle_play()
    room.desk.toggle_loop()
    assert room.page.transport.loop.isChecked()
    assert desk.player.told("set_loop")[-1] == ((0, 8 * BAR),)
    room.model.change("Loop", replace(desk.song, loop=(BAR, 2 * BAR)))
    desk.until(lambda: desk.player.told("set_loop")[-1] == ((BAR, 2 * BAR),))


def test_a_missing_device_is_told_once_and_quietly(desk: Desk) -> None:
    desk.open(song())
    desk.room.desk.toggle_play()
    desk.player.post(NoDevice())
    bar, told = desk.room.page.transport, "No audio device: it plays silently"
    desk.until(lambda: bar.silent.toolTip() == told)
    assert bar.silent.isVisible() or bar.silence.whole_text() == told
    assert said(desk) == ""
    bar.silent.click()
    assert said(desk) == told


def test_notes_are_heard_as_they_are_pressed(desk: Desk) -> None:
    desk.open(song())
    desk.room.page.roll.note_on.emit(0, 60, 90)
    desk.room.page.roll.note_off.emit(0, 60)
    assert desk.player.told("audition") == [(0, 60, 90), (0, 60, 0)]


def test_metronome_and_count_in(desk: Desk) -> None:
    desk.open(song())
    desk.room.page.transport.metronome.click()
    assert desk.player.told("set_metronome")[-1] == (True,)
    desk.room.page.transport.count_in.click()
    assert desk.player.told("set_count_in")[-1] == (1,)


def test_a_sound_font_of_the_user_is_read_before_it_is_played(desk: Desk, tmp_path: Path) -> None:
    desk.open(song())
    desk.room.desk.toggle_play()
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF" + bytes(60))
    fonts = desk.room.desk._fonts
    fonts.use(broken)
    desk.until(lambda: bool(shown(QDialog)))
    assert own_font() is None
    for dialog in shown(QDialog):
        dialog.close()
    good = tmp_path / "mine.sf3"
    good.symlink_to(OUR_FONT)
    fonts.use(good)
    desk.until(lambda: desk.player.told("set_font") == [(good,)])
    assert own_font() == good
    fonts.use_ours()
    assert own_font() is None
    assert desk.player.told("set_font")[-1] == (None,)


# --- out and in ---------------------------------------------------------------------------------------------


def test_selected_notes_are_dragged_out_as_midi(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    dragged: list[Path] = []
    monkeypatch.setattr(handing, "run_drag", lambda _, file: dragged.append(file))
    desk.open(song())
    notes = [note for note in desk.song.tracks[0].notes if BAR <= note.start < 2 * BAR]
    desk.room.page.roll.drag_out_wanted.emit(Chosen(0, frozenset(notes)))
    (file,) = dragged
    out = read_song(file)
    assert file.name == "Flute.mid"
    assert [track.name for track in out.tracks] == ["Flute"]
    assert [note.start for note in out.tracks[0].notes] == [0, 480, 960, 1440]
    assert out.length == BAR
    desk.room.page.roll.select_bars((0, 1))
    desk.room.page.acts.midi.drag_wanted.emit()
    assert read_song(dragged[-1]).length == 2 * BAR
    assert dragged[-1].name == "Tide.mid"


def test_audio_is_rendered_while_its_button_is_held(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered, dragged = list[str](), list[Path]()

    def render(one: Song, file: Path, _task: object) -> None:
        rendered.append(one.title)
        file.write_bytes(b"RIFF")

    monkeypatch.setattr(handing, "write_audio", render)
    monkeypatch.setattr(handing, "run_drag", lambda _, file: dragged.append(file))
    desk.open(song())
    audio = desk.room.page.acts.audio
    audio.pressed_down.emit()
    audio.drag_wanted.emit()
    desk.until(lambda: "ready" in said(desk))  # the button was let go before
    assert rendered == ["Tide"]
    audio.pressed_down.emit()
    audio.drag_wanted.emit()
    assert [file.name for file in dragged] == ["Tide.wav"]
    assert rendered == ["Tide"]
    change(desk)
    audio.pressed_down.emit()
    desk.until(lambda: rendered == ["Tide", "Tide"])


def test_a_dropped_recording_is_offered_to_be_written_down(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "hum.wav"
    file.write_bytes(b"RIFF" + bytes(40))
    desk.room.page.audio_dropped.emit(file)
    form = desk.room.context.form
    desk.until(lambda: form.generator is not None and form.generator.id == "music/hum")
    desk.until(lambda: "recording" in form.given())
    assert form.given()["recording"].kind == "audio"


class FakeRecorder:
    """Hears half a second of a tone."""

    seconds, is_full = 0.5, False

    def __init__(self, path: Path, level: Callable[[float], object]) -> None:
        self.path, self._level = path, level
        self.is_stopped = False

    def start(self) -> None:
        pass

    def hear(self) -> None:
        self._level(0.6)

    def stop(self) -> float:
        self.is_stopped = True
        self.path.write_bytes(b"RIFF" + bytes(100))
        return self.seconds


def test_a_hummed_tune_is_recorded_and_written_down(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = pytest.importorskip("studio_music.core.hum.recorder")
    monkeypatch.setattr(recorder, "Recorder", FakeRecorder)
    desk.open(song())
    room = desk.room
    room.page.acts.hum.click()
    desk.until(lambda: room.humming.is_recording)
    strip = room.page.strip
    room.humming._recorder.hear()
    desk.until(lambda: strip.bar.value() > 0)
    assert strip.words.whole_text() == "Hum or sing: 0:00.5"
    strip.keep.click()
    job = desk.newest_job()
    assert job.recipe.generator == "music/hum"
    assert not strip.isVisible()
    room.page.acts.hum.click()
    desk.until(lambda: room.humming.is_recording)
    strip.stop.click()
    assert not room.humming.is_recording


# --- the score ----------------------------------------------------------------------------------------------


def test_the_score_shows_the_song_and_is_pressed(desk: Desk) -> None:
    pytest.importorskip("verovio")
    desk.open(song())
    room = desk.room
    room.desk.toggle_score()
    desk.until(lambda: bool(room.page.score.views))
    view = room.page.score.views[0]
    note = next(one for one in view.sheet.page.notes if (one.track, one.note) == (0, 5))
    at = view.sheet.area_of(note).center().toPoint()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert room.page.roll.chosen.notes == frozenset([desk.song.tracks[0].notes[5]])
    assert room.playing.tick == desk.song.tracks[0].notes[5].start
    room.desk.toggle_score()
    assert not room.page.shows_score


def test_without_verovio_it_says_what_to_install(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise BadInput("Scores are engraved by verovio.", "Install it.")

    monkeypatch.setattr(Engraver, "engrave", missing)
    desk.open(song())
    desk.room.desk.toggle_score()
    pane = desk.room.page.score
    desk.until(lambda: pane.empty.text.text() == "Install it.")
    assert pane.empty.isVisible()


# --- comparing ----------------------------------------------------------------------------------------------


def test_songs_are_compared_and_heard_in_turn_at_the_same_place(desk: Desk) -> None:
    first, second = desk.add(song("One")), desk.add(song("Two", pitch=60))
    desk.until(lambda: len(desk.studio.gallery.model.ids) == 2)
    QTest.qWait(100)  # so that the gallery has told what it selects by itself
    desk.studio.items.compare([first, second])
    room: MusicRoom = desk.room
    desk.until(lambda: room.page.shows_comparison and len(room.page.comparison.cards) == 2)
    pane = room.page.comparison
    assert [one.uid for one in room.shown()] == [first.uid, second.uid]
    pane.cards[0].play.click()
    assert desk.player.told("set_song")[-1][0].title == "One"
    QTest.qWait(200)
    desk.player.post(Position(3 * BAR, True, 0.1, 0.1))
    desk.until(lambda: room.playing.tick >= 3 * BAR)
    QTest.keyClick(pane, Qt.Key.Key_2)
    assert desk.player.told("set_song")[-1][0].title == "Two"
    assert desk.player.told("seek")[-1][0] >= 3 * BAR
    assert room.playing.is_playing
    assert room.history() is None
    pane.cards[1].open.click()
    desk.until(lambda: room.page.shows_song and room.document.name == "Two")
