"""The piano roll from the keyboard: its commands, step input, and what the window may not take from it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from studio_music.core.editing.chosen import Chosen
from studio_music.core.editing.grid import Snap
from studio_music.core.song import Note
from studio_music.room.roll.roll import Roll
from studio_music.room.roll.tool import Tool
from studio_music.room.roll.toolbar import RollBar

from studio.ui.kit import accessible
from tests.studio_music.roll_hands import (
    BAR,
    NOTES,
    Keys,
    at,
    chosen_of,
    click,
    drag,
    key,
    model,
    notes_of,
    roll,
    song_of,
)
from tests.ui.reach import by_tab, nameless, role, stops, unexplained, without_role

__all__ = ["model", "roll"]

C, E, G = NOTES
K = Qt.Key
CTRL, SHIFT, ALT = Keys.ControlModifier, Keys.ShiftModifier, Keys.AltModifier


@pytest.fixture
def one(roll: Roll) -> Roll:
    """With the first note selected."""
    roll.choose(Chosen(0, frozenset([C])))
    return roll


@pytest.mark.parametrize(
    ("code", "keys", "becomes"),
    [
        (K.Key_Up, Keys.NoModifier, (0, 480, 61, 80)),
        (K.Key_Down, Keys.NoModifier, (0, 480, 59, 80)),
        (K.Key_Up, SHIFT, (0, 480, 72, 80)),
        (K.Key_Up, ALT, (0, 480, 62, 80)),
        (K.Key_Down, ALT, (0, 480, 59, 80)),
        (K.Key_Up, CTRL, (0, 480, 60, 85)),
        (K.Key_Right, Keys.NoModifier, (120, 480, 60, 80)),
        (K.Key_Right, SHIFT, (1920, 480, 60, 80)),
        (K.Key_Right, ALT, (10, 480, 60, 80)),
        (K.Key_Right, CTRL | SHIFT, (0, 600, 60, 80)),
        (K.Key_Left, CTRL | SHIFT, (0, 360, 60, 80)),
    ],
)
def test_arrows_change_notes(one: Roll, code: K, keys: Keys, becomes: tuple[int, ...]) -> None:
    assert key(one.field, code, keys)
    assert chosen_of(one) == [becomes]
    assert becomes in notes_of(one)


def test_arrows_in_a_row_are_one_step(one: Roll) -> None:
    for _ in range(5):
        key(one.field, K.Key_Up)
    assert chosen_of(one) == [(0, 480, 65, 80)]
    one.model.undo()
    assert one.model.song == song_of()


def test_arrows_walk_from_note_to_note(roll: Roll) -> None:
    key(roll.field, K.Key_Right)
    assert chosen_of(roll) == [tuple(C)]
    key(roll.field, K.Key_Right, CTRL)
    assert chosen_of(roll) == [tuple(E)]
    key(roll.field, K.Key_Left, CTRL)
    assert chosen_of(roll) == [tuple(C)]


def test_the_clipboard(roll: Roll) -> None:
    key(roll.field, K.Key_A, CTRL)
    assert len(roll.chosen.notes) == 3
    key(roll.field, K.Key_C, CTRL)
    key(roll.field, K.Key_V, CTRL)
    assert [note[0] for note in notes_of(roll)] == [0, 480, 960, 1920, 2400, 2880]
    key(roll.field, K.Key_V, CTRL)
    assert [note[0] for note in notes_of(roll)][-3:] == [3840, 4320, 4800]
    key(roll.field, K.Key_X, CTRL)
    assert len(notes_of(roll)) == 6
    key(roll.field, K.Key_V, CTRL)
    assert [note[0] for note in notes_of(roll)][-3:] == [3840, 4320, 4800]


def test_paste_goes_where_the_ruler_was_clicked_and_into_the_active_track(one: Roll) -> None:
    key(one.field, K.Key_C, CTRL)
    one.model.activate(1)
    click(one.ruler, QPointF(one.state.view.x_of(5760), one.ruler.height() - 4))
    key(one.field, K.Key_V, CTRL)
    assert (5760, 480, 60, 80) in notes_of(one, 1)


def test_duplicate_delete_quantize(one: Roll) -> None:
    key(one.field, K.Key_D, CTRL)
    assert chosen_of(one) == [(480, 480, 60, 80)]
    key(one.field, K.Key_Delete)
    assert notes_of(one) == [tuple(note) for note in NOTES]
    key(one.field, K.Key_A, CTRL)
    key(one.field, K.Key_Right, ALT)
    assert notes_of(one)[0][0] == 10
    key(one.field, K.Key_Q)
    assert notes_of(one) == [tuple(note) for note in NOTES]


def test_quantize_of_a_whole_track_selects_nothing(roll: Roll) -> None:
    roll.snap = Snap.HALF
    key(roll.field, K.Key_Q)
    assert [note[0] for note in notes_of(roll)] == [0, 960, 960]
    assert chosen_of(roll) == []


def test_quantize_without_a_grid_takes_sixteenths(roll: Roll) -> None:
    roll.model.begin(song_of(Note(50, 300, 60), Note(130, 300, 62)))
    roll.snap = Snap.OFF
    roll.quantize(strength=1.0)
    assert [note[0] for note in notes_of(roll)] == [0, 120]


def test_split_join_legato_humanize(one: Roll) -> None:
    one.split()
    assert chosen_of(one) == [(0, 240, 60, 80), (240, 240, 60, 80)]
    one.join()
    assert chosen_of(one) == [tuple(C)]
    one.set_cursor(120)
    one.split()
    assert chosen_of(one) == [(0, 120, 60, 80), (120, 360, 60, 80)]
    one.select_none()
    one.legato()
    assert (480, 480, 64, 80) in notes_of(one)
    before = notes_of(one)
    one.humanize()
    assert notes_of(one) != before


def test_home_end_fit_and_zoom(roll: Roll) -> None:
    view = roll.state.view
    key(roll.field, K.Key_Plus, text="+")
    key(roll.field, K.Key_Plus, text="+")
    scale = view.per_tick
    key(roll.field, K.Key_End)
    assert view.left > 0
    key(roll.field, K.Key_Home)
    assert view.left == 0
    key(roll.field, K.Key_Minus, text="-")
    assert view.per_tick < scale
    key(roll.field, K.Key_F)
    assert roll.visible()[1] >= 4 * BAR


def test_tools_have_keys_and_escape_leaves_them(roll: Roll) -> None:
    key(roll.field, K.Key_B)
    assert roll.tool is Tool.PENCIL
    key(roll.field, K.Key_B)
    assert roll.tool is Tool.SELECT
    key(roll.field, K.Key_E)
    assert roll.tool is Tool.ERASER
    roll.select_all()
    roll.select_bars((1, 2))
    for left in ((Tool.SELECT, 3, (1, 2)), (Tool.SELECT, 0, (1, 2)), (Tool.SELECT, 0, None)):
        key(roll.field, K.Key_Escape)
        assert (roll.tool, len(roll.chosen.notes), roll.bars) == left


def test_undo_chooses_what_comes_back(one: Roll) -> None:
    key(one.field, K.Key_Delete)
    assert chosen_of(one) == []
    one.model.undo()
    assert len(notes_of(one)) == 3
    assert chosen_of(one) == [tuple(C)]
    key(one.field, K.Key_Up)
    one.model.undo()
    assert chosen_of(one) == [tuple(C)]
    one.model.redo()
    assert chosen_of(one) == [(0, 480, 61, 80)]


def test_select_all_in_selected_bars(roll: Roll) -> None:
    roll.model.begin(song_of(*NOTES, Note(1920, 480, 72), Note(3840, 480, 72)))
    roll.select_bars((1, 1))
    roll.select_all()
    assert chosen_of(roll) == [(1920, 480, 72, 80)]
    roll.select_all()
    assert len(roll.chosen.notes) == 5


def test_zooming_to_what_is_selected(roll: Roll) -> None:
    roll.select_bars((1, 2))
    key(roll.field, K.Key_Z)
    start, end = roll.visible()
    assert start <= BAR < 3 * BAR <= end
    assert end - start < 2.2 * BAR
    roll.select_bars(None)
    roll.choose(Chosen(0, frozenset([G])))
    key(roll.field, K.Key_Z)
    start, end = roll.visible()
    assert start <= 960 < 1920 <= end < 2000


def test_bars_are_selected_from_the_keyboard(roll: Roll) -> None:
    roll.set_cursor(BAR + 5)
    key(roll.field, K.Key_B, SHIFT)
    assert roll.bars == (1, 1)
    key(roll.field, K.Key_B, SHIFT)
    assert roll.bars == (1, 2)
    for _ in range(3):
        key(roll.field, K.Key_B, SHIFT)
    assert roll.bars == (1, 3)
    roll.choose(Chosen(0, frozenset([C])))
    key(roll.field, K.Key_B, SHIFT)
    assert roll.bars == (0, 0)


def test_everything_is_reached_by_tab_and_has_a_name(roll: Roll, qtbot) -> None:
    accessible.install()
    panel = QWidget()
    qtbot.addWidget(panel)
    column = QVBoxLayout(panel)
    column.addWidget(RollBar(roll))
    column.addWidget(roll)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    roll.setFocus()
    assert set(by_tab(panel)) == set(stops(panel))
    assert nameless(panel) == without_role(panel) == unexplained(panel) == []
    assert role(roll.field) is QAccessible.Role.Canvas
    roll.setParent(None)


# Commands --------------------------------------------------------------------------------------------------


def test_commands_have_words_and_do_not_meet(roll: Roll) -> None:
    commands = roll.commands()
    keys = [sequence for command in commands for sequence in command.keys.split("; ") if sequence]
    assert len(keys) == len(set(keys))
    assert all(command.title and command.menu == "room" for command in commands)
    assert len({command.id for command in commands}) == len(commands)


def test_the_users_own_keys_count(one: Roll) -> None:
    """The window's action has the keys that the user gave it; the old ones do nothing any more."""
    action = QAction("Quantize")
    action.triggered.connect(lambda: one.quantize())
    action.setShortcuts([QKeySequence("U")])
    one.attach_actions({"roll.quantize": action})
    key(one.field, K.Key_Right, ALT)
    key(one.field, K.Key_Q)
    assert chosen_of(one) == [(10, 480, 60, 80)]
    key(one.field, K.Key_U)
    assert chosen_of(one) == [tuple(C)]


def test_keys_that_mean_nothing_are_left_to_the_window(roll: Roll) -> None:
    assert not key(roll.field, K.Key_Space)
    assert not key(roll.field, K.Key_L)
    assert not key(roll.field, K.Key_Z, CTRL)


def test_keys_that_qt_has_no_name_for(roll: Roll) -> None:
    cyrillic = QKeyEvent(QEvent.Type.KeyPress, 0x42F, Keys.NoModifier, "я")
    QApplication.sendEvent(roll.field, cyrillic)
    roll.steps_on = True
    QApplication.sendEvent(roll.field, cyrillic)
    assert roll.model.song == song_of()


def test_the_menu_does_what_it_says(one: Roll) -> None:
    menu = one.menu()
    entries = {action.text().replace("&", ""): action for action in menu.actions() if action.text()}
    assert not entries["Paste"].isEnabled()
    entries["Duplicate"].trigger()
    assert len(notes_of(one)) == 4
    entries["Select the bars of these notes"].trigger()
    assert one.bars == (0, 0)


# Step input ------------------------------------------------------------------------------------------------


def type_letter(roll: Roll, letter: str) -> bool:
    return key(roll.field, K(ord(letter.upper())), text=letter)


def test_letters_are_notes(roll: Roll) -> None:
    roll.model.begin(song_of(Note(3 * BAR, 480, 40)))
    roll.snap = Snap.QUARTER
    roll.select_bars((1, 1))
    key(roll.field, K.Key_T)
    assert roll.steps_on
    heard: list[int] = []
    roll.note_on.connect(lambda _track, pitch, _velocity: heard.append(pitch))
    for letter in "adg":
        assert type_letter(roll, letter)
    assert notes_of(roll)[:3] == [(1920, 480, 60, 90), (2400, 480, 64, 90), (2880, 480, 67, 90)]
    assert heard == [60, 64, 67]
    assert roll.state.caret == 3360
    key(roll.field, K.Key_Backspace)
    assert [note[0] for note in notes_of(roll)] == [1920, 2400, 3 * BAR]
    assert roll.state.caret == 2880
    type_letter(roll, "x")
    type_letter(roll, "v")
    type_letter(roll, "w")
    assert notes_of(roll)[2] == (2880, 480, 73, 102)
    key(roll.field, K.Key_Right)
    assert roll.state.caret == 3840
    key(roll.field, K.Key_Escape)
    assert not roll.steps_on


def test_held_keys_are_a_chord(roll: Roll, qtbot) -> None:
    roll.model.begin(song_of(Note(3 * BAR, 480, 40)))
    roll.snap = Snap.QUARTER
    roll.steps_on = True
    for letter in "adg":
        qtbot.keyPress(roll.field, letter)
    for letter in "adg":
        qtbot.keyRelease(roll.field, letter)
    assert [note[:3] for note in notes_of(roll)[:3]] == [(0, 480, 60), (0, 480, 64), (0, 480, 67)]
    assert roll.state.caret == 480
    assert len(roll.chosen.notes) == 3


def test_step_input_stops_at_the_end(roll: Roll) -> None:
    roll.snap = Snap.BAR
    roll.steps_on = True
    for _ in range(6):
        type_letter(roll, "a")
    song = roll.model.song
    assert song is not None
    assert song.length == 4 * BAR
    assert roll.state.caret == song.length
    assert sum(note[2] == 60 for note in notes_of(roll)) == 4


def test_without_step_input_letters_are_commands(roll: Roll) -> None:
    type_letter(roll, "a")
    assert notes_of(roll) == [tuple(note) for note in NOTES]


def test_the_ring_is_for_the_keyboard(roll: Roll) -> None:
    roll.keys.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    roll.keys.setFocus()
    roll.field.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    assert roll._ring
    roll.keys.setFocus()
    roll.field.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not roll._ring


def test_dragging_still_works_after_keys(one: Roll) -> None:
    key(one.field, K.Key_Up)
    drag(one.field, at(one, 240, 61), at(one, 240 + 480, 61))
    assert chosen_of(one) == [(480, 480, 61, 80)]
