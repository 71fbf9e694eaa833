"""What the inputs are given: by the stage, or what the user picks, drops or clears."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from studio.core.generator import GeneratorDescription
from studio.core.item import Item
from studio.core.kind import Kind
from studio.errors import StudioError
from studio.ui.context import WindowContext
from studio.ui.generate.panel import GeneratePanel
from studio.ui.items.inputs import Inputs, first_of_kind, fits, takes_folders
from studio.ui.kit.room import Given
from studio.ui.kit.tasks import Task
from studio.words import tr

StageGives = Callable[[GeneratorDescription], Mapping[str, Given]]
"""What the stage gives to a generator's inputs, by input."""


class InputFlow(QObject):
    changed = Signal()
    notice = Signal(str)

    def __init__(self, context: WindowContext, panel: GeneratePanel, stage: StageGives) -> None:
        super().__init__()
        self._context, self._panel, self._stage = context, panel, stage
        self._inputs = Inputs()
        self._selected: list[Item] = []
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
        return self._inputs.missing(generator, self._stage(generator))

    def takes_folders(self) -> bool:
        generator = self._panel.generator
        return generator is not None and takes_folders(generator, list(self.chosen(generator)))

    def given(self, generator: GeneratorDescription) -> Mapping[str, Given]:
        """What the stage gives to inputs for which nothing was chosen."""
        chosen = self.chosen(generator)
        return {slot: one for slot, one in self._stage(generator).items() if slot not in chosen}

    def picture(self) -> Item | None:
        """What a picture generator works from."""
        generator = self._panel.generator
        slot = first_of_kind(generator, Kind.IMAGE) if generator is not None else None
        if generator is None or slot is None:
            return None
        given = self._stage(generator).get(slot.name)
        return self.chosen(generator).get(slot.name) or (given.item if given is not None else None)

    def show(self) -> None:
        """Brings the rows of the form up to date."""
        generator, slots = self._panel.generator, self._panel.slots
        if generator is None:
            return
        chosen, given = self.chosen(generator), self._stage(generator)
        for slot in generator.inputs:
            if slot.name in slots.rows:
                words, there = self._inputs.words(generator, slot, given.get(slot.name))
                slots.rows[slot.name].show_given(words, chosen=slot.name in chosen, missing=not there)
        one = self._selected[0] if len(self._selected) == 1 else None
        slots.offer_selection([slot.name for slot in generator.inputs if one and fits(slot, one)])

    def forget(self) -> None:
        """When the project is closed."""
        self._inputs, self._selected = Inputs(), []

    def state(self) -> dict[str, dict[str, Item]]:
        return self._inputs.chosen

    def restore(self, state: dict[str, dict[str, Item]]) -> None:
        self._inputs = Inputs(state)

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
