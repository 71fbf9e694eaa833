"""Pictures of a part into the project, and one of them on to a generator of images."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from studio.api.values import Kind, tr
from studio.ui.api import GeneratorDescription, Input, Item, KeyMenu, RoomContext
from studio_product.room.part.pictures import DEPTH, SHADED, Sight, add_pictures

_DEPTH_WORD = "depth"
"""An input whose name has it is given how far away the part is, any other one how it looks."""


class PictureFlow(QObject):
    def __init__(self, context: RoomContext) -> None:
        super().__init__()
        self._context = context

    def ask(self, sight: Sight, button: QWidget) -> None:
        """Asks below the button what the pictures are for."""
        menu = self.menu(sight, button)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def menu(self, sight: Sight, home: QWidget) -> KeyMenu:
        menu = KeyMenu(home)
        menu.aboutToHide.connect(menu.deleteLater)
        add = menu.addAction(tr("&Make shaded, depth and normal pictures"))
        add.triggered.connect(partial(self.make, sight, None, None))
        targets = self._context.inputs_for(Kind.IMAGE)
        if targets:
            menu.addSeparator()
        for generator, slot in targets:
            words = tr(
                "… and use as “{slot}” of {generator}", slot=tr(slot.title), generator=tr(generator.title)
            )
            menu.addAction(words).triggered.connect(partial(self.make, sight, generator, slot))
        return menu

    def make(
        self, sight: Sight, generator: GeneratorDescription | None, slot: Input | None, *_: object
    ) -> None:
        def done(made: dict[str, Item]) -> None:
            self._on_made(made, sight, generator, slot)

        title = tr("Rendering “{name}”", name=sight.item.name)
        self._context.tasks.start(
            title, lambda task: add_pictures(self._context.items, sight, task.progress), done, owner=self
        )

    def _on_made(
        self, made: dict[str, Item], sight: Sight, generator: GeneratorDescription | None, slot: Input | None
    ) -> None:
        told = tr(
            "Pictures of “{name}” are in the gallery. They show its appearance only.", name=sight.item.name
        )
        if generator is None or slot is None:
            self._context.say(told, tr("Open on canvas"), lambda: self._context.open([made[SHADED]]))
            return
        self._context.say(told)
        shown = DEPTH if _DEPTH_WORD in slot.name else SHADED
        self._context.use(made[shown], generator.id, slot.name)
