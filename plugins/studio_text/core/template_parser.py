"""Template files: read, checked, and refused in words that name the file and the place."""

from __future__ import annotations

import hashlib
import json
import math
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from studio.api.values import GENERATOR_NAME, BadInput, tr
from studio_text.core.placeholders import PlaceholderError, names_in
from studio_text.core.template import Output, Template, TemplateField, Value

MAX_BYTES = 256 * 1024
SUFFIX = ".toml"

RESERVED = frozenset(
    (
        "model", "drafts", "length", "items", "keep", "avoid", "language",
        "temperature", "top_k", "top_p", "min_p", "repetition_penalty", "words",
    )
)  # fmt: skip
"""Settings that every template has by itself, so that no field may take their names."""

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")


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


_UNKNOWN = re.compile(
    r"Object contains unknown field `(?P<key>.*?)`(?: - at `\$(?P<place>.*)`)?\Z", re.DOTALL
)
_MISSING = re.compile(
    r"Object missing required field `(?P<key>.*?)`(?: - at `\$(?P<place>.*)`)?\Z", re.DOTALL
)
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
    if not GENERATOR_NAME.match(template.name):
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
    if field.max_length is not None and not field.is_text:
        return tr("only texts have a max_length")
    if field.required and not field.is_text:
        return tr("only texts can be required: all else has a value always")
    if why := _wrong_choices(field.kind, field.choices):
        return why
    why = _wrong_value(field, field.default) if field.default is not None else ""
    return f"default: {why}" if why else ""


def _wrong_choices(kind: str, choices: Collection[str]) -> str:
    if (kind == "choice") != bool(choices):
        return tr("a choice needs choices, and nothing else has any")
    return tr("choices must differ, and none may be empty") if len({"", *choices}) <= len(choices) else ""


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
    if why := _wrong_choices(output.kind, output.choices):
        raise _BrokenError("output.choices", why)
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
