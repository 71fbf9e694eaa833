"""Recipes put to use once more: whole or value by value, with the same seed or with others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from studio.core.generator import GeneratorDescription
from studio.core.item import Item
from studio.core.recipe import Recipe
from studio.core.titles import stored
from studio.errors import StudioError
from studio.ui.context import WindowContext
from studio.ui.generate.flow import GenerateFlow
from studio.ui.generate.panel import GeneratePanel
from studio.ui.items.recipe_model import DEVICE, GENERATOR, SEED, recipe_lines
from studio.words import mark, tr


class Again:
    """`reuse` hands the inputs of a recipe to the room of its generator, in front."""

    def __init__(
        self,
        context: WindowContext,
        generating: GenerateFlow,
        panel: GeneratePanel,
        say: Callable[[str], object],
        reuse: Callable[[Mapping[str, Item]], object],
    ) -> None:
        self._context, self._generating, self._panel = context, generating, panel
        self._say, self._reuse = say, reuse

    def make_again(self, item: Item) -> None:
        recipe = self._recipe_of(item)
        if recipe is not None:
            self._generating.make_again(recipe, stored(mark("Again – {name}"), name=item.name))

    def vary(self, item: Item, count: int) -> None:
        """The same recipe with `count` other seeds."""
        recipe = self._recipe_of(item)
        if recipe is not None:
            self._generating.vary(recipe, count)

    def reuse(self, item: Item) -> None:
        """The form as it was for this item, and its inputs as far as they are still in the project."""
        recipe = self._recipe_of(item)
        if recipe is None or not self._choose(recipe):
            return
        refused = self._panel.set_values(recipe.params)
        self._panel.seed.set_seed(recipe.seed)
        if refused:
            names = ", ".join(sorted(refused))
            self._say(
                tr("Some settings are no longer offered and stay at their default: {names}", names=names)
            )
        self._reuse_inputs(item, recipe.inputs)

    def reuse_value(self, item: Item, key: str) -> None:
        """Just one value of an item's recipe, `key` as in `recipe_model.Line`; all else in the form stays."""
        recipe = self._recipe_of(item)
        if recipe is None:
            return
        generator = self._generator(recipe)
        line = next((line for line in recipe_lines(recipe, generator) if line.key == key), None)
        if line is None:
            return
        if key == SEED:
            self._panel.seed.set_seed(recipe.seed)
            taken = True
        elif key == DEVICE:
            place = self._panel.device.findData(recipe.device)
            self._panel.device.setCurrentIndex(max(place, 0))
            taken = place >= 0
        elif key == GENERATOR:
            taken = self._choose(recipe)
        else:
            value = recipe.params[key]
            taken = self._panel.set_value(key, value) or (
                self._choose(recipe) and self._panel.set_value(key, value)
            )
        words = tr("{name} is set to {value}.", name=line.name, value=" ".join(line.value.split()))
        self._say(words if taken else tr("{name} cannot be used here.", name=line.name))

    def use_as_input(self, item: Item, generator_id: str, slot: str) -> None:
        """Chooses a generator and gives the item to one of its inputs, by the stage if that feeds it."""
        if self._panel.choose(generator_id):
            self._reuse({slot: item})

    def _recipe_of(self, item: Item) -> Recipe | None:
        try:
            return self._context.project.recipe_of(item.uid) if self._context.project is not None else None
        except StudioError as error:
            self._context.report(error)
            return None

    def _choose(self, recipe: Recipe) -> bool:
        """Shows the form of a recipe's generator; False, and told, where it is not installed."""
        generator = self._panel.generator
        if (generator is not None and generator.id == recipe.generator) or self._panel.choose(
            recipe.generator
        ):
            return True
        self._context.report(
            StudioError(
                tr("The generator “{generator}” is not installed.", generator=recipe.generator),
                tr("See Help > Plugins for what is."),
            )
        )
        return False

    def _reuse_inputs(self, item: Item, inputs: Mapping[str, str]) -> None:
        """By digest; of items with the same bytes the one that this item was made from."""
        project = self._context.project
        assert project is not None
        try:
            parents = {parent.digest: parent for parent in project.parents(item.uid)}
            found = {slot: [*project.with_digest(digest)] for slot, digest in inputs.items()}
            known = {
                slot: parents.get(inputs[slot]) or next(iter(items), None) for slot, items in found.items()
            }
        except StudioError as error:
            self._context.report(error)
            return
        self._reuse({slot: one for slot, one in known.items() if one is not None})

    def _generator(self, recipe: Recipe) -> GeneratorDescription | None:
        catalog = self._context.catalog
        return catalog.generators.get(recipe.generator) if catalog is not None else None
