"""A number in a form whose lowest value stands for something."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.ui.generate.editors import make_editor
from studio.ui.kit.controls import NumberBox
from studio.ui.kit.form_model import fields_of

LEFT = Qt.MouseButton.LeftButton


def tempo(**limits: Any) -> Any:
    spec = {"type": "integer", "title": "Tempo", "x-ui": {"unit": "bpm", "labels": {"0": "What fits"}}}
    (field,) = fields_of({"properties": {"tempo": spec | limits}})
    return field


def test_the_word_stands_in_the_place_of_the_number(qtbot: QtBot) -> None:
    editor = make_editor(tempo(minimum=0, maximum=300), lambda rule: [], lambda what: None)
    box = editor.beside
    assert isinstance(box, NumberBox)
    qtbot.addWidget(box)
    editor.show(0)
    assert box.text() == "What fits"
    editor.show(90)
    assert box.text() == "90 bpm"


def test_digits_take_the_place_of_the_word(qtbot: QtBot) -> None:
    editor = make_editor(tempo(minimum=0, maximum=300), lambda rule: [], lambda what: None)
    told: list[Any] = []
    editor.changed = told.append
    box = editor.beside
    qtbot.addWidget(box)
    editor.show(0)
    box.show()
    qtbot.waitExposed(box)
    qtbot.mouseClick(box.lineEdit(), LEFT)
    qtbot.waitUntil(lambda: box.lineEdit().selectedText() == "What fits")
    qtbot.keyClicks(box, "120")
    assert told[-1] == 120
    assert box.text() == "120 bpm"


def test_a_word_for_another_number_changes_nothing_in_the_box(qtbot: QtBot) -> None:
    editor = make_editor(tempo(minimum=-5), lambda rule: [], lambda what: None)
    qtbot.addWidget(editor.beside)
    editor.show(0)
    assert editor.beside.text() == "0 bpm"
