"""A recipe in readable words, without a widget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from studio.core.generator import GeneratorDescription
from studio.core.item import Item
from studio.core.params import applies
from studio.core.recipe import Recipe
from studio.ui.form_model import FormField, fields_of


@dataclass(frozen=True)
class Line:
    """One fact. `field` names the params field that it is the value of, if it is one."""

    name: str
    value: str
    field: str = ""


def recipe_lines(recipe: Recipe, generator: GeneratorDescription | None) -> list[Line]:
    """What was set, in the form's order and words; a field that did not matter is left out.

    Without the generator's description (its plugin is gone) the names are the recipe's own.
    """
    lines = [Line("Made with", generator.title if generator else recipe.generator)]
    if generator is not None:
        schema = generator.params_schema
        for field in fields_of(schema):
            if field.name in recipe.params and applies(schema["properties"][field.name], recipe.params):
                value = _model_name(recipe, field.name) or value_words(field, recipe.params[field.name])
                if value:
                    lines.append(Line(field.title, value, field.name))
    else:
        lines += [Line(name, str(value), name) for name, value in sorted(recipe.params.items())]
    lines.append(Line("Seed", str(recipe.seed)))
    lines.append(Line("Computed on", device_words(recipe.device)))
    if generator is not None and generator.version != recipe.generator_version:
        lines.append(Line("Version", f"{recipe.generator_version} (installed: {generator.version})"))
    return lines


def item_lines(item: Item) -> list[Line]:
    """What is known of the file itself."""
    made = datetime.fromtimestamp(item.created).astimezone()
    return [
        Line("Added" if item.job is None else "Made", f"{made:%d %b %Y, %H:%M}"),
        Line("File", f"{item.extension.lstrip('.').upper()}, {size_words(item.size)}"),
    ]


def value_words(field: FormField, value: Any) -> str:
    """A value as the form would say it."""
    if value is None:
        return "Automatic"
    for choice in field.choices:
        if type(choice.value) is type(value) and choice.value == value:
            return choice.label
    if isinstance(value, bool):
        return "Yes" if value else "No"
    words = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{words} {field.unit}".strip() if words else ""


def device_words(device: str) -> str:
    if device == "cpu":
        return "Processor"
    if device.startswith("cuda"):
        number = int(device.partition(":")[2] or 0)
        return "Graphics card" if number == 0 else f"Graphics card {number + 1}"
    return {"mps": "Apple graphics"}.get(device, device)


def size_words(size: int) -> str:
    """Bytes in short words, powers of 1000 as file managers count."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit in ("B", "kB") else f"{size:.1f} {unit}"
        size /= 1000  # type: ignore[assignment]
    return f"{size:.1f} GB"


def _model_name(recipe: Recipe, field: str) -> str:
    used = recipe.models.get(field)
    return used.name if used else ""
