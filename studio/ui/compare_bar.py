"""The bar over a comparison: the ways to compare, what the chosen one can be set to, what it tells."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QToolButton

from studio.ui.compare_kinds import Option
from studio.ui.controls import Segments, label
from studio.ui.theme import UNIT
from studio.words import tr


class CompareBar(QFrame):
    """Where there is little room, words give way before the ways to compare do."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.segments: Segments | None = None
        self._has_option = False
        self.swap = QToolButton()
        self.swap.setToolTip(tr("Swap sides"))
        self.swap.setAccessibleName(tr("Swap sides"))
        self.swap.setIconSize(QSize(16, 16))
        self.option_title = label("", "muted")
        self.option = QSlider(Qt.Orientation.Horizontal)
        self.option.setMinimumWidth(7 * UNIT)
        self.option.setMaximumWidth(14 * UNIT)
        self.option_words = label("", "muted")
        self.told = label("", "muted")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT // 2)
        self._row.setSpacing(UNIT)
        self._row.addWidget(self.swap)
        self._row.addStretch(1)
        for part in (self.told, self.option_title, self.option, self.option_words):
            self._row.addWidget(part)

    def set_segments(self, segments: Segments) -> None:
        if self.segments is not None:
            self._row.removeWidget(self.segments)
            self.segments.hide()
            self.segments.deleteLater()
        self.segments = segments
        self._row.insertWidget(0, segments)

    def show_option(self, option: Option | None) -> None:
        self._has_option = option is not None
        if option is not None:
            self.option_title.setText(option.title)
            self.option_words.setText(option.words)
            self.option.setAccessibleName(option.title)
            self.option.blockSignals(True)
            self.option.setRange(option.low, option.high)
            self.option.setValue(option.value)
            self.option.blockSignals(False)
        self.share_room()

    def tell(self, words: str) -> None:
        self.told.setText(words)
        self.option.setToolTip(words)
        self.share_room()

    def share_room(self) -> None:
        gap, margins = self._row.spacing(), self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        if self.segments is not None:
            room -= self.segments.sizeHint().width() + gap
        if not self.swap.isHidden():
            room -= self.swap.sizeHint().width() + gap
        if self._has_option:
            room -= self.option.minimumWidth() + gap
        self.option.setVisible(self._has_option)
        for part, wanted in (
            (self.option_words, self._has_option),
            (self.option_title, self._has_option),
            (self.told, bool(self.told.text())),
        ):
            room -= part.sizeHint().width() + gap if wanted else 0
            part.setVisible(wanted and room >= 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share_room()
