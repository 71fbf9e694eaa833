"""Params: schema, annotations, and the same verdict with and without the class."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Literal

import jsonschema  # noqa: F401 - imported here so that no property test pays for it
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from studio.core import authoring
from studio.core import params as p
from studio.errors import InvalidParams


class Sample(authoring.Params):
    steps: Annotated[int, Field(ge=1, le=500), authoring.Ui(group="Quality", unit="steps", hint="slider")] = (
        20
    )
    strength: Annotated[float, Field(ge=0, le=1), authoring.Ui(advanced=True)] = 0.8
    method: Annotated[Literal["fill", "onnx"], authoring.Ui(labels=(("fill", "Content-aware"),))] = "fill"
    weights: Annotated[str, authoring.Ui(model=("onnx",), when=("method", ("onnx",)))] = ""


SCHEMA = authoring.json_schema(Sample)


def test_annotations_reach_the_schema() -> None:
    fields = SCHEMA["properties"]
    assert fields["steps"]["x-ui"] == {"group": "Quality", "unit": "steps", "hint": "slider"}
    assert (fields["steps"]["minimum"], fields["steps"]["maximum"]) == (1, 500)
    assert fields["strength"]["x-ui"] == {"advanced": True}
    assert fields["method"]["x-ui"]["labels"] == {"fill": "Content-aware"}
    assert fields["weights"]["x-ui"]["when"] == {"field": "method", "values": ["onnx"]}
    json.dumps(SCHEMA, allow_nan=False)


def test_model_fields_and_defaults() -> None:
    assert p.model_fields(SCHEMA) == {"weights": p.ModelRule(("onnx",))}
    assert p.defaults(SCHEMA) == {"steps": 20, "strength": 0.8, "method": "fill", "weights": ""}


@pytest.mark.parametrize(("method", "expected"), [("fill", False), ("onnx", True)])
def test_a_field_applies_only_where_it_matters(method: str, expected: bool) -> None:
    assert p.applies(SCHEMA["properties"]["weights"], {"method": method}) is expected
    assert p.applies(SCHEMA["properties"]["steps"], {"method": method})


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"steps": 0}, "steps", "at least 1"),
        ({"steps": 501}, "steps", "at most 500"),
        ({"steps": "many"}, "steps", "a whole number"),
        ({"strength": math.nan}, "strength", "finite"),
        ({"strength": math.inf}, "strength", "finite"),
        ({"strength": -1e308}, "strength", "at least 0"),
        ({"method": "magic"}, "method", "one of fill, onnx"),
        ({"sampler": 1}, "sampler", "not a setting"),
        ({"weights": "\udcff"}, "weights", "text in UTF-8"),
    ],
)
def test_a_wrong_value_is_named_with_its_reason(values: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(InvalidParams) as caught:
        p.validate(SCHEMA, values)
    assert words in caught.value.fields[field]
    assert field in caught.value.message
    with pytest.raises(InvalidParams) as again:
        authoring.build(Sample, values)
    assert field in again.value.fields


def test_every_wrong_value_is_named_at_once() -> None:
    with pytest.raises(InvalidParams) as caught:
        p.validate(SCHEMA, {"steps": 0, "strength": 2.0, "sampler": 1, "scheduler": 2})
    assert {"steps", "strength", "sampler", "scheduler"} <= set(caught.value.fields)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["steps", "strength", "method", "weights", "other"]), JSON))
def test_what_the_shell_accepts_the_class_accepts(values: dict[str, Any]) -> None:
    try:
        completed = p.validate(SCHEMA, values)
    except InvalidParams as error:
        assert error.fields
        return
    built = authoring.build(Sample, completed)
    assert built.model_dump() == completed


@given(st.integers(1, 500), st.floats(0, 1), st.sampled_from(["fill", "onnx"]))
def test_valid_values_survive_unchanged(steps: int, strength: float, method: str) -> None:
    values = {"steps": steps, "strength": strength, "method": method, "weights": ""}
    assert p.validate(SCHEMA, values) == values
