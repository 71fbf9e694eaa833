"""The piano roll under hands that know nothing of it: whatever they do, the song stays sound."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from studio_music.core.chords import parse_grid
from studio_music.core.editing.grid import Snap
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.song import KeyChange, MeterChange, Note, Song, Track
from studio_music.room.roll.roll import Roll
from studio_music.room.roll.tool import Tool

from tests.studio_music.roll_hands import (
    LEFT,
    MIDDLE,
    Keys,
    double_click,
    key,
    model,
    move,
    press,
    release,
    roll,
    wheel,
)

__all__ = ["model", "roll"]

EVENTS = 250
_HELD = (
    Keys.NoModifier,
    Keys.NoModifier,
    Keys.ShiftModifier,
    Keys.ControlModifier,
    Keys.AltModifier,
    Keys.ControlModifier | Keys.ShiftModifier,
    Keys.ControlModifier | Keys.AltModifier,
)
_KEYS = [
    *(Qt.Key(code) for code in range(Qt.Key.Key_A, Qt.Key.Key_Z + 1)),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Backspace),
    *(Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Return, Qt.Key.Key_Tab),
]


def song_by(chance: random.Random) -> Song:
    meters = chance.choice([("4/4",), ("3/4", "7/8"), ("6/8", "5/4", "2/2")])
    changes, start = [], 0
    for meter in meters:
        beats, unit = map(int, meter.split("/"))
        changes.append(MeterChange(start, Meter(beats, unit)))
        start += 3 * changes[-1].meter.bar_ticks
    notes = tuple(
        sorted(Note(chance.randrange(0, start - 50), 50, pitch) for pitch in chance.sample(range(128), 30))
    )
    drums = tuple(Note(tick, 60, 38) for tick in range(0, start, 480))
    return Song(
        "Any",
        (Track("One", notes), Track("Two"), Track("Drums", drums, is_drums=True)),
        start,
        meters=tuple(changes),
        keys=(KeyChange(0, Key(chance.randrange(12), chance.choice(["major", "blues", "chromatic"]))),),
        chords=parse_grid("Am F | C", Meter(4, 4), 2) if chance.random() < 0.5 else (),
    )


def check(song: Song) -> None:
    for track in song.tracks:
        assert list(track.notes) == sorted(track.notes)
        ends: dict[int, int] = {}
        for note in track.notes:
            assert 0 <= note.start < note.end <= song.length
            assert 0 <= note.pitch <= 127
            assert 1 <= note.velocity <= 127
            assert note.start >= ends.get(note.pitch, 0)
            ends[note.pitch] = note.end
    assert song.length == song.bars[-1].end
    assert song.loop is None or 0 <= song.loop[0] < song.loop[1] <= song.length


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_song_survives(roll: Roll, seed: int) -> None:
    chance = random.Random(seed)
    roll.model.begin(song_by(chance))
    check(roll.model.song)
    parts = [roll.field, roll.field, roll.field, roll.ruler, roll.chords, roll.velocities, roll.keys]
    heard: set[tuple[int, int]] = set()
    roll.note_on.connect(lambda track, pitch, _velocity: heard.add((track, pitch)))
    roll.note_off.connect(lambda track, pitch: heard.discard((track, pitch)))

    def somewhere(part) -> QPointF:
        return QPointF(chance.uniform(-20, part.width() + 20), chance.uniform(-5, part.height() + 5))

    for _ in range(EVENTS):
        part, held = chance.choice(parts), chance.choice(_HELD)
        what = chance.randrange(14)
        if what < 5:
            button = chance.choice([LEFT, LEFT, LEFT, MIDDLE])
            press(part, somewhere(part), held, button)
            for _ in range(chance.randrange(4)):
                move(part, somewhere(part), chance.choice([held, *_HELD]), button)
                if chance.random() < 0.1:
                    key(roll.field, chance.choice(_KEYS), held)
            release(part, somewhere(part), held, button)
        elif what == 5:
            double_click(part, somewhere(part), held)
        elif what < 9:
            code = chance.choice(_KEYS)
            key(roll.field, code, held, chr(code).lower() if code < 128 else "")
        elif what == 9:
            wheel(part, somewhere(part), chance.choice([-240, -120, 120, 240]), held)
        elif what == 10:
            chance.choice([roll.model.undo, roll.model.redo, roll.humanize, roll.legato, roll.split])()
        elif what == 11:
            roll.snap, roll.tool = chance.choice(list(Snap)), chance.choice(list(Tool))
        elif what == 12:
            roll.model.activate(chance.randrange(3))
        else:
            roll.set_cursor(chance.choice([None, chance.uniform(0, roll.model.song.length)]))
            roll.resize(chance.randrange(300, 1200), chance.randrange(200, 800))
        if roll.chords.editor is not None and chance.random() < 0.5:
            roll.chords.close_editor()
        QApplication.processEvents()
        check(roll.model.song)
        assert roll.chosen.notes <= frozenset(roll.model.song.tracks[roll.chosen.track].notes)
    roll.field.end_hand()
    roll.steps_on = False
    assert not heard
    while roll.model.undo_title is not None:
        roll.model.undo()
        check(roll.model.song)
