"""The stage: every color as a large swatch, which changes when it is pressed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QColorDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.api.values import tr
from studio.ui.api import UNIT, EmptyState, label
from studio_palette.core.palette import Palette

_SIDE = 96
_ACROSS = 6


class Swatch(QPushButton):
    """One color, with its code on it."""

    def __init__(self, color: str) -> None:
        super().__init__(color)
        self.color = color
        self.setMinimumSize(_SIDE, _SIDE)
        self.setAccessibleName(tr("Color {color}", color=color))

    def paintEvent(self, event: QPaintEvent) -> None:
        color = QColor(self.color)
        painter = QPainter(self)
        painter.fillRect(self.rect(), color)
        painter.setPen(Qt.GlobalColor.black if color.lightnessF() > 0.5 else Qt.GlobalColor.white)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.color)
        if self.hasFocus():
            painter.drawRect(self.rect().adjusted(3, 3, -4, -4))


class Stage(QStackedWidget):
    """A page that says what to do, or the palette."""

    chosen = Signal(int, str)
    """(place of a color, the color that the user wants there)."""

    def __init__(self) -> None:
        super().__init__()
        self.swatches: list[Swatch] = []
        self.name = label("", "heading")
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        self._grid = QGridLayout()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.addWidget(self.name)
        column.addLayout(self._grid)
        column.addLayout(self._buttons)
        column.addStretch(1)
        self.addWidget(
            EmptyState(
                tr("No palette is open"), tr("Select one in the gallery, or generate one from a color.")
            )
        )
        self.addWidget(page)

    def show_palette(self, palette: Palette | None) -> None:
        for swatch in self.swatches:
            self._grid.removeWidget(swatch)
            swatch.hide()
            swatch.deleteLater()
        colors = palette.colors if palette is not None else ()
        self.swatches = [Swatch(color) for color in colors]
        for place, swatch in enumerate(self.swatches):
            swatch.clicked.connect(lambda _=False, place=place: self._ask(place))
            self._grid.addWidget(swatch, place // _ACROSS, place % _ACROSS)
        self.name.setText(palette.name if palette is not None else "")
        self.setCurrentIndex(int(palette is not None))

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        for action in actions.values():
            made = QPushButton(action.text())
            made.clicked.connect(action.trigger)
            self._buttons.insertWidget(self._buttons.count() - 1, made)

    def _ask(self, place: int) -> None:
        dialog = QColorDialog(QColor(self.swatches[place].color), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda color: self.chosen.emit(place, color.name()))
        dialog.open()
