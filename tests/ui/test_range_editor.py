"""A range in a form: two ends that never pass each other."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from studio.ui.generate.editors import make_editor
from studio.ui.kit.controls import NumberBox
from studio.ui.kit.form_model import FormModel, fields_of

END = {"type": "number", "minimum": 20, "maximum": 60}
SCHEMA: dict[str, Any] = {
    "properties": {
        "leg": {
            "title": "Leg",
            "type": "array",
            "prefixItems": [END, END],
            "minItems": 2,
            "maxItems": 2,
            "default": [26, 46],
            "x-ui": {"hint": "range", "unit": "mm"},
        }
    }
}


@pytest.fixture
def editor(qtbot: QtBot) -> Any:
    (field,) = fields_of(SCHEMA)
    made = make_editor(field, lambda rule: [], lambda what: None)
    qtbot.addWidget(made.below)
    made.below.resize(300, 80)
    made.below.show()
    made.show([26, 46])
    made.told = []
    made.changed = made.told.append
    return made


def boxes(editor: Any) -> list[NumberBox]:
    return editor.below.findChildren(NumberBox)


def test_it_shows_both_ends_with_their_unit_and_a_name_for_each(editor: Any) -> None:
    assert [box.value() for box in boxes(editor)] == [26, 46]
    assert [box.accessibleName() for box in boxes(editor)] == ["Leg, from", "Leg, to"]
    assert all(box.suffix() == " mm" for box in boxes(editor))
    assert editor.told == []


def test_an_end_pushes_the_other_along(editor: Any) -> None:
    low, high = boxes(editor)
    low.setValue(50)
    assert editor.told[-1] == [50, 50]
    high.setValue(30)
    assert editor.told[-1] == [30, 30]
    high.setValue(58)
    assert editor.told[-1] == [30, 58]


def test_the_nearer_handle_follows_the_mouse(editor: Any, qtbot: QtBot) -> None:
    track = editor._track
    middle = track.height() // 2
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track.place(28)), middle))
    qtbot.mouseMove(track, QPoint(0, middle))
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(0, middle))
    assert editor.told[-1] == [20, 46]
    qtbot.mouseClick(track, Qt.MouseButton.LeftButton, pos=QPoint(track.width(), middle))
    assert editor.told[-1] == [20, 60]


def test_handles_that_lie_on_each_other_part_both_ways(editor: Any, qtbot: QtBot) -> None:
    track = editor._track
    middle = track.height() // 2
    for to, ends in ((55, [40, 55]), (25, [25, 40])):
        editor.show([40, 40])
        qtbot.mouseClick(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track.place(to)), middle))
        assert editor.told[-1] == pytest.approx(ends, abs=0.5)


def test_only_a_pair_with_the_same_limits_is_a_range() -> None:
    form = FormModel(SCHEMA)
    assert form.field("leg").editor == "range"
    assert (form.field("leg").minimum, form.field("leg").maximum) == (20, 60)
    form.set("leg", [10, 30])
    assert "leg" in form.errors
    other = {**SCHEMA["properties"]["leg"], "prefixItems": [END, {"type": "number"}]}
    (field,) = fields_of({"properties": {"leg": other}})
    assert field.editor == "json"
