"""The small dialog in which items get tags and lose them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from studio.core.item import Item
from studio.ui.kit.controls import button
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.theme import UNIT
from studio.words import tr, trn

Apply = Callable[[list[str], list[str]], object]


class TagsDialog(Dialog):
    """A tag that only some of the items have is half checked, and stays as it is unless it is clicked."""

    def __init__(
        self, parent: QWidget, items: Sequence[Item], count: int, known: Sequence[str], apply: Apply
    ) -> None:
        """`items`: what is known of the `count` chosen ones. `apply(added, removed)` is called at the end."""
        name = items[0].name if count == 1 and items else ""
        heading = name or trn("{count} item", "{count} items", count)
        super().__init__(parent, tr("Tags"), heading=heading, width=44 * UNIT)
        self._apply = apply
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("New tag, or one of the project’s"))
        self.field.setAccessibleName(tr("New tag"))
        completer = QCompleter([*known], self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.popup().setProperty("role", "card")
        self.field.setCompleter(completer)
        add = button(tr("Add"))
        add.setAutoDefault(False)
        add.clicked.connect(self.add)
        self.list = QListWidget()
        self.list.setProperty("role", "card")
        self.list.setSpacing(2)
        self.list.setAccessibleName(tr("Tags of what is selected"))
        self._before: dict[str, Qt.CheckState] = {}
        on = Counter(tag for item in items for tag in item.tags)
        for tag in sorted(on, key=str.casefold):
            whole = on[tag] == len(items)
            state = Qt.CheckState.Checked if whole else Qt.CheckState.PartiallyChecked
            self._before[tag] = state
            self._row(tag, state)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self.field, 1)
        row.addWidget(add)
        self.body.addLayout(row)
        self.body.addWidget(self.list, 1)
        self.add_button(tr("Cancel"), self.reject)
        self.add_button(tr("Save"), self.accept, role="primary")
        self.resize(44 * UNIT, 44 * UNIT)
        self.field.setFocus()

    def add(self) -> None:
        """Takes the field's words, parted by commas, as tags."""
        for tag in [part.strip() for part in self.field.text().split(",")]:
            found = [row for row in self._rows() if row.text().casefold() == tag.casefold()]
            if found:
                found[0].setCheckState(Qt.CheckState.Checked)
            elif tag:
                self._row(tag, Qt.CheckState.Checked)
        self.field.clear()

    def accept(self) -> None:
        if self.field.text().strip():
            self.add()  # Enter in the field adds; only then it means "done"
            return
        added: list[str] = []
        removed: list[str] = []
        for row in self._rows():
            state, before = row.checkState(), self._before.get(row.text(), Qt.CheckState.Unchecked)
            if state != before:
                (added if state == Qt.CheckState.Checked else removed).append(row.text())
        super().accept()
        self._apply(added, [tag for tag in removed if tag in self._before])

    def _rows(self) -> list[QListWidgetItem]:
        return [self.list.item(number) for number in range(self.list.count())]

    def _row(self, tag: str, state: Qt.CheckState) -> None:
        row = QListWidgetItem(tag, self.list)
        row.setFlags(row.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        row.setCheckState(state)
