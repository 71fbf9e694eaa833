"""What the generators make of the song in the room, and again on each repeat."""

from __future__ import annotations

from dataclasses import replace

from studio_music.core.live import BarDone, SongBegun
from studio_music.core.midi_file import read_song
from studio_music.core.song import Note
from studio_music.core.sound.player_client import Passed

from tests.studio_music.room_songs import BAR, song
from tests.studio_music.room_window import Desk, change, said


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
    assert not desk.room.page.strip.isVisible()  # how far it is stands at the foot of the window
    made = desk.finish(job, [song("Tide, varied", pitch=60)])
    desk.until(lambda: desk.room.document.item.uid == made[0].uid)
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
