"""One of the drafts that stand beside each other: its number, its length, its text, what to do with it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from studio.api.values import tr
from studio.ui.api import UNIT, ElidedLabel, Item, button, frame, label, restyle
from studio_text.room.draft_text import DraftText
from studio_text.room.words import Limits, length_of, length_words

NARROWEST = 30 * UNIT
"""A column is never narrower: lines of less than five words are no reading."""


class DraftColumn(QFrame):
    picked = Signal()
    """The whole draft is wanted."""
    copied = Signal()

    def __init__(self, number: int) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.number = number
        self.item: Item | None = None
        """The artifact, once there is one."""
        self.is_done = False
        self.title = label(tr("Draft {number}", number=number + 1), "strong")
        self.length = ElidedLabel("", "small")
        self.length.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.view = DraftText()
        self.view.setAccessibleName(self.title.text())
        self.use = button(tr("Use this draft"))
        self.use.setAccessibleName(tr("Use draft {number}", number=number + 1))
        self.copy = button(tr("Copy"), "quiet")
        self.copy.setAccessibleName(tr("Copy draft {number}", number=number + 1))
        self.use.clicked.connect(self.picked)
        self.copy.clicked.connect(self.copied)
        head = QHBoxLayout()
        head.setContentsMargins(UNIT + 4, UNIT, UNIT + 4, 0)
        head.setSpacing(UNIT)
        head.addWidget(self.title)
        head.addWidget(self.length, 1)
        self._foot = foot = QHBoxLayout()
        foot.setContentsMargins(UNIT, UNIT // 2, UNIT, UNIT)
        foot.setSpacing(UNIT // 2)
        foot.addWidget(self.use)
        foot.addStretch(1)
        foot.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(UNIT // 2)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(frame("line"))
        column.addLayout(foot)
        self.begin()

    @property
    def narrowest(self) -> int:
        """In letters of any size its buttons are seen whole."""
        return max(NARROWEST, self._foot.minimumSize().width() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.narrowest, 24 * UNIT)

    def begin(self) -> None:
        """For words to come."""
        self.item, self.is_done = None, False
        self.view.begin()
        self.length.setText(tr("waiting…"))
        self._enable()

    def grow(self, words: str) -> None:
        if not self.view.text:
            self.length.setText(tr("writing…"))
        self.view.grow(words)

    def finish(self, text: str, item: Item | None, source: str, limits: Limits) -> None:
        """The text is whole, or will not go on."""
        self.item, self.is_done = item, True
        self.view.source = source
        self.view.finish(text)
        self.set_limits(limits)
        self._enable()

    def set_limits(self, limits: Limits) -> None:
        """What its length is held against, once it has one."""
        words, too_long = length_words(length_of(self.view.text), limits)
        self.length.setText(words if self.view.text.strip() else "")
        restyle(self.length, "role", "error" if too_long else "small")

    def set_use(self, words: str, tip: str) -> None:
        """What the button that takes the whole draft says."""
        self.use.setText(words)
        self.use.setToolTip(tip)

    def set_chosen(self, on: bool) -> None:
        """The one that was asked for among its siblings."""
        restyle(self, "chosen", on)

    def _enable(self) -> None:
        usable = self.is_done and bool(self.view.text.strip())
        self.use.setEnabled(usable)
        self.copy.setEnabled(usable)
        self.view.takes = usable
