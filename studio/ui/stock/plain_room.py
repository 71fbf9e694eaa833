"""The room of everything that no plugin brings a room for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.item import Item
from studio.ui.kit.controls import EmptyState
from studio.ui.kit.room import Room
from studio.words import tr


class PlainRoom(Room):
    """Shows items as the studio does it for every kind: alone, or beside what they were made from."""

    def stage(self) -> QWidget:
        page = QWidget()
        page.setProperty("role", "panel")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(page)
        column.addWidget(
            EmptyState(tr("Nothing is open"), tr("Select something in the gallery, or generate something."))
        )
        return page

    def open(self, items: Sequence[Item]) -> None:
        self.context.compare(items)
