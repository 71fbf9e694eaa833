"""The first row of the middle: what is looked at, its name, and what to do next with a result."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from studio.ui.kit.controls import Segments, button
from studio.ui.kit.icons import icon
from studio.ui.kit.narrow_bar import NarrowBar
from studio.ui.kit.theme import UNIT
from studio.words import tr

_NAME = 10 * UNIT
"""What the name of a photo or result should have at least."""


class WorkspaceBar(NarrowBar):
    """Where there is little room, "Go on with result" becomes an icon first, then the views do."""

    def __init__(self, views: Segments) -> None:
        super().__init__()
        self._views = views
        self._words = tr("Go on with result")
        self.edit = button(self._words)
        self.edit.setAccessibleName(self._words)
        self.edit.setToolTip(tr("Puts the result on the canvas, to change more of it"))
        self.edit.setIconSize(QSize(16, 16))
        self.export = button(tr("Export…"), "primary")
        self._row.addWidget(views)
        self._row.addSpacing(UNIT)
        self._row.addWidget(self.edit)
        self._row.addWidget(self.export)
        self.color()

    def set_names(self, *names: QWidget) -> None:
        """Of which one is seen."""
        for number, name in enumerate(names):
            self._row.insertWidget(2 + number, name, 1)

    def share_room(self) -> None:
        margins = self.contentsMargins()
        layout = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - layout.left() - layout.right() - 3 * UNIT
        views = self._views.width_with(words=True)
        next_steps = 0
        if not self.edit.isHidden():
            next_steps = self.export.sizeHint().width() + UNIT
            self._show_edit(words=views + _NAME + next_steps + self._edit_width(words=True) <= room)
            next_steps += self.edit.sizeHint().width() + UNIT
        self._views.show_words(views + next_steps <= room)

    def minimumSizeHint(self) -> QSize:
        least = self._views.width_with(words=False) + self.export.sizeHint().width()
        least += self._edit_width(words=False) + 7 * UNIT
        return QSize(least, super().minimumSizeHint().height())

    def _edit_width(self, *, words: bool) -> int:
        more = self.fontMetrics().horizontalAdvance(self._words) - self.edit.iconSize().width() - 4
        return self.edit.sizeHint().width() + more * (int(words) - int(bool(self.edit.text())))

    def _show_edit(self, *, words: bool) -> None:
        self.edit.setText(self._words if words else "")
        self.edit.setIcon(QIcon() if words else icon("edit", self.palette().text().color()))

    def color(self) -> None:
        muted = self.palette().placeholderText().color()
        self._views.set_icons([icon(name, muted) for name in ("brush", "compare", "text", "part")])
        self._show_edit(words=bool(self.edit.text()))
