"""Real mouse and key events for the tests of the piano roll."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from studio_music.core.editing.grid import Snap
from studio_music.core.song import Note, Song, Track
from studio_music.room.roll.model import SongModel
from studio_music.room.roll.roll import Roll

from studio.ui.kit.theme import LIGHT

Keys = Qt.KeyboardModifier
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
BAR, BEAT = 1920, 480
NOTES = (Note(0, 480, 60), Note(480, 480, 64), Note(960, 960, 67, 100))


def song_of(*notes: Note, bars: int = 4) -> Song:
    bass = Track("Bass", (Note(0, 960, 48), Note(1920, 960, 55)))
    return Song("Tune", (Track("Lead", tuple(sorted(notes or NOTES))), bass), bars * BAR)


@pytest.fixture
def model(qapp: QApplication) -> SongModel:
    made = SongModel()
    made.begin(song_of())
    return made


@pytest.fixture
def roll(model: SongModel, qapp: QApplication) -> Iterator[Roll]:
    """Shown, with a grid of sixteenths; rows are 16 pixels high, a beat is 100 pixels long."""
    made = Roll(model, LIGHT)
    made.resize(1000, 700)
    made.show()
    made.activateWindow()
    QApplication.processEvents()
    view = made.state.view
    view.zoom(100 / BEAT / view.per_tick, 0)
    view.zoom_rows(16 / view.row)
    view.scroll_to(0)
    view.show_middle(62)
    made.snap = Snap.SIXTEENTH
    made.field.setFocus()
    QApplication.processEvents()
    yield made
    made.close()


def notes_of(roll: Roll, track: int = 0) -> list[tuple[int, ...]]:
    song = roll.model.song
    assert song is not None
    return [tuple(note) for note in song.tracks[track].notes]


def chosen_of(roll: Roll) -> list[tuple[int, ...]]:
    return sorted(tuple(note) for note in roll.chosen.notes)


def at(roll: Roll, tick: float, pitch: int) -> QPointF:
    """Pixels of the field in the middle of a pitch's row."""
    view = roll.state.view
    return QPointF(view.x_of(tick), view.y_of(pitch) + view.row / 2)


def mouse(
    widget: QWidget,
    kind: QEvent.Type,
    place: QPointF,
    button: Qt.MouseButton = LEFT,
    keys: Keys = Keys.NoModifier,
) -> None:
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    if kind == QEvent.Type.MouseMove:
        button = Qt.MouseButton.NoButton
    QApplication.sendEvent(widget, QMouseEvent(kind, place, widget.mapToGlobal(place), button, held, keys))


def press(
    widget: QWidget, place: QPointF, keys: Keys = Keys.NoModifier, button: Qt.MouseButton = LEFT
) -> None:
    mouse(widget, QEvent.Type.MouseButtonPress, place, button, keys)


def move(
    widget: QWidget, place: QPointF, keys: Keys = Keys.NoModifier, button: Qt.MouseButton = LEFT
) -> None:
    mouse(widget, QEvent.Type.MouseMove, place, button, keys)


def release(
    widget: QWidget, place: QPointF, keys: Keys = Keys.NoModifier, button: Qt.MouseButton = LEFT
) -> None:
    mouse(widget, QEvent.Type.MouseButtonRelease, place, button, keys)


def click(widget: QWidget, place: QPointF, keys: Keys = Keys.NoModifier) -> None:
    press(widget, place, keys)
    release(widget, place, keys)


def double_click(widget: QWidget, place: QPointF, keys: Keys = Keys.NoModifier) -> None:
    click(widget, place, keys)
    mouse(widget, QEvent.Type.MouseButtonDblClick, place, LEFT, keys)
    release(widget, place, keys)


def drag(
    widget: QWidget,
    start: QPointF,
    end: QPointF,
    keys: Keys = Keys.NoModifier,
    button: Qt.MouseButton = LEFT,
) -> None:
    press(widget, start, keys, button)
    for step in range(1, 6):
        move(widget, start + (end - start) * (step / 5), keys, button)
    QApplication.processEvents()
    release(widget, end, keys, button)


def key(widget: QWidget, code: Qt.Key, keys: Keys = Keys.NoModifier, text: str = "") -> bool:
    """As the window system sends it: as a shortcut first, then as a key. Whether it was taken."""
    override = QKeyEvent(QEvent.Type.ShortcutOverride, code, keys, text)
    override.ignore()
    QApplication.sendEvent(widget, override)
    pressed = QKeyEvent(QEvent.Type.KeyPress, code, keys, text)
    QApplication.sendEvent(widget, pressed)
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyRelease, code, keys, text))
    return override.isAccepted()


def wheel(widget: QWidget, place: QPointF, turn: int, keys: Keys = Keys.NoModifier) -> None:
    event = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
