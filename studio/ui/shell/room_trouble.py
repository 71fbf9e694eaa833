"""What stands in place of a stage whose room has stopped."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.errors import StudioError
from studio.ui.kit.controls import EmptyState, button
from studio.words import tr


class RoomStopped(QWidget):
    """Which room of which plugin stopped, and the way to open it again."""

    again = Signal()

    def __init__(self, error: StudioError) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        said = EmptyState(error.message, f"{error.hint}\n\n{error.detail}".strip())
        self.button = button(tr("Open the room again"))
        self.button.clicked.connect(self.again)
        said.offer(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(said)
