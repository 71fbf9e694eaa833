"""What a plugin's author subclasses: `Generator` and `Converter`. Only workers and tests import this.

A params class is a pydantic model. Its JSON Schema is the one source for the form, the command line,
validation, the stored record and the plugin's description, so everything that a widget needs to know is an
annotation that ends up in that schema::

    class Params(studio.api.Params):
        steps: Annotated[int, Field(ge=1, le=500), Ui(group="Quality", unit="steps")] = 20

A hint only picks a widget; it never changes what a value means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from pydantic import GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from studio.core.generator import NAME, Action, ConvertRun, GeneratorDescription, Input, NewArtifact, Run
from studio.core.kind import KIND_ID
from studio.core.model import ConverterDescription, Format
from studio.core.params import JsonObject, hint_of, invalid, unfit, validate
from studio.core.params_base import Params
from studio.errors import InvalidParams

_HINT = re.compile(r"[a-z][a-z0-9-]{0,31}")


@dataclass(frozen=True)
class Ui:
    """How one field is shown. It is written to the field's JSON Schema as `x-ui`.

    `when` names another field and the values of it for which this one matters; elsewhere the form hides it
    and the generator ignores it. `model` marks a field whose value names a model: it holds the file formats
    that fit (`"onnx"`, `"safetensors"`, `"diffusers"`), and the model's digest goes into the recipe. With
    `needs_model` an empty value stands for the model that the user has and that fits best: the formats are in
    order of preference. With `instruct` only language models do that follow instructions.
    """

    group: str = ""
    unit: str = ""
    hint: str = ""
    """The widget: "slider", "text", "prompt", "choice", "switch", "color" or "range", or a word of a plugin's
    own, whose room brings the widget. Where nobody knows it, the field gets the plain one of its type."""
    advanced: bool = False
    when: tuple[str, tuple[str, ...]] | None = None
    model: tuple[str, ...] = ()
    needs_model: bool = False
    instruct: bool = False
    labels: tuple[tuple[str, str], ...] = ()
    """(value as text, words) pairs: the form shows the words instead of the value. A choice field may have
    words for any of its values, a number field for its minimum only: `(("0", "Automatic"),)`."""

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
        if self.needs_model:
            described["needs_model"] = True
        if self.instruct:
            described["instruct"] = True
        if self.labels:
            described["labels"] = dict(self.labels)
        json_schema["x-ui"] = described
        return json_schema


def json_schema(params: type[Params]) -> JsonObject:
    """The schema that the shell works from. Raises whatever pydantic raises for a type it cannot describe."""
    return params.model_json_schema(mode="validation")


def build(params: type[Params], values: Mapping[str, Any]) -> Params:
    """An instance of a params class. Raises `InvalidParams` with the same words as `validate`."""
    if wrong := {name: why for name, value in values.items() if (why := unfit(value))}:
        raise invalid(wrong)
    try:
        return params.model_validate(dict(values))
    except ValidationError as error:
        raise invalid({str(e["loc"][0]) if e["loc"] else "": e["msg"] for e in error.errors()}) from error


class Generator:
    """Subclass this. The docstring's first line is what the gallery of generators says about it."""

    name: ClassVar[str]
    title: ClassVar[str]
    kind: ClassVar[str]
    """Of what it makes: `Kind.IMAGE`, or the id of a kind that the plugin declares."""
    version: ClassVar[str] = "1"
    """Change it whenever the same recipe would give other bytes."""
    inputs: ClassVar[tuple[Input, ...]] = ()
    Params: ClassVar[type[Params]] = Params
    actions: ClassVar[tuple[Action, ...]] = ()
    """What the form's button says, the first that fits; without any it says "Generate"."""
    listed: ClassVar[bool] = True
    """False for one that only the window itself runs."""

    def generate(self, params: Any, run: Run) -> Iterator[NewArtifact]:
        """Makes the artifacts, yielding each as soon as it is whole."""
        raise NotImplementedError


class Converter:
    """Subclass this to make models of one format of models of another: smaller, or faster on some device."""

    name: ClassVar[str]
    title: ClassVar[str]
    sources: ClassVar[tuple[Format, ...]]
    target: ClassVar[Format]
    precisions: ClassVar[tuple[str, ...]]
    """What the weights may become ("int4", "int8"); the first one is the default."""

    def convert(self, source: Path, target: Path, precision: str, run: ConvertRun) -> None:
        """Writes a whole model into the empty folder `target`. The same source gives the same bytes."""
        raise NotImplementedError


def describe_converter(plugin: str, converter: type[Converter]) -> ConverterDescription:
    """A converter as data. Raises ValueError where the class breaks the contract."""
    name = getattr(converter, "name", None)
    if not isinstance(name, str) or not NAME.match(name):
        raise ValueError(f"{converter.__name__}.name must be lower-case letters, digits, - and _: {name!r}")
    try:
        description = ConverterDescription(
            id=f"{plugin}/{name}",
            title=converter.title,
            sources=converter.sources,
            target=converter.target,
            precisions=converter.precisions,
        )
        description = msgspec.convert(msgspec.to_builtins(description), ConverterDescription)
    except (msgspec.ValidationError, TypeError, AttributeError) as error:
        raise ValueError(f"{converter.__name__}: {error}") from error
    if not (description.sources and description.precisions):
        raise ValueError(f"{converter.__name__} needs at least one source format and one precision")
    return description


def describe(plugin: str, generator: type[Generator]) -> GeneratorDescription:
    """A generator as data.

    Raises:
        ValueError: the class breaks the contract; the text says how.
    """
    name = getattr(generator, "name", None)
    if not isinstance(name, str) or not NAME.match(name):
        raise ValueError(f"{generator.__name__}.name must be lower-case letters, digits, - and _: {name!r}")
    if not getattr(generator, "title", ""):
        raise ValueError(f"{generator.__name__}.title is missing")
    if not (isinstance(generator.Params, type) and issubclass(generator.Params, Params)):
        raise ValueError(f"{generator.__name__}.Params must be a subclass of studio.api.Params")
    _check_kind(f"{generator.__name__}.kind", getattr(generator, "kind", None))
    for slot in generator.inputs:
        _check_kind(f"the kind of {generator.__name__}'s input {slot.name!r}", slot.kind)
    names = [slot.name for slot in generator.inputs]
    if len(set(names)) != len(names):
        raise ValueError(f"{generator.__name__}.inputs names one input twice: {names}")
    schema = json_schema(generator.Params)
    _check_defaults(generator.__name__, schema)
    _check_words(generator.__name__, schema, generator.inputs)
    if why := unfit(schema):
        raise ValueError(f"a value in the schema of {generator.__name__}.Params {why}")
    description = GeneratorDescription(
        id=f"{plugin}/{name}",
        title=generator.title,
        kind=generator.kind,
        version=str(generator.version),
        summary=(generator.__doc__ or "").strip().split("\n", 1)[0],
        inputs=generator.inputs,
        params_schema=schema,
        listed=generator.listed,
        actions=tuple(generator.actions),
    )
    try:
        return msgspec.convert(msgspec.to_builtins(description), GeneratorDescription)
    except (msgspec.ValidationError, TypeError) as error:
        raise ValueError(f"{generator.__name__}: {error}") from error


def _check_words(owner: str, schema: Mapping[str, Any], inputs: tuple[Input, ...]) -> None:
    fields = schema.get("properties", {})
    for name, spec in fields.items():
        hint = hint_of(spec)
        if hint and not _HINT.fullmatch(hint):
            raise ValueError(f"{owner}.Params.{name}: a hint is lower-case letters, digits and -: {hint!r}")
    for slot in inputs:
        if slot.fed_by and slot.fed_by not in fields:
            raise ValueError(f"{owner}: the input {slot.name} is fed by {slot.fed_by!r}, which is no field")


def _check_kind(what: str, kind: object) -> None:
    if not isinstance(kind, str) or not KIND_ID.match(kind):
        raise ValueError(
            f"{what} must be the id of a kind: up to 32 lower-case letters, digits and -, "
            f"beginning with a letter, such as 'image': {kind!r}"
        )


def _check_defaults(owner: str, schema: Mapping[str, Any]) -> None:
    """A form must be able to start from the defaults, so every field needs one that its own rule admits."""
    missing = [name for name, spec in schema.get("properties", {}).items() if "default" not in spec]
    if missing:
        raise ValueError(f"{owner}.Params needs a default for: {', '.join(missing)}")
    try:
        validate(dict(schema), {})
    except InvalidParams as error:
        raise ValueError(f"{owner}.Params has defaults that break its own rules: {error.message}") from error
