"""The room of music in the real window: its first page, and a song on its stage."""

from __future__ import annotations

import mido
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from studio_music.core.keys import Key
from studio_music.core.meter import Meter

from studio.jobs.events import ItemsAdded
from studio.ui.kit.controls import ElidedLabel
from studio.ui.kit.shortcuts import conflicts
from tests.studio_music.room_songs import BAR, song
from tests.studio_music.room_window import Desk, said

# --- the first page -----------------------------------------------------------------------------------------


def test_the_empty_stage_has_one_action_which_composes(desk: Desk) -> None:
    page = desk.room.page
    assert "Compose one from a mood" in page.empty.text.text()
    assert page.compose.text() == "Compose 16 bars"
    desk.studio.panel.set_value("bars", 6)
    assert page.compose.text() == "Compose 6 bars"
    page.compose.click()
    recipe = desk.newest_job().recipe
    assert (recipe.generator, recipe.params["bars"]) == ("music/compose", 6)


def test_the_first_page_of_the_window_leads_to_it(desk: Desk) -> None:
    desk.studio.show_home()
    desk.studio.window.welcome.rooms["music"].click()
    assert not desk.studio.window.shows_welcome
    assert desk.studio.workspace.room == "music"
    assert QApplication.focusWidget() is desk.room.page.compose


def test_the_first_page_of_the_window_knows_it(desk: Desk) -> None:
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


def test_a_foreign_song_says_what_was_not_read_of_it(desk: Desk) -> None:
    foreign = mido.MidiFile(ticks_per_beat=480)
    bent = mido.Message("pitchwheel", pitch=900, time=100)
    ends = mido.Message("note_off", note=60, time=380)
    foreign.add_track().extend([mido.Message("note_on", note=60), bent, ends])
    file = desk.project.staging() / "bent.mid"
    foreign.save(file)
    item = desk.project.add_asset(file, kind="music", name="Bent")
    desk.studio.context.bridge.post(ItemsAdded((item,), ""))
    desk.studio.items.open([item])
    desk.until(lambda: "was left out: pitch bend." in said(desk))
    assert desk.song.title == "Bent"


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
