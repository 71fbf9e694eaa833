"""Texts of the project, read to be shown."""

from __future__ import annotations

from studio.api.values import BadInput, tr
from studio.ui.api import GeneratorDescription, Item, ItemAccess, RoomContext, locales
from studio_text.core.markdown import plain
from studio_text.core.reading import read

LARGEST = 500_000
"""Bytes of a text that is shown: more is no reading, and the window would stand still."""


def read_draft(items: ItemAccess, item: Item) -> str:
    """An item's text. Raises StudioError, with the item's name."""
    if item.size > LARGEST:
        raise BadInput(
            tr("“{name}” is too large to be shown.", name=item.name),
            tr("Texts of up to {size} can be shown. Export it to read it.", size=locales.size(LARGEST)),
        )
    try:
        return plain(read(items.file(item)))
    except BadInput as error:
        raise BadInput(
            tr("“{name}” cannot be shown as a text: {reason}", name=item.name, reason=error.message),
            error.hint,
        ) from error


def generator_of(context: RoomContext, id: str) -> GeneratorDescription | None:
    """A generator of texts; None while it is not known, or where its plugin is gone."""
    return next((one for one in context.form.generators() if one.id == id), None)
