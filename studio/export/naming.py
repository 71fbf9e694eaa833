"""File names that every file system takes, made from a template such as "{project}-{name}-{n}"."""

from __future__ import annotations

import re
from datetime import datetime

from studio.core.file_names import safe_name
from studio.core.item import Item
from studio.core.recipe import Recipe
from studio.errors import BadInput
from studio.words import mark, tr

FIELDS: dict[str, str] = {
    "name": mark("the item's name in the gallery"),
    "project": mark("the project's name"),
    "generator": mark("what made it, such as image-inpaint"),
    "date": mark("the day it was made: 2026-11-24"),
    "seed": mark("the seed it was made with"),
    "n": mark("its number in this export: 001"),
}
"""What a template may name, with the words that the export dialog and the command line's help show."""

_FIELD = re.compile(r"\{([^{}]*)\}")


def check_template(template: str) -> None:
    """Raises `BadInput` for a template with an unknown field or a lone brace."""
    for field in _FIELD.findall(template):
        if field not in FIELDS:
            raise BadInput(
                tr("The file name template has an unknown field {{{field}}}.", field=field),
                tr("Use {fields}.", fields=", ".join(f"{{{name}}}" for name in FIELDS)),
            )
    rest = _FIELD.sub("", template)
    if "{" in rest or "}" in rest:
        raise BadInput(
            tr("The file name template has a brace without its partner."),
            tr("Write fields as {example}.", example="{name}"),
        )


def render(
    template: str, item: Item, recipe: Recipe | None, number: int, *, project: str = "", extension: str = ""
) -> str:
    """The file name of one item, safe on every system.

    `number` counts from 1 within an export. `extension` has its dot; empty keeps the item's own. Fields that
    an item does not have (an imported photo has no seed) are left empty.

    Raises:
        BadInput: see `check_template`.
    """
    check_template(template)
    values = {
        "name": item.name,
        "project": project,
        "generator": recipe.generator.replace("/", "-") if recipe else "",
        "date": datetime.fromtimestamp(item.created).astimezone().strftime("%Y-%m-%d"),
        "seed": str(recipe.seed) if recipe else "",
        "n": f"{number:03}",
    }
    stem = _FIELD.sub(lambda match: values[match.group(1)], template)
    extension = extension or item.extension
    if stem.lower().endswith(extension.lower()):  # an asset is often named after its file, extension included
        stem = stem[: len(stem) - len(extension)]
    return safe_name(stem, extension)
