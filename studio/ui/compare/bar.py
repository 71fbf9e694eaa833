"""The bar over a comparison: the ways to compare, what the chosen one can be set to, what it tells."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSlider, QToolButton

from studio.ui.compare.widget import Option
from studio.ui.items.compare_model import Mode
from studio.ui.kit.controls import Segments, label
from studio.ui.kit.icons import icon
from studio.ui.kit.narrow_bar import NarrowBar
from studio.ui.kit.theme import UNIT
from studio.words import tr

_ICONS = {
    Mode.SLIDER: "compare",
    Mode.SIDE_BY_SIDE: "side-by-side",
    Mode.FLIP: "flip",
    Mode.ONION: "onion",
    Mode.DIFFERENCE: "difference",
    Mode.UNIFIED: "unified",
}


class CompareBar(NarrowBar):
    """Where there is little room, words give way before the ways to compare do; these become icons then."""

    turned = Signal(int)
    """1: to the next page of many items, -1: to the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.segments: Segments | None = None
        self._modes: Sequence[Mode] = ()
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
        self.pages = label("", "muted")
        self.before = _turn(tr("Previous page"))
        self.after = _turn(tr("Next page"))
        self.before.clicked.connect(lambda: self.turned.emit(-1))
        self.after.clicked.connect(lambda: self.turned.emit(1))
        self._row.addWidget(self.swap)
        for page in (self.before, self.pages, self.after):
            self._row.addWidget(page)
            page.hide()
        self._row.addStretch(1)
        for part in (self.told, self.option_title, self.option, self.option_words):
            self._row.addWidget(part)

    def set_segments(self, segments: Segments, modes: Sequence[Mode]) -> None:
        if self.segments is not None:
            self._row.removeWidget(self.segments)
            self.segments.hide()
            self.segments.deleteLater()
        self.segments, self._modes = segments, modes
        self._row.insertWidget(0, segments)
        self.color()
        self.share_room()

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

    def show_pages(self, words: str, *, before: bool, after: bool) -> None:
        """Which of many items are seen; nothing for ""."""
        self.pages.setText(words)
        for part in (self.before, self.pages, self.after):
            part.setVisible(bool(words))
        self.before.setEnabled(before)
        self.after.setEnabled(after)
        self.share_room()

    def tell(self, words: str) -> None:
        self.told.setText(words)
        self.option.setToolTip(words)
        self.share_room()

    def share_room(self) -> None:
        gap, margins = self._row.spacing(), self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        if not self.swap.isHidden():
            room -= self.swap.sizeHint().width() + gap
        if not self.pages.isHidden():
            room -= sum(part.sizeHint().width() + gap for part in (self.before, self.pages, self.after))
        if self._has_option:
            room -= self.option.minimumWidth() + gap
        if self.segments is not None:
            self.segments.show_words(self.segments.width_with(words=True) <= room)
            room -= self.segments.sizeHint().width() + gap
        self.option.setVisible(self._has_option)
        for part, wanted in (
            (self.option_words, self._has_option),
            (self.option_title, self._has_option),
            (self.told, bool(self.told.text())),
        ):
            room -= part.sizeHint().width() + gap if wanted else 0
            part.setVisible(wanted and room >= 0)

    def minimumSizeHint(self) -> QSize:
        ways = self.segments.width_with(words=False) if self.segments is not None else 0
        least = ways + self.swap.sizeHint().width() + self.option.minimumWidth() + 6 * UNIT
        return QSize(least, super().minimumSizeHint().height())

    def color(self) -> None:
        muted = self.palette().placeholderText().color()
        self.before.setIcon(icon("chevron-left", muted))
        self.after.setIcon(icon("chevron-right", muted))
        if self.segments is not None:
            self.segments.set_icons([icon(_ICONS[mode], muted) for mode in self._modes])


def _turn(name: str) -> QToolButton:
    made = QToolButton()
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setIconSize(QSize(16, 16))
    return made
