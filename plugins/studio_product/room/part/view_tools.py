"""Buttons over the corner of a view of a part: all of it, and from where."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, KeyMenu, icon
from studio_product.room.part.standard_views import TITLES, Look
from studio_product.room.part.turn_view import TurnView

_ICON = 20
_KEYS = {Look.ISO: "I", Look.FRONT: "F", Look.RIGHT: "R", Look.TOP: "T"}
"""As `TurnView` knows them; they are told, not set: the view looks after its keys itself."""


class ViewTools(QWidget):
    """Keeps to the upper right corner of the view (the left one, where reading begins at the right)."""

    def __init__(self, view: TurnView) -> None:
        super().__init__(view)
        self._view = view
        self.fit = self._button(tr("Show all (Home)"), tr("Show all"))
        self.fit.clicked.connect(view.fit)
        self.looks = self._button(tr("Look from…"), tr("Look from"))
        self.looks.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = KeyMenu(self.looks)
        for look in Look:
            words = tr(TITLES[look])
            entry = self.menu.addAction(f"{words}\t{_KEYS[look]}" if look in _KEYS else words)
            entry.triggered.connect(partial(self._look, look))
        self.menu.addSeparator()
        self.parallel = self.menu.addAction(tr("Without perspective"))
        self.parallel.setCheckable(True)
        self.parallel.triggered.connect(self._set_parallel)
        self.menu.aboutToShow.connect(lambda: self.parallel.setChecked(view.camera.parallel))
        self.looks.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        row.addWidget(self.fit)
        row.addWidget(self.looks)
        view.installEventFilter(self)
        self._color()

    def _look(self, look: Look) -> None:
        self._view.look(look)

    def _set_parallel(self, on: bool) -> None:
        self._view.move_to(replace(self._view.camera, parallel=on))

    def _button(self, tip: str, name: str) -> QToolButton:
        made = QToolButton()
        made.setProperty("role", "on-picture")
        made.setIconSize(QSize(_ICON, _ICON))
        made.setToolTip(tip)
        made.setAccessibleName(name)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return made

    def _color(self) -> None:
        color = self.palette().color(QPalette.ColorRole.WindowText)
        self.fit.setIcon(icon("fit", color))
        self.looks.setIcon(icon("part", color))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._color()

    def eventFilter(self, view: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.adjustSize()
            mirrored = self.isRightToLeft()
            left = UNIT + 4 if mirrored else self._view.width() - self.width() - UNIT - 4
            self.move(left, UNIT + 4)
        return False
