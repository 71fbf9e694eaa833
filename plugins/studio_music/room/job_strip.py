"""How far the job is that the user waits for, in one line above the roll."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from studio.api.values import tr
from studio.ui.api import UNIT, BusyBar, ElidedLabel, button

_PARTS = 1000


class JobStrip(QFrame):
    stop_wanted = Signal()
    keep_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.words = ElidedLabel("", "small")
        self.bar = BusyBar()
        self.bar.setFixedWidth(16 * UNIT)
        self.keep = button(tr("Keep it"), "primary")
        self.keep.clicked.connect(lambda: self.keep_wanted.emit())
        self.stop = button(tr("Stop"), "compact")
        self.stop.clicked.connect(lambda: self.stop_wanted.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT // 2)
        row.setSpacing(UNIT)
        row.addWidget(self.bar)
        row.addWidget(self.words, 1)
        row.addWidget(self.keep)
        row.addWidget(self.stop)
        self.hide()

    def show_job(self, words: str, fraction: float | None) -> None:
        """`fraction` from 0 to 1; None while nobody knows."""
        self.words.setText(words)
        self.bar.show()
        self.bar.setRange(0, 0 if fraction is None else _PARTS)
        if fraction is not None:
            self.bar.setValue(round(fraction * _PARTS))
        self.keep.hide()
        self.stop.setText(tr("Cancel"))
        self.show()

    def show_again(self, words: str, *, busy: bool, can_keep: bool) -> None:
        """While another one is made at each repeat."""
        self.words.setText(words)
        self.bar.setRange(0, 0 if busy else _PARTS)
        self.bar.setVisible(busy)
        self.keep.setVisible(can_keep)
        self.stop.setText(tr("Stop"))
        self.show()
