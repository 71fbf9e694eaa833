"""Editors that a plugin's room brings for fields with its hints: of JSON values, and of single lines."""

from __future__ import annotations

from typing import Annotated, Any

from pytestqt.qtbot import QtBot

from studio.api import Params, Ui
from studio.ui.generate.editors import JsonEditor, LineEditor, make_editor
from studio.ui.kit.form_model import fields_of


class Hinted(Params):
    grid: Annotated[str, Ui(hint="grid")] = ""
    plan: Annotated[dict[str, Any], Ui(hint="plan")] = {}
    words: Annotated[str, Ui(hint="nobody")] = ""


def test_a_room_brings_editors_for_lines_and_for_json(qtbot: QtBot) -> None:
    asked: list[str] = []
    own: list[LineEditor] = []

    def of_room(hint: str) -> LineEditor | None:
        asked.append(hint)
        if hint == "nobody":
            return None
        own.append(LineEditor(fields[0]))
        return own[-1]

    fields = fields_of(Hinted.model_json_schema())
    made = [make_editor(field, lambda _: (), lambda _: None, None, of_room) for field in fields]
    assert asked == ["grid", "plan", "nobody"]
    assert made[:2] == own
    assert type(made[2]) is LineEditor


def test_without_a_room_they_are_plain(qtbot: QtBot) -> None:
    made = [
        make_editor(field, lambda _: (), lambda _: None) for field in fields_of(Hinted.model_json_schema())
    ]
    assert [type(editor) for editor in made] == [LineEditor, JsonEditor, LineEditor]
