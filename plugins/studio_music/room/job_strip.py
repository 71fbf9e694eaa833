"""What goes on, in one line below the roll: tries that come with each repeat, or a recording."""

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
        self.keep = button("", "primary")
        self.keep.clicked.connect(lambda: self.keep_wanted.emit())
        self.stop = button("", "compact")
        self.stop.clicked.connect(lambda: self.stop_wanted.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT // 2)
        row.setSpacing(UNIT)
        row.addWidget(self.bar)
        row.addWidget(self.words, 1)
        row.addWidget(self.keep)
        row.addWidget(self.stop)
        self.hide()

    def show_again(self, words: str, *, busy: bool, can_keep: bool) -> None:
        """While another one is made at each repeat."""
        self._show(words, tr("Stop"), tr("Keep it") if can_keep else "")
        self._set_bar(None)
        self.bar.setVisible(busy)

    def show_recording(self, words: str, level: float) -> None:
        """`level` from 0 to 1: how loud it is just now."""
        self._show(words, tr("Cancel"), tr("Write it down"))
        self._set_bar(level)

    def _show(self, words: str, stop: str, keep: str = "") -> None:
        self.words.setText(words)
        self.stop.setText(stop)
        self.keep.setText(keep)
        self.keep.setVisible(bool(keep))
        self.show()

    def _set_bar(self, fraction: float | None) -> None:
        self.bar.show()
        self.bar.setRange(0, 0 if fraction is None else _PARTS)
        if fraction is not None:
            self.bar.setValue(round(min(fraction, 1.0) * _PARTS))
