from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QPlainTextEdit

from studio.core.authoring import Ui, json_schema
from studio.core.params_base import Params
from studio.ui.generate.form import ParamsForm
from studio.ui.kit import theme
from studio.ui.kit.controls import ComboBox, NumberBox, Slider, Switch
from studio.ui.kit.form_model import FormModel
from studio.ui.kit.form_parts import Disclosure
from studio.ui.kit.number_field import NumberField
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


def test_what_is_wrong_is_said_under_the_field_but_not_at_once(form: ParamsForm, qtbot) -> None:
    row = form.rows["prompt"]
    text = row.findChild(QPlainTextEdit)
    qtbot.keyClicks(text, "far too long for this field")
    assert not row.error.isVisible()
    qtbot.waitUntil(row.error.isVisible)
    assert row.error.whole_text() == "Prompt must have at most 20 characters"
    assert text.property("wrong") is True
    text.setPlainText("short")
    assert not row.error.isVisible()
    pair = form.rows["pair"].findChild(QLineEdit)
    pair.selectAll()
    qtbot.keyClicks(pair, "[1, ")
    qtbot.waitUntil(form.rows["pair"].error.isVisible)


def test_what_is_wrong_moves_the_form_by_one_line_at_most(form: ParamsForm, qtbot) -> None:
    height = form.sizeHint().height()
    form.model.set("pair", "x" * 2000)
    form.refresh()
    line = form.rows["pair"].error.sizeHint().height()
    assert form.rows["pair"].error.isVisible()
    assert form.sizeHint().height() <= height + line + 8


def test_the_first_wrong_field_gets_the_focus(form: ParamsForm, qtbot) -> None:
    assert not form.go_to_wrong()
    form.model.set("strength", 9.0)
    form.model.set("steps", 20)
    form.refresh(write=False)
    with qtbot.waitActive(form):
        form.activateWindow()
    assert form.go_to_wrong()
    assert form.rows["strength"].editor.focus.hasFocus()
    assert form.rows["strength"].error.isVisible()
    assert form.shows_advanced


def test_a_group_folds_away_and_stays_so(form: ParamsForm, qtbot) -> None:
    form.findChildren(Disclosure)[0].click()
    assert form.folded() == ("Quality",)
    assert not form.rows["steps"].isVisible()
    again = ParamsForm(FormModel(json_schema(Sample)), lambda formats: MODELS)
    qtbot.addWidget(again)
    again.fold(form.folded())
    again.show()
    assert not again.rows["steps"].isVisible()
    assert again.rows["tile"].isVisible()
    again.model.set("steps", 99)
    again.refresh()
    assert again.rows["steps"].isVisible(), "what is wrong is never hidden"


def test_everything_back_to_its_default(form: ParamsForm, qtbot) -> None:
    form.rows["steps"].findChild(NumberBox).setValue(3)
    form.model.set("prompt", "a lake")
    with qtbot.waitSignal(form.changed):
        form.reset_all()
    assert form.rows["steps"].findChild(NumberBox).value() == 20
    assert form.rows["prompt"].findChild(QPlainTextEdit).toPlainText() == ""


@pytest.mark.parametrize(
    ("language", "typed"), [("de", "0,25"), ("de", "0.25"), ("en", "0.25"), ("en", "0,25")]
)
def test_either_decimal_sign_is_taken(qtbot, language: str, typed: str) -> None:
    box = NumberField(0, 1, 0.01, "", whole=False)
    box.setLocale(QLocale(language))
    qtbot.addWidget(box)
    box.lineEdit().selectAll()
    qtbot.keyClicks(box, typed)
    assert box.number() == 0.25
    assert box.text() == ("0,25" if language == "de" else "0.25")


def test_characters_are_counted_where_there_is_a_limit(form: ParamsForm, qtbot) -> None:
    row = form.rows["prompt"]
    qtbot.keyClicks(row.findChild(QPlainTextEdit), "a lake")
    assert row.editor.foot.text() == "6 / 20"
    assert row.editor.foot.accessibleName() == "6 of 20 characters"


@pytest.mark.parametrize("width", [236, 300])
def test_it_fits_narrow_panels_and_large_type(qtbot, qapp, width: int) -> None:
    theme.apply(theme.LIGHT.changed(font_scale=150), qapp)
    form = ParamsForm(FormModel(json_schema(Sample)), lambda formats: MODELS)
    qtbot.addWidget(form)
    form.show_advanced(True)
    form.resize(width, 900)
    form.show()
    assert form.minimumSizeHint().width() <= width
    for row in form.rows.values():
        for part in (row.title, row.editor.beside, row.editor.below):
            if part is not None and part.isVisible():
                assert row.rect().contains(part.geometry()), row.field.name
    qapp.setStyleSheet("")


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
    offered = [combo.itemText(n) for n in range(combo.count())]
    assert offered == ["Lama", "Other", "", "Choose a file…", "Get a model…"]
    assert combo.currentIndex() == -1
    combo.activated.emit(1)
    assert form.model.value("model") == "b" * 64
    with qtbot.waitSignal(form.model_wanted) as wanted:
        combo.activated.emit(3)
    assert wanted.args == ["model", "file"]
    with qtbot.waitSignal(form.model_wanted) as wanted:
        combo.activated.emit(4)
    assert wanted.args == ["model", "models"]
    assert combo.currentIndex() == 1


def test_a_model_that_is_needed_is_chosen_by_the_studio(qtbot) -> None:
    class Needy(Params):
        model: Annotated[str, Ui(model=("onnx-text", "gguf"), needs_model=True)] = ""

    known: list[tuple[str, str]] = []
    form = ParamsForm(FormModel(json_schema(Needy)), lambda formats: known)
    qtbot.addWidget(form)
    combo = form.rows["model"].findChild(ComboBox)
    assert combo.currentIndex() == -1 and combo.placeholderText() == "No model yet"
    offered = [combo.itemText(n) for n in range(combo.count())]
    assert offered == ["Choose a file…", "Choose a folder…", "Get a model…"]
    known += [("a" * 64, "Gemma"), ("b" * 64, "Qwen")]
    form.refresh_models()
    assert combo.currentText() == "Automatic: Gemma" and form.model.value("model") == ""
    combo.activated.emit(2)
    assert form.model.value("model") == "b" * 64
    form.refresh_models()
    assert combo.currentText() == "Qwen"
    combo.activated.emit(0)
    form.refresh()
    assert form.model.value("model") == "" and combo.currentText() == "Automatic: Gemma"


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
