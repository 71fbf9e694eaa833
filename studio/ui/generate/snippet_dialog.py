"""The snippets: their names at the left, the text of one at the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QPlainTextEdit, QVBoxLayout, QWidget

from studio.errors import StudioError
from studio.ui.generate.prompt_store import SNIPPET_NAME, Snippets
from studio.ui.kit.controls import button, label
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.theme import UNIT
from studio.words import tr


class SnippetDialog(Dialog):
    """Changes are kept with "Save". A `text` begins as a new snippet, and only its name is missing."""

    def __init__(
        self,
        parent: QWidget | None,
        snippets: Snippets,
        text: str,
        report: Callable[[BaseException], object],
    ) -> None:
        super().__init__(parent, tr("Snippets"), width=72 * UNIT)
        self._snippets, self._report = snippets, report
        self._names: list[str] = []
        self._texts: list[str] = []
        self.body.addWidget(
            label(
                tr("Type a slash and the name in a prompt, then Tab: the text takes its place."),
                "muted",
                wrap=True,
            )
        )
        self.list = QListWidget()
        self.list.setProperty("role", "card")
        self.list.setAccessibleName(tr("Snippets"))
        self.list.setFixedWidth(22 * UNIT)
        self.list.setMinimumHeight(28 * UNIT)
        self.list.currentRowChanged.connect(self._on_row)
        self.name = QLineEdit()
        self.name.setMaxLength(40)
        self.name.textEdited.connect(self._on_name)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._on_text)
        self.wrong = label("", "error", wrap=True)
        right = QVBoxLayout()
        right.setSpacing(UNIT // 2)
        for words, editor in ((tr("Name"), self.name), (tr("Text"), self.text)):
            editor.setAccessibleName(words)
            title = label(words)
            title.setBuddy(editor)
            right.addWidget(title)
            right.addWidget(editor)
        right.addWidget(self.wrong)
        both = QHBoxLayout()
        both.setSpacing(2 * UNIT)
        both.addWidget(self.list)
        both.addLayout(right, 1)
        self.body.addLayout(both)
        self.new = button(tr("New"))
        self.remove = button(tr("Remove"))
        for number, (one, act) in enumerate(((self.new, self._on_new), (self.remove, self._on_remove))):
            one.setAutoDefault(False)
            one.clicked.connect(act)
            self.buttons.insertWidget(number, one)
        self.add_button(tr("Cancel"), self.reject)
        self.go = self.add_button(tr("Save"), self._accept, role="primary")
        for known, its_text in snippets.all().items():
            self._append(known, its_text)
        if text:
            self._append("", text)
        self.list.setCurrentRow(self.list.count() - 1 if text else 0)
        self._check()
        if snippets.notice:
            self.wrong.setText(snippets.notice)
        if text:
            self.name.setFocus()

    def problem(self) -> str:
        """Why these cannot be kept, in words; "" if they can."""
        for name, text in zip(self._names, self._texts, strict=True):
            if not SNIPPET_NAME.fullmatch(name):
                return tr("A name is made of letters, digits, - and _, without a space.")
            if not text.strip():
                return tr("“{name}” has no text yet.", name=name)
            if self._names.count(name) > 1:
                return tr("“{name}” is there twice.", name=name)
        return ""

    def _append(self, name: str, text: str) -> None:
        self._names.append(name)
        self._texts.append(text)
        self.list.addItem(name or tr("New snippet"))

    def _on_new(self) -> None:
        self._append("", "")
        self.list.setCurrentRow(self.list.count() - 1)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()

    def _on_remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            del self._names[row], self._texts[row]
            self.list.takeItem(row)
            self._on_row(self.list.currentRow())
            self._check()

    def _on_row(self, row: int) -> None:
        there = 0 <= row < len(self._names)
        for part in (self.name, self.text, self.remove):
            part.setEnabled(there)
        self.name.setText(self._names[row] if there else "")
        self.text.blockSignals(True)
        self.text.setPlainText(self._texts[row] if there else "")
        self.text.blockSignals(False)

    def _on_name(self, name: str) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self._names[row] = name.strip().removeprefix("/")
            self.list.item(row).setText(self._names[row] or tr("New snippet"))
            self._check()

    def _on_text(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self._texts[row] = self.text.toPlainText()
            self._check()

    def _check(self) -> None:
        problem = self.problem()
        self.wrong.setText(problem)
        self.go.setEnabled(not problem)

    def _accept(self) -> None:
        try:
            self._snippets.save(dict(zip(self._names, self._texts, strict=True)))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._report(StudioError(tr("The snippets could not be saved: {reason}.", reason=reason)))
            return
        self.accept()
