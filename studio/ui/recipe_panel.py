"""How the selected item came to be, and what to do with that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.item import Item, Kind
from studio.core.recipe import Recipe
from studio.ui.controls import ElidedLabel, EmptyState, button, label
from studio.ui.icons import icon
from studio.ui.recipe_model import Line
from studio.ui.theme import UNIT, Theme
from studio.ui.thumbnails import ThumbnailReady

_THUMB = 7 * UNIT


@dataclass(frozen=True)
class Shown:
    """All that the panel says about one item."""

    item: Item
    recipe: Recipe | None
    lines: Sequence[Line]
    parents: Sequence[Item]
    """Nearest first."""
    children: Sequence[Item]
    can_make: bool
    """Whether a job can be started from it now."""


class RecipePanel(QWidget):
    make_again = Signal(object)
    use_settings = Signal(object)
    open_on_canvas = Signal(object)
    item_chosen = Signal(object)
    """Another item of the lineage."""

    def __init__(self, thumbnail: Callable[[Item], QPixmap | None], theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._thumbnail = thumbnail
        self._theme = theme
        self.shown: Shown | None = None

        self.name = ElidedLabel("", "strong", Qt.TextElideMode.ElideMiddle)
        self.chain = QWidget()
        self._chain = QHBoxLayout(self.chain)
        self._chain.setContentsMargins(0, 0, 0, 0)
        self._chain.setSpacing(UNIT // 2)
        self._chain_buttons: list[tuple[QToolButton, Item]] = []
        self._facts_place = QWidget()
        self.facts = QFormLayout(self._facts_place)
        self.facts.setContentsMargins(0, 0, 0, 0)
        self.facts.setHorizontalSpacing(2 * UNIT)
        self.facts.setVerticalSpacing(UNIT // 2 + 2)
        self.facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner_column = QVBoxLayout(inner)
        inner_column.setContentsMargins(UNIT + 4, 0, UNIT + 4, UNIT)
        inner_column.setSpacing(UNIT)
        inner_column.addWidget(self.name)
        inner_column.addWidget(self.chain)
        inner_column.addWidget(self._facts_place)
        inner_column.addStretch(1)
        scroll.setWidget(inner)

        self.again = button("Make again", "compact")
        self.reuse = button("Use settings", "compact")
        self.canvas = button("To canvas", "compact")
        self.again.clicked.connect(lambda: self._emit(self.make_again))
        self.reuse.clicked.connect(lambda: self._emit(self.use_settings))
        self.canvas.clicked.connect(lambda: self._emit(self.open_on_canvas))
        buttons = QHBoxLayout()
        buttons.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT + 4)
        buttons.setSpacing(UNIT)
        for part in (self.again, self.reuse, self.canvas):
            part.setMinimumWidth(0)
            buttons.addWidget(part, 1)

        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, UNIT // 2, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addLayout(buttons)
        self.empty = EmptyState("Nothing selected", "Select one item to see how it was made.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self._page = page

    def show_none(self, selected: int) -> None:
        """No item, or several."""
        self.shown = None
        if selected > 1:
            self.empty.say(
                f"{selected:,} items selected", "Export them, rate them, or move them to the trash."
            )
        else:
            self.empty.say("Nothing selected", "Select one item to see how it was made.")
        self._stack.setCurrentWidget(self.empty)

    def show_item(self, shown: Shown) -> None:
        self.shown = shown
        self.name.setText(shown.item.name)
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for line in shown.lines:
            value = label(line.value, wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.facts.addRow(label(line.name, "muted"), value)
        self._show_chain()
        self.again.setVisible(shown.recipe is not None)
        self.reuse.setVisible(shown.recipe is not None)
        self.again.setEnabled(shown.can_make)
        self.again.setToolTip("The same recipe with the same seed gives the same bytes.")
        self.reuse.setToolTip("Fills the form with this item's settings, seed and mask.")
        self.canvas.setToolTip("Puts the picture on the canvas, to change more of it.")
        self.canvas.setVisible(shown.item.kind is Kind.IMAGE)
        self._stack.setCurrentWidget(self._page)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self.shown is not None:
            self._show_chain()

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if isinstance(event, ThumbnailReady):
            for tool, item in self._chain_buttons:
                if item.digest == event.digest:
                    self._picture(tool, item)

    def _emit(self, signal: SignalInstance) -> None:
        if self.shown is not None:
            signal.emit(self.shown.item)

    def _show_chain(self) -> None:
        """Thumbnails from the oldest ancestor to this item, then what was made from it."""
        assert self.shown is not None
        while (entry := self._chain.takeAt(0)) is not None:
            if (old := entry.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._chain_buttons.clear()
        line = [*reversed(self.shown.parents[:2]), self.shown.item, *self.shown.children[-2:]]
        self.chain.setVisible(len(line) > 1)
        if len(line) == 1:
            return
        for number, item in enumerate(line):
            if number:
                arrow = QLabel()
                arrow.setPixmap(icon("chevron-right", self._theme.color("muted")).pixmap(QSize(16, 16)))
                self._chain.addWidget(arrow)
            tool = QToolButton()
            tool.setIconSize(QSize(_THUMB, _THUMB))
            tool.setToolTip(item.name)
            tool.setAccessibleName(item.name)
            tool.setCheckable(True)
            tool.setChecked(item.uid == self.shown.item.uid)
            tool.clicked.connect(lambda _=False, one=item: self.item_chosen.emit(one))
            self._picture(tool, item)
            self._chain.addWidget(tool)
            self._chain_buttons.append((tool, item))
        self._chain.addStretch(1)

    def _picture(self, tool: QToolButton, item: Item) -> None:
        pixmap = self._thumbnail(item)
        if pixmap is not None and not pixmap.isNull():
            tool.setIcon(pixmap)
        else:
            tool.setIcon(icon("photo", self._theme.color("muted")))
