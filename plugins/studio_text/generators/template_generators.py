"""One generator for each template there is: its fields become a form, its prompts become drafts."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import create_model

from studio.api import (
    Action,
    BadInput,
    Field,
    Generator,
    Kind,
    NewArtifact,
    Params,
    Run,
    Ui,
    mark,
    tr,
)
from studio_text.core.template import Template, TemplateField
from studio_text.generators import fields
from studio_text.generators.fields import lines
from studio_text.generators.prompts import Wishes
from studio_text.generators.writing import ENGINE_VERSION


class WriteGenerator(Generator):
    """The base of the generators of all templates."""

    kind = Kind.TEXT
    template: ClassVar[Template]
    actions = (Action(words=mark("Write {count} drafts"), one=mark("Write one draft"), count="drafts"),)

    def generate(self, params: Any, run: Run) -> Iterator[NewArtifact]:
        from studio_text.generators.loading import load_engine
        from studio_text.generators.write import TemplateWriter

        values = {field.name: getattr(params, field.name) for field in self.template.fields}
        check_filled(self.template, values)
        wishes = Wishes(
            words=getattr(params, "length", 0),
            items=getattr(params, "items", 0),
            language=params.language.strip(),
            keep=lines(params.keep),
            avoid=lines(params.avoid),
        )
        engine = load_engine(run, params)
        writer = TemplateWriter(self.template, values, wishes, engine, run)
        yield from writer.write(params.drafts, fields.sampling_of(params, run.seed))


def generator_for(template: Template) -> type[Generator]:
    """The generator of a template. Its version changes with the file."""
    return type(
        f"Write_{template.name.replace('-', '_')}",
        (WriteGenerator,),
        {
            "__doc__": template.summary or template.title,
            "__module__": __name__,
            "name": template.name,
            "title": template.title,
            "version": f"{ENGINE_VERSION}-{template.digest[:12]}",
            "template": template,
            "Params": _params(template),
        },
    )


def check_filled(template: Template, values: Mapping[str, Any]) -> None:
    """Raises `BadInput` where a field that the template needs is empty, or all of them are."""
    for field in template.fields:
        if field.required and not field.is_filled(values[field.name]):
            raise BadInput(
                tr(
                    "“{field}” is empty, and “{template}” needs it.",
                    field=tr(field.title),
                    template=tr(template.title),
                ),
                tr("Fill it in and try again."),
            )
    texts = [field for field in template.fields if field.is_text]
    if texts and not any(field.is_filled(values[field.name]) for field in texts):
        raise BadInput(
            tr("There is nothing to write about: all fields are empty."), tr("Fill in at least one of them.")
        )


def _params(template: Template) -> type[Params]:
    definitions: dict[str, Any] = {field.name: _definition(template, field) for field in template.fields}
    definitions |= {"model": (fields.MODEL, ""), "drafts": (fields.DRAFTS, 2)}
    output, sampling = template.output, template.sampling
    if output.kind == "list":
        definitions["items"] = (fields.ITEMS, output.items)
    elif output.words:
        definitions["length"] = (fields.LENGTH, max(output.words, 10))
    definitions |= {
        "language": (fields.LANGUAGE, ""),
        "keep": (fields.KEEP, ""),
        "avoid": (fields.AVOID, ""),
        "temperature": (fields.TEMPERATURE, sampling.temperature),
        "top_k": (fields.TOP_K, sampling.top_k),
        "top_p": (fields.TOP_P, sampling.top_p),
        "min_p": (fields.MIN_P, sampling.min_p),
        "repetition_penalty": (fields.REPETITION, sampling.repetition_penalty),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a field may be called as something that pydantic's models have
        made = create_model("WriteParams", __base__=Params, __module__=__name__, **definitions)
    if limits := _limits(template):
        extra: dict[str, Any] = {"x-text": {"limits": limits}}
        made.model_config = {**made.model_config, "json_schema_extra": extra}
    return made


def _limits(template: Template) -> dict[str, int]:
    """What the window counts a text against: those limits that the template has."""
    limits = template.limits
    named = {
        "characters": limits.characters,
        "words": limits.words,
        "item_characters": limits.item_characters,
    }
    return {name: most for name, most in named.items() if most is not None}


def _definition(template: Template, field: TemplateField) -> tuple[Any, Any]:
    rule: dict[str, Any] = {"title": field.title}
    if field.description:
        rule["description"] = field.description
    kind: Any
    labels: tuple[tuple[str, str], ...] = ()
    hint: Literal["", "text", "choice", "switch", "slider"] = ""
    match field.kind:
        case "text":
            kind, rule["max_length"] = str, field.longest
        case "long-text" | "lines":
            kind, hint, rule["max_length"] = str, "text", field.longest
        case "integer" | "number":
            kind = int if field.kind == "integer" else float
            limits = (("ge", field.minimum), ("le", field.maximum))
            rule |= {key: kind(limit) for key, limit in limits if limit is not None}
            hint = "slider" if len(rule.keys() & {"ge", "le"}) == 2 else ""
        case "choice":
            kind, hint = Literal[tuple(field.choices)], "choice"
            labels = tuple((value, field.label(value)) for value in field.choices)
        case "switch":
            kind, hint = bool, "switch"
    shown = Ui(group=template.group, hint=hint, unit=field.unit, labels=labels)
    return Annotated[kind, shown, Field(**rule)], field.start
