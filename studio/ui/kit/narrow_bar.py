"""A bar whose words give way where there is little room."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from studio.ui.kit.theme import UNIT


class NarrowBar(QFrame):
    """Shares its room out anew with every width and font, and colors its icons with every theme."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT // 2)
        self._row.setSpacing(UNIT)

    def share_room(self) -> None:
        """Decides what is said in words, what as an icon, and what not at all."""
        raise NotImplementedError

    def color(self) -> None:
        """Draws the icons in the palette's colors."""
        raise NotImplementedError

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.color()
        elif event.type() is QEvent.Type.FontChange:
            self.share_room()
