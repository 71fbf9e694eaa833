"""The ruler, the chords and the velocities around the piano roll, and the row of controls above it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication
from studio_music.core.chords import parse_grid
from studio_music.core.editing.chosen import Chosen
from studio_music.core.editing.grid import Snap
from studio_music.core.editing.harmony import with_chord_text
from studio_music.core.meter import Meter
from studio_music.core.song import Note
from studio_music.room.roll.chord_lane import ChordLane
from studio_music.room.roll.roll import Roll
from studio_music.room.roll.tool import Tool
from studio_music.room.roll.toolbar import RollBar

from studio.ui.kit.tab_order import laid_out
from tests.studio_music.roll_hands import (
    BAR,
    NOTES,
    Keys,
    click,
    double_click,
    drag,
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


# Ruler -----------------------------------------------------------------------------------------------------


def in_bars(roll: Roll, tick: float) -> QPointF:
    return QPointF(roll.state.view.x_of(tick), roll.ruler.height() - 5)


def in_loop(roll: Roll, tick: float) -> QPointF:
    return QPointF(roll.state.view.x_of(tick), 4)


def test_a_click_seeks(roll: Roll) -> None:
    sought: list[int] = []
    roll.seek_wanted.connect(sought.append)
    click(roll.ruler, in_bars(roll, 1000))
    click(roll.ruler, in_bars(roll, 1000), Keys.AltModifier)
    assert sought[0] == 960
    assert sought[1] == pytest.approx(1000, abs=3)
    assert roll.bars is None


def test_a_drag_selects_bars(roll: Roll) -> None:
    told: list[object] = []
    roll.bars_changed.connect(lambda: told.append(roll.bars))
    drag(roll.ruler, in_bars(roll, 2000), in_bars(roll, 4500))
    assert roll.bars == (1, 2)
    assert told[-1] == (1, 2)
    assert roll.span() == (BAR, 3 * BAR)
    assert roll.ruler.accessibleDescription() == "Bars 2 to 3"
    drag(roll.ruler, in_bars(roll, 3 * BAR), in_bars(roll, 4 * BAR - 100))
    assert roll.bars == (1, 3)
    drag(roll.ruler, in_bars(roll, BAR), in_bars(roll, 2 * BAR + 100))
    assert roll.bars == (2, 3)
    press(roll.ruler, in_bars(roll, 100), Keys.ShiftModifier)
    release(roll.ruler, in_bars(roll, 100), Keys.ShiftModifier)
    assert roll.bars == (0, 3)


def test_a_double_click_selects_a_bar_and_the_cross_lets_it_go(roll: Roll) -> None:
    double_click(roll.ruler, in_bars(roll, 2 * BAR + 50))
    assert roll.bars == (2, 2)
    cross = roll.ruler.cross()
    assert cross is not None
    click(roll.ruler, cross.center())
    assert roll.bars is None


def test_the_loop_is_made_moved_and_removed(roll: Roll) -> None:
    told: list[tuple[int, int]] = []
    roll.loop_wanted.connect(lambda start, end: told.append((start, end)))
    drag(roll.ruler, in_loop(roll, 2000), in_loop(roll, 3000))
    assert roll.model.song.loop == (BAR, 2 * BAR)
    drag(roll.ruler, in_loop(roll, 2 * BAR), in_loop(roll, 3 * BAR - 90))
    assert roll.model.song.loop == (BAR, 3 * BAR)
    drag(roll.ruler, in_loop(roll, 2 * BAR), in_loop(roll, 3 * BAR + 90))
    assert roll.model.song.loop == (2 * BAR, 4 * BAR)
    drag(roll.ruler, in_loop(roll, 2 * BAR), in_loop(roll, 2 * BAR + 480), Keys.AltModifier)
    assert roll.model.song.loop == (2 * BAR + 480, 4 * BAR)
    double_click(roll.ruler, in_loop(roll, 3 * BAR))
    assert roll.model.song.loop is None
    assert told == [
        (BAR, 2 * BAR),
        (BAR, 3 * BAR),
        (2 * BAR, 4 * BAR),
        (2 * BAR + 480, 4 * BAR),
        (-1, -1),
    ]
    roll.model.undo()
    assert roll.model.song.loop == (2 * BAR + 480, 4 * BAR)


def test_looping_what_is_selected(roll: Roll) -> None:
    told: list[tuple[int, int]] = []
    roll.loop_wanted.connect(lambda start, end: told.append((start, end)))
    roll.select_bars((1, 2))
    roll.loop_selection()
    assert roll.model.song.loop == (BAR, 3 * BAR)
    roll.loop_selection()
    assert roll.model.song.loop is None
    roll.select_bars(None)
    roll.choose(Chosen(0, frozenset([G])))
    roll.loop_selection()
    assert roll.model.song.loop == (0, BAR)
    roll.select_none()
    roll.loop_selection()
    assert roll.model.song.loop == (0, 4 * BAR)
    assert told == [(BAR, 3 * BAR), (-1, -1), (0, BAR), (0, 4 * BAR)]


def test_the_end_of_the_song_is_dragged(roll: Roll) -> None:
    roll.zoom_by(0.5)
    drag(roll.ruler, in_bars(roll, 4 * BAR), in_bars(roll, 4 * BAR + 1.6 * BAR))
    assert len(roll.model.song.bars) == 6
    drag(roll.ruler, in_bars(roll, 6 * BAR), in_bars(roll, 2 * BAR + 30))
    assert len(roll.model.song.bars) == 2
    drag(roll.ruler, in_bars(roll, 2 * BAR), in_bars(roll, 0))
    assert len(roll.model.song.bars) == 1
    for _ in range(3):
        roll.model.undo()
    assert roll.model.song == song_of()


def test_bars_are_repeated_and_removed(roll: Roll) -> None:
    roll.repeat_bars()
    roll.remove_bars()
    assert roll.model.song == song_of()
    roll.select_bars((0, 0))
    roll.repeat_bars()
    assert roll.bars == (1, 1)
    assert [note[0] for note in notes_of(roll)] == [0, 480, 960, 1920, 2400, 2880]
    assert len(roll.model.song.bars) == 5
    roll.remove_bars()
    assert roll.model.song == song_of()
    assert roll.bars is None
    roll.add_bars()
    assert len(roll.model.song.bars) == 8


def test_the_menu_of_bars(roll: Roll) -> None:
    place = in_bars(roll, BAR + 100).toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, roll.ruler.mapToGlobal(place))
    opened: list[object] = []
    roll.ruler.menu_wanted.disconnect()
    roll.ruler.menu_wanted.connect(opened.append)
    QApplication.sendEvent(roll.ruler, event)
    assert len(opened) == 1
    assert roll.bars == (1, 1)
    menu = roll.bars_menu()
    entries = {action.text().replace("&", ""): action for action in menu.actions() if action.text()}
    entries["Loop these bars"].trigger()
    assert roll.model.song.loop == (BAR, 2 * BAR)
    entries["Let them go"].trigger()
    assert roll.bars is None


@pytest.mark.parametrize("bars", [(0, 3), (1, 2), (2, 2)])
@pytest.mark.parametrize("zoom", [0.25, 0.5, 0.7, 1.0, 3.0])
def test_no_words_of_the_ruler_lie_on_others(
    roll: Roll, bars: tuple[int, int], zoom: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    roll.zoom_by(zoom)
    roll.select_bars(bars)
    written: list[tuple[float, float]] = []
    write = roll.ruler._write

    def note(painter, metrics, x, words, color):
        end = write(painter, metrics, x, words, color)
        written.append((x, end))
        return end

    monkeypatch.setattr(roll.ruler, "_write", note)
    roll.ruler.grab()
    written = sorted(span for span in written if span[1] > span[0])
    assert written
    assert all(one[1] <= other[0] for one, other in pairwise(written))
    cross = roll.ruler.cross()
    assert cross is None or all(end <= cross.left() or start >= cross.right() for start, end in written)


# Chords ----------------------------------------------------------------------------------------------------


@pytest.fixture
def chorded(roll: Roll) -> Roll:
    """With chords that are written as the room does it."""
    roll.model.begin(replace(song_of(), chords=parse_grid("Am | F | C | G7", Meter(4, 4))))
    roll.chord_edited.connect(
        lambda tick, text: roll.model.change("Chord", with_chord_text(roll.model.song, tick, text))
    )
    QApplication.processEvents()
    return roll


def symbols(roll: Roll) -> list[tuple[int, str]]:
    song = roll.model.song
    return [(one.start, "N.C." if one.chord is None else one.chord.symbol(song.key)) for one in song.chords]


def in_lane(roll: Roll, tick: float, away: int = 8) -> QPointF:
    return QPointF(roll.state.view.x_of(tick) + away, roll.chords.height() / 2)


def write(lane: ChordLane, text: str, qtbot, end: Qt.Key = Qt.Key.Key_Return) -> None:
    assert lane.editor is not None
    lane.editor.selectAll()
    qtbot.keyClicks(lane.editor, text)
    qtbot.keyClick(lane.editor, end)


def test_a_chord_is_changed_in_place(chorded: Roll, qtbot) -> None:
    double_click(chorded.chords, in_lane(chorded, BAR))
    assert chorded.chords.editor.text() == "F"
    write(chorded.chords, "Dm7", qtbot)
    assert symbols(chorded)[1] == (BAR, "Dm7")
    assert chorded.chords.editor is None
    assert chorded.field.hasFocus()
    chorded.model.undo()
    assert symbols(chorded)[1] == (BAR, "F")


def test_a_chord_is_written_between_two(chorded: Roll, qtbot) -> None:
    double_click(chorded.chords, in_lane(chorded, BAR + 970))
    write(chorded.chords, "N.C.", qtbot)
    assert symbols(chorded)[2] == (BAR + 960, "N.C.")


def test_an_empty_line_takes_a_chord_away(chorded: Roll, qtbot) -> None:
    double_click(chorded.chords, in_lane(chorded, BAR))
    chorded.chords.editor.clear()
    qtbot.keyClick(chorded.chords.editor, Qt.Key.Key_Return)
    assert symbols(chorded) == [(0, "Am"), (2 * BAR, "C"), (3 * BAR, "G7")]


def test_escape_leaves_a_chord_as_it_was(chorded: Roll, qtbot) -> None:
    double_click(chorded.chords, in_lane(chorded, BAR))
    write(chorded.chords, "Eb", qtbot, Qt.Key.Key_Escape)
    assert symbols(chorded)[1] == (BAR, "F")
    assert chorded.chords.editor is None


def test_tab_goes_from_bar_to_bar(roll: Roll, qtbot) -> None:
    written: list[tuple[int, str]] = []
    roll.chord_edited.connect(lambda tick, text: written.append((tick, text)))
    double_click(roll.chords, in_lane(roll, 0))
    for name in ("Am", "F", "C", "G"):
        write(roll.chords, name, qtbot, Qt.Key.Key_Tab)
    assert written == [(0, "Am"), (BAR, "F"), (2 * BAR, "C"), (3 * BAR, "G")]
    assert roll.chords.editor is None


def test_a_chord_is_dragged(chorded: Roll) -> None:
    drag(chorded.chords, in_lane(chorded, BAR), in_lane(chorded, BAR + 500))
    assert symbols(chorded)[1] == (BAR + 480, "F")
    assert chorded.model.undo_title == "Moving a chord"
    click(chorded.chords, in_lane(chorded, 0))
    assert chorded.model.undo_title == "Moving a chord"
    drag(chorded.chords, in_lane(chorded, 2 * BAR), in_lane(chorded, 2 * BAR + 100), Keys.AltModifier)
    assert symbols(chorded)[2][0] == pytest.approx(2 * BAR + 100, abs=8)


def test_the_menu_of_a_chord(chorded: Roll) -> None:
    menu = chorded.chords.menu(BAR)
    entries = {action.text().replace("&", ""): action for action in menu.actions()}
    entries["Remove"].trigger()
    assert [tick for tick, _ in symbols(chorded)] == [0, 2 * BAR, 3 * BAR]
    menu = chorded.chords.menu(2 * BAR)
    entries = {action.text().replace("&", ""): action for action in menu.actions()}
    entries["Change"].trigger()
    assert chorded.chords.editor.text() == "C"


def test_writing_a_chord_from_the_keyboard(chorded: Roll, qtbot) -> None:
    chorded.select_bars((2, 3))
    chorded.write_chord()
    assert chorded.chords.editor.tick == 2 * BAR
    assert chorded.chords.editor.text() == "C"
    chorded.edit_chord(BAR, "H7")
    assert chorded.chords.editor.text() == "H7"
    assert chorded.chords.editor.tick == BAR


# Velocities ------------------------------------------------------------------------------------------------


def in_velocities(roll: Roll, tick: float, velocity: int) -> QPointF:
    return QPointF(roll.state.view.x_of(tick) + 2, roll.velocities._y_of(velocity))


def test_a_bar_is_dragged(roll: Roll) -> None:
    drag(roll.velocities, in_velocities(roll, 480, 80), in_velocities(roll, 480, 110))
    assert notes_of(roll)[1][3] == pytest.approx(110, abs=2)
    assert [notes_of(roll)[place][3] for place in (0, 2)] == [80, 100]
    assert roll.model.undo_title == "Changing velocities"


def test_selected_bars_go_along(roll: Roll) -> None:
    roll.select_all()
    drag(roll.velocities, in_velocities(roll, 480, 80), in_velocities(roll, 480, 120))
    loud = [note[3] for note in notes_of(roll)]
    assert loud[0] == loud[1] == pytest.approx(120, abs=2)
    assert loud[2] == 127
    assert len(roll.chosen.notes) == 3


def test_a_drag_beside_the_bars_draws_a_line(roll: Roll) -> None:
    drag(roll.velocities, in_velocities(roll, 200, 20), in_velocities(roll, 1200, 120))
    loud = [note[3] for note in notes_of(roll)]
    assert loud[0] == 80
    assert 30 < loud[1] < 60
    assert 80 < loud[2] < 110


def test_a_selected_note_is_taken_before_others(roll: Roll) -> None:
    roll.model.begin(song_of(Note(480, 480, 60, 70), Note(480, 480, 64, 90)))
    QApplication.processEvents()
    roll.choose(Chosen(0, frozenset([Note(480, 480, 60, 70)])))
    drag(roll.velocities, in_velocities(roll, 480, 70), in_velocities(roll, 480, 40))
    assert sorted(note[3] for note in notes_of(roll))[0] == pytest.approx(40, abs=2)
    assert sorted(note[3] for note in notes_of(roll))[1] == 90


def test_the_wheel_works_everywhere(roll: Roll) -> None:
    view = roll.state.view
    for part in (roll.keys, roll.ruler, roll.chords, roll.velocities):
        top = view.top
        wheel(part, QPointF(20, 5), -120)
        assert view.top > top
        scale = view.per_tick
        wheel(part, QPointF(20, 5), 120, Keys.ControlModifier)
        assert view.per_tick > scale


def test_pointing_says_where(roll: Roll) -> None:
    told: list[tuple[str, str]] = []
    roll.state.pointed.connect(lambda pitch, place: told.append((pitch, place)))
    view = roll.state.view
    move(roll.field, QPointF(view.x_of(BAR + 600), view.y_of(61) + 3), button=Qt.MouseButton.NoButton)
    assert told[-1] == ("C♯4", "2.2.2")


# The row of controls ---------------------------------------------------------------------------------------


@pytest.fixture
def bar(roll: Roll) -> RollBar:
    made = RollBar(roll)
    made.resize(1000, 44)
    made.show()
    return made


def test_the_bar_shows_and_sets_the_tool(roll: Roll, bar: RollBar, qtbot) -> None:
    qtbot.mouseClick(bar.tools[Tool.PENCIL], Qt.MouseButton.LeftButton)
    assert roll.tool is Tool.PENCIL
    roll.tool = Tool.ERASER
    assert bar.tools[Tool.ERASER].isChecked()
    assert not bar.tools[Tool.PENCIL].isChecked()


def test_the_bar_shows_and_sets_the_grid(roll: Roll, bar: RollBar) -> None:
    assert bar.snap.currentText() == "1/16"
    bar.snap.activated.emit(0)
    assert roll.snap is Snap.AUTO
    assert bar.snap.currentText() == "Auto: 1/16"
    roll.zoom_by(0.25)
    assert bar.snap.currentText() == "Auto: 1/4"
    roll.snap = Snap.EIGHTH_TRIPLET
    assert bar.snap.currentText() == "1/8 triplet"


def test_the_bar_says_what_is_selected(roll: Roll, bar: RollBar) -> None:
    roll.select_bars((1, 2))
    assert bar.chosen.whole_text() == "Bars 2 to 3"
    roll.select_all()
    roll.select_bars(None)
    roll.select_all()
    assert bar.chosen.whole_text() == "3 notes selected"
    roll.choose(Chosen(0, frozenset([G])))
    assert bar.chosen.whole_text() == "G4 · velocity 100"


def test_the_bar_quantizes_as_chosen(roll: Roll, bar: RollBar, qtbot) -> None:
    roll.model.begin(song_of(Note(60, 300, 60)))
    roll.snap = Snap.QUARTER
    menu = bar.how_menu()
    entries: dict[str, QAction] = {action.text(): action for action in menu.actions()}
    assert entries["Strength 100 %"].isChecked()
    assert entries["Straight"].isChecked()
    entries["Strength 50 %"].trigger()
    assert roll.strength == 0.5
    qtbot.mouseClick(bar.quantize, Qt.MouseButton.LeftButton)
    assert notes_of(roll)[0][0] == 30


def test_the_bar_switches_step_input_and_following(roll: Roll, bar: RollBar, qtbot) -> None:
    qtbot.mouseClick(bar.steps, Qt.MouseButton.LeftButton)
    assert roll.steps_on
    roll.steps_on = False
    assert not bar.steps.isChecked()
    qtbot.mouseClick(bar.follow, Qt.MouseButton.LeftButton)
    assert not roll.follow
    qtbot.mouseClick(bar.scale, Qt.MouseButton.LeftButton)
    assert roll.keeps_scale
    roll.keeps_scale = False
    assert not bar.scale.isChecked()


@pytest.mark.parametrize("width", [352, 500, 800, 1400])
def test_nothing_of_the_bar_lies_on_another(roll: Roll, bar: RollBar, width: int) -> None:
    roll.select_all()
    bar.resize(width, 44)
    QApplication.processEvents()
    parts = [*laid_out(bar._row)]
    seen = [part.geometry() for part in parts if part.isVisible()]
    for place, one in enumerate(seen):
        assert all(not one.intersects(other) for other in seen[place + 1 :])
    assert seen[-1].right() <= bar.width()
