"""The row of buttons over the set-up: presets, adding, files."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, IconButton, KeyMenu, button, icon

_MENU = 52
"""Pixels of a button with an icon and the sign of its menu."""


class StudyBar(QWidget):
    """Where there is little room, words become icons, and what has keys of its own gives way."""

    def __init__(self) -> None:
        super().__init__()
        self.presets, self.presets_menu = self._menu_button(tr("Presets"))
        self.presets.setToolTip(tr("Studies to begin with, and to learn from"))
        self.add, self.add_menu = self._menu_button(tr("Add"))
        self.add.setToolTip(tr("Supports, loads, and places to keep in or out"))
        self.undo = IconButton("undo", tr("Undo"))
        self.redo = IconButton("redo", tr("Redo"))
        self.fit = IconButton("fit", tr("Show all"))
        self.more = IconButton("more", tr("Files and more"))
        self.more_menu = KeyMenu(self.more)
        self.more.setMenu(self.more_menu)
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addStretch(1)
        for widget in (self.presets, self.add, self.undo, self.redo, self.fit, self.more):
            row.addWidget(widget)
        self._words = {self.presets: tr("Presets"), self.add: tr("Add")}
        self._icons = {self.presets: "part", self.add: "add"}
        self._share_room()

    def _menu_button(self, words: str) -> tuple[QPushButton, QMenu]:
        made = button(words, "compact")
        made.setAccessibleName(words)
        made.setIconSize(QSize(16, 16))
        menu = KeyMenu(made)
        menu.setToolTipsVisible(True)
        made.setMenu(menu)
        return made, menu

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * _MENU + self.more.width() + 2 * UNIT, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._share_room()

    def _share_room(self) -> None:
        icons = (self.undo, self.redo, self.fit)
        room = self.width() - self.minimumSizeHint().width()
        all_icons = len(icons) * (self.more.width() + UNIT)
        words = sum(self.fontMetrics().horizontalAdvance(text) for text in self._words.values())
        for small in icons:
            small.setVisible(room >= all_icons)
        color = self.palette().text().color()
        for one, text in self._words.items():
            one.setText(text if room >= all_icons + words + 2 * UNIT else "")
            one.setIcon(icon(self._icons[one], color))
