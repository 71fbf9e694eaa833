"""Tags of what is selected: a chip for each, and a field for more, in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QPushButton, QVBoxLayout, QWidget

from studio.core.item import Item
from studio.ui.kit.controls import button, label
from studio.ui.kit.flow_layout import FlowLayout
from studio.ui.kit.theme import UNIT
from studio.words import tr

_WIDEST = 22 * UNIT
"""Of a chip; a longer tag is elided, and whole in the tool tip."""


_EDGE = 6
"""As the rows of facts keep to their sides, below which it stands."""


class TagEditor(QWidget):
    """A click on a chip takes the tag off. One that only some of the items have is given to all at first."""

    added = Signal(object)
    """A list of tags."""
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.known: Callable[[], Sequence[str]] = tuple
        """The tags that the field offers; it is asked when the field gets the focus."""
        self.chips: dict[str, QPushButton] = {}
        self.field = _Field()
        self.field.entered.connect(self._add)
        self.field.focused.connect(lambda: self.field.words.setStringList([*self.known()]))
        home = QWidget()
        self._flow = FlowLayout(home, UNIT // 2)
        self._flow.addWidget(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, 0, _EDGE, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(label(tr("Tags"), "group"))
        column.addWidget(home)

    def show_items(self, items: Sequence[Item], *, writable: bool) -> None:
        """The tags of these items; of many, the first."""
        on = Counter(tag for item in items for tag in item.tags)
        wanted = {tag: on[tag] == len(items) for tag in sorted(on, key=str.casefold)}
        focused = next((tag for tag, chip in self.chips.items() if chip.hasFocus()), "")
        for chip in self.chips.values():
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = {tag: self._chip(tag, whole=whole) for tag, whole in wanted.items()}
        for number, chip in enumerate(self.chips.values()):
            chip.setEnabled(writable)
            self._flow.insert(number, chip)
            chip.show()
            if number:
                QWidget.setTabOrder([*self.chips.values()][number - 1], chip)
        if self.chips:
            QWidget.setTabOrder([*self.chips.values()][-1], self.field)
        self.field.setEnabled(writable)
        if focused:
            self.chips.get(focused, self.field).setFocus()

    def edit(self) -> None:
        """The next key goes into the field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _chip(self, tag: str, *, whole: bool) -> QPushButton:
        made = button("", "chip")
        shown = made.fontMetrics().elidedText(tag, Qt.TextElideMode.ElideMiddle, _WIDEST)
        made.setText(f"{shown}  ×" if whole else f"{shown}  +")
        if whole:
            made.setToolTip(tr("Take the tag “{tag}” off", tag=tag))
            made.clicked.connect(partial(self._remove, tag))
        else:
            made.setToolTip(tr("Only some have the tag “{tag}”. Give it to all.", tag=tag))
            made.clicked.connect(partial(self._give, tag))
        made.setAccessibleName(made.toolTip())
        return made

    def _remove(self, tag: str, _checked: bool = False) -> None:
        QTimer.singleShot(0, self, lambda: self.removed.emit(tag))  # the chip goes, and is still at work

    def _give(self, tag: str, _checked: bool = False) -> None:
        QTimer.singleShot(0, self, lambda: self.added.emit([tag]))

    def _add(self, text: str) -> None:
        """Words parted by commas. One that is a tag already, but for large and small letters, is that tag."""
        there = {tag.casefold(): tag for tag in (*self.known(), *self.chips)}
        typed = [part.strip() for part in text.split(",")]
        tags = [*dict.fromkeys(there.get(tag.casefold(), tag) for tag in typed if tag)]
        if tags:
            self.added.emit(tags)


class _Field(QLineEdit):
    entered = Signal(str)
    focused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(tr("Add a tag"))
        self.setAccessibleName(tr("Add a tag"))
        self.setMinimumWidth(12 * UNIT)
        self.words = QStringListModel(self)
        completer = QCompleter(self.words, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.popup().setProperty("role", "card")
        self.setCompleter(completer)
        completer.activated.connect(lambda _: QTimer.singleShot(0, self, self.enter))
        self.returnPressed.connect(self.enter)

    def enter(self) -> None:
        """What stands in the field becomes a tag; nothing happens where it is empty."""
        text = self.text()
        self.setText("")  # with no step of its own to undo: Ctrl+Z takes the tag back
        if text.strip():
            self.entered.emit(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.focused.emit()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "," and self.text().strip():
            self.enter()
        else:
            super().keyPressEvent(event)
