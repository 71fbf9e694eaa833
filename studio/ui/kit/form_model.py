"""A params schema as fields with values: what a form is, without a widget."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

from msgspec import Struct

from studio.core.params import JsonObject, ModelRule, applies, defaults, model_rule, validate
from studio.errors import InvalidParams
from studio.words import tr

Editor = Literal["switch", "integer", "number", "choice", "line", "prompt", "model", "color", "range", "json"]

MAX_SLIDER_STEPS = 1_000_000


class Choice(Struct, frozen=True):
    value: Any
    label: str


class FormField(Struct, frozen=True):
    """One field, as a widget needs it. Limits are None where the schema has none."""

    name: str
    title: str
    help: str
    group: str
    unit: str
    editor: Editor
    slider: bool
    advanced: bool
    default: Any
    minimum: float | None
    maximum: float | None
    step: float
    choices: tuple[Choice, ...]
    """Of a number: the values that are shown as words."""
    models: ModelRule
    """For a model: which ones fit."""
    max_length: int | None
    optional: bool
    """Whether None is a value of it."""
    hint: str = ""
    """A plugin's own hint for JSON values and single lines: its room may bring an editor."""


class ModelChoices(Protocol):
    """What a model field offers: (value, words) pairs of the models that fit; first the one that is used
    where nobody chose."""

    def __call__(self, rule: ModelRule) -> list[tuple[str, str]]: ...


def fields_of(schema: JsonObject, words: Callable[[str], str] = tr) -> tuple[FormField, ...]:
    """The fields of a params schema, in its order; `words` makes their texts of the English ones."""
    definitions, specs = schema.get("$defs", {}), schema.get("properties", {})
    return tuple(_field(name, spec, definitions, words) for name, spec in specs.items())


class FormModel:
    """The values of one form. A value that is set is kept, right or wrong; `errors` says what is wrong."""

    def __init__(self, schema: JsonObject) -> None:
        self.schema = schema
        self.fields = fields_of(schema)
        self._by_name = {field.name: field for field in self.fields}
        self._values = defaults(schema)
        self.errors: dict[str, str] = {}

    @property
    def values(self) -> JsonObject:
        """A copy of all values, those of hidden fields too."""
        return dict(self._values)

    def field(self, name: str) -> FormField:
        return self._by_name[name]

    def value(self, name: str) -> Any:
        return self._values[name]

    def set(self, name: str, value: Any) -> bool:
        """Sets a value and checks the form. True if this changed which fields are shown."""
        shown = self.shown()
        self._values[name] = value
        self.check()
        return shown != self.shown()

    def check(self) -> bool:
        """Brings `errors` up to date; True if every field that is shown is right."""
        self.errors = {}
        try:
            validate(self.schema, self._values)
        except InvalidParams as error:
            self.errors = {name: why for name, why in error.fields.items() if self.is_shown(name)}
        return not self.errors

    def usable_values(self) -> JsonObject:
        """The values for a recipe: a hidden field with a wrong value falls back to its default.

        Raises:
            InvalidParams: a field that is shown is wrong.
        """
        values = self.values
        try:
            return validate(self.schema, values)
        except InvalidParams as error:
            for name in error.fields:
                if name in self._by_name and not self.is_shown(name):
                    values[name] = self.field(name).default
        return validate(self.schema, values)

    def is_shown(self, name: str) -> bool:
        spec = self.schema["properties"].get(name)
        return spec is None or applies(spec, self._values)

    def shown(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if self.is_shown(field.name))

    def is_default(self, name: str) -> bool:
        return _same(self._values[name], self.field(name).default)

    def reset(self, name: str) -> bool:
        return self.set(name, self.field(name).default)

    def reset_all(self) -> None:
        self._values = defaults(self.schema)
        self.errors = {}

    def set_all(self, values: Mapping[str, Any]) -> list[str]:
        """Takes values from a recipe or from the last time. Returns the names that it could not take.

        A name that this generator no longer has, or a value that it no longer admits, is left at its default.
        """
        self.take(values)
        refused = [name for name in values if name not in self._by_name]
        try:
            validate(self.schema, self._values)
        except InvalidParams as error:
            for name in sorted(set(error.fields) & set(self._by_name)):
                self._values[name] = self.field(name).default
                refused.append(name)
        return refused

    def take(self, values: Mapping[str, Any]) -> None:
        """Takes values whose names are known, without a look at them: `check` or `set_all` follows."""
        self.reset_all()
        self._values.update({name: value for name, value in values.items() if name in self._by_name})

    def groups(self) -> Iterator[tuple[str, tuple[FormField, ...]]]:
        """Fields by group, groups in the order of their first field; the group without a name comes first."""
        order = sorted({field.group for field in self.fields}, key=self._first_of)
        for group in sorted(order, key=bool):
            yield group, tuple(field for field in self.fields if field.group == group)

    def _first_of(self, group: str) -> int:
        return next(i for i, field in enumerate(self.fields) if field.group == group)


def _same(first: Any, second: Any) -> bool:
    return type(first) is type(second) and first == second


def _field(name: str, spec: JsonObject, definitions: JsonObject, words: Callable[[str], str]) -> FormField:
    ui = spec.get("x-ui", {})
    rule, optional = _rule(spec, definitions)
    choices = _choices(rule, ui.get("labels", {}), words)
    editor = _editor(rule, ui, choices)
    if editor in ("integer", "number"):
        choices = _named(editor, ui.get("labels", {}), words)
    minimum, maximum = _limits(rule["prefixItems"][0] if editor == "range" else rule)
    step = float(rule.get("multipleOf") or (1 if editor == "integer" else _nice_step(minimum, maximum)))
    bounded = minimum is not None and maximum is not None and (maximum - minimum) / step <= MAX_SLIDER_STEPS
    return FormField(
        name=name,
        title=words(spec.get("title") or name.replace("_", " ").capitalize()),
        help=words(spec.get("description", "")),
        group=words(ui.get("group", "")),
        unit=words(ui.get("unit", "")),
        editor=editor,
        slider=editor in ("integer", "number") and ui.get("hint") == "slider" and bounded and not optional,
        advanced=bool(ui.get("advanced")),
        default=spec.get("default"),
        minimum=minimum,
        maximum=maximum,
        step=step,
        choices=choices,
        models=model_rule(spec),
        max_length=rule.get("maxLength"),
        optional=optional,
        hint=ui.get("hint", "") if editor in ("json", "line") else "",
    )


def _rule(spec: JsonObject, definitions: JsonObject) -> tuple[JsonObject, bool]:
    """The part of a spec that carries the rule: references followed, "or null" taken off."""
    optional = False
    for _ in range(8):
        if "$ref" in spec:
            spec = definitions.get(spec["$ref"].rpartition("/")[2], {})
            continue
        options = spec.get("anyOf", [])
        rest = [option for option in options if option.get("type") != "null"]
        if len(rest) != 1 or len(rest) == len(options):
            break
        spec, optional = rest[0], True
    return spec, optional


def _choices(rule: JsonObject, labels: Mapping[str, str], words: Callable[[str], str]) -> tuple[Choice, ...]:
    values = rule.get("enum", [rule["const"]] if "const" in rule else [])
    return tuple(Choice(value, words(labels.get(str(value)) or _words(value))) for value in values)


def _named(editor: Editor, labels: Mapping[str, str], words: Callable[[str], str]) -> tuple[Choice, ...]:
    number = int if editor == "integer" else float
    return tuple(Choice(number(value), words(text)) for value, text in labels.items())


def _words(value: Any) -> str:
    return value.replace("_", " ").capitalize() if isinstance(value, str) else json.dumps(value)


def _editor(rule: JsonObject, ui: JsonObject, choices: tuple[Choice, ...]) -> Editor:
    kind = rule.get("type")
    if ui.get("model") and kind == "string":
        return "model"
    if ui.get("hint") == "range" and kind == "array" and _is_bounded_pair(rule.get("prefixItems", [])):
        return "range"
    if choices:
        return "choice"
    if kind == "string":
        return {"prompt": "prompt", "text": "prompt", "color": "color"}.get(ui.get("hint", ""), "line")  # type: ignore[return-value]
    return {"boolean": "switch", "integer": "integer", "number": "number"}.get(str(kind), "json")  # type: ignore[return-value]


def _is_bounded_pair(items: Sequence[JsonObject]) -> bool:
    """Whether they are two numbers with the same limits."""
    limits = [_limits(item) for item in items if item.get("type") == "number"]
    return len(items) == len(limits) == 2 and limits[0] == limits[1] and None not in limits[0]


def _limits(rule: JsonObject) -> tuple[float | None, float | None]:
    integer = rule.get("type") == "integer"
    low = rule.get("minimum")
    if low is None and "exclusiveMinimum" in rule:
        low = rule["exclusiveMinimum"] + (1 if integer else 0)
    high = rule.get("maximum")
    if high is None and "exclusiveMaximum" in rule:
        high = rule["exclusiveMaximum"] - (1 if integer else 0)
    return low, high


def _nice_step(minimum: float | None, maximum: float | None) -> float:
    """A power of ten that gives at least fifty steps."""
    if minimum is None or maximum is None or maximum <= minimum:
        return 0.01
    step = 1.0
    while step > (maximum - minimum) / 50:
        step /= 10
        if step < 1e-6:
            break
    return step
