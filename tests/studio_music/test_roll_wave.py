"""The lane with the waveform: it shows peaks at their place, dims what an edit has changed, and seeks."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from studio_music.core.song import Note, Song, TempoChange, Track
from studio_music.room.roll.roll import Roll
from studio_music.room.roll.toolbar import RollBar
from studio_music.room.roll.wave import Wave, changed_span, song_seconds, song_ticks

from tests.studio_music.roll_hands import BAR, BEAT, NOTES, Keys, click, model, roll, song_of

__all__ = ["model", "roll"]

C, E, G = NOTES
SECONDS = 0.01
"""Of a bin."""


def known(song: Song, level: float = 0.5) -> Wave:
    """A wave that is as loud everywhere."""
    wave = Wave()
    wave.follow(song, fresh=True)
    bins = round((song.duration + 2) / SECONDS)
    wave.take(0, bins, SECONDS, np.full((bins, 2), (-level, level), np.float32))
    return wave


def truth(wave: Wave, *ticks: float) -> list[bool]:
    """Whether what is seen at ticks is true."""
    return [bool(wave.columns(np.array([tick, tick + 1.0]))[2][0]) for tick in ticks]


# --- what is known ------------------------------------------------------------------------------------------


def test_peaks_lie_where_they_sound() -> None:
    song = replace(song_of(), tempos=(TempoChange(0, 60.0), TempoChange(BAR, 120.0)))  # 4 + 3 * 2 seconds
    wave = Wave()
    wave.follow(song, fresh=True)
    values = np.zeros((1000, 2), np.float32)
    values[500] = -0.25, 0.75  # at 5 seconds: in the middle of the second bar
    wave.take(0, 1000, SECONDS, values)
    ticks = np.linspace(0, 4 * BAR, 201)
    low, high, true = wave.columns(ticks)
    (place,) = np.flatnonzero(high)
    assert ticks[place] <= 1.5 * BAR < ticks[place + 1] + 10
    assert (low[place], high[place]) == (-0.25, 0.75)
    assert true.all()


def test_a_column_shows_the_highest_and_the_lowest_of_its_bins() -> None:
    wave, song = Wave(), song_of()
    wave.follow(song, fresh=True)
    chance = np.random.default_rng(1)
    values = np.sort(chance.uniform(-1, 1, (1000, 2)), 1).astype(np.float32)
    wave.take(0, 1000, SECONDS, values)
    low, high, _ = wave.columns(np.linspace(0, song.length, 8))
    edges = (song_seconds(song, np.linspace(0, song.length, 8)) / SECONDS).astype(int)
    for place in range(7):
        here = values[edges[place] : edges[place + 1]]
        assert (low[place], high[place]) == (here[:, 0].min(), here[:, 1].max())


def test_what_is_not_known_is_flat_and_not_true() -> None:
    wave = Wave()
    assert not wave.columns(np.arange(5.0))[1].any()
    wave.follow(song_of(), fresh=True)
    wave.take(0, 100, SECONDS, np.ones((50, 2), np.float32))
    _low, high, true = wave.columns(song_ticks(song_of(), np.array([0.1, 0.2, 0.7, 0.8, 99.0, 99.5])))
    assert high.tolist() == [1, 1, 0, 0, 0]
    assert true[:1].all()
    assert not true[2]
    assert not wave.is_true


def test_an_edit_dims_its_place_alone() -> None:
    song = song_of(C, Note(2 * BAR, 480, 70), Note(7 * BAR, 480, 72), bars=8)
    wave = known(song)
    assert wave.is_true
    moved = song_of(C, Note(2 * BAR, 480, 71), Note(7 * BAR, 480, 72), bars=8)
    assert wave.follow(moved, fresh=False)
    assert truth(wave, 0, 2 * BAR - 50, 2 * BAR, 2 * BAR + 480, 7 * BAR) == [True, True, False, False, True]
    assert wave.columns(np.array([2 * BAR, 2 * BAR + 9.0]))[1][0] == 0.5  # what was there is seen yet


def test_the_mixer_dims_all_and_words_dim_nothing() -> None:
    song = song_of()
    wave = known(song)
    named = replace(song, title="Other", loop=(0, BAR))
    assert not wave.follow(named, fresh=False)
    assert not wave.follow(named.with_track(0, replace(named.tracks[0], name="Flute")), fresh=False)
    assert wave.is_true
    assert wave.follow(named.with_track(0, replace(named.tracks[0], muted=True)), fresh=False)
    assert truth(wave, 0, BAR, 4 * BAR - 10) == [False] * 3


def test_another_tempo_keeps_what_is_before_it_and_moves_the_rest_along() -> None:
    song = song_of(bars=8)
    wave = Wave()
    wave.follow(song, fresh=True)
    bins = round((song.duration + 2) / SECONDS)
    values = np.zeros((bins, 2), np.float32)
    values[round(song.seconds_at(6 * BAR) / SECONDS) :, 1] = 0.5
    wave.take(0, bins, SECONDS, values)
    assert wave.follow(replace(song, tempos=(*song.tempos, TempoChange(4 * BAR, 50.0))), fresh=False)
    assert truth(wave, BAR, 4 * BAR - 20, 4 * BAR + 20, 7 * BAR) == [True, True, False, False]
    high = wave.columns(np.array([5.9 * BAR, 6.0 * BAR - 30, 6.0 * BAR + 30, 6.1 * BAR]))[1]
    assert high.tolist() == [0, 0.5, 0.5]


def test_another_song_has_no_wave_yet() -> None:
    wave = known(song_of())
    assert wave.follow(song_of(G), fresh=True)
    assert not wave.columns(np.array([0.0, BAR]))[1].any()


NOTE = st.builds(Note, st.integers(0, 5000), st.integers(1, 2000), st.integers(40, 45), st.integers(1, 127))
SOME = st.lists(NOTE, max_size=8).map(lambda notes: tuple(sorted(notes)))


@given(SOME, SOME, SOME)
def test_all_that_differs_is_within_what_is_dimmed(
    kept: tuple[Note, ...], gone: tuple[Note, ...], new: tuple[Note, ...]
) -> None:
    before = Song("", (Track("", tuple(sorted((*kept, *gone)))),), 8000)
    after = Song("", (Track("", tuple(sorted((*kept, *new)))),), 8000)
    span = changed_span(before, after)
    rest = list(after.tracks[0].notes)
    only = [note for note in before.tracks[0].notes if note not in rest or rest.remove(note)] + rest
    if not only:
        assert span is None
    else:
        assert span is not None
        assert span[0] <= min(note.start for note in only)
        assert span[1] >= max(note.end for note in only)


@given(st.lists(st.tuples(st.integers(1, 9000), st.floats(20, 300)), max_size=5))
def test_seconds_and_ticks_are_those_of_the_song(changes: list[tuple[int, float]]) -> None:
    tempos = (TempoChange(0, 100.0), *(TempoChange(*one) for one in sorted(dict(changes).items())))
    song = Song("", (), 10_000, tempos)
    ticks = np.arange(0, 10_000, 137)
    seconds = song_seconds(song, ticks)
    assert seconds == pytest.approx([song.seconds_at(tick) for tick in ticks.tolist()])
    assert song_ticks(song, seconds) == pytest.approx(ticks, abs=1e-3)


# --- the lane -----------------------------------------------------------------------------------------------


def give(roll: Roll, level: float = 0.9) -> None:
    bins = round((roll.model.song.duration + 2) / SECONDS)
    roll.wave.take(0, bins, SECONDS, np.full((bins, 2), (-level, level), np.float32))


def color_at(roll: Roll, tick: float, y: int = 8) -> QColor:
    image = roll.wave.grab().toImage()
    return image.pixelColor(round(roll.state.view.x_of(tick) * image.devicePixelRatio()), y)


def contrast(roll: Roll, tick: float) -> float:
    """How far what is seen there is from the ground."""
    color, ground = color_at(roll, tick), roll.state.ink.field
    pairs = zip(color.getRgb()[:3], ground.getRgb()[:3], strict=True)
    return float(sum(abs(one - other) for one, other in pairs))


def test_a_click_seeks_on_the_grid(roll: Roll) -> None:
    sought: list[int] = []
    roll.seek_wanted.connect(sought.append)
    at = QPointF(roll.state.view.x_of(1000), 10)
    click(roll.wave, at)
    click(roll.wave, at, Keys.AltModifier)
    assert sought[0] == 960
    assert sought[1] == pytest.approx(1000, abs=3)


def test_the_wave_is_seen_and_dimmed_after_an_edit(roll: Roll) -> None:
    told: list[bool] = []
    roll.wave.outdated.connect(told.append)
    assert contrast(roll, 300) < 30
    give(roll)
    strong = contrast(roll, 300)
    assert strong > 100
    roll.model.change("Edit", song_of(C, E))
    assert told == [False]
    assert contrast(roll, 300) == pytest.approx(strong, abs=5)
    assert 10 < contrast(roll, 1000) < strong / 2
    give(roll)
    assert contrast(roll, 1000) == pytest.approx(strong, abs=5)
    roll.model.begin(song_of(G))
    assert told == [False, True]


def test_a_soft_song_is_seen_as_well_as_a_loud_one_but_noise_is_not(roll: Roll) -> None:
    give(roll, 0.2)
    assert contrast(roll, 300) > 100
    give(roll, 0.02)
    assert contrast(roll, 300) < 30


def test_behind_the_end_only_what_rings_on_is_seen(roll: Roll) -> None:
    give(roll)
    view, end = roll.state.view, 4 * BAR
    view.scroll_to(view.content[0])
    middle = roll.wave.height() // 2
    assert color_at(roll, end + BEAT / 4, middle).name() != roll.state.ink.beyond.name()
    bins = round(roll.model.song.duration / SECONDS)
    roll.wave.take(0, bins, SECONDS, np.full((bins, 2), (-0.5, 0.5), np.float32))
    assert color_at(roll, end + BEAT / 4, middle).name() == roll.state.ink.beyond.name()


def test_the_wave_follows_zoom_and_scroll(roll: Roll) -> None:
    values = np.zeros((1000, 2), np.float32)
    second = round(roll.model.song.seconds_at(BAR) / SECONDS)
    values[second:] = -0.9, 0.9
    roll.wave.take(0, 1000, SECONDS, values)
    view = roll.state.view
    for factor, left in ((1.0, 0.0), (2.5, 300.0), (0.5, 0.0)):
        view.zoom(factor, 0)
        view.scroll_to(left)
        assert contrast(roll, BAR - BEAT / 4) < 60
        assert contrast(roll, BAR + BEAT / 4) > 100


def test_the_lane_is_folded_away_and_where_there_is_no_room(roll: Roll) -> None:
    bar, seen = RollBar(roll), list[bool]()
    roll.wave.seen.connect(seen.append)
    assert bar.wave.isChecked()
    bar.wave.click()
    assert roll.wave.isHidden()
    assert not roll.shows_wave
    roll.toggle_wave()
    assert bar.wave.isChecked()
    assert roll.wave.isVisible()
    roll.resize(1000, 320)
    QApplication.processEvents()
    assert not roll.wave.isVisible()
    assert roll.shows_wave
    roll.resize(1000, 700)
    QApplication.processEvents()
    assert roll.wave.isVisible()
    assert seen == [False, True, False, True]


def test_ten_minutes_and_20000_notes_are_drawn_in_no_time(roll: Roll) -> None:
    notes = tuple(Note(place * 28, 60, 40 + place % 40) for place in range(20_000))
    song = Song("", (Track("", notes),), 300 * BAR)
    roll.model.begin(song)
    chance = np.random.default_rng(1)
    bins = 172 * 720
    roll.wave.take(0, bins, 1 / 172, np.sort(chance.uniform(-1, 1, (bins, 2)), 1).astype(np.float32))
    roll.fit()
    spent = []
    for place in range(10):
        began = time.thread_time()
        roll.wave.renew()
        roll.wave.repaint()
        edited = replace(
            song.tracks[0], notes=(*notes[:9000], notes[9000]._replace(pitch=90 + place), *notes[9001:])
        )
        roll.wave.wave.follow(song.with_track(0, edited), fresh=False)
        spent.append(time.thread_time() - began)
    assert min(spent) < 0.016
