"""A form made from a params schema."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from studio.ui.controls import button, label, restyle
from studio.ui.editors import Editor, make_editor
from studio.ui.form_model import FormField, FormModel
from studio.ui.theme import UNIT


class ModelChoices(Protocol):
    """What a model field offers: (value, words) pairs for the file formats that fit."""

    def __call__(self, formats: Sequence[str]) -> list[tuple[str, str]]: ...


class FieldRow(QWidget):
    """One field: its title, a way back to the default, its editor, and what is wrong with it."""

    edited = Signal(str, object)

    def __init__(self, field: FormField, editor: Editor) -> None:
        super().__init__()
        self.field = field
        self.editor = editor
        self.title = label(field.title)
        self.title.setToolTip(field.help)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.title.setBuddy(editor.focus)
        editor.focus.setToolTip(field.help)
        editor.focus.setAccessibleName(field.title)
        editor.focus.setAccessibleDescription(field.help)
        self.back = QToolButton()
        self.back.setText("↺")
        self.back.setToolTip("Back to the default")
        self.back.setAccessibleName(f"Reset {field.title}")
        self.back.setFixedSize(24, 24)
        keep = self.back.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.back.setSizePolicy(keep)
        self.error = label("", "error", wrap=True)
        self.error.hide()

        head = QHBoxLayout()
        head.setSpacing(UNIT // 2)
        head.addWidget(self.title, 1)
        head.addWidget(self.back)
        if editor.beside is not None:
            head.addWidget(editor.beside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        if editor.below is not None:
            column.addWidget(editor.below)
        column.addWidget(self.error)
        editor.changed = lambda value: self.edited.emit(field.name, value)

    def refresh(self, value: object, is_default: bool, error: str, *, write: bool) -> None:
        if write:
            self.editor.show(value)
        self.back.setVisible(not is_default)
        self.error.setText(f"{self.field.title} {error}" if error else "")
        self.error.setVisible(bool(error))
        restyle(self.editor.focus, "wrong", bool(error))


class ParamsForm(QWidget):
    """All fields of a `FormModel`, in groups; the advanced ones behind one button."""

    changed = Signal()
    model_wanted = Signal(str, bool)
    """The user wants to choose a model file for this field (True: a folder)."""

    def __init__(self, model: FormModel, models: ModelChoices) -> None:
        super().__init__()
        self.model = model
        self.rows: dict[str, FieldRow] = {}
        self._groups: list[tuple[QLabel | None, list[FieldRow]]] = []
        self._models = models
        self._shows_advanced = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT + UNIT // 2)
        for group, fields in model.groups():
            self._add_group(column, group, [field for field in fields if not field.advanced])
        self._more = button("", "disclosure")
        self._more.clicked.connect(lambda: self.show_advanced(not self._shows_advanced))
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        advanced = [field for _, fields in model.groups() for field in fields if field.advanced]
        self._add_group(column, "", advanced)
        self.refresh()

    def refresh(self, *, write: bool = True, except_field: str = "") -> None:
        """Shows the model as it is; `write` puts the values into the editors too, but for one of them."""
        for name, row in self.rows.items():
            row.refresh(
                self.model.value(name),
                self.model.is_default(name),
                self.model.errors.get(name, ""),
                write=write and name != except_field,
            )
        self._show_and_hide()

    def show_advanced(self, on: bool) -> None:
        self._shows_advanced = on
        self._show_and_hide()

    def refresh_models(self) -> None:
        """The list of known models changed."""
        for row in self.rows.values():
            if row.field.editor == "model":
                row.editor.set_choices(self._models(row.field.formats))
                row.editor.show(self.model.value(row.field.name))

    def _add_group(self, column: QVBoxLayout, group: str, fields: Sequence[FormField]) -> None:
        if not fields:
            return
        title = label(group, "group") if group else None
        if title is not None:
            title.setContentsMargins(0, UNIT // 2, 0, 0)
            column.addWidget(title)
        rows = []
        for field in fields:
            row = FieldRow(field, make_editor(field, self._models, self._ask_for_model(field.name)))
            row.edited.connect(self._on_edited)
            row.back.clicked.connect(lambda _=False, name=field.name: self._on_reset(name))
            column.addWidget(row)
            rows.append(row)
            self.rows[field.name] = row
        self._groups.append((title, rows))

    def _ask_for_model(self, name: str) -> Callable[[bool], None]:
        return lambda folder: self.model_wanted.emit(name, folder)

    def _on_edited(self, name: str, value: object) -> None:
        self.model.set(name, value)
        self.refresh(write=False)
        self.changed.emit()

    def _on_reset(self, name: str) -> None:
        self.model.reset(name)
        self.refresh()
        self.rows[name].editor.focus.setFocus()
        self.changed.emit()

    def _show_and_hide(self) -> None:
        shown = set(self.model.shown())
        has_advanced = any(row.field.advanced and name in shown for name, row in self.rows.items())
        self._more.setVisible(has_advanced)
        self._more.setText("▾  Fewer settings" if self._shows_advanced else "▸  More settings")
        for title, rows in self._groups:
            visible = False
            for row in rows:
                on = row.field.name in shown and (self._shows_advanced or not row.field.advanced)
                on = on or row.field.name in self.model.errors
                row.setVisible(on)
                visible = visible or on
            if title is not None:
                title.setVisible(visible)
