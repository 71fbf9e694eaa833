"""The rows of buttons over and under the set-up: presets, adding, files; quality with its cost, Generate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from studio.ui.controls import ComboBox, ElidedLabel, button
from studio.ui.form_parts import IconButton
from studio.ui.icons import icon
from studio.ui.menu_entries import entry
from studio.ui.menu_keys import KeyMenu
from studio.ui.narrow_bar import NarrowBar
from studio.ui.theme import UNIT
from studio.words import tr

Act = Callable[[], object]


class StudyBar(NarrowBar):
    """Where there is little room, "Presets" and "Add" are icons."""

    def __init__(self) -> None:
        super().__init__()
        self.presets, self.presets_menu = self._menu_button(tr("Presets"))
        self.presets.setToolTip(tr("Studies to begin with, and to learn from"))
        self.add, self.add_menu = self._menu_button(tr("Add"))
        self.add.setToolTip(tr("Supports, loads, and places to keep in or out"))
        self.undo = IconButton("undo", tr("Undo"))
        self.redo = IconButton("redo", tr("Redo"))
        self.fit = IconButton("fit", tr("Show all"))
        self.more = IconButton("more", tr("Files and more"))
        self.more_menu = KeyMenu(self.more)
        self.more.setMenu(self.more_menu)
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)
        for widget in (self.presets, self.add, self.undo, self.redo):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self.fit)
        self._row.addWidget(self.more)
        self._words = {self.presets: tr("Presets"), self.add: tr("Add")}
        self._icons = {self.presets: "part", self.add: "add"}
        self._say(words=True)

    def _menu_button(self, words: str) -> tuple[QPushButton, QMenu]:
        made = button(words, "compact")
        made.setAccessibleName(words)
        made.setIconSize(QSize(16, 16))
        menu = KeyMenu(made)
        menu.setToolTipsVisible(True)
        made.setMenu(menu)
        return made, menu

    def share_room(self) -> None:
        wide = sum(self.fontMetrics().horizontalAdvance(words) + 6 * UNIT for words in self._words.values())
        self._say(words=self.width() >= wide + 4 * 36 + 6 * UNIT)

    def color(self) -> None:
        self._say(words=bool(self.presets.text()))

    def _say(self, *, words: bool) -> None:
        color = self.palette().text().color()
        for one, text in self._words.items():
            one.setText(text if words else "")
            one.setIcon(icon(self._icons[one], color))


class StudyFoot(QWidget):
    """How fine, with what each costs, and the way to begin."""

    quality_chosen = Signal(str)
    generate_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.quality = ComboBox()
        self.quality.setAccessibleName(tr("Quality"))
        self.quality.setToolTip(tr("How fine it is computed, and about what that costs"))
        self.reason = ElidedLabel("", "small")
        self.generate = button(tr("Generate"), "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT)
        row.setSpacing(UNIT)
        row.addWidget(self.quality, 3)
        row.addWidget(self.reason, 2)
        row.addWidget(self.generate)
        self.quality.activated.connect(lambda row: self.quality_chosen.emit(self.quality.itemData(row)))
        self.generate.clicked.connect(self.generate_wanted)

    def show_qualities(self, qualities: Sequence[tuple[str, str]], chosen: str) -> None:
        """(value, words) of each."""
        if [*qualities] != [
            (self.quality.itemData(row), self.quality.itemText(row)) for row in range(self.quality.count())
        ]:
            self.quality.clear()
            for value, words in qualities:
                self.quality.addItem(words, value)
        self.quality.setCurrentIndex(self.quality.findData(chosen))

    def set_ready(self, reason: str) -> None:
        """Enables the button, or says why nothing can be generated."""
        self.reason.setText(reason)
        self.generate.setEnabled(not reason)
        self.generate.setToolTip(reason)


def fill_add(menu: QMenu, add: Callable[[str], object], add_file: Callable[[str], object]) -> None:
    entry(menu, tr("&Support"), lambda: add("support"))
    entry(menu, tr("&Load"), lambda: add("load"))
    entry(menu, tr("Load &case"), lambda: add("case"))
    menu.addSeparator()
    entry(menu, tr("Keep &in"), lambda: add("keep-in"))
    entry(menu, tr("Keep &out"), lambda: add("keep-out"))
    menu.addSeparator()
    entry(menu, tr("&Design space from a file…"), lambda: add_file("space"))
    entry(menu, tr("Keep in a shape from a &file…"), lambda: add_file("keep-in"))
    entry(menu, tr("Keep out a shape &from a file…"), lambda: add_file("keep-out"))
