"""Small parts of the room: fields of the form, bars of the transport, faders, buttons that files leave by."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from studio_music.core.chords import parse_grid
from studio_music.core.keys import parse_key
from studio_music.core.meter import Meter
from studio_music.room import drawings
from studio_music.room.acts_bar import Act, ActsBar
from studio_music.room.chord_editor import ChordEditor, _count
from studio_music.room.drag_button import DragButton
from studio_music.room.drawings import drawing
from studio_music.room.form_editors import InstrumentEditor, KeyEditor, TrackEditor
from studio_music.room.roll.model import SongModel
from studio_music.room.tracks.mix import Fader, PanFader
from studio_music.room.tracks.panel import TracksPanel
from studio_music.room.transport.bar import TransportBar, clock
from studio_music.room.transport.meter import LevelMeter

from studio.paths import resource
from studio.ui.kit.icons import names
from tests.studio_music.room_songs import song


class Form(QObject):
    """`FormAccess` as far as the field for chords asks it."""

    changed = Signal()

    def __init__(self, **values: Any) -> None:
        super().__init__()
        self._values = values

    def values(self) -> dict[str, Any]:
        return self._values


# --- fields of the form -------------------------------------------------------------------------------------


def test_chords_are_checked_drawn_and_suggested(qtbot) -> None:
    told: list[str] = []
    editor = ChordEditor(Form(key="A minor", meter="3/4", bars=16), lambda: None)  # type: ignore[arg-type]
    assert editor.below is not None
    qtbot.addWidget(editor.below)
    editor.changed = told.append
    editor.show("Am7 | Dm7 G7 | %")
    assert editor.wrong.isHidden()
    assert editor.drawing.accessibleName() == "Am7 | Dm7 G7 | Dm7 G7"
    QTest.keyClicks(editor.field, " | Hm")
    assert told
    assert "Hm" in editor.wrong.text() or "Hm" in editor.field.text()
    editor.show("Am | Hm")
    assert "“Hm” is no chord that is known." in editor.wrong.text()
    assert editor.field.property("wrong") == "true"
    editor.show("C F G C Am")
    assert "has more chords" not in editor.wrong.text()
    editor.suggest.click()
    assert told[-1] == editor.field.text()
    assert len(parse_grid(told[-1], Meter(3, 4), 8)) >= 2
    assert editor.wrong.isHidden()


@given(st.lists(st.sampled_from(["Am", "F", "C", "G", "%", "|", "\n"]), max_size=12))
def test_the_drawing_has_as_many_bars_as_the_grid(words: list[str]) -> None:
    text = " ".join(words)
    many = 64
    try:
        chords = parse_grid(text, Meter(16, 4))
    except Exception:  # noqa: BLE001 - what is no grid has no bars
        return
    count = _count(text)
    assert (count == 0) == (not text.strip("| \n"))
    assert all(placed.start < count * Meter(16, 4).bar_ticks for placed in chords)
    if count:
        assert parse_grid(text, Meter(16, 4), count) == chords
        assert len(parse_grid(text, Meter(16, 4), many)) >= len(chords)


@pytest.mark.parametrize("written", ["", "A minor", "F# dorian", "Bb major", "C blues"])
def test_a_key_is_shown_and_given_back(qtbot, written: str) -> None:
    told: list[str] = []
    editor = KeyEditor()
    assert editor.below is not None
    qtbot.addWidget(editor.below)
    editor.changed = told.append
    editor.show(written)
    assert editor.mode.isEnabled() == bool(written)
    editor._tell()
    assert (parse_key(told[-1]) if told[-1] else "") == (parse_key(written) if written else "")


def test_an_instrument_is_named_and_may_be_left_open(qtbot) -> None:
    told: list[str] = []
    editor = InstrumentEditor()
    qtbot.addWidget(editor.button)
    editor.changed = told.append
    editor.show("Flute")
    assert editor.button.text() == "Flute"
    editor._choose(40)
    assert told == ["Violin"]
    editor._choose(None)
    assert (told[-1], editor.button.text()) == ("", "What fits")
    editor.show("no such thing")
    assert editor.button.text() == "What fits"


def test_a_track_is_one_of_the_songs_or_what_was_written(qtbot) -> None:
    told: list[str] = []
    model = SongModel()
    model.begin(song())
    editor = TrackEditor(model)
    qtbot.addWidget(editor.choice)
    editor.changed = told.append
    for value, words in (("", "What fits"), ("2", "Piano"), ("Kit", "Kit"), ("Oboe", "Oboe")):
        editor.show(value)
        assert editor.choice.currentText() == words
    editor.choice.setCurrentIndex(1)
    editor.choice.activated.emit(1)
    assert told == ["1"]


# --- the transport bar --------------------------------------------------------------------------------------


def test_time_is_told_as_clocks_do() -> None:
    assert [clock(0), clock(67.25), clock(600)] == ["0:00", "1:07", "10:00"]
    assert clock(67.29, tenths=True) == "1:07.2"


def test_a_bar_shows_what_matters_most_as_long_as_it_can(qtbot, dressed) -> None:
    bar = TransportBar()
    qtbot.addWidget(bar)
    bar.say_silence("No audio device: it plays silently")
    seen: list[set[str]] = []
    names = ("play", "stop", "loop", "place", "tempo", "key", "meter", "metronome", "time", "level", "silent")
    bar.show()
    for width in (1400, 760, 500, 300):
        bar.resize(width, 40)
        seen.append({name for name in names if not getattr(bar, name).isHidden()})
    assert seen[0] == {*names} - {"silent"}
    assert "silent" in seen[2]
    for wider, narrower in pairwise(seen):
        assert narrower - {"silent"} <= wider
    assert {"play", "stop", "loop", "place", "tempo"} <= seen[-1]


def test_a_turned_tempo_is_one_step(qtbot) -> None:
    bar = TransportBar()
    qtbot.addWidget(bar)
    bar.tempo.show_tempo(100.0)
    told: list[float] = []
    bar.tempo.chosen.connect(told.append)
    for _ in range(5):
        bar.tempo.stepUp()
    qtbot.waitUntil(lambda: told == [105.0])
    bar.tempo.show_tempo(99.5)
    assert bar.tempo.value() == 99.5
    assert told == [105.0]


def test_the_level_falls_when_it_gets_quiet(qtbot) -> None:
    meter = LevelMeter()
    qtbot.addWidget(meter)
    meter.show_level(0.5, 1.0)
    assert meter.level() == pytest.approx(0.0)
    qtbot.wait(120)
    assert -8 < meter.level() < 0
    meter.show_level(0.0, 0.0)
    qtbot.waitUntil(lambda: meter.level() <= -40, timeout=4000)


def test_acts_without_room_are_in_the_menu(qtbot, dressed) -> None:
    done: list[str] = []
    bar = ActsBar()
    qtbot.addWidget(bar)
    bar.set_acts(
        [
            Act("one", "The first", "", lambda: done.append("one")),
            Act("two", "The second", "", lambda: done.append("two"), lambda: "Not now."),
            Act("three", "The third", "", lambda: done.append("three")),
        ]
    )
    assert not bar.buttons["two"].isEnabled()
    assert bar.buttons["two"].toolTip() == "Not now."
    bar.show()
    bar.resize(1000, 40)
    assert not bar.more.isVisible()
    bar.resize(360, 40)
    assert bar.more.isVisible()
    bar.more_menu.aboutToShow.emit()
    entries = {action.text(): action for action in bar.more_menu.actions()}
    assert "The third" in entries
    entries["The third"].trigger()
    assert done == ["three"]


# --- tracks -------------------------------------------------------------------------------------------------


def test_a_fader_is_heard_while_it_moves_and_is_one_step(qtbot) -> None:
    fader = Fader("Volume", 100)
    qtbot.addWidget(fader)
    moved, settled = list[int](), list[int]()
    fader.moved.connect(moved.append)
    fader.settled.connect(settled.append)
    fader.show_value(64)
    fader.setSliderDown(True)
    for value in (70, 80, 90):
        fader.setSliderPosition(value)
    assert (moved, settled) == ([70, 80, 90], [])
    fader.setSliderDown(False)
    assert settled == [90]
    QTest.mouseDClick(fader, Qt.MouseButton.LeftButton)
    assert fader.value() == 100


def test_pan_is_said_in_words() -> None:
    assert [PanFader.words(None, value) for value in (0, 64, 127)] == ["100 % left", "middle", "100 % right"]  # type: ignore[arg-type]


def test_the_active_track_shows_all_of_its_mixer(qtbot) -> None:
    panel = TracksPanel(lambda _: QColor(Qt.GlobalColor.red))
    qtbot.addWidget(panel)
    panel.resize(240, 600)
    panel.show()
    panel.show_song(song())
    active: list[int] = []
    panel.activated.connect(active.append)
    QTest.mouseClick(panel.strips[1], Qt.MouseButton.LeftButton, pos=QPoint(30, 14))
    assert active == [1]
    panel.show_active(1)
    assert [strip.rows["pan"].isHidden() for strip in panel.strips] == [True, False, True]
    panel.strips[1].setFocus()
    QTest.keyClick(panel.strips[1], Qt.Key.Key_Down)
    assert active == [1, 2]
    panel.strips[0].menu.aboutToShow.emit()
    words = [action.text().replace("&", "") for action in panel.strips[0].menu.actions() if action.text()]
    assert words == ["Rename", "Duplicate", "Move up", "Move down", "Remove"]
    named: list[dict[str, Any]] = []
    panel.changed.connect(lambda place, title, fields: named.append(fields))
    panel.strips[0].begin_naming()
    QTest.keyClicks(panel.strips[0].field, "Oboe")
    QTest.keyClick(panel.strips[0].field, Qt.Key.Key_Return)
    assert named == [{"name": "Oboe"}]
    panel.strips[0].begin_naming()
    QTest.keyClicks(panel.strips[0].field, "Harp")
    QTest.keyClick(panel.strips[0].field, Qt.Key.Key_Escape)
    assert named == [{"name": "Oboe"}]


# --- out ----------------------------------------------------------------------------------------------------


def test_a_file_leaves_by_a_button_that_is_dragged(qtbot) -> None:
    button = DragButton("drag-out", "Out")
    qtbot.addWidget(button)
    button.show()
    happened: list[str] = []
    button.pressed_down.connect(lambda: happened.append("pressed"))
    button.drag_wanted.connect(lambda: happened.append("dragged"))
    button.clicked.connect(lambda: happened.append("clicked"))
    left, middle = Qt.MouseButton.LeftButton, button.rect().center()
    QTest.mousePress(button, left, pos=middle)
    QTest.mouseMove(button, middle + QPoint(1, 0))
    QTest.mouseMove(button, middle + QPoint(60, 20))
    QTest.mouseRelease(button, left, pos=middle + QPoint(60, 20))
    assert happened == ["pressed", "dragged"]
    QTest.mouseClick(button, left, pos=middle)
    assert happened == ["pressed", "dragged", "pressed", "clicked"]


# --- icons --------------------------------------------------------------------------------------------------


def shapes(file: Path) -> list[tuple[str, ...]]:
    """What an icon consists of, filled or not."""
    found = []
    for part in ElementTree.parse(file).getroot().iter():
        tag, values = part.tag.rpartition("}")[2], part.attrib
        if tag not in ("svg", "g"):
            found.append((tag, *(f"{name}={value}" for name, value in values.items() if name != "fill")))
    return found


def test_icons_that_the_studio_has_are_the_studios() -> None:
    here = Path(drawings.__file__).parent / "icons"
    studios = [shapes(resource("icons", f"{name}.svg")) for name in names()]
    assert [file.stem for file in sorted(here.glob("*.svg")) if shapes(file) in studios] == []
    assert not {file.stem for file in here.glob("*.svg")} & set(names())
    assert drawing("pause") == "pause"
    assert Path(drawing("metronome")).is_file()
