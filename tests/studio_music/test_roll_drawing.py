"""What the roll draws with: steps to undo, the view, notes as pixels, colors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from studio_music.core.editing.bars import with_bars, with_loop
from studio_music.core.editing.grid import Grid
from studio_music.core.keys import Key
from studio_music.core.song import Note, Song, Track
from studio_music.room.roll.arrays import TrackArrays, arrays_of
from studio_music.room.roll.colors import Ink, mix, ramp, readable_on, track_color
from studio_music.room.roll.model import SongModel, Steps
from studio_music.room.roll.raster import Frame, Layer, paint_notes, pixels_of
from studio_music.room.roll.roll import Roll
from studio_music.room.roll.view import PITCHES, View
from studio_music.room.roll.words import chord_name, grid_title, pitch_name, position

from studio.ui.kit.theme import BUILT_IN, DARK, LIGHT, contrast
from tests.studio_music.roll_hands import BAR, model, roll, song_of

__all__ = ["model", "roll"]


# Steps -----------------------------------------------------------------------------------------------------


def test_steps_are_taken_back_and_done_again() -> None:
    seen: list[Song | None] = []
    steps = Steps(lambda _before: seen.append(steps.song))
    first, second, third = (song_of(bars=count) for count in (1, 2, 3))
    steps.begin(first)
    assert not steps.is_edited
    steps.change("One", second)
    steps.change("Two", third)
    assert (steps.undo_title, steps.redo_title) == ("Two", None)
    steps.undo()
    assert (steps.song, steps.undo_title, steps.redo_title) == (second, "One", "Two")
    steps.redo()
    assert steps.song == third
    steps.undo()
    steps.change("Three", first)
    assert steps.redo_title is None
    assert steps.is_edited
    assert seen[-1] == first


def test_steps_that_change_nothing_are_none() -> None:
    steps = Steps(lambda _: None)
    steps.begin(song_of())
    steps.change("Nothing", song_of())
    assert steps.undo_title is None
    steps.begin(None)
    steps.change("Nothing", song_of())
    assert steps.song is None


def test_a_drag_is_one_step() -> None:
    steps = Steps(lambda _: None)
    steps.begin(song_of(bars=1))
    for bars in (2, 3, 4):
        steps.change("Volume", song_of(bars=bars), merge="volume")
    steps.end_merge()
    steps.change("Volume", song_of(bars=5), merge="volume")
    steps.undo()
    assert steps.song == song_of(bars=4)
    steps.undo()
    assert steps.song == song_of(bars=1)
    assert steps.undo_title is None


def test_a_merge_ends_with_a_step_back() -> None:
    steps = Steps(lambda _: None)
    steps.begin(song_of(bars=1))
    steps.change("Volume", song_of(bars=2), merge="volume")
    steps.undo()
    steps.change("Volume", song_of(bars=3), merge="volume")
    steps.undo()
    assert steps.song == song_of(bars=1)


def test_the_model_says_which_tracks_changed(qapp: QApplication) -> None:
    model = SongModel()
    told: list[tuple[object, frozenset[int]]] = []
    begun: list[bool] = []
    model.changed.connect(lambda song, tracks: told.append((song, tracks)))
    model.begun.connect(lambda: begun.append(True))
    song = song_of()
    model.begin(song)
    assert told == [(song, {0, 1})]
    assert begun == [True]
    model.change("Louder", song.with_track(1, Track("Bass", song.tracks[1].notes, volume=90)))
    assert told[-1][1] == {1}
    model.change("Loop", with_loop(model.song, 0, BAR))
    assert told[-1][1] == frozenset()
    model.undo()
    model.undo()
    assert told[-1] == (song, frozenset({1}))
    assert len(begun) == 1


def test_the_active_track_is_one_that_is_there(qapp: QApplication) -> None:
    model = SongModel()
    told: list[int] = []
    model.activated.connect(told.append)
    model.begin(song_of())
    model.activate(1)
    model.activate(9)
    model.change("Removal", Song("Tune", song_of().tracks[:1], 4 * BAR))
    assert model.active == 0
    assert told == [1, 0]


# View ------------------------------------------------------------------------------------------------------


@given(
    st.integers(1, 400),
    st.floats(0.2, 5),
    st.sampled_from([1.0, 1.25, 1.5, 2.0]),
    st.floats(0, 900),
    st.integers(1, 4),
)
def test_zooming_keeps_what_is_under_the_pointer(
    bars: int, factor: float, ratio: float, x: float, times: int
) -> None:
    view = View()
    view.resize(900, 500, ratio)
    view.set_length(bars * BAR)
    view.zoom(2, 0)
    view.scroll_to(view.content[0] / 3)
    for _ in range(times):
        before = view.tick_at(x)
        view.zoom(factor, x)
        if 0 < view.left < view.content[0] - view.width - 1:  # it is not held at an end of the song
            assert view.tick_at(x) == pytest.approx(before, abs=2 / view.per_tick)
    assert view.left * ratio == pytest.approx(round(view.left * ratio))
    assert view.row * ratio == pytest.approx(round(view.row * ratio))


@given(st.integers(0, PITCHES - 1), st.sampled_from([1.0, 1.5, 2.0]), st.floats(0.5, 3), st.floats(0, 2000))
def test_rows_and_pitches_agree(pitch: int, ratio: float, zoom: float, top: float) -> None:
    view = View()
    view.resize(900, 500, ratio)
    view.zoom_rows(zoom)
    view.scroll_to(None, top)
    assert view.pitch_at(view.y_of(pitch) + 0.01) == pitch
    assert view.pitch_at(view.y_of(pitch) + view.row - 0.01) == pitch


def test_a_song_fits(qapp: QApplication) -> None:
    view = View()
    view.resize(1200, 600, 1.0)
    song = song_of(Note(0, 480, 40), Note(0, 480, 90), bars=32)
    view.fit(song, 0)
    assert view.x_of(0) == 0
    assert view.x_of(song.length) <= 1200
    assert view.y_of(90) >= 0
    assert view.y_of(40) + view.row <= 600
    view.fit(Song("Empty", (), 0), 0)
    view.fit(with_bars(song, 2000), 0)
    assert view.x_of(2000 * BAR) <= 1200


def test_a_fitted_song_fits_a_new_size_until_it_is_zoomed(qapp: QApplication) -> None:
    view = View()
    view.resize(600, 300, 1.0)
    song = song_of(Note(0, 480, 40), Note(0, 480, 90), bars=32)
    view.set_length(song.length)
    view.fit(song, 0)
    view.resize(1200, 600, 1.0)
    assert 1100 <= view.x_of(song.length) <= 1200
    view.zoom(2.0)
    zoomed = view.per_tick
    view.resize(600, 300, 1.0)
    assert view.per_tick == zoomed


def test_the_active_track_is_seen_where_not_all_has_room(qapp: QApplication) -> None:
    view = View()
    view.resize(600, 200, 1.0)
    low, high = song_of(Note(0, 480, 30)).tracks[0], song_of(Note(0, 480, 90)).tracks[0]
    song = Song("Wide", (low, high), 16 * BAR)
    for active, pitch in ((0, 30), (1, 90)):
        view.fit(song, active)
        assert 0 <= view.y_of(pitch) <= 200 - view.row


# Notes as pixels -------------------------------------------------------------------------------------------

RED, BLUE = ramp(QColor("#ff0000"), QColor("#ff0000")), ramp(QColor("#0000ff"), QColor("#0000ff"))
WHITE = 0xFFFFFFFF
TICKS_A_PIXEL = 10


def painted(
    notes: list[Note], *, row: int = 16, ratio: float = 1.0, left: int = 0, top: int = 0
) -> np.ndarray:
    """Red notes with blue edges on white: 200 x 160 pixels."""
    pixels = np.full((160, 200), WHITE, np.uint32)
    frame = Frame(1 / TICKS_A_PIXEL / ratio, left, top, row, ratio)
    paint_notes(pixels, pixels.copy(), [Layer(arrays_of(notes), RED, BLUE)], frame)
    return pixels


def test_a_note_is_where_it_sounds() -> None:
    pixels = painted([Note(500, 400, 126)])
    ys, xs = np.nonzero(pixels != WHITE)
    assert (xs.min(), xs.max()) == (50, 89)
    assert (ys.min(), ys.max()) == (16, 30)
    assert pixels[23, 70] == 0xFFFF0000
    assert pixels[23, 50] == pixels[23, 89] == pixels[16, 70] == pixels[30, 70] == 0xFF0000FF
    assert pixels[16, 50] not in (WHITE, 0xFF0000FF)  # a round corner


def test_notes_that_touch_can_be_told_apart() -> None:
    pixels = painted([Note(0, 400, 126), Note(400, 400, 126)])
    assert pixels[23, 39] == pixels[23, 40] == 0xFF0000FF
    tiny = painted([Note(30 * place, 30, 126) for place in range(8)])
    assert [tiny[23, x] == 0xFF0000FF for x in range(6)] == [True, False, False] * 2


def test_the_shortest_note_is_seen() -> None:
    assert (painted([Note(505, 1, 126)]) != WHITE).any()


def test_later_layers_lie_above() -> None:
    pixels = np.full((160, 200), WHITE, np.uint32)
    note = arrays_of([Note(0, 400, 126)])
    frame = Frame(1 / TICKS_A_PIXEL, 0, 0, 16, 1.0)
    paint_notes(pixels, pixels.copy(), [Layer(note, RED, RED), Layer(note, BLUE, BLUE)], frame)
    assert pixels[23, 20] == 0xFF0000FF


pieces = st.builds(
    Note, st.integers(0, 3000), st.integers(1, 2500), st.integers(100, 127), st.integers(1, 127)
)


@given(
    st.lists(pieces, max_size=12),
    st.integers(3, 40),
    st.sampled_from([1.0, 1.5, 2.0]),
    st.integers(0, 150),
    st.integers(0, 300),
)
def test_notes_are_drawn_in_their_rows_and_nowhere_else(
    notes: list[Note], row: int, ratio: float, left: int, top: int
) -> None:
    pixels = painted(notes, row=row, ratio=ratio, left=left, top=top)
    allowed = np.zeros(pixels.shape, bool)
    middle = np.zeros(pixels.shape, bool)
    for note in notes:
        x0 = round(note.start / TICKS_A_PIXEL) - left
        x1 = max(round(note.end / TICKS_A_PIXEL) - left, x0 + 3)
        y0 = (127 - note.pitch) * row - top
        allowed[max(y0, 0) : max(y0 + row, 0), max(x0, 0) : max(x1, 0)] = True
        inner = slice(max(y0 + row // 2, 0), max(y0 + row // 2 + 1, 0))
        middle[inner, max(x0, 0) : max(x1 - 1, 0)] = True
    assert not (pixels[~allowed] != WHITE).any()
    if row > 2 * ratio + 2:
        unseen = middle & (pixels == WHITE)
        ends = {max(round(note.end / TICKS_A_PIXEL) - left, 0) for note in notes}
        assert all(int(x) + 1 in ends or int(x) + 2 in ends for x in np.nonzero(unseen)[1])


def test_pixels_of_an_image_are_written_in_place(qapp: QApplication) -> None:
    image = QImage(5, 4, QImage.Format.Format_RGB32)
    pixels_of(image)[:] = 0xFF102030
    assert image.pixelColor(4, 3) == QColor("#102030")


def test_arrays_are_made_anew_for_changed_tracks_only() -> None:
    arrays = TrackArrays()
    song = song_of()
    arrays.show(song.tracks)
    first, second = arrays[0], arrays[1]
    arrays.show(song.with_track(1, Track("Bass")).tracks)
    assert arrays[0] is first
    assert arrays[1] is not second
    assert len(arrays[7]) == 0
    assert first.notes() == list(song.tracks[0].notes)


# Looks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", BUILT_IN, ids=lambda theme: theme.name)
def test_tracks_can_be_seen_and_told_apart(qapp: QApplication, theme) -> None:
    colors = [track_color(theme, place).name() for place in range(12)]
    assert len(set(colors)) == 12
    for color in colors:
        assert contrast(color, theme.surface) >= 3.0
    ink = Ink(theme)
    for place in range(12):
        fill, _ = ink.notes(place)
        loud, soft = (QColor.fromRgb(int(fill[velocity])).name() for velocity in (127, 1))
        assert contrast(loud, theme.surface) > contrast(soft, theme.surface)
        strong, edge = ink.chosen(place)
        name = readable_on(QColor.fromRgb(int(strong[100]))).name()
        assert contrast(name, QColor.fromRgb(int(strong[100])).name()) >= 4.5
        assert contrast(QColor.fromRgb(int(edge[100])).name(), theme.surface) >= 4.5


def test_colors_mix() -> None:
    assert mix(QColor("#000000"), QColor("#ffffff"), 0.5).name() in ("#7f7f7f", "#808080")
    assert list(ramp(QColor("#000000"), QColor("#7f7f7f"))[[0, 127]]) == [0xFF000000, 0xFF7F7F7F]


@pytest.mark.parametrize("theme", BUILT_IN, ids=lambda theme: theme.name)
def test_the_roll_changes_its_theme(roll: Roll, theme) -> None:
    roll.set_theme(theme)
    picture = roll.grab().toImage()
    at = picture.pixelColor(roll.field.x() + 30, roll.field.y() + 3)
    assert (at.lightnessF() < 0.5) == theme.is_dark


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("scale", [80, 200])
def test_every_size_of_type_has_room(roll: Roll, theme, scale: int) -> None:
    roll.set_theme(theme.changed(font_scale=scale))
    QApplication.processEvents()
    assert roll.chords.height() >= roll.chords._font().pixelSize() + 6
    assert roll.field.height() > 300


# Words -----------------------------------------------------------------------------------------------------


def test_words() -> None:
    assert pitch_name(61, Key(0, "major")) == "C♯4"
    assert pitch_name(61, Key(8, "major")) == "D♭4"
    assert chord_name("Bbm7b5/F#") == "B♭m7♭5/F♯"
    assert [grid_title(Grid(step)) for step in (0, 60, 160, 720)] == ["bar", "1/32", "1/12", "3/8"]
    assert position(song_of(), 0) == "1.1.1"
    assert position(song_of(), BAR + 480 + 130) == "2.2.2"
    assert position(song_of(), 99 * BAR) == "4.4.4"
