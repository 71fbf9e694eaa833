"""Cards of pictures in equal columns over the whole width, with arrow keys between them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QStyle, QWidget

from studio.ui.kit.picture_card import PictureCard
from studio.ui.kit.theme import UNIT, Theme

_GAP = 2 * UNIT


class CardGrid(QWidget):
    """As many columns as fit; all cards are as high as the highest one needs."""

    stepped = Signal(object)
    """(PictureCard): the keys have gone to it."""

    def __init__(self, theme: Theme, least: int, most: int, shape: float, rows: int = 0) -> None:
        """`least`: pixels of a column. `most`: columns. `shape`: height of a picture by its width. `rows`:
        shows no more of them, whatever there is; 0 shows all."""
        super().__init__()
        self._theme, self._least, self._most, self._shape, self._rows = theme, least, most, shape, rows
        self._columns = 1
        self._soon = QTimer(self, singleShot=True, interval=0)
        """Cards are not moved while the window is still being laid out."""
        self._soon.timeout.connect(self._arrange)
        self.cards: list[PictureCard] = []

    def set_cards(self, cards: Sequence[PictureCard]) -> None:
        """The focus stays where it was in the row."""
        focused = next((place for place, card in enumerate(self.cards) if card.hasFocus()), None)
        for old in self.cards:
            old.hide()
            old.deleteLater()
        self.cards = [*cards]
        for card in cards:
            card.setParent(self)
            card.step_wanted.connect(self._step)
        self._arrange()
        if focused is not None and self.cards:
            self.cards[min(focused, len(self.cards) - 1)].setFocus()

    def show_rows(self, rows: int) -> None:
        """Shows no more of them; 0 shows all."""
        if rows != self._rows:
            self._rows = rows
            self._arrange()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for card in self.cards:
            card.set_theme(theme)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        width = self.width()
        least, steady = self._theme.px(self._least), width - self._kept_for_bar()
        columns = self._columns = max(1, min(self._most, (steady + _GAP) // (least + _GAP)))
        across, narrow = ((room - (columns - 1) * _GAP) // columns for room in (width, steady))
        for card in self.cards:
            card.set_picture_height(round(narrow * self._shape))
        down = max((card.height_for(narrow) for card in self.cards), default=0)
        rows = -(-len(self.cards) // columns)
        rows = min(rows, self._rows or rows)
        for place, card in enumerate(self.cards):
            row, column = divmod(place, columns)
            where = QRect(column * (across + _GAP), row * (down + _GAP), across, down)
            card.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), where))
            card.setVisible(row < rows)
        self.setFixedHeight(max(0, rows * (down + _GAP) - _GAP))

    def _kept_for_bar(self) -> int:
        """Pixels of a scroll bar that is not there. Heights count as if it were: else cards that are higher
        where they are wider would bring the bar and take it away for ever."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is None or above.verticalScrollBar().isVisibleTo(above):
            return 0
        return above.verticalScrollBar().sizeHint().width()

    def _step(self, columns: int, rows: int) -> None:
        here = next((place for place, card in enumerate(self.cards) if card.hasFocus()), 0)
        there = here + columns + rows * self._columns
        if 0 <= there < len(self.cards) and not self.cards[there].isHidden():
            self.cards[there].setFocus(Qt.FocusReason.TabFocusReason)
            self.stepped.emit(self.cards[there])
