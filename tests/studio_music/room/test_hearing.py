"""Hearing the song of the room, and several in turn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from studio_music.core.own_font import own_font
from studio_music.core.sound.font import OUR_FONT
from studio_music.core.sound.player_client import NoDevice, Position
from studio_music.room.room import MusicRoom

from tests.studio_music.room_songs import BAR, song
from tests.studio_music.room_window import Desk, FakePlayer, change, said, shown


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


def test_the_player_begins_when_the_room_is_seen_or_shall_sound(desk: Desk) -> None:
    desk.studio.items.show_room("image")
    room = desk.room
    room.model.begin(song())  # as one that is brought back with the project
    room.page.build()
    room.desk.toggle_metronome()
    QTest.qWait(600)
    assert FakePlayer.made == []
    desk.studio.items.show_room("music")
    desk.until(lambda: len(FakePlayer.made) == 1)
    assert desk.player.told("set_song") == [(desk.song,)]
    assert desk.player.told("set_metronome") == [(True,)]


def test_a_song_that_shall_be_heard_begins_the_player_at_once(desk: Desk) -> None:
    desk.studio.items.show_room("image")
    desk.room.model.begin(song())
    desk.room.page.build()
    desk.room.desk.toggle_play()
    assert desk.player.told("set_song") == [(desk.song,)]
    assert desk.player.told("play") == [(0.0,)]


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
    desk.until(lambda: FakePlayer.made)
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
