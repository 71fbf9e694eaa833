"""What the recipe panel and the comparison say of items, read from the open project and the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from studio.core.generator import GeneratorDescription
from studio.core.item import Item
from studio.core.pieces import HINT, pieces_of
from studio.core.recipe import Recipe
from studio.ui.context import WindowContext
from studio.ui.items.inputs import fits
from studio.ui.items.lineage_source import ProjectSource
from studio.ui.items.recipe_model import Line, item_lines, obstacles, piece_lines, recipe_lines
from studio.ui.items.recipe_shown import Shown, Target
from studio.words import tr

if TYPE_CHECKING:
    from studio.project.store import Project


_MOST_VERSIONS = 200


class ItemReader:
    """For one project."""

    def __init__(self, context: WindowContext, project: Project) -> None:
        self._context, self._project = context, project

    def shown(self, item: Item) -> Shown:
        """Raises ProjectError, ProjectDamaged."""
        context, project = self._context, self._project
        recipe = project.recipe_of(item.uid)
        generator = self._generator(recipe)
        family = ProjectSource(project, self._generators())
        gone = family.missing(recipe) if recipe is not None else []
        lines = [*self.recipe_lines_of(item), *item_lines(item, project.collections_of(item.uid))]
        return Shown(
            item,
            recipe,
            lines,
            family,
            obstacles(recipe, generator, gone) if recipe is not None and context.catalog is not None else [],
            can_make=context.runner is not None and generator is not None and not gone,
            can_reuse=generator is not None and generator.listed,
            has_source=item.parent is not None,
            targets=self._targets(item),
        )

    def _generators(self) -> Mapping[str, GeneratorDescription]:
        return self._context.catalog.generators if self._context.catalog is not None else {}

    def _generator(self, recipe: Recipe | None) -> GeneratorDescription | None:
        return self._generators().get(recipe.generator) if recipe is not None else None

    def recipe_lines_of(self, item: Item) -> list[Line]:
        recipe = self._project.recipe_of(item.uid)
        if recipe is None:
            return []
        source = ProjectSource(self._project, self._generators())
        gone = tr("no longer in the project")
        inputs = {title: used.name if used else gone for title, _, used in source.slots(item, recipe)}
        generator = self._generator(recipe)
        lines = recipe_lines(recipe, generator, inputs)
        name = generator.hinted(HINT) if generator is not None else ""
        if not name:
            return lines
        return piece_lines(lines, name, pieces_of(recipe.params.get(name)), self._writers(recipe))

    def _writers(self, recipe: Recipe) -> dict[str, str]:
        """Names by the digest of a recipe: of all that it was put together from, through its versions."""
        names: dict[str, str] = {}
        waiting, seen = list(recipe.inputs.values()), set[str]()
        while waiting and len(seen) < _MOST_VERSIONS:
            digest = waiting.pop()
            seen.add(digest)
            for item in self._project.with_digest(digest):
                made = self._project.recipe_of(item.uid)
                if made is None or made.digest in names:
                    continue
                generator = self._generator(made)
                names[made.digest] = tr(generator.title) if generator else made.generator
                if made.generator == recipe.generator:
                    waiting += [one for one in made.inputs.values() if one not in seen]
        return names

    def all_lines(self, item: Item) -> list[Line]:
        return [*self.recipe_lines_of(item), *item_lines(item)]

    def _targets(self, item: Item) -> list[Target]:
        return [
            Target(generator.id, tr(generator.title), slot.name, tr(slot.title))
            for generator in self._generators().values()
            if generator.listed
            for slot in generator.inputs
            if fits(slot, item)
        ]
