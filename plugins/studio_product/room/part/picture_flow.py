"""Pictures of a part into the project, and one of them on to a generator of images."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from studio.core.generator import GeneratorDescription, Input
from studio.core.item import Item
from studio.core.kind import Kind
from studio.project.changes import Added
from studio.ui.context import WindowContext
from studio.ui.kit.menu_keys import KeyMenu
from studio.words import tr
from studio_product.room.part.pictures import DEPTH, SHADED, Sight, add_pictures

if TYPE_CHECKING:
    from studio.ui.shell.items import ItemFlow
    from studio.ui.shell.workspace import Workspace

_DEPTH_WORD = "depth"
"""An input whose name has it is given how far away the part is, any other one how it looks."""


class PictureFlow(QObject):
    def __init__(self, context: WindowContext, workspace: Workspace, items: ItemFlow) -> None:
        super().__init__()
        self._context, self._workspace, self._items = context, workspace, items

    def ask(self, sight: Sight, button: QWidget) -> None:
        """Asks below the button what the pictures are for."""
        menu = self.menu(sight, button)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def menu(self, sight: Sight, home: QWidget) -> KeyMenu:
        menu = KeyMenu(home)
        menu.aboutToHide.connect(menu.deleteLater)
        add = menu.addAction(tr("&Make shaded, depth and normal pictures"))
        add.triggered.connect(partial(self.make, sight, None, None))
        targets = self.targets()
        if targets:
            menu.addSeparator()
        for generator, slot in targets:
            words = tr(
                "… and use as “{slot}” of {generator}", slot=tr(slot.title), generator=tr(generator.title)
            )
            menu.addAction(words).triggered.connect(partial(self.make, sight, generator, slot))
        return menu

    def targets(self) -> list[tuple[GeneratorDescription, Input]]:
        """Inputs for pictures."""
        catalog = self._context.catalog
        if catalog is None:
            return []
        return [
            (generator, slot)
            for generator in catalog.generators.values()
            if generator.listed
            for slot in generator.inputs
            if slot.kind == Kind.IMAGE
        ]

    def make(
        self, sight: Sight, generator: GeneratorDescription | None, slot: Input | None, *_: object
    ) -> None:
        project = self._context.project
        if project is None:
            return

        def done(added: Added) -> None:
            self._context.bridge.post(added)
            if isValid(self._workspace):
                self._on_made(added, sight, generator, slot)

        title = tr("Rendering “{name}”", name=sight.item.name)
        self._context.tasks.start(title, lambda task: add_pictures(project, sight, task.progress), done)

    def _on_made(
        self, added: Added, sight: Sight, generator: GeneratorDescription | None, slot: Input | None
    ) -> None:
        by_name = dict(zip((SHADED, DEPTH), added.assets[:2], strict=True))
        told = tr(
            "Pictures of “{name}” are in the gallery. They show its appearance only.", name=sight.item.name
        )
        if generator is None or slot is None:
            self._workspace.notice.say(
                told, tr("Open on canvas"), lambda: self._items.open([by_name[SHADED]])
            )
            return
        self._workspace.notice.say(told)
        self._items.use_as_input(self._fitting(by_name, slot), generator.id, slot.name)

    def _fitting(self, by_name: dict[str, Item], slot: Input) -> Item:
        return by_name[DEPTH if _DEPTH_WORD in slot.name else SHADED]
