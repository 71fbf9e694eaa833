"""Keeping the song of the room, losing it, and getting it back."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

from studio_music.core.midi_file import read_song, song_from_bytes
from studio_music.core.song import Note
from studio_music.room.roll.tool import Tool
from studio_music.room.tracks import edits as track_edits

from tests.studio_music.room_songs import BAR, song
from tests.studio_music.room_window import Desk, change, said


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
