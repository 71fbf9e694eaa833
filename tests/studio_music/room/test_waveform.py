"""When the waveform of the room's song is computed, and that nothing waits for it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from studio_music.core.song import Note
from studio_music.core.sound.font import OUR_FONT, SoundFont
from studio_music.core.sound.mix import mix_blocks
from studio_music.core.sound.peaks_client import PeakEvent, PeakFinder, Peaks, PeaksDied
from studio_music.core.sound.synth import Synth
from studio_music.room import waving

from tests.studio_music.room_songs import BAR, song
from tests.studio_music.room_window import Desk, FakeFinder, change


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody rests long after an edit."""
    monkeypatch.setattr(waving, "_REST_MS", 120)
    monkeypatch.setattr(waving, "_BEGIN_MS", 50)


def answer(desk: Desk, run: int, *, ended: bool = True) -> None:
    """All peaks of a run, of half of full scale."""
    bins = round((desk.song.duration + 2) * 100)
    values = np.full((bins, 2), (-0.5, 0.5), "<f4").tobytes()
    FakeFinder.made[-1].post(Peaks(run, 0, bins, 0.01, ended, values))


@pytest.mark.usefixtures("quick")
def test_the_wave_is_computed_after_edits_have_rested(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waving, "_REST_MS", 2000)  # longer than a busy computer takes for the next edit
    desk.open(song())
    wave = desk.room.page.roll.wave
    desk.until(lambda: FakeFinder.made and FakeFinder.made[0].wanted == [(desk.song, None)])
    answer(desk, 1)
    desk.until(lambda: wave.wave.is_true)
    for _ in range(5):
        change(desk)
        QTest.qWait(40)
    wanted = FakeFinder.made[0].wanted
    assert len(wanted) == 1
    assert not wave.wave.is_true
    answer(desk, 1)  # of the song before the edits
    QTest.qWait(20)
    assert not wave.wave.is_true
    desk.until(lambda: len(wanted) == 2)
    assert wanted[1] == (desk.song, None)
    answer(desk, 2)
    desk.until(lambda: wave.wave.is_true)
    desk.room.model.change("Loop", replace(desk.song, loop=(0, BAR)))  # sounds as before
    QTest.qWait(200)
    assert len(wanted) == 2
    assert len(FakeFinder.made) == 1


@pytest.mark.usefixtures("quick")
def test_no_wave_is_computed_that_nobody_sees(desk: Desk) -> None:
    desk.studio.items.show_room("image")
    desk.room.model.begin(song())
    desk.room.page.build()
    QTest.qWait(150)
    desk.studio.items.show_room("music")
    desk.room.page.show_song()
    desk.room.page.roll.toggle_wave()
    QTest.qWait(150)
    assert FakeFinder.made == []
    desk.room.page.roll.toggle_wave()
    desk.until(lambda: FakeFinder.made)


@pytest.mark.usefixtures("quick")
def test_another_sound_font_is_seen(desk: Desk, tmp_path: Path) -> None:
    desk.open(song())
    desk.until(lambda: FakeFinder.made)
    answer(desk, 1)
    wave = desk.room.page.roll.wave
    desk.until(lambda: wave.wave.is_true)
    desk.room.playing.set_font(tmp_path / "mine.sf2")
    assert not wave.wave.is_true
    desk.until(lambda: FakeFinder.made[0].wanted[1:] == [(desk.song, tmp_path / "mine.sf2")])


@pytest.mark.usefixtures("quick")
def test_after_its_death_the_next_edit_begins_another_process(desk: Desk) -> None:
    desk.open(song())
    desk.until(lambda: FakeFinder.made)
    FakeFinder.made[0].post(PeaksDied("killed"))
    QTest.qWait(20)
    change(desk)
    desk.until(lambda: len(FakeFinder.made) == 2)


@pytest.mark.usefixtures("quick")
def test_a_click_on_the_wave_plays_from_there(desk: Desk) -> None:
    desk.open(song())
    roll = desk.room.page.roll
    at = roll.wave.rect().center()
    at.setX(round(roll.state.view.x_of(2 * BAR)))
    QTest.mouseClick(roll.wave, Qt.MouseButton.LeftButton, pos=at)
    assert desk.room.playing.tick == 2 * BAR


def test_the_lane_stays_folded_in_a_window_that_is_built_anew(desk: Desk) -> None:
    desk.open(song())
    desk.room.page.roll.toggle_wave()
    before = desk.room
    desk.studio.context.change_settings("appearance", language="de")
    desk.until(lambda: desk.room is not before)
    assert not desk.room.page.roll.shows_wave
    desk.studio.context.change_settings("appearance", language="en")
    FakeFinder.made.clear()


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_the_wave_is_that_of_the_render_and_nothing_waits_for_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    finders: list[PeakFinder] = []

    class Known(PeakFinder):
        def __init__(self, on_event: Callable[[PeakEvent], object]) -> None:
            super().__init__(on_event)
            finders.append(self)

    monkeypatch.setattr(waving, "PeakFinder", Known)
    desk.open(song())
    wave = desk.room.page.roll.wave.wave
    desk.until(lambda: wave.is_true)
    process = finders[0]._child._process
    assert process is not None
    waited = threading.Event()

    def go_on() -> None:
        """Else a window that waits for the process would do so for ever."""
        waited.set()
        process.send_signal(signal.SIGCONT)

    process.send_signal(signal.SIGSTOP)
    watch = threading.Timer(30, go_on)
    watch.start()
    notes = tuple(Note(place * 96, 90, 50 + place % 30, 60) for place in range(20_000))
    long = song("Long", bars=1000)
    desk.open(long.with_track(0, replace(long.tracks[0], notes=notes)))
    desk.until(lambda: finders[0]._run == 2)
    QTest.qWait(200)
    assert not waited.is_set(), "the window waited for the process"
    watch.cancel()
    assert not wave.columns(np.array([0.0, 8 * BAR]))[2][0]
    rendered_here: list[int] = []
    block = Synth.block
    monkeypatch.setattr(Synth, "block", lambda *args: rendered_here.append(args[2]) or block(*args))
    other = psutil.Process(process.pid)
    before = sum(other.cpu_times()[:2])
    process.send_signal(signal.SIGCONT)
    # The first 64 seconds are there.
    desk.until(lambda: bool(wave.columns(np.array([0.0, 32 * BAR]))[2][0]))
    worked = sum(other.cpu_times()[:2]) - before
    assert not rendered_here, "the window's process did the work"
    began = time.process_time()
    with SoundFont(OUR_FONT) as font:
        blocks = mix_blocks(desk.song.slice(0, 32 * BAR), font)
        sound = np.concatenate([part for *_, part in blocks])[: 4 * 44100]
    assert rendered_here  # what tells so sees it
    assert worked > (time.process_time() - began) / 2, "the other process did not do the work"
    low, high, _ = wave.columns(np.array([0.0, 2 * BAR]))
    assert high[0] == pytest.approx(sound.max(), abs=0.02)
    assert low[0] == pytest.approx(sound.min(), abs=0.02)
