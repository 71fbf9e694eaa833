"""What each input of the generator is given: an item that the user chose, or the canvas by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from studio.core.generator import GeneratorDescription, Input
from studio.core.item import Item
from studio.core.kind import Kind
from studio.words import tr


def canvas_slot(generator: GeneratorDescription, kind: str) -> Input | None:
    """The input that takes the photo on the canvas, or the mask painted on it: the first of that kind."""
    return next((slot for slot in generator.inputs if slot.kind is kind), None)


def fits(slot: Input, item: Item) -> bool:
    """Whether an item can be given to an input. Any picture can be a mask: white is repainted."""
    pictures = (Kind.IMAGE, Kind.MASK)
    return item.kind is slot.kind or (slot.kind in pictures and item.kind in pictures)


class CanvasState(Struct, frozen=True):
    """What the canvas could give."""

    photo: Item | None = None
    editing: bool = False
    """Its mask is being changed."""
    opening: bool = False
    """There is a photo, but no mask yet to paint on."""
    painted: bool = False


class Inputs(Struct):
    """The items that were chosen for the inputs, by generator; they come before what the canvas gives."""

    chosen: dict[str, dict[str, Item]] = field(default_factory=dict)

    def of(self, generator: GeneratorDescription) -> Mapping[str, Item]:
        return self.chosen.get(generator.id, {})

    def choose(self, generator: GeneratorDescription, slot: str, item: Item | None) -> None:
        """None lets go of the choice."""
        own = self.chosen.setdefault(generator.id, {})
        own.pop(slot, None)
        if item is not None:
            own[slot] = item

    def missing(self, generator: GeneratorDescription, canvas: CanvasState) -> str:
        """Why nothing can be generated yet, in words; "" if every input has what it needs."""
        chosen = self.of(generator)
        photo, mask = canvas_slot(generator, Kind.IMAGE), canvas_slot(generator, Kind.MASK)
        for slot in generator.inputs:
            if slot.required and slot not in (photo, mask) and slot.name not in chosen:
                return tr(
                    "Choose “{slot}”: select an item in the gallery and press the plus beside it.",
                    slot=tr(slot.title),
                )
        open_photo = photo is not None and photo.name not in chosen
        open_mask = mask is not None and mask.name not in chosen
        needs_mask = open_mask and mask is not None and mask.required
        if canvas.photo is None and ((open_photo and photo is not None and photo.required) or needs_mask):
            return tr("Drop a photo on the canvas to begin.")
        if open_mask and canvas.editing:
            return tr("The mask is being changed…")
        if needs_mask and canvas.opening:
            return tr("The photo is being opened…")
        if needs_mask and not canvas.painted:
            return tr("Paint over what should change.")
        return ""

    def words(self, generator: GeneratorDescription, slot: Input, canvas: CanvasState) -> tuple[str, bool]:
        """(what an input is given, whether that is something)."""
        item = self.of(generator).get(slot.name)
        if item is not None:
            return item.name, True
        if slot == canvas_slot(generator, Kind.IMAGE):
            if canvas.photo is not None:
                return tr("{name}, on the canvas", name=canvas.photo.name), True
            return tr("The photo on the canvas"), False
        if slot == canvas_slot(generator, Kind.MASK):
            return tr("Painted on the canvas"), canvas.painted
        return (tr("Nothing chosen") if slot.required else tr("Nothing chosen (optional)")), False


def takes_folders(generator: GeneratorDescription | None, chosen: Sequence[str] = ()) -> bool:
    """Whether photos, with masks or without, are all that it still needs."""
    if generator is None:
        return False
    given = (canvas_slot(generator, Kind.IMAGE), canvas_slot(generator, Kind.MASK))
    return given[0] is not None and all(
        slot in given or slot.name in chosen for slot in generator.inputs if slot.required
    )
