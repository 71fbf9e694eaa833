"""Params as the shell knows them: values and the JSON Schema that rules them, without the class.

The schema is made from a plugin's params class (`studio.core.authoring`), in the worker; the window and the
command line work from it alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from studio.core.model import Format
from studio.errors import InvalidParams
from studio.words import tr, trn

JsonObject = dict[str, Any]

_SURROGATE = re.compile("[\ud800-\udfff]")


def defaults(schema: JsonObject) -> JsonObject:
    """The default of every field that has one, by name."""
    return {name: spec["default"] for name, spec in schema.get("properties", {}).items() if "default" in spec}


def hint_of(spec: Mapping[str, Any]) -> str:
    """What a field's schema says of its widget; "" where it says nothing (see `Ui.hint`)."""
    return str(spec.get("x-ui", {}).get("hint", ""))


BUILT_IN_HINTS = frozenset({"slider", "text", "prompt", "choice", "switch", "color", "range"})
"""Those that the studio has a widget for."""


def hints(schema: JsonObject) -> dict[str, str]:
    """The fields that have a hint of a plugin, with that hint."""
    found = {name: hint_of(spec) for name, spec in schema.get("properties", {}).items()}
    return {name: hint for name, hint in found.items() if hint and hint not in BUILT_IN_HINTS}


def named_value(values: Mapping[str, Any]) -> str:
    """The name in the first value that is an object and has one: what a job is called after. "" for none."""
    named = (value.get("name") for value in values.values() if isinstance(value, dict))
    return next((name for name in named if name and isinstance(name, str)), "")


class ModelRule(Struct, frozen=True):
    """Which models a field takes (see `Ui.model`)."""

    formats: tuple[Format, ...] = ()
    """In order of preference; none for a field that is about something else."""
    is_needed: bool = False
    """Whether an empty value stands for the model that the user has and that fits best."""
    instruct: bool = False
    """Whether only models do that were trained to follow instructions."""

    def takes(self, format: Format, instruct: bool | None) -> bool:
        """Whether such a model fits; `instruct` is None where nobody knows, which is let pass."""
        return format in self.formats and not (self.instruct and instruct is False)


def model_rule(spec: JsonObject) -> ModelRule:
    """Of one field's schema."""
    ui = spec.get("x-ui", {})
    return ModelRule(tuple(ui.get("model", ())), bool(ui.get("needs_model")), bool(ui.get("instruct")))


def model_fields(schema: JsonObject) -> dict[str, ModelRule]:
    """The fields whose value names a model, and which models each takes."""
    rules = {name: model_rule(spec) for name, spec in schema.get("properties", {}).items()}
    return {name: rule for name, rule in rules.items() if rule.formats}


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
    wrong = {name: tr("is not a setting of this generator") for name in completed if name not in known}
    wrong |= {name: tr("is missing") for name in known if name not in completed}
    wrong |= {name: why for name, value in completed.items() if (why := unfit(value))}
    for error in jsonschema.Draft202012Validator(schema).iter_errors(completed):
        if error.absolute_path:
            name = str(error.absolute_path[0])
            wrong.setdefault(name, _in_words(error.validator, error.validator_value, error.message))
    if wrong:
        raise invalid(wrong)
    return completed


def invalid(wrong: Mapping[str, str]) -> InvalidParams:
    """The error for fields that are wrong: name and reason of each."""
    listed = "; ".join(f"{name} {why}" if name else why for name, why in sorted(wrong.items()))
    return InvalidParams(
        tr("These settings cannot be used: {listed}.", listed=listed),
        tr("Change them and try again."),
        fields=dict(wrong),
    )


def unfit(value: Any) -> str:
    """Why a value cannot be stored as JSON in UTF-8, which has no words for NaN, infinities and lone
    surrogates (bytes on the command line that are no text); empty where it can."""
    if isinstance(value, float):
        return "" if math.isfinite(value) else tr("must be a finite number")
    if isinstance(value, str):
        return tr("must be text in UTF-8") if _SURROGATE.search(value) else ""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    return next((why for v in value if (why := unfit(v))), "") if isinstance(value, list | tuple) else ""


def _in_words(rule: str, limit: Any, fallback: str) -> str:
    match rule:
        case "minimum":
            return tr("must be at least {limit}", limit=limit)
        case "maximum":
            return tr("must be at most {limit}", limit=limit)
        case "exclusiveMinimum":
            return tr("must be more than {limit}", limit=limit)
        case "exclusiveMaximum":
            return tr("must be less than {limit}", limit=limit)
        case "multipleOf":
            return tr("must be a multiple of {limit}", limit=limit)
        case "maxLength":
            return trn("must have at most {count} character", "must have at most {count} characters", limit)
        case "minLength":
            return trn("must have at least {count} character", "must have at least {count} characters", limit)
        case "pattern":
            return tr("is not written as its help says")
        case "type":
            return _type_in_words(limit)
        case "enum":
            return tr("must be one of {choices}", choices=", ".join(map(str, limit)))
    return fallback


def _type_in_words(kind: Any) -> str:
    match kind:
        case "integer":
            return tr("must be a whole number")
        case "number":
            return tr("must be a number")
        case "string":
            return tr("must be a text")
        case "boolean":
            return tr("must be true or false")
    return tr("must be of the type {type}", type=kind)
