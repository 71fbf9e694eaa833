"""The piano roll under the pointer: real events on the real widget."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from studio_music.core.editing.chosen import Chosen
from studio_music.core.editing.grid import Snap
from studio_music.core.song import Note, Song, Track
from studio_music.room.roll.roll import Roll
from studio_music.room.roll.tool import Tool

from tests.studio_music.roll_hands import (
    BAR,
    MIDDLE,
    NOTES,
    Keys,
    at,
    chosen_of,
    click,
    double_click,
    drag,
    key,
    model,
    move,
    notes_of,
    press,
    release,
    roll,
    song_of,
    wheel,
)

__all__ = ["model", "roll"]

C, E, G = NOTES


def test_a_double_click_draws_a_note_and_deletes_it(roll: Roll) -> None:
    double_click(roll.field, at(roll, 2000, 62))
    assert (1920, 120, 62, 90) in notes_of(roll)
    assert chosen_of(roll) == [(1920, 120, 62, 90)]
    assert roll.model.undo_title == "Drawing a note"
    double_click(roll.field, at(roll, 1980, 62))
    assert notes_of(roll) == [tuple(note) for note in NOTES]


def test_the_pencil_draws_as_long_as_it_is_dragged(roll: Roll) -> None:
    roll.tool = Tool.PENCIL
    drag(roll.field, at(roll, 2000, 62), at(roll, 2800, 62))
    assert (1920, 840, 62, 90) in notes_of(roll)
    drag(roll.field, at(roll, 3000, 59), at(roll, 3000, 59))
    assert (3000, 840, 59, 90) in notes_of(roll)


def test_alt_draws_without_the_grid(roll: Roll) -> None:
    roll.tool = Tool.PENCIL
    drag(roll.field, at(roll, 2016, 62), at(roll, 2112, 62), Keys.AltModifier)
    start, length, pitch, _ = notes_of(roll)[-1]
    assert (start, pitch) == (2016, 62)
    assert length == pytest.approx(96, abs=3)


def test_the_eraser_takes_what_it_passes(roll: Roll) -> None:
    roll.tool = Tool.ERASER
    click(roll.field, at(roll, 240, 60))
    assert notes_of(roll) == [tuple(E), tuple(G)]
    press(roll.field, at(roll, 720, 64))
    move(roll.field, at(roll, 1440, 70))  # over the third note, not onto it
    release(roll.field, at(roll, 1440, 70))
    assert notes_of(roll) == []
    assert roll.model.undo_title == "Deleting 2 notes"
    roll.model.undo()
    assert len(notes_of(roll)) == 2


def test_a_note_is_moved_on_the_grid(roll: Roll) -> None:
    drag(roll.field, at(roll, 240, 60), at(roll, 240 + 1000, 62))
    assert notes_of(roll) == [tuple(E), (960, 480, 62, 80), tuple(G)]
    assert roll.model.undo_title == "Moving notes"
    roll.model.undo()
    assert roll.model.song == song_of()
    assert roll.model.undo_title is None


def test_a_note_is_moved_freely_with_alt(roll: Roll) -> None:
    drag(roll.field, at(roll, 240, 60), at(roll, 240 + 96, 60), Keys.AltModifier)
    assert notes_of(roll)[0] == (96, 480, 60, 80)


def test_shift_holds_a_drag_to_one_direction(roll: Roll) -> None:
    press(roll.field, at(roll, 240, 60))
    move(roll.field, at(roll, 1200, 61))
    move(roll.field, at(roll, 1200, 61), Keys.ShiftModifier)
    release(roll.field, at(roll, 1200, 61), Keys.ShiftModifier)
    assert (960, 480, 60, 80) in notes_of(roll)


def test_notes_keep_to_the_scale(roll: Roll) -> None:
    roll.keeps_scale = True
    double_click(roll.field, at(roll, 2000, 61))
    assert (1920, 120, 60, 90) in notes_of(roll)
    roll.model.undo()
    roll.select_all()
    drag(roll.field, at(roll, 240, 60), at(roll, 240 + 480, 63))
    assert [note[2] for note in notes_of(roll)] == [62, 65, 69]
    roll.model.undo()
    roll.select_all()
    drag(roll.field, at(roll, 240, 60), at(roll, 240 + 1920, 64), Keys.ControlModifier)
    assert [note[:3] for note in notes_of(roll)][3:] == [(1920, 480, 64), (2400, 480, 67), (2880, 960, 71)]
    roll.choose(Chosen(0, frozenset([C])))
    key(roll.field, Qt.Key.Key_Down)
    assert chosen_of(roll) == [(0, 480, 59, 80)]
    key(roll.field, Qt.Key.Key_S)
    assert not roll.keeps_scale
    key(roll.field, Qt.Key.Key_Down)
    assert chosen_of(roll) == [(0, 480, 58, 80)]


def test_selected_notes_move_together(roll: Roll) -> None:
    roll.select_all()
    drag(roll.field, at(roll, 240, 60), at(roll, 240 + 480, 59))
    assert notes_of(roll) == [(480, 480, 59, 80), (960, 480, 63, 80), (1440, 960, 66, 100)]
    assert len(roll.chosen.notes) == 3


def test_ctrl_drags_copies(roll: Roll) -> None:
    drag(roll.field, at(roll, 240, 60), at(roll, 240 + 1920, 60), Keys.ControlModifier)
    assert notes_of(roll) == [*(tuple(note) for note in NOTES), (1920, 480, 60, 80)]
    assert chosen_of(roll) == [(1920, 480, 60, 80)]
    assert roll.model.undo_title == "Copying notes"


def test_both_edges_stretch(roll: Roll) -> None:
    drag(roll.field, at(roll, 478, 60), at(roll, 478 + 245, 60))
    assert notes_of(roll)[0] == (0, 720, 60, 80)
    drag(roll.field, at(roll, 962, 67), at(roll, 962 + 235, 67))
    assert (1200, 720, 67, 100) in notes_of(roll)
    drag(roll.field, at(roll, 718, 60), at(roll, 5, 60))
    assert notes_of(roll)[0] == (0, 120, 60, 80)


def test_stretching_without_moving_only_selects(roll: Roll) -> None:
    click(roll.field, at(roll, 478, 60))
    assert chosen_of(roll) == [tuple(C)]
    assert roll.model.undo_title is None


def test_clicks_select(roll: Roll) -> None:
    click(roll.field, at(roll, 240, 60))
    assert chosen_of(roll) == [tuple(C)]
    click(roll.field, at(roll, 720, 64), Keys.ShiftModifier)
    assert chosen_of(roll) == [tuple(C), tuple(E)]
    click(roll.field, at(roll, 240, 60), Keys.ShiftModifier)
    assert chosen_of(roll) == [tuple(E)]
    click(roll.field, at(roll, 240, 60))
    assert chosen_of(roll) == [tuple(C)]
    click(roll.field, at(roll, 3000, 60))
    assert chosen_of(roll) == []


def test_a_click_on_one_of_many_selects_it_alone(roll: Roll) -> None:
    roll.select_all()
    click(roll.field, at(roll, 240, 60))
    assert chosen_of(roll) == [tuple(C)]


def test_a_rubber_band_selects(roll: Roll) -> None:
    drag(roll.field, at(roll, 300, 66), at(roll, 1000, 61))
    assert chosen_of(roll) == [tuple(E)]
    drag(roll.field, at(roll, 1100, 68), at(roll, 1200, 66), Keys.ShiftModifier)
    assert chosen_of(roll) == [tuple(E), tuple(G)]


def test_escape_lets_a_drag_go(roll: Roll) -> None:
    press(roll.field, at(roll, 240, 60))
    move(roll.field, at(roll, 1200, 62))
    key(roll.field, Qt.Key.Key_Escape)
    release(roll.field, at(roll, 1200, 62))
    assert roll.model.song == song_of()
    assert roll.field.picture.preview is None


def test_a_drag_ends_when_the_song_becomes_another(roll: Roll) -> None:
    """What is generated while it loops may come at any time."""
    press(roll.field, at(roll, 240, 60))
    move(roll.field, at(roll, 1200, 62))
    other = song_of(Note(0, 480, 72))
    roll.model.change("Again", other)
    move(roll.field, at(roll, 1300, 62))
    release(roll.field, at(roll, 1300, 62))
    assert roll.model.song == other
    press(roll.velocities, QPointF(2, 40))
    roll.model.undo()
    move(roll.velocities, QPointF(200, 10))
    release(roll.velocities, QPointF(200, 10))
    assert roll.model.song == song_of()


def test_the_middle_button_pans(roll: Roll) -> None:
    view = roll.state.view
    view.zoom(4, 0)
    view.scroll_to(200)
    left, top = view.left, view.top
    drag(roll.field, QPointF(300, 200), QPointF(260, 230), button=MIDDLE)
    assert (view.left, view.top) == (left + 40, top - 30)


def test_ctrl_alt_drags_notes_out(roll: Roll, qtbot) -> None:
    out: list[Chosen] = []
    roll.drag_out_wanted.connect(out.append)
    drag(roll.field, at(roll, 240, 60), at(roll, 900, 60), Keys.ControlModifier | Keys.AltModifier)
    assert [one.notes for one in out] == [{C}]
    assert roll.model.song == song_of()


def test_notes_are_heard(roll: Roll) -> None:
    heard: list[tuple[object, ...]] = []
    roll.note_on.connect(lambda *note: heard.append(("on", *note)))
    roll.note_off.connect(lambda *note: heard.append(("off", *note)))
    press(roll.field, at(roll, 240, 60))
    move(roll.field, at(roll, 240, 61))
    release(roll.field, at(roll, 240, 61))
    assert heard == [("on", 0, 60, 80), ("off", 0, 60), ("on", 0, 61, 80), ("off", 0, 61)]


def test_keys_are_heard_and_lit(roll: Roll) -> None:
    heard: list[tuple[int, ...]] = []
    roll.note_on.connect(lambda *note: heard.append(note))
    view = roll.state.view
    press(roll.keys, QPointF(10, view.y_of(61) + 4))
    assert roll.state.pressed == {61}
    move(roll.keys, QPointF(50, view.y_of(62) + 4))
    release(roll.keys, QPointF(50, view.y_of(62) + 4))
    assert [note[:2] for note in heard] == [(0, 61), (0, 62)]
    assert heard[0][2] < heard[1][2]
    assert roll.state.pressed == frozenset()


def test_keys_light_up_while_it_plays(roll: Roll, qtbot) -> None:
    roll.set_cursor(0)
    assert roll.state.playing == frozenset()
    roll.set_cursor(20)
    assert roll.state.playing == {60}
    for tick in range(40, 500, 20):
        roll.set_cursor(tick)
    assert roll.state.playing == {64}
    qtbot.waitUntil(lambda: roll.state.playing == frozenset())
    roll.set_cursor(3000)  # it jumps
    assert roll.state.playing == frozenset()


@pytest.mark.parametrize(("x", "upper", "pitch"), [(10, True, 61), (60, True, 62), (60, False, 60)])
def test_white_keys_reach_between_black_ones(roll: Roll, x: int, upper: bool, pitch: int) -> None:
    view = roll.state.view
    y = view.y_of(61) + (2 if upper else view.row - 2)
    assert roll.keys.pitch_at(QPointF(x, y)) == pitch


def test_the_wheel_scrolls_and_zooms(roll: Roll) -> None:
    view = roll.state.view
    middle = QPointF(400, 200)
    top = view.top
    wheel(roll.field, middle, -120)
    assert view.top == top + 60
    view.zoom(4, 0)
    wheel(roll.field, middle, -120, Keys.ShiftModifier)
    assert view.left == 60
    tick, scale = view.tick_at(400), view.per_tick
    wheel(roll.field, middle, 240, Keys.ControlModifier)
    assert view.per_tick == pytest.approx(scale * 2**0.5)
    assert view.tick_at(400) == pytest.approx(tick, abs=2)
    pitch, row = view.pitch_at(200), view.row
    wheel(roll.field, middle, 240, Keys.ControlModifier | Keys.ShiftModifier)
    assert view.row > row
    assert abs(view.pitch_at(200) - pitch) <= 1


def test_a_drag_beyond_the_edge_scrolls(roll: Roll, qtbot) -> None:
    view = roll.state.view
    view.zoom(3, 0)
    press(roll.field, at(roll, 240, 60))
    move(roll.field, QPointF(roll.field.width() + 20, at(roll, 240, 60).y()))
    qtbot.waitUntil(lambda: view.left > 60)
    release(roll.field, QPointF(roll.field.width() + 20, at(roll, 240, 60).y()))
    assert not roll.field._rolling.isActive()


def test_other_tracks_are_out_of_reach_until_they_are_active(roll: Roll) -> None:
    click(roll.field, at(roll, 400, 48))
    assert chosen_of(roll) == []
    roll.model.activate(1)
    click(roll.field, at(roll, 400, 48))
    assert chosen_of(roll) == [(0, 960, 48, 80)]
    assert roll.chosen.track == 1


def test_the_cursor_paints_a_strip_only(roll: Roll, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[int] = []
    roll.set_cursor(100)
    QApplication.processEvents()
    monkeypatch.setattr(
        "studio_music.room.roll.picture.paint_notes", lambda *_: pytest.fail("the notes were painted anew")
    )
    monkeypatch.setattr(
        "studio_music.room.roll.picture.paint_backdrop", lambda *_: pytest.fail("the rows were painted anew")
    )
    paint = roll.field.paintEvent
    monkeypatch.setattr(
        roll.field,
        "paintEvent",
        lambda event: (
            painted.append(sum(part.width() * part.height() for part in event.region())),
            paint(event),
        ),
    )
    for tick in range(110, 500, 10):
        roll.set_cursor(tick)
        QApplication.processEvents()
    assert painted
    assert max(painted) <= 16 * roll.field.height()


def test_the_view_turns_its_page_with_the_cursor(roll: Roll) -> None:
    view = roll.state.view
    view.zoom(6, 0)
    end = roll.visible()[1]
    roll.set_cursor(end + 10)
    assert view.left > 0
    left = view.left
    roll.set_cursor(end + 20)
    assert view.left == left
    view.scroll_to(0)  # who looks elsewhere is left there
    roll.set_cursor(end + 30)
    assert view.left == 0
    roll.set_cursor(2 * end)  # it jumps
    assert view.left > 0
    roll.follow = False
    left = view.left
    roll.set_cursor(0)
    assert view.left == left


def test_a_low_roll_has_no_velocities(roll: Roll) -> None:
    assert roll.velocities.isVisible()
    roll.resize(800, 280)
    QApplication.processEvents()
    assert not roll.velocities.isVisible()
    assert roll.field.height() > 150


def test_another_song_is_shown_whole(roll: Roll) -> None:
    roll.state.view.zoom(8, 0)
    roll.model.begin(song_of(bars=40))
    start, end = roll.visible()
    assert start == 0
    assert end >= 40 * BAR
    assert roll.bars is None


def test_hidden_and_silent_tracks(roll: Roll) -> None:
    assert len(roll.field.picture.layers()) == 3
    roll.hidden = frozenset([1])
    assert len(roll.field.picture.layers()) == 2
    assert roll.hidden == {1}


def test_drums_have_rows_of_their_own(roll: Roll) -> None:
    song = song_of()
    drums = Track("Drums", (Note(0, 120, 36), Note(480, 120, 38)), is_drums=True)
    roll.model.begin(replace(song, tracks=(*song.tracks, drums)))
    roll.model.activate(2)
    QApplication.processEvents()
    assert len(roll.field.picture.layers()) == 2  # notes of other instruments mean something else there
    assert roll.state.name_of(38, 0) == "Snare drum"
    assert roll.keys.width() > 64
    start, end = roll.state.view.pitch_at(roll.field.height()), roll.state.view.pitch_at(0)
    assert start <= 36 <= end


def test_what_is_selected_is_said(roll: Roll) -> None:
    assert roll.field.accessibleName() == "Piano roll"
    roll.choose(Chosen(0, frozenset([C])))
    assert roll.field.accessibleDescription() == "Lead, 3 notes, selected: C4 at 1.1.1"
    roll.select_all()
    assert roll.field.accessibleDescription() == "Lead, 3 notes, 3 notes selected"


def test_without_a_song_nothing_happens(roll: Roll) -> None:
    roll.model.begin(None)
    QApplication.processEvents()
    double_click(roll.field, QPointF(200, 200))
    drag(roll.ruler, QPointF(20, 20), QPointF(90, 20))
    drag(roll.velocities, QPointF(20, 20), QPointF(90, 20))
    double_click(roll.chords, QPointF(20, 10))
    for act in (roll.select_all, roll.quantize, roll.paste, roll.delete, roll.fit, roll.toggle_steps):
        act()
    assert roll.model.song is None
    assert roll.span() is None
    roll.model.begin(Song("Empty", (), 4 * BAR))
    QApplication.processEvents()
    double_click(roll.field, QPointF(200, 200))
    roll.select_all()
    roll.toggle_steps()
    assert roll.model.undo_title is None


@pytest.mark.parametrize("snap", list(Snap))
def test_every_grid_draws(roll: Roll, snap: Snap) -> None:
    roll.snap = snap
    double_click(roll.field, at(roll, 2400, 62))
    assert any(note[2] == 62 for note in notes_of(roll))
    QApplication.processEvents()
