"""Recipes put to use once more: whole or value by value, with the same seed or with others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from studio.core.generator import GeneratorDescription
from studio.core.item import Item
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.errors import StudioError
from studio.ui.context import WindowContext
from studio.ui.generate.flow import GenerateFlow
from studio.ui.generate.panel import GeneratePanel
from studio.ui.items.inputs import canvas_slot
from studio.ui.items.recipe_model import DEVICE, GENERATOR, SEED, recipe_lines
from studio.ui.shell.workspace import CANVAS, Workspace
from studio.words import tr


class Again:
    """`open_on_canvas` is the window's own way to do that."""

    def __init__(
        self,
        context: WindowContext,
        generating: GenerateFlow,
        panel: GeneratePanel,
        workspace: Workspace,
        open_on_canvas: Callable[[Item], object],
    ) -> None:
        self._context, self._generating, self._panel = context, generating, panel
        self._workspace, self._open_on_canvas = workspace, open_on_canvas

    def make_again(self, item: Item) -> None:
        recipe = self._recipe_of(item)
        if recipe is not None:
            self._generating.make_again(recipe, tr("Again – {name}", name=item.name))

    def vary(self, item: Item, count: int) -> None:
        """The same recipe with `count` other seeds."""
        recipe = self._recipe_of(item)
        if recipe is not None:
            self._generating.vary(recipe, count)

    def reuse(self, item: Item) -> None:
        """The form as it was for this item; the canvas too, if it is empty or shows the same photo."""
        recipe = self._recipe_of(item)
        if recipe is None or not self._choose(recipe):
            return
        refused = self._panel.set_values(recipe.params)
        self._panel.seed.set_seed(recipe.seed)
        if refused:
            names = ", ".join(sorted(refused))
            self._workspace.notice.say(
                tr("Some settings are no longer offered and stay at their default: {names}", names=names)
            )
        self._reuse_canvas(item, recipe.inputs)
        self._reuse_shapes(recipe.inputs)

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
        self._workspace.notice.say(words if taken else tr("{name} cannot be used here.", name=line.name))

    def use_as_input(self, item: Item, generator_id: str, slot: str) -> None:
        """Chooses a generator and gives the item to one of its inputs, by the canvas if that feeds it."""
        if not self._panel.choose(generator_id):
            return
        generator = self._panel.generator
        assert generator is not None
        photo = canvas_slot(generator, Kind.IMAGE)
        if photo is not None and photo.name == slot and item.kind == Kind.IMAGE:
            self._generating.set_input(slot, None)  # what was chosen before would come first
            self._open_on_canvas(item)
        else:
            self._generating.set_input(slot, item)

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

    def _reuse_canvas(self, item: Item, inputs: Mapping[str, str]) -> None:
        project, generator = self._context.project, self._panel.generator
        assert project is not None
        assert generator is not None
        digests = {slot.kind: inputs.get(slot.name) for slot in reversed(generator.inputs)}
        parents = project.parents(item.uid)
        photo = self._generating.photo
        if photo is not None and photo.digest != digests.get(Kind.IMAGE):
            return
        if photo is None and parents:
            self._open_on_canvas(parents[0])
        mask = digests.get(Kind.MASK)
        if mask is not None:
            try:
                self._workspace.canvas.set_mask(project.blob_path(mask))
                self._workspace.show_view(CANVAS)
            except StudioError as error:
                self._context.report(error)

    def _reuse_shapes(self, inputs: Mapping[str, str]) -> None:
        """Those that the recipe's study names, as far as they are still in the project."""
        project, generator = self._context.project, self._panel.generator
        assert project is not None
        assert generator is not None
        for slot in generator.fed_slots:
            items = project.with_digest(inputs[slot]) if slot in inputs else []
            if items:
                self._generating.set_input(slot, items[0])

    def _generator(self, recipe: Recipe) -> GeneratorDescription | None:
        catalog = self._context.catalog
        return catalog.generators.get(recipe.generator) if catalog is not None else None
