"""Params: the typed values that a generator is asked to work with.

A params class is a pydantic model. Its JSON Schema is the one source for the form, the command line,
validation, the stored record and the plugin's description, so everything that a widget needs to know is an
annotation that ends up in that schema::

    class Params(studio.api.Params):
        steps: Annotated[int, Field(ge=1, le=500), Ui(group="Quality", unit="steps")] = 20

A hint only picks a widget; it never changes what a value means.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from studio.errors import InvalidParams

_SURROGATE = re.compile("[\ud800-\udfff]")
_TYPES = {"integer": "a whole number", "number": "a number", "string": "a text", "boolean": "true or false"}

Hint = Literal["", "slider", "text", "prompt", "choice", "switch", "color"]
JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Ui:
    """How one field is shown. It is written to the field's JSON Schema as `x-ui`.

    `when` names another field and the values of it for which this one matters; elsewhere the form hides it
    and the generator ignores it. `model` marks a field whose value names a model: it holds the file formats
    that fit (`"onnx"`, `"safetensors"`, `"diffusers"`), and the model's digest goes into the recipe.
    """

    group: str = ""
    unit: str = ""
    hint: Hint = ""
    advanced: bool = False
    when: tuple[str, tuple[str, ...]] | None = None
    model: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    """For a choice: (value, words shown) pairs."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        json_schema = handler(schema)
        described: JsonObject = {}
        if self.group:
            described["group"] = self.group
        if self.unit:
            described["unit"] = self.unit
        if self.hint:
            described["hint"] = self.hint
        if self.advanced:
            described["advanced"] = True
        if self.when is not None:
            described["when"] = {"field": self.when[0], "values": list(self.when[1])}
        if self.model:
            described["model"] = list(self.model)
        if self.labels:
            described["labels"] = dict(self.labels)
        json_schema["x-ui"] = described
        return json_schema


class Params(BaseModel):
    """Base class of every generator's params: frozen, no unknown field, no NaN and no infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def json_schema(params: type[Params]) -> JsonObject:
    """The schema that the shell works from. Raises whatever pydantic raises for a type it cannot describe."""
    return params.model_json_schema(mode="validation")


def defaults(schema: JsonObject) -> JsonObject:
    """The default of every field that has one, by name."""
    return {name: spec["default"] for name, spec in schema.get("properties", {}).items() if "default" in spec}


def model_fields(schema: JsonObject) -> dict[str, tuple[str, ...]]:
    """The fields whose value names a model, with the formats that fit each."""
    return {
        name: tuple(spec["x-ui"]["model"])
        for name, spec in schema.get("properties", {}).items()
        if spec.get("x-ui", {}).get("model")
    }


def applies(spec: JsonObject, values: Mapping[str, Any]) -> bool:
    """Whether a field matters for these values (see `Ui.when`)."""
    when = spec.get("x-ui", {}).get("when")
    return when is None or values.get(when["field"]) in when["values"]


def validate(schema: JsonObject, values: Mapping[str, Any]) -> JsonObject:
    """Values completed with their defaults and checked against a params schema, without the params class.

    This is what the shell uses, since it imports no plugin; the worker validates again with the class itself.

    Raises:
        InvalidParams: with `fields` naming every field that is wrong, and why.
    """
    import jsonschema

    completed = {**defaults(schema), **values}
    known = schema.get("properties", {})
    wrong = {name: "is not a setting of this generator" for name in completed if name not in known}
    wrong |= {name: "is missing" for name in known if name not in completed}
    wrong |= {name: why for name, value in completed.items() if (why := unfit(value))}
    for error in jsonschema.Draft202012Validator(schema).iter_errors(completed):
        if error.absolute_path:
            name = str(error.absolute_path[0])
            wrong.setdefault(name, _in_words(error.validator, error.validator_value, error.message))
    if wrong:
        raise _invalid(wrong)
    return completed


def build(params: type[Params], values: Mapping[str, Any]) -> Params:
    """An instance of a params class. Raises `InvalidParams` with the same words as `validate`."""
    if wrong := {name: why for name, value in values.items() if (why := unfit(value))}:
        raise _invalid(wrong)
    try:
        return params.model_validate(dict(values))
    except ValidationError as error:
        raise _invalid({str(e["loc"][0]) if e["loc"] else "": e["msg"] for e in error.errors()}) from error


def _invalid(wrong: dict[str, str]) -> InvalidParams:
    listed = "; ".join(f"{name} {why}" if name else why for name, why in sorted(wrong.items()))
    return InvalidParams(
        f"These settings cannot be used: {listed}.", "Change them and try again.", fields=wrong
    )


def unfit(value: Any) -> str:
    """Why a value cannot be stored as JSON in UTF-8, which has no words for NaN, infinities and lone
    surrogates (bytes on the command line that are no text); empty where it can."""
    if isinstance(value, float):
        return "" if math.isfinite(value) else "must be a finite number"
    if isinstance(value, str):
        return "must be text in UTF-8" if _SURROGATE.search(value) else ""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    return next((why for v in value if (why := unfit(v))), "") if isinstance(value, list | tuple) else ""


def _in_words(rule: str, limit: Any, fallback: str) -> str:
    words = {
        "minimum": f"must be at least {limit}",
        "maximum": f"must be at most {limit}",
        "exclusiveMinimum": f"must be more than {limit}",
        "exclusiveMaximum": f"must be less than {limit}",
        "multipleOf": f"must be a multiple of {limit}",
        "maxLength": f"must have at most {limit} characters",
        "minLength": f"must have at least {limit} characters",
        "type": f"must be {_TYPES.get(limit, limit) if isinstance(limit, str) else limit}",
    }
    if rule == "enum":
        return "must be one of " + ", ".join(map(str, limit))
    return words.get(rule, fallback)
