"""What stands in the stage's place while an item is read for the first time, and where it cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.item import Item
from studio.errors import StudioError
from studio.ui.kit.controls import EmptyState, button
from studio.ui.kit.theme import UNIT
from studio.words import tr, trn


class Cover(QWidget):
    """Names the items; where one cannot be read, says why and offers to export it or throw it away."""

    export_wanted = Signal(object)
    trash_wanted = Signal(object)
    """(Items)"""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.items: Sequence[Item] = ()
        self.said = EmptyState("", "")
        self.export = button(tr("Export…"))
        self.trash = button(tr("Move to trash"))
        self.export.clicked.connect(lambda: self.export_wanted.emit(self.items))
        self.trash.clicked.connect(lambda: self.trash_wanted.emit(self.items))
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self.export)
        row.addWidget(self.trash)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 8 * UNIT)
        column.addWidget(self.said, 1)
        column.addWidget(self._buttons)

    @property
    def name(self) -> str:
        """Of what is named, in a few words."""
        count = len(self.items)
        return self.items[0].name if count == 1 else trn("{count} item", "{count} items", count)

    def show_reading(self, items: Sequence[Item]) -> None:
        self.items = items
        self._buttons.hide()
        self.said.say(
            tr("Reading “{name}”…", name=self.name)
            if len(items) == 1
            else tr("Reading {name}…", name=self.name),
            tr("It is read for the first time, in a process of its own."),
        )

    def show_unreadable(self, items: Sequence[Item], error: StudioError) -> None:
        self.items = items
        count = len(items)
        title = (
            tr("“{name}” cannot be opened.", name=items[0].name)
            if count == 1
            else trn("{count} item cannot be opened.", "{count} items cannot be opened.", count)
        )
        help = tr("Nothing else is harmed. Export it as it is, or move it to the trash.")
        self.said.say(title, f"{error.message}\n{error.hint}\n\n{help}".replace("\n\n\n", "\n\n"))
        self._buttons.show()
