"""What each input of the generator is given: an item that the user chose, or what the stage gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from studio.core.generator import GeneratorDescription, Input
from studio.core.item import Item
from studio.core.kind import Kind
from studio.ui.kit.room import Given
from studio.words import tr


def first_of_kind(generator: GeneratorDescription, kind: str) -> Input | None:
    """The first input that takes this kind: the photo that a generator works from, the mask for it."""
    return next((slot for slot in generator.inputs if slot.kind == kind), None)


def fits(slot: Input, item: Item) -> bool:
    """Whether an item can be given to an input. Any picture can be a mask: white is repainted."""
    pictures = (Kind.IMAGE, Kind.MASK)
    return item.kind == slot.kind or (slot.kind in pictures and item.kind in pictures)


class Inputs(Struct):
    """The items that were chosen for the inputs, by generator; they come before what the stage gives."""

    chosen: dict[str, dict[str, Item]] = field(default_factory=dict)

    def of(self, generator: GeneratorDescription) -> Mapping[str, Item]:
        return self.chosen.get(generator.id, {})

    def choose(self, generator: GeneratorDescription, slot: str, item: Item | None) -> None:
        """None lets go of the choice."""
        own = self.chosen.setdefault(generator.id, {})
        own.pop(slot, None)
        if item is not None:
            own[slot] = item

    def missing(self, generator: GeneratorDescription, given: Mapping[str, Given]) -> str:
        """Why nothing can be generated yet, in words; "" if every input has what it needs.

        `given` is what the stage gives, by input.
        """
        chosen = self.of(generator)
        open_slots = [slot for slot in generator.inputs if slot.name not in chosen]
        for slot in open_slots:
            if slot.required and slot.name not in given:
                return tr(
                    "Choose “{slot}”: select an item in the gallery and press the plus beside it.",
                    slot=tr(slot.title),
                )
        reasons = (given[slot.name].missing for slot in open_slots if slot.name in given)
        return next((reason for reason in reasons if reason), "")

    def words(self, generator: GeneratorDescription, slot: Input, given: Given | None) -> tuple[str, bool]:
        """(what an input is given, whether that is something)."""
        item = self.of(generator).get(slot.name)
        if item is not None:
            return item.name, True
        if given is not None:
            return given.words, given.item is not None or given.make is not None
        return (tr("Nothing chosen") if slot.required else tr("Nothing chosen (optional)")), False


def takes_folders(generator: GeneratorDescription | None, chosen: Sequence[str] = ()) -> bool:
    """Whether photos, with masks or without, are all that it still needs."""
    if generator is None:
        return False
    given = (first_of_kind(generator, Kind.IMAGE), first_of_kind(generator, Kind.MASK))
    return given[0] is not None and all(
        slot in given or slot.name in chosen for slot in generator.inputs if slot.required
    )
