"""Asks for a name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.theme import UNIT
from studio.words import tr


class NameDialog(Dialog):
    """Calls `done` with a name that is neither empty nor `text`; anything else changes nothing."""

    def __init__(
        self, parent: QWidget, title: str, verb: str, text: str, done: Callable[[str], object]
    ) -> None:
        super().__init__(parent, title, width=48 * UNIT)
        self._done, self._text = done, text
        self.field = QLineEdit(text)
        self.field.setAccessibleName(tr("Name"))
        self.field.selectAll()
        self.body.addWidget(self.field)
        self.add_button(tr("Cancel"), self.reject)
        self.ok = self.add_button(verb, self.accept, role="primary")
        self.field.textChanged.connect(self._judge)
        self._judge()

    def _judge(self) -> None:
        self.ok.setEnabled(bool(self.field.text().strip()))

    def accept(self) -> None:
        super().accept()
        said = self.field.text().strip()
        if said != self._text:
            self._done(said)
