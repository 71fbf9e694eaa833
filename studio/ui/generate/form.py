"""A form made from a params schema."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.params import ModelRule
from studio.ui.generate.editors import make_editor
from studio.ui.generate.form_row import FieldRow
from studio.ui.generate.prompt_edit import PromptHelp
from studio.ui.kit.editor import Editor
from studio.ui.kit.form_model import FormField, FormModel, ModelChoices
from studio.ui.kit.form_parts import Disclosure
from studio.ui.kit.tab_order import renew_tab_order
from studio.ui.kit.theme import UNIT
from studio.words import tr


class _Group(QObject):
    """Fields that belong together, under a title that folds them away (the nameless ones have none)."""

    toggled = Signal()

    def __init__(self, form: QWidget, name: str, fields: Sequence[FormField], *, advanced: bool) -> None:
        super().__init__(form)
        self.name, self.fields, self.advanced = name, fields, advanced
        self.title = Disclosure(name) if name else None
        if self.title is not None:
            self.title.toggled.connect(self._on_toggled)

    @property
    def is_open(self) -> bool:
        return self.title is None or self.title.isChecked()

    def fold(self, folded: bool) -> None:
        """Tells nobody."""
        if self.title is not None:
            self.title.open(not folded)

    def _on_toggled(self) -> None:
        self.toggled.emit()


class _Rows(Mapping[str, FieldRow]):
    """The rows of all fields by name, in the form's order; each is made when it is asked for first."""

    def __init__(self, make: Callable[[FormField], FieldRow]) -> None:
        self._make = make
        self._fields: dict[str, FormField] = {}
        self.made: dict[str, FieldRow] = {}

    def add(self, fields: Sequence[FormField]) -> None:
        self._fields.update((field.name, field) for field in fields)

    def __getitem__(self, name: str) -> FieldRow:
        if name not in self.made:
            self.made[name] = self._make(self._fields[name])
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __contains__(self, name: object) -> bool:
        return name in self._fields


class ParamsForm(QWidget):
    """All fields of a `FormModel`, in groups that fold; the advanced ones behind one button.

    Half a form is never seen, and a row takes milliseconds to make: so each is made when it is shown first.
    """

    changed = Signal()
    model_wanted = Signal(str, str)
    """The user wants another model for this field: a "file", a "folder", or to see all "models"."""

    def __init__(
        self,
        model: FormModel,
        models: ModelChoices,
        prompts: PromptHelp | None = None,
        of_room: Callable[[str], Editor | None] = lambda hint: None,
        *,
        tells: bool = False,
    ) -> None:
        """`prompts` gives the prompt fields their history, snippets and spelling; `of_room` the editor of a
        field that only its room knows, by hint; `tells` shows the help of every field below it."""
        super().__init__()
        self.model = model
        self.rows = _Rows(self._row)
        self._order: list[QWidget | str] = []
        """What stands below each other: titles, and rows by the names of their fields."""
        self._groups: list[_Group] = []
        self._models, self._prompts, self._of_room, self._tells = models, prompts, of_room, tells
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT + UNIT // 2)
        for group, fields in model.groups():
            self._add_group(group, [field for field in fields if not field.advanced], advanced=False)
        self._more = Disclosure(is_open=False)
        self._more.clicked.connect(self._show_and_hide)
        self._add_title(self._more)
        advanced = [field for _, fields in model.groups() for field in fields if field.advanced]
        self._add_group("", advanced, advanced=True)
        self.refresh()

    def refresh(self, *, write: bool = True, except_field: str = "") -> None:
        """Shows the model as it is; `write` puts the values into the editors too, but for one of them."""
        for name, row in self.rows.made.items():
            self._refresh_row(row, write=write and name != except_field)
        self._show_and_hide()

    def _refresh_row(self, row: FieldRow, *, write: bool) -> None:
        name, model = row.field.name, self.model
        row.refresh(model.value(name), model.is_default(name), model.errors.get(name, ""), write=write)

    @property
    def shows_advanced(self) -> bool:
        return self._more.isChecked()

    def show_advanced(self, on: bool) -> None:
        self._more.setChecked(on)
        self._show_and_hide()

    def folded(self) -> tuple[str, ...]:
        """The names of the groups that are folded away."""
        return tuple(dict.fromkeys(group.name for group in self._groups if not group.is_open))

    def fold(self, names: Collection[str]) -> None:
        for group in self._groups:
            group.fold(group.name in names)
        self._show_and_hide()

    def reset_all(self) -> None:
        """Every field back to its default."""
        self.model.reset_all()
        self.refresh()
        self.changed.emit()

    def needs_model(self) -> bool:
        """Whether a field cannot do without a model."""
        return any(self.model.field(name).models.is_needed for name in self.rows)

    def needed_models(self) -> list[ModelRule]:
        """Which models would do, for each field that is shown and cannot do without one."""
        fields = (self.model.field(name).models for name in self.model.shown())
        return [rule for rule in fields if rule.is_needed]

    def missing_model(self) -> str:
        """The field in which a model is still to be chosen; "" where none is."""
        for name in self.model.shown():
            field = self.model.field(name)
            if field.editor == "model" and not self.model.value(name) and not field.models.is_needed:
                return name
        return ""

    def go_to_wrong(self) -> bool:
        """Puts the focus on the first field that is wrong and says what is; False if none is."""
        return any(self.go_to(name) for name in self.rows if name in self.model.errors)

    def go_to(self, name: str) -> bool:
        """Puts the focus on a field, unfolding what hides it; False if there is no such field to see."""
        if name not in self.rows or not self.model.is_shown(name):
            return False
        row = self.rows[name]
        for group in self._groups:
            if row.field in group.fields:
                group.fold(False)
                if group.advanced:
                    self._more.setChecked(True)
        self._show_and_hide()
        row.tell_now()
        row.take_focus()
        return True

    def refresh_models(self) -> None:
        """The list of known models changed."""
        for row in self.rows.made.values():
            if row.field.editor == "model":
                row.editor.set_choices(self._models(row.field.models))
                row.editor.show(self.model.value(row.field.name))

    def _add_group(self, name: str, fields: Sequence[FormField], *, advanced: bool) -> None:
        if not fields:
            return
        group = _Group(self, name, fields, advanced=advanced)
        if group.title is not None:
            self._add_title(group.title)
            group.toggled.connect(self._show_and_hide)
        self.rows.add(fields)
        self._order += [field.name for field in fields]
        self._groups.append(group)

    def _add_title(self, title: Disclosure) -> None:
        self._column.addWidget(title, 0, Qt.AlignmentFlag.AlignLeading)
        self._order.append(title)

    def _row(self, field: FormField) -> FieldRow:
        choose = self._ask_for_model(field.name)
        editor = make_editor(field, self._models, choose, self._prompts, self._of_room)
        row = FieldRow(field, editor, tells=self._tells)
        row.edited.connect(self._on_edited)
        row.reset.connect(self._on_reset)
        before = self._order[: self._order.index(field.name)]
        place = sum(not isinstance(one, str) or one in self.rows.made for one in before)
        self._column.insertWidget(place, row)
        self._refresh_row(row, write=True)
        return row

    def _ask_for_model(self, name: str) -> Callable[[str], None]:
        return lambda what: self.model_wanted.emit(name, what)

    def _on_edited(self, name: str, value: object) -> None:
        self.model.set(name, value)
        self.refresh(write=False)
        self.changed.emit()

    def _on_reset(self, name: str) -> None:
        self.model.reset(name)
        self.refresh()
        self.rows[name].take_focus()
        self.changed.emit()

    def _show_and_hide(self) -> None:
        shown = set(self.model.shown())
        known = len(self.rows.made)
        self._more.setVisible(any(field.advanced and field.name in shown for field in self.model.fields))
        self._more.setText(tr("Fewer settings") if self.shows_advanced else tr("More settings"))
        for group in self._groups:
            offered = self.shows_advanced or not group.advanced
            there = False
            for field in group.fields:
                name = field.name
                wrong = name in self.model.errors
                visible = (name in shown and offered and group.is_open) or wrong
                if visible or name in self.rows.made:
                    self.rows[name].setVisible(visible)
                there = there or wrong or (name in shown and offered)
            if group.title is not None:
                group.title.setVisible(there)
        if known < len(self.rows.made) and self.isVisible():
            renew_tab_order(self)
