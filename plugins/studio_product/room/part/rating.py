"""Stars and "rejected" of an item, to be seen and changed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from studio.api.values import tr, trn
from studio.ui.api import Item, icon

STARS = 5
_ICON = 16


class Rating(QWidget):
    """A click on the star that an item has already takes its stars away."""

    rated = Signal(object, int)
    """(Item, stars)."""
    rejected = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__()
        self.item: Item | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.stars = [QToolButton() for _ in range(STARS)]
        for count, star in enumerate(self.stars, 1):
            words = trn("{count} star", "{count} stars", count)
            star.setAccessibleName(words)
            star.setToolTip(words)
            star.clicked.connect(partial(self._rate, count))
            row.addWidget(star)
        self.reject = QToolButton()
        self.reject.setCheckable(True)
        self.reject.setText("✕")
        self.reject.setToolTip(tr("Reject, or take that back"))
        self.reject.setAccessibleName(tr("Rejected"))
        self.reject.clicked.connect(self._reject)
        row.addWidget(self.reject)
        row.addStretch(1)
        for button in (*self.stars, self.reject):
            button.setIconSize(QSize(_ICON, _ICON))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_item(None)

    def show_item(self, item: Item | None, *, writable: bool = True) -> None:
        self.item = item
        self.setEnabled(item is not None and writable)
        self.reject.setChecked(item is not None and item.rejected)
        self._color()

    def _rate(self, count: int) -> None:
        if self.item is not None:
            self.rated.emit(self.item, 0 if self.item.stars == count else count)

    def _reject(self) -> None:
        if self.item is not None:
            self.rejected.emit(self.item, not self.item.rejected)

    def _color(self) -> None:
        given = self.item.stars if self.item is not None else 0
        filled = self.palette().color(QPalette.ColorRole.LinkVisited)
        hollow = self.palette().color(QPalette.ColorRole.PlaceholderText)
        for count, star in enumerate(self.stars, 1):
            star.setIcon(icon("star-filled", filled) if count <= given else icon("star", hollow))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._color()
