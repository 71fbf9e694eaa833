"""Queue many: the dialog over any fields."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from studio.core.authoring import json_schema
from studio.core.titles import told
from studio.ui.generate.matrix_axis import LIST, RANDOM, RANGE, AxisRow
from studio.ui.generate.matrix_dialog import MatrixDialog
from studio.ui.generate.matrix_model import Matrix
from studio.ui.kit.dialogs import QuestionDialog
from studio.ui.kit.form_model import FormModel
from tests.ui.builders import Sample

MODELS = [("a" * 64, "Lama"), ("b" * 64, "Other")]


@pytest.fixture
def taken() -> list[Matrix]:
    return []


@pytest.fixture
def dialog(qtbot, dressed, taken: list[Matrix]) -> Iterator[MatrixDialog]:
    model = FormModel(json_schema(Sample))
    made = MatrixDialog(
        None, model, 5, lambda _: MODELS, lambda n: f"{n} results, about {n} min", taken.append
    )
    made.show()
    yield made


def vary(row: AxisRow, title: str, mode: int = LIST) -> AxisRow:
    row.choose.setCurrentIndex(row.choose.findText(title))
    row.choose.activated.emit(row.choose.currentIndex())
    row.mode.setCurrentIndex(row.mode.findData(mode))
    row.mode.activated.emit(row.mode.currentIndex())
    return row


def cells(dialog: MatrixDialog) -> list[list[str]]:
    table = dialog.table
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_it_begins_with_some_seeds(dialog: MatrixDialog) -> None:
    assert dialog.rows[0].mode.currentData() == RANDOM
    assert dialog.matrix.total == 4
    assert dialog.go.text() == "Add 4 to the queue"
    assert dialog.told.text() == "4 results, about 4 min."
    assert len({seed for (seed,) in cells(dialog)}) == 4


def test_two_fields_give_every_combination(dialog: MatrixDialog, qtbot, taken: list[Matrix]) -> None:
    steps = vary(dialog.rows[0], "Steps", RANGE).editor
    for box, number in ((steps.start, 20), (steps.end, 30), (steps.step, 5)):
        box.setValue(number)
    size = vary(dialog.add_row(), "Size").editor
    for row in range(2):
        size.list.item(row).setCheckState(Qt.CheckState.Checked)
    dialog.count.setValue(2)
    qtbot.waitUntil(lambda: dialog.table.columnCount() == 3 and dialog.matrix.total == 12)
    assert cells(dialog)[:3] == [
        ["20", "Small", "5"],
        ["20", "Small", "6"],
        ["20", "Large", "5"],
    ]
    dialog.go.click()
    (matrix,) = taken
    assert [told(one.title) for one in matrix][:2] == [
        "Steps 20, Size Small, No. 1",
        "Steps 20, Size Small, No. 2",
    ]


def test_what_is_wrong_is_said_and_nothing_can_be_added(dialog: MatrixDialog) -> None:
    numbers = vary(dialog.rows[0], "Steps").editor
    for text, words in (
        ("20, x", "“x” is no whole number."),
        ("20, 99", "Steps: 99 must be at most 50."),
    ):
        numbers.list.setText(text)
        dialog.refresh()
        assert dialog.wrong.text() == words
        assert not dialog.go.isEnabled()
    numbers.list.setText("20; 21")
    vary(dialog.add_row(), "Steps")
    dialog.refresh()
    assert dialog.wrong.text() == "“Steps” is there twice."
    dialog.rows[1].remove.click()
    assert dialog.matrix.total == 2


def test_texts_models_switches_and_lists(dialog: MatrixDialog) -> None:
    prompt = vary(dialog.rows[0], "Prompt").editor
    prompt.text.setPlainText("a lake\n\na hill")
    tile = vary(dialog.add_row(), "Tile").editor
    tile.list.item(0).setCheckState(Qt.CheckState.Checked)
    pair = vary(dialog.add_row(), "Pair").editor
    pair.text.setPlainText("[1, 2]\n[3, 4]")
    dialog.refresh()
    assert dialog.matrix.total == 4
    assert cells(dialog)[1][:3] == ["“a lake”", "On", "“[3, 4]”"]
    assert dialog.matrix.first(1)[0].values["pair"] == [1, 2]
    pair.text.setPlainText("[1, ")
    dialog.refresh()
    assert "JSON" in dialog.wrong.text()


def test_a_field_that_another_decides_on_can_be_varied_too(dialog: MatrixDialog) -> None:
    assert dialog.rows[0].choose.findText("Model") < 0
    method = vary(dialog.rows[0], "Method").editor
    for row in range(2):
        method.list.item(row).setCheckState(Qt.CheckState.Checked)
    model = vary(dialog.add_row(), "Model").editor
    for row in range(2):
        model.list.item(row).setCheckState(Qt.CheckState.Checked)
    dialog.refresh()
    assert [told(one.title) for one in dialog.matrix] == [
        "Method Content-aware fill",
        "Method Onnx, Model Lama",
        "Method Onnx, Model Other",
    ]


def test_many_are_asked_about_and_too_many_refused(dialog: MatrixDialog, taken: list[Matrix]) -> None:
    dialog.rows[0].editor.count.setValue(600)
    dialog.count.setValue(100)
    dialog.refresh()
    assert "too many" in dialog.wrong.text()
    dialog.count.setValue(1)
    dialog.refresh()
    dialog.go.click()
    assert taken == []
    question = dialog.findChild(QuestionDialog)
    assert question.heading.text() == "Add 600 results to the queue?"
    next(one for one in question.findChildren(QPushButton) if one.text() == "Add them").click()
    assert taken[0].total == 600


def test_the_next_row_begins_with_another_field(dialog: MatrixDialog) -> None:
    assert dialog.rows[0].field is None
    assert dialog.add_row().field.name == "method"
    assert dialog.add_row().field.name == "model", "the method is varied, so it may matter"
