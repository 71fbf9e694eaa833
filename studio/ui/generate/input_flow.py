"""What the inputs are given: the canvas by default, or what the user picks, drops or clears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from studio.core.generator import GeneratorDescription
from studio.core.item import Item
from studio.core.kind import Kind
from studio.errors import StudioError
from studio.ui.canvas.canvas import MaskCanvas
from studio.ui.context import WindowContext
from studio.ui.generate.panel import GeneratePanel
from studio.ui.items.inputs import CanvasState, Inputs, canvas_slot, fits, takes_folders
from studio.ui.kit.tasks import Task
from studio.words import tr


class InputFlow(QObject):
    changed = Signal()
    notice = Signal(str)

    def __init__(self, context: WindowContext, panel: GeneratePanel, canvas: MaskCanvas) -> None:
        super().__init__()
        self._context, self._panel, self._canvas = context, panel, canvas
        self._inputs = Inputs()
        self._selected: list[Item] = []
        self.photo: Item | None = None
        """The photo on the canvas, once it is in the project."""
        panel.slots.selection_wanted.connect(self._use_selection)
        panel.slots.cleared.connect(self._clear)
        panel.slots.item_dropped.connect(self._use_item)
        panel.slots.file_dropped.connect(self._use_file)

    def note_selection(self, items: Sequence[Item]) -> None:
        """What is selected in the gallery: it can be given to an input."""
        self._selected = list(items)
        self.show()

    def set(self, slot: str, item: Item | None) -> None:
        """Gives an item to an input of the current generator; None lets go of it."""
        generator = self._panel.generator
        own = next((one for one in generator.inputs if one.name == slot), None) if generator else None
        if generator is None or own is None:
            return
        if item is not None and not fits(own, item):
            words = tr("“{item}” is not what “{slot}” takes.", item=item.name, slot=tr(own.title))
            self.notice.emit(words)
            return
        self._inputs.choose(generator, slot, item)
        self.changed.emit()

    def chosen(self, generator: GeneratorDescription) -> Mapping[str, Item]:
        return self._inputs.of(generator)

    def missing(self, generator: GeneratorDescription) -> str:
        """Why nothing can be generated yet, in words; "" if every input has what it needs."""
        return self._inputs.missing(generator, self._canvas_state())

    def takes_folders(self) -> bool:
        generator = self._panel.generator
        return generator is not None and takes_folders(generator, list(self.chosen(generator)))

    def picture(self) -> Item | tuple[int, int] | None:
        """What a picture generator works from: a chosen item, or the size of the photo on the canvas."""
        generator = self._panel.generator
        slot = canvas_slot(generator, Kind.IMAGE) if generator is not None else None
        if generator is None or slot is None:
            return None
        photo = self._canvas.photo
        on_canvas = photo.size if photo is not None and self.photo is not None else None
        return self.chosen(generator).get(slot.name) or on_canvas

    def show(self) -> None:
        """Brings the rows of the form up to date."""
        generator, slots = self._panel.generator, self._panel.slots
        if generator is None:
            return
        chosen, canvas = self.chosen(generator), self._canvas_state()
        for slot in generator.inputs:
            if slot.name in slots.rows:
                words, there = self._inputs.words(generator, slot, canvas)
                slots.rows[slot.name].show_given(words, chosen=slot.name in chosen, missing=not there)
        one = self._selected[0] if len(self._selected) == 1 else None
        slots.offer_selection([slot.name for slot in generator.inputs if one and fits(slot, one)])

    def forget(self) -> None:
        """When the project is closed."""
        self._inputs, self._selected, self.photo = Inputs(), [], None

    def state(self) -> tuple[Item | None, dict[str, dict[str, Item]]]:
        return self.photo, self._inputs.chosen

    def restore(self, state: tuple[Item | None, dict[str, dict[str, Item]]]) -> None:
        self.photo, self._inputs = state[0], Inputs(state[1])

    def _canvas_state(self) -> CanvasState:
        model = self._canvas.mask_model
        painted = model is not None and not model.is_empty
        return CanvasState(self.photo, self._canvas.is_editing, model is None, painted)

    def _use_selection(self, slot: str) -> None:
        if len(self._selected) == 1:
            self.set(slot, self._selected[0])

    def _clear(self, slot: str) -> None:
        self.set(slot, None)

    def _use_item(self, slot: str, uid: str) -> None:
        project = self._context.project
        if project is not None:
            try:
                self.set(slot, project.item(uid))
            except StudioError as error:
                self._context.report(error)

    def _use_file(self, slot: str, file: Path) -> None:
        """A file from outside becomes an item of the project first."""
        project, generator = self._context.project, self._panel.generator
        if project is None or project.read_only or generator is None:
            return
        kind = next(one.kind for one in generator.inputs if one.name == slot)

        def work(_: Task) -> Item:
            from studio.core.images import probe

            if kind in (Kind.IMAGE, Kind.MASK):
                probe(file)
            return project.add_asset(file, kind=kind)

        def done(item: Item) -> None:
            if (
                isValid(self._panel)
                and self._context.project is project
                and self._panel.generator is generator
            ):
                self.set(slot, item)

        self._context.tasks.start(tr("Bringing the file in"), work, done)
