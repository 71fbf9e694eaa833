"""A recipe in readable words, without a widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from studio.backends.plan_words import device_words
from studio.core.generator import GeneratorDescription
from studio.core.item import Item, Label
from studio.core.params import applies
from studio.core.pieces import Piece
from studio.core.recipe import Recipe
from studio.ui.items.words import LABELS
from studio.ui.kit import locales
from studio.ui.kit.form_model import FormField, fields_of
from studio.words import tr, trn

SEED, DEVICE, GENERATOR = "@seed", "@device", "@generator"
"""Keys of lines that are no params field, whose names have no @."""


class Line(Struct, frozen=True):
    """One fact. `key` is what `ItemFlow.reuse_value` takes; "" where the value cannot be reused alone."""

    name: str
    value: str
    key: str = ""
    is_text: bool = False
    """A prompt: compared word by word."""
    quiet: bool = False
    """Shown only where two recipes differ in it."""


def recipe_lines(
    recipe: Recipe, generator: GeneratorDescription | None, inputs: Mapping[str, str] | None = None
) -> list[Line]:
    """What was set, in the form's order and words; a field that did not matter is left out.

    Without the generator's description (its plugin is gone) the names are the recipe's own, and nothing can
    be reused. `inputs` gives the name of what was put into each slot.
    """
    title = tr(generator.title) if generator else recipe.generator
    lines = [Line(tr("Made with"), title, GENERATOR if generator else "")]
    if generator is not None:
        schema = generator.params_schema
        for field in fields_of(schema):
            if field.name in recipe.params and applies(schema["properties"][field.name], recipe.params):
                used = recipe.models.get(field.name)
                value = used.name if used else value_words(field, recipe.params[field.name])
                if value:
                    lines.append(Line(field.title, value, field.name, field.editor in ("prompt", "line")))
    else:
        lines += [
            Line(name, str(value), is_text=isinstance(value, str))
            for name, value in sorted(recipe.params.items())
        ]
    lines.append(Line(tr("Seed"), str(recipe.seed), SEED if generator else ""))
    lines.append(Line(tr("Computed on"), device_words(recipe.device), DEVICE if generator else ""))
    if generator is not None and generator.version != recipe.generator_version:
        version = tr(
            "{version} (installed: {installed})",
            version=recipe.generator_version,
            installed=generator.version,
        )
        lines.append(Line(tr("Version"), version))
    titles = {slot.name: tr(slot.title) for slot in generator.inputs} if generator else {}
    for slot, name in (inputs or {}).items():
        lines.append(Line(titles.get(slot, slot), name, quiet=True))
    lines.append(Line(tr("Threads"), locales.number(recipe.numerics.threads), quiet=True))
    lines.append(Line(tr("Precision"), recipe.numerics.precision, quiet=True))
    return lines


def piece_lines(
    lines: Sequence[Line], name: str, pieces: Sequence[Piece], writers: Mapping[str, str]
) -> list[Line]:
    """The lines of what was put together by hand, with where each of its pieces came from in place of the raw
    list, which is the value of the field `name`.

    `writers` are the names of generators by the digests of recipes.
    """
    told = [line for line in lines if line.key != name]
    place = next((n for n, line in enumerate(told) if line.name == tr("Seed")), len(told))
    for piece in pieces:
        words = piece.excerpt
        if words:
            writer = writers.get(piece.source, tr("An earlier result")) if piece.source else tr("By hand")
            told.insert(place, Line(writer, words))
            place += 1
    return told


def item_lines(item: Item, collections: Sequence[str] = ()) -> list[Line]:
    """What is known of the item itself: its file, and what its owner says of it."""
    lines = [
        Line(tr("Added") if item.job is None else tr("Made"), locales.moment(item.created)),
        Line(
            tr("File"),
            tr("{format}, {size}", format=item.extension.lstrip(".").upper(), size=locales.size(item.size)),
        ),
    ]
    if item.stars:
        lines.append(Line(tr("Rating"), trn("{count} star", "{count} stars", item.stars)))
    if item.rejected:
        lines.append(Line(tr("Decision"), tr("Rejected")))
    if item.label is not Label.NONE:
        lines.append(Line(tr("Label"), label_words(item.label)))
    if item.tags:
        lines.append(Line(tr("Tags"), ", ".join(item.tags)))
    if collections:
        lines.append(Line(tr("In"), ", ".join(collections)))
    if item.trashed is not None:
        lines.append(Line(tr("In the trash since"), locales.moment(item.trashed)))
    return lines


def obstacles(recipe: Recipe, generator: GeneratorDescription | None, gone: Sequence[str] = ()) -> list[str]:
    """Why it cannot be made again, or not quite alike, and what can be done; `gone` names missing inputs."""
    told = []
    if generator is None:
        told.append(
            tr(
                "“{generator}” is not installed, so this cannot be made again. You can still read and copy "
                "the recipe, and use the result; install the plugin to go on with it.",
                generator=recipe.generator,
            )
        )
    elif gone:
        told.append(
            tr(
                "What it was made from is no longer in the project: {inputs}. The settings can still be used "
                "with something else.",
                inputs=", ".join(gone),
            )
        )
    if generator is not None and generator.version != recipe.generator_version:
        told.append(tr("It was made by another version of “{generator}”.", generator=tr(generator.title)))
    return told


def as_text(title: str, lines: Sequence[Line]) -> str:
    """The recipe for the clipboard, one fact a line; a value of several lines is indented below its name."""
    told = [title]
    for line in lines:
        if line.quiet:
            continue
        if "\n" in line.value:
            told.append(f"{line.name}:")
            told += [f"    {part}" for part in line.value.splitlines()]
        else:
            told.append(f"{line.name}: {line.value}")
    return "\n".join(told) + "\n"


def value_words(field: FormField, value: Any) -> str:
    """A value as the form would say it."""
    if value is None:
        return tr("Automatic")
    for choice in field.choices:
        if type(choice.value) is type(value) and choice.value == value:
            return choice.label
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return value["name"]
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if field.editor == "range":
        words = "–".join(map(_number_words, value))
    else:
        words = _number_words(value) if isinstance(value, int | float) else str(value)
    return tr("{number} {unit}", number=words, unit=field.unit) if words and field.unit else words


def _number_words(value: float) -> str:
    if isinstance(value, int):
        return locales.number(value)
    decimals = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    return locales.number(value, decimals)


def label_words(label: Label) -> str:
    """A color label's name; "" for none."""
    return "" if label is Label.NONE else tr(LABELS[label])
