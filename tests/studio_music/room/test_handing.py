"""What leaves the room and comes into it: files, recordings, the score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from studio_music.core.editing.chosen import Chosen
from studio_music.core.midi_file import read_song
from studio_music.core.score.engraver import Engraver
from studio_music.core.song import Note, Song, Track
from studio_music.core.sound import files
from studio_music.core.sound.font import OUR_FONT, SoundFont
from studio_music.room import handing
from studio_music.room.rendering import write_audio

from studio.api.values import BadInput
from tests.studio_music.room_songs import BAR, song
from tests.studio_music.room_window import Desk, change, said

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


def test_a_loud_song_is_dragged_out_as_it_is_exported(tmp_path: Path) -> None:
    class FakeTask:
        done = 0.0

        def progress(self, done: float, total: float, _message: str) -> None:
            self.done = done / total

    everything = tuple(Note(0, 960, pitch, 127) for pitch in range(36, 84, 3))
    loud = Song("Loud", (Track("Strings", everything, 48, volume=127),), BAR)
    task, dragged, exported = FakeTask(), tmp_path / "dragged.wav", tmp_path / "exported.wav"
    write_audio(loud, dragged, task)
    with SoundFont(OUR_FONT) as font:
        report = files.write_audio(loud, exported, font, files.AudioOptions("wav24"))
    assert report.gain < 0.7  # at full scale it would have been cut off
    assert dragged.read_bytes() == exported.read_bytes()
    assert task.done == 1.0


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
