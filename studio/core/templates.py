"""Templates of texts: what a writer fills in, and how a model is asked for the text.

A template is a TOML file that a person, a plugin or the studio itself brings along (docs/templates.md). It is
data: nothing in it is run, and a broken one is told in words that name the file and the place.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from studio.core.generator import NAME
from studio.core.placeholders import PlaceholderError, names_in
from studio.errors import BadInput
from studio.words import tr

MAX_BYTES = 256 * 1024
SUFFIX = ".toml"

FieldKind = Literal["text", "long-text", "integer", "number", "choice", "switch", "lines"]
OutputKind = Literal["markdown", "list", "json", "code"]
Value = str | int | float | bool

RESERVED = frozenset(
    (
        "model", "drafts", "length", "items", "keep", "avoid", "language",
        "temperature", "top_k", "top_p", "min_p", "repetition_penalty", "words",
    )
)  # fmt: skip
"""Settings that every template has by itself, so that no field may take their names."""

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEXTS = ("text", "long-text", "lines")
_LONGEST = {"text": 200, "long-text": 4000, "lines": 4000}
_MOST_FIELDS = 30
_MOST_EXAMPLES = 12

_Words = Annotated[str, Meta(max_length=200)]
_Prompt = Annotated[str, Meta(max_length=20_000)]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class TemplateField(_Table, frozen=True):
    """Something that the writer fills in."""

    name: str
    title: _Words
    kind: FieldKind = "text"
    description: _Words = ""
    default: Value | list[str] | None = None
    required: bool = False
    """For texts: the template cannot be used while it is empty."""
    max_length: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    """Characters of a text."""
    minimum: float | None = None
    maximum: float | None = None
    choices: list[_Words] | dict[_Words, _Words] = []
    """Values; as a table, with what the prompt says for each."""
    unit: _Words = ""

    @property
    def start(self) -> Value:
        """What the form starts with."""
        if isinstance(self.default, list):
            return "\n".join(self.default)
        if self.default is not None:
            return float(self.default) if self.kind == "number" else self.default
        if self.kind in _TEXTS:
            return ""
        if self.kind == "choice":
            return next(iter(self.choices))
        if self.kind == "switch":
            return False
        low = self.minimum if self.minimum is not None else 0.0
        within = low if self.maximum is None else min(low, self.maximum)
        return within if self.kind == "number" else int(within)

    @property
    def longest(self) -> int:
        """Characters that it may have, if it is a text."""
        return self.max_length or _LONGEST.get(self.kind, 0)

    def in_prompt(self, value: Value) -> str:
        """How a prompt says a value; "" where it is empty. A switch says nothing, it only is or is not."""
        if self.kind == "switch":
            return ""
        if self.kind == "lines":
            return "\n".join(f"- {line.strip()}" for line in str(value).splitlines() if line.strip())
        if self.kind == "choice" and isinstance(self.choices, dict):
            return self.choices.get(str(value), str(value))
        return f"{value:g}" if isinstance(value, float) else str(value).strip()

    def is_filled(self, value: Value) -> bool:
        """Whether a section that needs it stays."""
        return bool(value) if self.kind == "switch" else bool(self.in_prompt(value))


class Instruct(_Table, frozen=True):
    """How a model that follows instructions is asked."""

    user: _Prompt
    system: _Prompt = ""
    examples: Annotated[int, Meta(ge=0, le=_MOST_EXAMPLES)] = 0
    """How many of the base part's examples go before, as if they had been asked for in this conversation."""


class Example(_Table, frozen=True):
    """Filled fields and the text that came of them."""

    fields: dict[str, Value | list[str]]
    text: _Prompt


class Base(_Table, frozen=True):
    """How a model that only continues is led: by examples of the same shape."""

    shape: _Prompt
    """The filled fields, up to where the text begins."""
    intro: _Prompt = ""
    examples: Annotated[list[Example], Meta(max_length=_MOST_EXAMPLES)] = []
    stop: Annotated[list[Annotated[str, Meta(min_length=1, max_length=80)]], Meta(max_length=8)] = []
    """The text ends before any of these."""


class Output(_Table, frozen=True):
    """What comes out."""

    kind: OutputKind = "markdown"
    words: Annotated[int, Meta(ge=0, le=5000)] = 0
    """How long the text is to be unless the writer says otherwise; 0: as long as it takes."""
    tokens: Annotated[int, Meta(ge=16, le=8192)] = 700
    """The most that is written where there is no length in words."""
    items: Annotated[int, Meta(ge=1, le=50)] = 8
    """Lines of a list."""
    json_schema: _Prompt = ""
    """What the JSON must be, as a JSON Schema."""
    layout: _Prompt = ""
    """The JSON as Markdown, with its keys in braces; without it the file is JSON."""
    code_language: _Words = ""
    """Of the code block, if the template knows; a field's name in braces is replaced."""

    @property
    def schema(self) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(self.json_schema)
        return made


class Limits(_Table, frozen=True):
    """What the place where the text goes can hold; None: no limit."""

    characters: Annotated[int, Meta(ge=1)] | None = None
    words: Annotated[int, Meta(ge=1)] | None = None
    item_characters: Annotated[int, Meta(ge=1)] | None = None
    """Of each line of a list."""


class Sampling(_Table, frozen=True):
    """How freely words are chosen, unless the writer says otherwise."""

    temperature: Annotated[float, Meta(ge=0, le=2)] = 0.8
    top_k: Annotated[int, Meta(ge=0, le=1000)] = 40
    top_p: Annotated[float, Meta(gt=0, le=1)] = 0.95
    min_p: Annotated[float, Meta(ge=0, le=1)] = 0.05
    repetition_penalty: Annotated[float, Meta(ge=1, le=2)] = 1.05


class Template(_Table, frozen=True):
    """A whole template file."""

    format: Literal[1]
    name: str
    """Lower-case letters, digits, - and _: the generator's name."""
    title: Annotated[str, Meta(min_length=1, max_length=80)]
    fields: Annotated[list[TemplateField], Meta(min_length=1, max_length=_MOST_FIELDS)]
    instruct: Instruct
    base: Base
    summary: _Words = ""
    group: _Words = ""
    """What the fields of it are about, as the form's heading for them."""
    output: Output = Output()
    limits: Limits = Limits()
    sampling: Sampling = Sampling()
    digest: str = ""
    """SHA-256 of the file; filled in by `parse`."""

    def field(self, name: str) -> TemplateField:
        return next(field for field in self.fields if field.name == name)


class _BrokenError(Exception):
    """A rule is broken: `place` in the file, and why."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(why)
        self.place = place
        self.why = why


def parse(data: bytes, name: str) -> Template:
    """The template in a file's bytes; `name` is the file's, for messages.

    Raises:
        BadInput: naming the file, the line or the field, and what is wrong there.
    """
    if len(data) > MAX_BYTES:
        raise _refused(name, tr("it has more than {most} KB", most=MAX_BYTES // 1024))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refused(name, tr("line {line} is not text in UTF-8", line=line)) from error
    try:
        values = tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits raise a plain ValueError
        raise _refused(name, tr("it is not TOML: {reason}", reason=str(error) or "RecursionError")) from error
    if "digest" in values:
        raise _refused(name, tr("there is no setting “{key}”", key="digest"))
    try:
        template = msgspec.convert(values, Template)
    except msgspec.ValidationError as error:
        raise _refused(name, _in_words(str(error), values)) from error
    try:
        _check(template)
    except _BrokenError as error:
        raise _refused(name, f"{error.place}: {error.why}") from error
    return msgspec.structs.replace(template, digest=hashlib.sha256(data).hexdigest())


def _refused(name: str, reason: str) -> BadInput:
    return BadInput(
        tr("The template “{name}” cannot be used: {reason}.", name=name, reason=reason),
        tr("Correct the file there. How templates are written is told in docs/templates.md."),
    )


_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.*?)`(?: - at `\$(?P<place>.*)`)?\Z", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<key>.*?)`(?: - at `\$(?P<place>.*)`)?\Z", re.DOTALL)
_OTHER = re.compile(r"(?P<why>.*?)(?: - at `(?:key in )?\$(?P<place>.*)`)?\Z", re.DOTALL)
_INDEX = re.compile(r"\[(\d+)\]")


def _in_words(message: str, values: Mapping[str, Any]) -> str:
    """What msgspec says of the first thing that is wrong, and where that is in the file."""
    if found := _UNKNOWN.match(message):
        why = tr("there is no setting “{key}”", key=found["key"])
    elif found := _MISSING.match(message):
        why = tr("“{key}” is missing", key=found["key"])
    elif found := _OTHER.match(message):
        why = found["why"]
    else:
        return message
    place = _place((found["place"] or "").lstrip("."), values)
    return f"{place}: {why}" if place else why


def _place(path: str, values: Mapping[str, Any]) -> str:
    """`fields[2].kind` as people count, with the field's name where it has one."""
    index = _INDEX.search(path)
    if index and path.startswith("fields["):
        number = int(index[1])
        given = values["fields"][number]
        named = given.get("name") if isinstance(given, dict) else None
        if isinstance(named, str) and len(named) <= 60:
            rest = path[index.end() :].lstrip(".")
            return tr("field “{field}”", field=named) + (f" ({rest})" if rest else "")
    return _INDEX.sub(lambda found: f"[{int(found[1]) + 1}]", path)


def _check(template: Template) -> None:
    """Raises _BrokenError at what the types alone do not tell."""
    if not NAME.match(template.name):
        raise _BrokenError("name", tr("only lower-case letters, digits, - and _ may be in it"))
    if template.name in ("continue", "rewrite", "chat", "document"):
        raise _BrokenError("name", tr("“{name}” is taken by the studio itself", name=template.name))
    seen: set[str] = set()
    for field in template.fields:
        place = tr("field “{field}”", field=field.name)
        if why := _wrong_name(field.name, seen) or _wrong_field(field):
            raise _BrokenError(place, why)
        seen.add(field.name)
    _check_output(template.output, seen)
    for place, text in _texts(template):
        _check_text(place, text, seen | {"words", "items"})
    for number, example in enumerate(template.base.examples, start=1):
        for name, value in example.fields.items():
            place = f"base.examples[{number}]"
            if name not in seen:
                raise _BrokenError(place, tr("there is no field “{name}”", name=name))
            if why := _wrong_value(template.field(name), value):
                raise _BrokenError(f"{place}.{name}", why)


def _wrong_name(name: str, seen: set[str]) -> str:
    if not _FIELD.fullmatch(name):
        return tr("a name is lower-case letters, digits and _, and begins with a letter")
    if name in RESERVED or name.startswith("model_"):  # pydantic keeps that beginning for itself
        return tr("every template has a setting of this name; choose another name")
    return tr("there are two fields of this name") if name in seen else ""


def _wrong_field(field: TemplateField) -> str:
    numbers = [n for n in (field.minimum, field.maximum) if n is not None]
    if not all(map(math.isfinite, numbers)):
        return tr("minimum and maximum must be finite numbers")
    if numbers and field.kind not in ("integer", "number"):
        return tr("only numbers have a minimum and a maximum")
    if len(numbers) == 2 and numbers[0] > numbers[1]:
        return tr("the minimum is more than the maximum")
    if field.kind == "integer" and any(n != int(n) for n in numbers):
        return tr("minimum and maximum must be whole numbers")
    if field.max_length is not None and field.kind not in _TEXTS:
        return tr("only texts have a max_length")
    if field.required and field.kind not in _TEXTS:
        return tr("only texts can be required: all else has a value always")
    if (field.kind == "choice") != bool(field.choices):
        return tr("a choice needs choices, and nothing else has any")
    if len(set(field.choices)) != len(field.choices) or "" in field.choices:
        return tr("choices must differ, and none may be empty")
    why = _wrong_value(field, field.default) if field.default is not None else ""
    return f"default: {why}" if why else ""


def _wrong_value(field: TemplateField, value: Value | list[str]) -> str:
    """Why a value does not fit its field; "" if it does."""
    if isinstance(value, list):
        if field.kind != "lines":
            return tr("only lines may be a list")
        value = "\n".join(value)
    match field.kind:
        case "text" | "long-text" | "lines":
            if not isinstance(value, str):
                return tr("must be a text")
            if field.kind == "text" and "\n" in value.strip():
                return tr("must be one line; use long-text for more")
            return (
                tr("has more than {most} characters", most=field.longest)
                if len(value) > field.longest
                else ""
            )
        case "switch":
            return "" if isinstance(value, bool) else tr("must be true or false")
        case "choice":
            return "" if value in field.choices else tr("is none of the choices")
    if isinstance(value, bool | str) or (field.kind == "integer" and not isinstance(value, int)):
        return tr("must be a whole number") if field.kind == "integer" else tr("must be a number")
    if not math.isfinite(value):
        return tr("must be a finite number")
    if field.minimum is not None and value < field.minimum:
        return tr("must be at least {limit}", limit=f"{field.minimum:g}")
    if field.maximum is not None and value > field.maximum:
        return tr("must be at most {limit}", limit=f"{field.maximum:g}")
    return ""


def _check_output(output: Output, fields: set[str]) -> None:
    if (output.kind == "json") != bool(output.json_schema):
        raise _BrokenError("output.json_schema", tr("JSON needs a schema, and nothing else has one"))
    if output.layout and output.kind != "json":
        raise _BrokenError("output.layout", tr("only JSON has a layout"))
    if output.code_language and output.kind != "code":
        raise _BrokenError("output.code_language", tr("only code has a language"))
    _check_text("output.code_language", output.code_language, fields)
    if output.kind != "json":
        return
    try:
        schema = json.loads(output.json_schema)
    except (ValueError, RecursionError) as error:
        raise _BrokenError("output.json_schema", tr("is not JSON: {reason}", reason=str(error))) from error
    keys = schema.get("properties") if isinstance(schema, dict) and schema.get("type") == "object" else None
    if not isinstance(keys, dict) or not keys:
        raise _BrokenError("output.json_schema", tr("must be of the type object, with properties"))
    _check_text("output.layout", output.layout, set(keys))


def _texts(template: Template) -> Iterator[tuple[str, str]]:
    yield "instruct.system", template.instruct.system
    yield "instruct.user", template.instruct.user
    yield "base.intro", template.base.intro
    yield "base.shape", template.base.shape


def _check_text(place: str, text: str, known: set[str]) -> None:
    try:
        unknown = sorted(names_in(text) - known)
    except PlaceholderError as error:
        raise _BrokenError(place, str(error)) from error
    if unknown:
        raise _BrokenError(
            place, tr("it uses {{{name}}}, and there is no field of that name", name=unknown[0])
        )
