"""The family of an item, as the open project and the descriptions of its plugins tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from studio.core.item import Item
from studio.errors import MissingBlob, ProjectError
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.generator import GeneratorDescription
    from studio.core.recipe import Recipe
    from studio.project.store import Project


class ProjectSource:
    """See `lineage_model.Source`. Small indexed reads only: it may be asked in the window's thread."""

    def __init__(self, project: Project, generators: Mapping[str, GeneratorDescription]) -> None:
        self._project = project
        self._generators = generators

    def inputs(self, item: Item) -> Sequence[tuple[str, Item | None]]:
        recipe = self._project.recipe_of(item.uid)
        if recipe is None:
            return [("", self._item(item.parent))] if item.parent else []
        return [(title, found) for title, _, found in self.slots(item, recipe)]

    def children(self, item: Item) -> Sequence[Item]:
        return self._project.children(item.uid)

    def slots(self, item: Item, recipe: Recipe) -> list[tuple[str, str, Item | None]]:
        """(slot's title, its digest, the item it was) of each input; the generator's first one first."""
        generator = self._generators.get(recipe.generator)
        titles = {slot.name: tr(slot.title) for slot in generator.inputs} if generator else {}
        parent = self._item(item.parent)
        order = [name for name in titles if name in recipe.inputs]
        order += sorted(name for name in recipe.inputs if name not in titles)
        if parent is not None:
            order.sort(key=lambda name: recipe.inputs[name] != parent.digest)
        made = []
        for name in order:
            digest = recipe.inputs[name]
            main = parent is not None and parent.digest == digest
            found = parent if main else next(iter(self._project.with_digest(digest)), None)
            made.append((titles.get(name, name), digest, found))
        if parent is not None and not any(parent == found for _, _, found in made):
            made.insert(0, (tr("Made from"), parent.digest, parent))
        return made

    def missing(self, recipe: Recipe) -> list[str]:
        """The titles of inputs whose bytes are no longer there."""
        generator = self._generators.get(recipe.generator)
        titles = {slot.name: tr(slot.title) for slot in generator.inputs} if generator else {}
        gone = []
        for name, digest in recipe.inputs.items():
            try:
                self._project.blob_path(digest)
            except MissingBlob:
                gone.append(titles.get(name, name))
        return gone

    def _item(self, uid: str | None) -> Item | None:
        if uid is not None:
            with suppress(ProjectError):
                return self._project.item(uid)
        return None
