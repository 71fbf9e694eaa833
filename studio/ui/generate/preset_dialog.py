"""Asks for the name of a preset, and for a note on what it is good for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from studio.ui.kit.controls import label
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.theme import UNIT
from studio.words import tr

MAX_NAME = 60


class PresetDialog(Dialog):
    """Calls `chosen(name, note)`. Without `note` (None) it asks for the name alone."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        name: str,
        chosen: Callable[[str, str], object],
        *,
        note: str | None = None,
        is_taken: Callable[[str], bool] = lambda name: False,
    ) -> None:
        super().__init__(parent, title, width=48 * UNIT)
        self._chosen, self._is_taken = chosen, is_taken
        self.name = QLineEdit(name)
        self.name.setMaxLength(MAX_NAME)
        self.name.selectAll()
        self.note = QPlainTextEdit(note or "")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(9 * UNIT)
        for words, editor, shown in (
            (tr("Name"), self.name, True),
            (tr("Note"), self.note, note is not None),
        ):
            title_label = label(words)
            title_label.setBuddy(editor)
            editor.setAccessibleName(words)
            for part in (title_label, editor):
                part.setVisible(shown)
                self.body.addWidget(part)
        self.note.setPlaceholderText(tr("What is it good for? (optional)"))
        self.hint = label("", "muted", wrap=True)
        self.body.addWidget(self.hint)
        self.add_button(tr("Cancel"), self.reject)
        self.go = self.add_button(tr("Save"), self._accept, role="primary")
        self.name.textChanged.connect(self._check)
        self._check()
        self.name.setFocus()

    def _check(self) -> None:
        name = self.name.text().strip()
        taken = bool(name) and self._is_taken(name)
        self.hint.setText(tr("There is a preset of this name. It will be replaced.") if taken else "")
        self.go.setText(tr("Replace") if taken else tr("Save"))
        self.go.setEnabled(bool(name))

    def _accept(self) -> None:
        self.accept()
        self._chosen(self.name.text().strip(), self.note.toPlainText().strip())
