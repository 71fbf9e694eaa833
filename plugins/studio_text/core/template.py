"""Templates of texts: what a writer fills in, and how a model is asked for the text.

A template is a TOML file that a person, a plugin or the studio itself brings along (docs/templates.md). It is
data: nothing in it is run.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

FieldKind = Literal["text", "long-text", "integer", "number", "choice", "switch", "lines"]
OutputKind = Literal["markdown", "list", "json", "code", "choice"]
Value = str | int | float | bool

_LONGEST = {"text": 200, "long-text": 4000, "lines": 4000}
"""Characters of the kinds of fields that are texts, unless the template says otherwise."""
_MOST_FIELDS = 30
_MOST_EXAMPLES = 12

_Words = Annotated[str, Meta(max_length=200)]
_Prompt = Annotated[str, Meta(max_length=20_000)]


def lines_of(text: str) -> list[str]:
    """What stands in a field that takes one thing per line. Where there is but one line, a semicolon parts
    things as well, which is easier to type in a command."""
    parts = text.splitlines() if "\n" in text.strip() else text.split(";")
    return [part.strip() for part in parts if part.strip()]


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
        if self.is_text:
            return ""
        if self.kind == "choice":
            return next(iter(self.choices))
        if self.kind == "switch":
            return False
        low = self.minimum if self.minimum is not None else 0.0
        within = low if self.maximum is None else min(low, self.maximum)
        return within if self.kind == "number" else int(within)

    @property
    def is_text(self) -> bool:
        """Whether it may be empty."""
        return self.kind in _LONGEST

    @property
    def longest(self) -> int:
        """Characters that it may have, if it is a text."""
        return self.max_length or _LONGEST.get(self.kind, 0)

    def in_prompt(self, value: Value) -> str:
        """How a prompt says a value; "" where it is empty. A switch says nothing, it only is or is not."""
        if self.kind == "switch":
            return ""
        if self.kind == "lines":
            return "\n".join(f"- {line}" for line in lines_of(str(value)))
        if self.kind == "choice" and isinstance(self.choices, dict):
            return self.choices.get(str(value), str(value))
        return f"{value:g}" if isinstance(value, float) else str(value).strip()

    def label(self, value: str) -> str:
        """What the form shows for a value of a choice."""
        return value[:1].upper() + value[1:]

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
    words: Annotated[int, Meta(ge=0, le=3000)] = 0
    """How long the text is to be unless the writer says otherwise; 0: as long as it takes."""
    tokens: Annotated[int, Meta(ge=16, le=8192)] = 700
    """The most that is written where there is no length in words."""
    items: Annotated[int, Meta(ge=1, le=30)] = 8
    """Lines of a list."""
    json_schema: _Prompt = ""
    """What the JSON must be, as a JSON Schema."""
    layout: _Prompt = ""
    """The JSON as Markdown, with its keys in braces; without it the file is JSON."""
    choices: Annotated[list[_Words], Meta(max_length=100)] = []
    """What the text can be, word for word."""
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
    avoid: Annotated[list[Annotated[str, Meta(min_length=2, max_length=80)]], Meta(max_length=60)] = []
    """Worn-out phrases that no draft may hold, whatever the writer wishes."""
    digest: str = ""
    """SHA-256 of the file; filled in by `parse`."""

    def field(self, name: str) -> TemplateField:
        return next(field for field in self.fields if field.name == name)
