"""The room's own icons beside those of the studio, and buttons with them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QToolButton

from studio.ui.api import icon

_FOLDER = Path(__file__).parent / "icons"
_SIDE, _BUTTON = 16, 28
"""Pixels, as `studio.ui.api.IconButton` has them."""


def drawing(name: str) -> str:
    """An icon as `studio.ui.api.icon` takes it: a file of the room, else the studio's of this name."""
    file = _FOLDER / f"{name}.svg"
    return str(file) if file.exists() else name


class DrawingButton(QToolButton):
    """A small button with an icon that may become another one: what it does changes with what goes on.

    A switch (`checkable`) that is on has its icon in the color of words, else in a quieter one.
    """

    def __init__(self, name: str, tip: str, *, checkable: bool = False) -> None:
        super().__init__()
        self._drawing = name
        self._color: QColor | None = None
        self.setCheckable(checkable)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setFixedSize(_BUTTON, _BUTTON)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.toggled.connect(lambda _: self._draw())
        self.say(tip)
        self._draw()

    def say(self, tip: str) -> None:
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def show_drawing(self, name: str) -> None:
        self._drawing, self._color = name, None
        self._draw()

    def set_on(self, on: bool) -> None:
        """Shows it pressed or not, and tells nobody of a click."""
        self.setChecked(on)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        roles = QPalette.ColorRole
        role = roles.Accent if self.isChecked() else roles.PlaceholderText
        color = self.palette().color(QPalette.ColorGroup.Active, role)
        if color != self._color:
            self._color = color
            self.setIcon(icon(drawing(self._drawing), color))
