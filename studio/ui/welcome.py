"""What is seen while no project is open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.ui.controls import button, frame, label
from studio.ui.icons import icon
from studio.ui.theme import UNIT, Theme

_WIDTH = 70 * UNIT


class Welcome(QWidget):
    new_wanted = Signal()
    open_wanted = Signal()
    sample_wanted = Signal()
    recent_wanted = Signal(object)
    """The folder of a project."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        card = QWidget()
        card.setFixedWidth(_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        column.addWidget(label("Welcome to Studio", "title"))
        column.addWidget(label("Remove or replace anything in a photo, on this computer alone.", "muted"))
        column.addSpacing(2 * UNIT)
        self._target = frame("target")
        target = QVBoxLayout(self._target)
        target.setContentsMargins(2 * UNIT, 4 * UNIT, 2 * UNIT, 4 * UNIT)
        target.setSpacing(UNIT)
        self._picture = QLabel()
        words = label("Drop a photo anywhere on this window to begin", "strong")
        for line in (self._picture, words):
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            target.addWidget(line)
        column.addWidget(self._target)
        column.addSpacing(UNIT)
        self.new = button("New project", "primary")
        self.open = button("Open…")
        self.sample = button("Try the sample")
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        for part, signal in (
            (self.new, self.new_wanted),
            (self.open, self.open_wanted),
            (self.sample, self.sample_wanted),
        ):
            part.setMinimumHeight(4 * UNIT)
            part.clicked.connect(lambda _=False, wanted=signal: wanted.emit())
            row.addWidget(part)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(2 * UNIT)
        self._recent_title = label("Recent projects", "group")
        column.addWidget(self._recent_title)
        self._list = frame("card")
        self._recent = QVBoxLayout(self._list)
        self._recent.setContentsMargins(4, 4, 4, 4)
        self._recent.setSpacing(0)
        column.addWidget(self._list)
        self.recent: list[QPushButton] = []

        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(3)
        self.set_recent([])
        self.set_theme(theme)

    def set_recent(self, folders: Sequence[Path]) -> None:
        for old in self.recent:
            self._recent.removeWidget(old)
            old.deleteLater()
        self.recent = []
        for folder in folders[:6]:
            entry = button("", "quiet")
            entry.setText(f"{folder.name.removesuffix('.studio')}    {_short(folder.parent)}")
            entry.setIcon(icon("folder", self._theme.color("muted")))
            entry.setIconSize(QSize(16, 16))
            entry.setToolTip(str(folder))
            entry.clicked.connect(lambda _=False, one=folder: self.recent_wanted.emit(one))
            self._recent.addWidget(entry)
            self.recent.append(entry)
        self._recent_title.setVisible(bool(folders))
        self._list.setVisible(bool(folders))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        drawing = icon("photo", theme.color("muted"))
        self._picture.setPixmap(drawing.pixmap(QSize(40, 40), self.devicePixelRatioF()))
        for entry in self.recent:
            entry.setIcon(icon("folder", theme.color("muted")))


def _short(folder: Path) -> str:
    """A folder as people write it: with ~ for their home."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)
