"""A model as the commands about models find it and tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from studio.errors import BadInput
from studio.words import tr

if TYPE_CHECKING:
    from studio.models.store import Model, ModelStore


def named(store: ModelStore, name: str) -> Model:
    """Raises BadInput."""
    found = next((model for model in store.models() if model.name == name), None)
    if found is None:
        raise BadInput(
            tr("There is no model “{name}”.", name=name),
            tr("studio models lists those that are here."),
        )
    return found


def describe(model: Model) -> dict[str, Any]:
    """A model for the JSON document of a command."""
    return {
        "name": model.name,
        "sha256": model.digest,
        "format": model.format,
        "path": str(model.path),
        "bytes": model.size,
        "licence": model.licence,
        "id": model.spec,
        "derived_from": model.derived_from,
        "made_by": model.made_by,
        "files": [{"name": file.name, "bytes": file.size, "sha256": file.digest} for file in model.files],
    }


def in_words(model: Model) -> str:
    """A model in a line."""
    licence = model.licence or tr("licence not stated")
    return f"{model.name}  {model.format}, {model.size / 1e6:.1f} MB, {licence}  {model.path}"
