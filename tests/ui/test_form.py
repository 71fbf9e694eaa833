from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QPlainTextEdit

from studio.core.authoring import Params, Ui, json_schema
from studio.ui.controls import ComboBox, NumberBox, Slider, Switch
from studio.ui.form import ParamsForm
from studio.ui.form_model import FormModel
from tests.ui.builders import Sample, schemas

MODELS = [("a" * 64, "Lama"), ("b" * 64, "Other")]


@pytest.fixture
def form(qtbot, dressed) -> ParamsForm:
    made = ParamsForm(FormModel(json_schema(Sample)), lambda formats: MODELS)
    qtbot.addWidget(made)
    made.resize(300, 800)
    made.show()
    return made


def test_fields_that_matter_are_shown_and_the_others_not(form: ParamsForm) -> None:
    shown = {name for name, row in form.rows.items() if row.isVisible()}
    assert shown == {"method", "steps", "prompt", "tile", "size", "limit", "pair"}
    form.show_advanced(True)
    assert form.rows["strength"].isVisible()


def test_a_choice_shows_what_belongs_to_it(form: ParamsForm, qtbot) -> None:
    combo = form.rows["method"].findChild(ComboBox)
    combo.setCurrentIndex(1)
    with qtbot.waitSignal(form.changed):
        combo.activated.emit(1)
    assert form.model.value("method") == "onnx"
    assert form.rows["model"].isVisible()


def test_slider_and_number_go_together(form: ParamsForm) -> None:
    row = form.rows["steps"]
    slider, box = row.findChild(Slider), row.findChild(NumberBox)
    assert box.suffix() == " steps"
    slider.setValue(slider.value() + 5)
    assert box.value() == 25
    assert form.model.value("steps") == 25
    assert isinstance(form.model.value("steps"), int)
    box.setValue(50)
    assert slider.value() == slider.maximum()


def test_typing_reaches_the_model(form: ParamsForm, qtbot) -> None:
    text = form.rows["prompt"].findChild(QPlainTextEdit)
    qtbot.keyClicks(text, "a quiet lake")
    assert form.model.value("prompt") == "a quiet lake"
    assert form.rows["prompt"].error.isHidden()


def test_what_is_wrong_is_said_under_the_field(form: ParamsForm, qtbot) -> None:
    row = form.rows["prompt"]
    qtbot.keyClicks(row.findChild(QPlainTextEdit), "far too long for this field")
    assert row.error.isVisible()
    assert row.error.text() == "Prompt must have at most 20 characters"
    assert row.findChild(QPlainTextEdit).property("wrong") is True
    pair = form.rows["pair"].findChild(QLineEdit)
    pair.selectAll()
    qtbot.keyClicks(pair, "[1, ")
    assert form.rows["pair"].error.isVisible()


def test_back_to_the_default(form: ParamsForm, qtbot) -> None:
    row = form.rows["steps"]
    assert not row.back.isVisible()
    row.findChild(NumberBox).setValue(3)
    assert row.back.isVisible()
    qtbot.mouseClick(row.back, Qt.MouseButton.LeftButton)
    assert row.findChild(NumberBox).value() == 20
    assert not row.back.isVisible()


def test_a_switch_switches(form: ParamsForm, qtbot) -> None:
    qtbot.mouseClick(form.rows["tile"].findChild(Switch), Qt.MouseButton.LeftButton)
    assert form.model.value("tile") is True


def test_an_optional_field_can_be_left_out_and_set(form: ParamsForm, qtbot) -> None:
    row = form.rows["limit"]
    box = row.findChild(QDoubleSpinBox)
    assert not box.isEnabled()
    row.editor.beside.children()[1].click()
    assert box.isEnabled()
    assert form.model.value("limit") == 0
    box.setValue(9)
    assert form.model.value("limit") == 9
    row.editor.beside.children()[1].click()
    assert form.model.value("limit") is None


def test_a_model_is_chosen_by_name_or_from_a_file(form: ParamsForm, qtbot) -> None:
    form.model.set("method", "onnx")
    form.refresh()
    combo = form.rows["model"].findChild(ComboBox)
    assert [combo.itemText(n) for n in range(combo.count())] == ["Lama", "Other", "", "Choose a file…"]
    assert combo.currentIndex() == -1
    combo.activated.emit(1)
    assert form.model.value("model") == "b" * 64
    with qtbot.waitSignal(form.model_wanted) as wanted:
        combo.activated.emit(3)
    assert wanted.args == ["model", False]
    assert combo.currentIndex() == 1


def test_showing_a_precise_number_does_not_change_it(qtbot) -> None:
    class Precise(Params):
        scale: Annotated[float, Field(ge=0, le=10)] = 7.1234

    form = ParamsForm(FormModel(json_schema(Precise)), lambda formats: [])
    qtbot.addWidget(form)
    assert form.model.value("scale") == 7.1234
    assert form.rows["scale"].findChild(NumberBox).text() == form.rows["scale"].findChild(
        NumberBox
    ).textFromValue(7.1234)


def test_words_of_a_choice_may_be_numbers(qtbot) -> None:
    class Numbered(Params):
        size: Annotated[Literal[256, 512], Ui(labels=(("256", "Small"),))] = 256

    form = ParamsForm(FormModel(json_schema(Numbered)), lambda formats: [])
    qtbot.addWidget(form)
    combo = form.rows["size"].findChild(ComboBox)
    assert [combo.itemText(n) for n in range(combo.count())] == ["Small", "512"]
    combo.activated.emit(1)
    assert form.model.value("size") == 512


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(params=schemas, data=st.data())
def test_any_form_shows_any_values_without_changing_them(qapp, params: type[Params], data: Any) -> None:
    model = FormModel(json_schema(params))
    form = ParamsForm(model, lambda formats: [])
    before = model.values
    form.refresh()
    assert model.values == before
    for one in model.fields:
        model.set(
            one.name, data.draw(st.one_of(st.none(), st.integers(), st.text(max_size=4), st.booleans()))
        )
    before = model.values
    form.refresh()
    assert model.values == before
    form.deleteLater()
