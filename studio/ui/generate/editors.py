"""The editor for each sort of field: it shows a value, and calls `changed` with the user's."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from studio.ui.generate.prompt_edit import PromptHelp
from studio.ui.generate.prompt_editor import PromptEditor
from studio.ui.kit.controls import ComboBox, Slider, Switch
from studio.ui.kit.editor import Editor
from studio.ui.kit.form_model import FormField, ModelChoices
from studio.ui.kit.number_field import NumberField
from studio.ui.kit.theme import UNIT
from studio.words import tr

_SWATCH = 16
"""Pixels of a color in a button."""

FOLDERS = {"diffusers", "transformers", "onnx-text"}
"""Formats of models that are folders; the others are files."""


class SwitchEditor(Editor):
    def __init__(self) -> None:
        self._switch = Switch()
        super().__init__(self._switch, beside=self._switch)
        self._switch.clicked.connect(lambda on: self.changed(on))

    def show(self, value: Any) -> None:
        self._switch.setChecked(bool(value))


class NumberEditor(Editor):
    """A number, with a slider under it where the field asks for one."""

    def __init__(self, field: FormField) -> None:
        self._box = NumberField(
            field.minimum, field.maximum, field.step, field.unit, whole=field.editor == "integer"
        )
        self._box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for named in field.choices:
            if named.value == field.minimum:
                self._box.setSpecialValueText(named.label)
        self._slider = None
        if field.slider and field.minimum is not None and field.maximum is not None:
            self._slider = Slider(field.minimum, field.maximum, field.step)
            self._slider.setAccessibleName(field.title)
            self._slider.moved.connect(self._on_slider)
        super().__init__(self._box, beside=self._box, below=self._slider)
        self._box.valueChanged.connect(self._on_box)

    def show(self, value: Any) -> None:
        if isinstance(value, int | float):
            self._box.show_value(value)
            if self._slider is not None:
                self._slider.show_value(value)

    def _on_box(self) -> None:
        if self._slider is not None:
            self._slider.show_value(self._box.value())
        self.changed(self._box.number())

    def _on_slider(self, value: float) -> None:
        self._box.show_value(value)
        self.changed(self._box.number())


class ChoiceEditor(Editor):
    def __init__(self, field: FormField) -> None:
        self._combo = ComboBox()
        self._values = [choice.value for choice in field.choices]
        for choice in field.choices:
            self._combo.addItem(choice.label)
        super().__init__(self._combo, below=self._combo)
        self._combo.activated.connect(lambda row: self.changed(self._values[row]))

    def show(self, value: Any) -> None:
        same = [row for row, own in enumerate(self._values) if type(own) is type(value) and own == value]
        self._combo.setCurrentIndex(same[0] if same else -1)


class LineEditor(Editor):
    def __init__(self, field: FormField) -> None:
        self._line = QLineEdit()
        self._line.setMaxLength(field.max_length or 32767)
        super().__init__(self._line, below=self._line)
        self._line.textEdited.connect(lambda text: self.changed(text))

    def show(self, value: Any) -> None:
        if self._line.text() != value:
            self._line.setText(str(value))


class ModelEditor(Editor):
    """The models that the studio knows and that fit, and the ways to others. Where a field needs one in any
    case, the first choice is to leave it to the studio."""

    def __init__(self, field: FormField, choose: Callable[[str], None]) -> None:
        self._combo = ComboBox()
        self._choose = choose
        self._needs_model = field.models.is_needed
        self._takes_folders = bool(FOLDERS & set(field.models.formats))
        self._takes_files = bool(set(field.models.formats) - FOLDERS)
        self._values: list[str] = []
        self._value: Any = ""
        super().__init__(self._combo, below=self._combo)
        self._combo.activated.connect(self._on_activated)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        self._combo.clear()
        self._values = [value for value, _ in choices]
        if self._needs_model and choices:
            self._values.insert(0, "")
            self._combo.addItem(tr("Automatic: {name}", name=choices[0][1]))
        for _, words in choices:
            self._combo.addItem(words)
        if choices:
            self._combo.insertSeparator(len(self._values))
        if self._takes_files:
            self._combo.addItem(tr("Choose a file…"), "file")
        if self._takes_folders:
            self._combo.addItem(tr("Choose a folder…"), "folder")
        self._combo.addItem(tr("Get a model…"), "models")
        self._combo.setPlaceholderText(tr("No model yet") if self._needs_model else tr("No model chosen"))
        self.show(self._value)

    def show(self, value: Any) -> None:
        self._value = value
        if value and value not in self._values:
            self._values.insert(0, value)
            self._combo.insertItem(0, str(value))
        self._combo.setCurrentIndex(self._values.index(value) if value in self._values else -1)

    def _on_activated(self, row: int) -> None:
        if row < len(self._values):
            self._value = self._values[row]
            self.changed(self._value)
            return
        what = str(self._combo.itemData(row))
        self.show(self._value)
        self._choose(what)


class ColorEditor(Editor):
    """A swatch and the color's code; pressing it opens the system's chooser."""

    def __init__(self) -> None:
        self._button = QPushButton()
        self._button.setIconSize(QSize(_SWATCH, _SWATCH))
        super().__init__(self._button, beside=self._button)
        self._button.clicked.connect(self._pick)

    def show(self, value: Any) -> None:
        self._button.setText(str(value))
        self._button.setIcon(_swatch(QColor(str(value)), self._button))

    def _pick(self) -> None:
        from PySide6.QtWidgets import QColorDialog

        dialog = QColorDialog(QColor(self._button.text()), self._button)
        dialog.colorSelected.connect(lambda color: (self.show(color.name()), self.changed(color.name())))
        dialog.open()


def _swatch(color: QColor, on: QWidget) -> QIcon:
    scale = on.devicePixelRatioF()
    pixmap = QPixmap(round(_SWATCH * scale), round(_SWATCH * scale))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(on.palette().placeholderText().color())
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(0.5, 0.5, _SWATCH - 1, _SWATCH - 1), 4, 4)
    return QIcon(pixmap)


class JsonEditor(Editor):
    """A value of a sort that has no editor of its own (a list, an object), as JSON text."""

    def __init__(self) -> None:
        self._line = QLineEdit()
        super().__init__(self._line, below=self._line)
        self._line.textEdited.connect(self._on_edited)

    def show(self, value: Any) -> None:
        self._line.setText(json.dumps(value, ensure_ascii=False))

    def _on_edited(self, text: str) -> None:
        try:
            self.changed(json.loads(text))
        except ValueError:
            self.changed(text)


class OptionalEditor(Editor):
    """An editor that may also be left out."""

    def __init__(self, inner: Editor, field: FormField) -> None:
        self._inner = inner
        self._check = QCheckBox()
        self._check.setToolTip(tr("Set “{field}”", field=field.title))
        self._check.setAccessibleName(tr("Set “{field}”", field=field.title))
        self._last = {"integer": 0, "number": 0.0, "switch": False}.get(field.editor, "")
        if field.minimum is not None:
            self._last = max(field.minimum, 0) if field.editor == "number" else int(max(field.minimum, 0))
        beside = QWidget()
        beside.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._check)
        if inner.beside is not None:
            row.addWidget(inner.beside)
        super().__init__(inner.focus, beside=beside, below=inner.below, tools=inner.tools, foot=inner.foot)
        inner.changed = self._on_inner
        self._check.clicked.connect(self._on_check)

    def show(self, value: Any) -> None:
        self._check.setChecked(value is not None)
        for part in (self._inner.beside, self._inner.below):
            if part is not None:
                part.setEnabled(value is not None)
        if value is not None:
            self._last = value
            self._inner.show(value)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        self._inner.set_choices(choices)

    def _on_inner(self, value: Any) -> None:
        self._last = value
        self.changed(value)

    def _on_check(self, on: bool) -> None:
        value = self._last if on else None
        self.show(value)
        self.changed(value)


def make_editor(
    field: FormField,
    models: ModelChoices,
    choose_model: Callable[[str], None],
    prompts: PromptHelp | None = None,
    of_room: Callable[[str], Editor | None] = lambda hint: None,
) -> Editor:
    """The editor that suits a field; `of_room` gives those of plugins, by hint."""
    inner: Editor
    match field.editor:
        case "switch":
            inner = SwitchEditor()
        case "integer" | "number":
            inner = NumberEditor(field)
        case "choice":
            inner = ChoiceEditor(field)
        case "prompt":
            inner = PromptEditor(field, prompts)
        case "model":
            inner = ModelEditor(field, choose_model)
            inner.set_choices(models(field.models))
        case "color":
            inner = ColorEditor()
        case "line":
            inner = (of_room(field.hint) if field.hint else None) or LineEditor(field)
        case "range":
            from studio.ui.generate.range_editor import RangeEditor

            inner = RangeEditor(field)
        case "json":
            inner = (of_room(field.hint) if field.hint else None) or JsonEditor()
    return OptionalEditor(inner, field) if field.optional else inner
