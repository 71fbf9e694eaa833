from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.authoring import build, json_schema
from studio.core.params_base import Params
from studio.errors import InvalidParams
from studio.ui.kit.form_model import FormModel, fields_of
from tests.ui.builders import Sample, schemas


@pytest.fixture
def form() -> FormModel:
    return FormModel(json_schema(Sample))


def test_every_sort_of_field_finds_its_editor(form: FormModel) -> None:
    editors = {field.name: field.editor for field in form.fields}
    assert editors == {
        "method": "choice",
        "model": "model",
        "steps": "integer",
        "strength": "number",
        "prompt": "prompt",
        "tile": "switch",
        "size": "choice",
        "limit": "integer",
        "pair": "json",
    }
    assert form.field("limit").optional
    assert form.field("steps").slider
    assert form.field("steps").unit == "steps"
    assert [choice.label for choice in form.field("method").choices] == ["Content-aware fill", "Onnx"]
    assert [choice.value for choice in form.field("size").choices] == ["small", "large"]
    assert form.field("prompt").help == "What to show"
    assert form.field("prompt").max_length == 20


def test_groups_keep_the_order_and_the_nameless_comes_first(form: FormModel) -> None:
    groups = list(form.groups())
    assert [name for name, _ in groups] == ["", "Quality"]
    assert [field.name for field in groups[1][1]] == ["steps", "strength"]


def test_a_field_is_shown_only_when_it_matters(form: FormModel) -> None:
    assert "model" not in form.shown()
    assert form.set("method", "onnx")
    assert "model" in form.shown()
    assert not form.set("steps", 3)


def test_wrong_values_are_kept_and_told(form: FormModel) -> None:
    form.set("steps", 0)
    form.set("prompt", "x" * 21)
    assert form.value("steps") == 0
    assert form.errors == {"steps": "must be at least 1", "prompt": "must have at most 20 characters"}
    with pytest.raises(InvalidParams):
        form.usable_values()
    form.reset("steps")
    form.reset("prompt")
    assert form.errors == {}
    assert form.is_default("steps")


def test_a_hidden_wrong_value_does_not_stand_in_the_way(form: FormModel) -> None:
    form.set("model", 5)
    assert form.errors == {}
    assert form.usable_values()["model"] == ""


def test_values_of_another_time_are_taken_where_they_still_fit(form: FormModel) -> None:
    refused = form.set_all({"steps": 7, "strength": 9.0, "gone": 1, "method": "onnx"})
    assert sorted(refused) == ["gone", "strength"]
    assert form.value("steps") == 7
    assert form.value("strength") == 0.8
    assert form.value("method") == "onnx"


def test_a_default_is_told_from_its_like(form: FormModel) -> None:
    form.set("tile", 0)
    assert not form.is_default("tile")


# Any schema, any values ------------------------------------------------------------------------------------

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@given(schemas)
def test_any_schema_becomes_a_form_that_starts_right(params: type[Params]) -> None:
    schema = json.loads(json.dumps(json_schema(params)))
    form = FormModel(schema)
    assert {one.name for one in form.fields} == set(params.model_fields)
    assert form.check()
    assert all(form.is_default(one.name) for one in form.fields)
    assert [one for _, fields in form.groups() for one in fields].__len__() == len(form.fields)
    assert build(params, form.usable_values()) == params()


@given(schemas, st.data())
def test_any_value_is_either_usable_or_told(params: type[Params], data: st.DataObject) -> None:
    schema = json_schema(params)
    form = FormModel(schema)
    for one in form.fields:
        form.set(one.name, data.draw(values, label=one.name))
    assert all(name in params.model_fields for name in form.errors)
    if form.errors:
        with pytest.raises(InvalidParams):
            form.usable_values()
    else:
        assert set(form.usable_values()) == set(params.model_fields)
    before = form.values
    form.set_all(before)
    assert form.check()


@given(schemas)
def test_limits_admit_the_default(params: type[Params]) -> None:
    for one in fields_of(json_schema(params)):
        if isinstance(one.default, int | float) and not isinstance(one.default, bool):
            assert one.minimum is None or one.minimum <= one.default
            assert one.maximum is None or one.default <= one.maximum
            assert one.step > 0
