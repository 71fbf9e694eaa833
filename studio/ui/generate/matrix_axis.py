"""One row of the matrix dialog: a field, and the values that it takes in turn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from studio.core.recipe import MAX_SEED
from studio.errors import BadInput
from studio.ui.generate.matrix_model import (
    MAX_VALUES,
    SEED,
    Axis,
    number_range,
    parse_numbers,
    random_seeds,
)
from studio.ui.items.recipe_model import value_words
from studio.ui.kit.controls import ComboBox, NumberBox, label
from studio.ui.kit.form_model import FormField, ModelChoices
from studio.ui.kit.form_parts import IconButton
from studio.ui.kit.number_field import NumberField
from studio.ui.kit.theme import UNIT
from studio.words import tr

LIST, RANGE, RANDOM = range(3)
SHOWN = 40
"""Characters of a text that a title quotes."""


class AxisRow(QFrame):
    """`changed` after every change; `axis()` tells what it is. A field of None is the seed."""

    changed = Signal()
    field_chosen = Signal()
    removed = Signal()

    def __init__(
        self,
        fields: Sequence[FormField | None],
        models: ModelChoices,
        seed: int,
    ) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._fields, self._models, self._seed = list(fields), models, seed
        self.choose = ComboBox()
        self.choose.setAccessibleName(tr("Field"))
        for field in fields:
            self.choose.addItem(_title(field))
        self.choose.activated.connect(self._on_field)
        self.mode = ComboBox()
        self.mode.setAccessibleName(tr("How the values are given"))
        self.mode.activated.connect(self._on_mode)
        self.remove = IconButton("close", tr("Take this field out"))
        self.remove.clicked.connect(self.removed)
        self._place = QVBoxLayout()
        self._editor: _Values | None = None
        head = QHBoxLayout()
        head.setSpacing(UNIT)
        head.addWidget(self.choose, 3)
        head.addWidget(self.mode, 2)
        head.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        column.setSpacing(UNIT)
        column.addLayout(head)
        column.addLayout(self._place)
        self._on_field()

    @property
    def field(self) -> FormField | None:
        return self._fields[self.choose.currentIndex()]

    @property
    def editor(self) -> _Values:
        assert self._editor is not None
        return self._editor

    def axis(self) -> Axis:
        """Raises BadInput where a value cannot be read; without values it is empty."""
        field, values = self.field, self.editor.values(self.mode.currentData())
        labels = tuple(self.editor.words(value) for value in values)
        return Axis(SEED if field is None else field.name, _title(field), tuple(values), labels)

    def _on_field(self) -> None:
        if self._editor is not None:
            self._place.removeWidget(self._editor)
            self._editor.deleteLater()
        field = self.field
        if field is None or field.editor in ("integer", "number"):
            self._editor = _Numbers(field, self._seed)
        elif field.editor in ("choice", "switch", "model"):
            self._editor = _Ticks(field, self._models)
        else:
            self._editor = _Texts(field)
        self._editor.changed.connect(self.changed)
        self._editor.setAccessibleName(tr("Values of “{field}”", field=_title(field)))
        self._place.addWidget(self._editor)
        self.mode.clear()
        for mode, words in self._editor.modes():
            self.mode.addItem(words, mode)
        self._on_mode()
        self.field_chosen.emit()

    def _on_mode(self) -> None:
        self.editor.set_mode(self.mode.currentData())
        self.changed.emit()


class _Values(QWidget):
    changed = Signal()

    def modes(self) -> list[tuple[int, str]]:
        return [(LIST, tr("List"))]

    def set_mode(self, mode: int) -> None:
        """There is one way only, unless a subclass says otherwise."""

    def values(self, mode: int) -> Sequence[Any]:
        raise NotImplementedError

    def words(self, value: Any) -> str:
        raise NotImplementedError


class _Numbers(_Values):
    """A list, or from one number to another; for seeds also some by chance."""

    def __init__(self, field: FormField | None, seed: int) -> None:
        super().__init__()
        self._field, self._seed = field, seed
        self._whole = field is None or field.editor == "integer"
        low, high = (0, MAX_SEED) if field is None else (field.minimum, field.maximum)
        step = 1 if field is None else field.step
        start = seed if field is None else field.default if field.default is not None else low or 0
        self.list = QLineEdit()
        sign = QLocale().decimalPoint()
        example = "1; 2; 3" if self._whole else f"0{sign}5; 1; 1{sign}5"
        self.list.setPlaceholderText(tr("For example {values}", values=example))
        self.list.textChanged.connect(self.changed)
        self.start = NumberField(low, high, step, "", whole=self._whole)
        self.end = NumberField(low, high, step, "", whole=self._whole)
        self.step = NumberField(0, None, step, "", whole=self._whole)
        self.count = NumberBox(1, MAX_VALUES, 1, "", whole=True)
        self.start.show_value(start)
        self.end.show_value(start + 3 * step if high is None else min(start + 3 * step, high))
        self.step.show_value(step)
        self.count.show_value(4)
        self.list.setAccessibleName(tr("Values"))
        self._pages: list[QWidget] = []
        for parts in (
            (("", self.list),),
            ((tr("from"), self.start), (tr("to"), self.end), (tr("step"), self.step)),
            ((tr("How many"), self.count),),
        ):
            page = QWidget()
            line = QHBoxLayout(page)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(UNIT // 2)
            for words, box in parts:
                if words:
                    line.addWidget(label(words, "muted"))
                    box.setAccessibleName(words)
                line.addWidget(box, 1)
                if isinstance(box, NumberBox):
                    box.valueChanged.connect(self._on_number)
            if parts[-1][1] is self.count:
                self.count.setMaximumWidth(12 * UNIT)
                line.setSpacing(UNIT)
                line.addStretch(1)
            self._pages.append(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for page in self._pages:
            column.addWidget(page)

    def modes(self) -> list[tuple[int, str]]:
        both = [(LIST, tr("List")), (RANGE, tr("From … to"))]
        return [(RANDOM, tr("By chance")), *both] if self._field is None else both

    def set_mode(self, mode: int) -> None:
        for number, page in enumerate(self._pages):
            page.setVisible(number == mode)

    def values(self, mode: int) -> Sequence[Any]:
        if mode == RANDOM:
            return random_seeds(int(self.count.number()), self._seed)
        if mode == RANGE:
            ends = self.start.number(), self.end.number(), self.step.number()
            found: Sequence[Any] = number_range(*ends, whole=self._whole)
        else:
            found = parse_numbers(self.list.text(), whole=self._whole, decimal=QLocale().decimalPoint())
        if self._field is None and any(not 0 <= seed <= MAX_SEED for seed in found):
            raise BadInput(tr("A seed lies between 0 and {most}.", most=MAX_SEED))
        return found

    def words(self, value: Any) -> str:
        field = self._field
        if field is None:
            return str(value)
        if field.unit.casefold() == field.title.casefold():  # "Steps 20", not "Steps 20 steps"
            field = replace(field, unit="")
        return value_words(field, value)

    def _on_number(self) -> None:
        self.changed.emit()


class _Ticks(_Values):
    """Some of what there is to choose from."""

    def __init__(self, field: FormField, models: ModelChoices) -> None:
        super().__init__()
        if field.editor == "model":
            self._choices: list[tuple[Any, str]] = list(models(field.models))
        elif field.editor == "switch":
            self._choices = [(True, tr("On")), (False, tr("Off"))]
        else:
            self._choices = [(choice.value, choice.label) for choice in field.choices]
        self.list = QListWidget()
        self.list.setProperty("role", "card")
        self.list.setAccessibleName(field.title)
        for _, words in self._choices:
            item = QListWidgetItem(words)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
            )
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setSizeHint(QSize(0, max(2 * UNIT, self.fontMetrics().height()) + UNIT))
            self.list.addItem(item)
        self.list.itemChanged.connect(self._on_item)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        rows = max(1, min(5, self.list.count()))
        self.list.setFixedHeight(rows * max(20, self.list.sizeHintForRow(0)) + 2 * UNIT)

    def values(self, mode: int) -> Sequence[Any]:
        return [
            value
            for row, (value, _) in enumerate(self._choices)
            if self.list.item(row).checkState() == Qt.CheckState.Checked
        ]

    def words(self, value: Any) -> str:
        return next(words for own, words in self._choices if type(own) is type(value) and own == value)

    def _on_item(self) -> None:
        self.changed.emit()


class _Texts(_Values):
    """One text a line. Of a value that has no editor of its own, JSON."""

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self._json = field.editor == "json"
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(tr("One a line"))
        self.text.setAccessibleName(field.title)
        self.text.setFixedHeight(9 * UNIT)
        self.text.textChanged.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)

    def values(self, mode: int) -> Sequence[Any]:
        lines = [line.strip() for line in self.text.toPlainText().splitlines() if line.strip()]
        if len(lines) > MAX_VALUES:
            raise BadInput(
                tr(
                    "That would be {count} values; at most {most} are possible.",
                    count=len(lines),
                    most=MAX_VALUES,
                )
            )
        if not self._json:
            return lines
        try:
            return [json.loads(line) for line in lines]
        except (ValueError, RecursionError) as error:
            raise BadInput(tr("Not every line can be read as JSON.")) from error

    def words(self, value: Any) -> str:
        text = json.dumps(value, ensure_ascii=False) if self._json else str(value)
        return tr("“{text}”", text=text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def _title(field: FormField | None) -> str:
    return tr("Seed") if field is None else field.title
