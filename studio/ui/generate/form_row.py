"""One field of a form: its title, a way back to the default, its editor, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.ui.kit.controls import ElidedLabel, label, restyle
from studio.ui.kit.editor import Editor
from studio.ui.kit.form_model import FormField
from studio.ui.kit.form_parts import IconButton, YieldingRow
from studio.ui.kit.theme import UNIT
from studio.words import tr

CALM_MS = 500
"""So long one may type before being told that it is not right yet."""


class FieldRow(QWidget):
    edited = Signal(str, object)
    reset = Signal(str)

    def __init__(self, field: FormField, editor: Editor, *, tells: bool = False) -> None:
        """`tells`: the help stands below the editor, not in a tool tip alone."""
        super().__init__()
        self.field = field
        self.editor = editor
        self._wrong = ""
        self.title = label(field.title, wrap=True)
        self.title.setToolTip(field.help)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.title.setBuddy(editor.focus)
        editor.focus.setToolTip(field.help)
        editor.focus.setAccessibleName(field.title)
        editor.focus.setAccessibleDescription(field.help)
        self.back = IconButton("reset", tr("Reset {field} to its default", field=field.title))
        keep = self.back.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.back.setSizePolicy(keep)
        self.error = ElidedLabel("", "error")
        self.error.hide()
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        foot.addWidget(self.error, 1)
        if editor.foot is not None:
            foot.addStretch(0)
            foot.addWidget(editor.foot)

        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(UNIT // 2)
        line.addWidget(self.title, 1)
        for tool in (self.back, *editor.tools):
            line.addWidget(tool)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        beside = [editor.beside] if editor.beside is not None else []
        column.addWidget(YieldingRow(head, *beside, spacing=UNIT // 2))
        if editor.below is not None:
            column.addWidget(editor.below)
        if tells and field.help:
            column.addWidget(label(field.help, "small", wrap=True))
        column.addLayout(foot)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM_MS)
        self._calm.timeout.connect(self._tell)
        editor.changed = self._on_changed
        self.back.clicked.connect(self._on_back)

    def refresh(self, value: object, is_default: bool, error: str, *, write: bool) -> None:
        """Shows a value. What is wrong is told at once, but waits while the user is typing it."""
        if write:
            self.editor.show(value)
        self.back.setVisible(not is_default)
        self._wrong = error
        if not error or write or self.error.isVisibleTo(self):
            self._tell()
        else:
            self._calm.start()

    def tell_now(self) -> None:
        """The user wants to go on: what is wrong is told without delay."""
        self._tell()

    def take_focus(self) -> None:
        self.editor.focus.setFocus()

    def _tell(self) -> None:
        self._calm.stop()
        words = f"{self.field.title} {self._wrong}" if self._wrong else ""
        self.error.setText(words)
        self.error.setVisible(bool(words))
        self.editor.focus.setAccessibleDescription(words or self.field.help)
        restyle(self.editor.focus, "wrong", bool(words))

    def _on_changed(self, value: object) -> None:
        self.edited.emit(self.field.name, value)

    def _on_back(self) -> None:
        self.reset.emit(self.field.name)
