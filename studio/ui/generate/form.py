"""A form made from a params schema."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.ui.generate.editors import make_editor
from studio.ui.generate.form_row import FieldRow
from studio.ui.generate.prompt_edit import PromptHelp
from studio.ui.kit.editor import Editor
from studio.ui.kit.form_model import FormField, FormModel, ModelChoices
from studio.ui.kit.form_parts import Disclosure
from studio.ui.kit.theme import UNIT
from studio.words import tr


class _Group(QObject):
    """Fields that belong together, under a title that folds them away (the nameless ones have none)."""

    toggled = Signal()

    def __init__(self, form: QWidget, name: str, rows: Sequence[FieldRow], *, advanced: bool) -> None:
        super().__init__(form)
        self.name, self.rows, self.advanced = name, rows, advanced
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


class ParamsForm(QWidget):
    """All fields of a `FormModel`, in groups that fold; the advanced ones behind one button."""

    changed = Signal()
    model_wanted = Signal(str, str)
    """The user wants another model for this field: a "file", a "folder", or to see all "models"."""

    def __init__(
        self,
        model: FormModel,
        models: ModelChoices,
        prompts: PromptHelp | None = None,
        of_room: Callable[[str], Editor | None] = lambda hint: None,
    ) -> None:
        """`prompts` gives the prompt fields their history, snippets and spelling; `of_room` the editor of a
        field that only its room knows, by hint."""
        super().__init__()
        self.model = model
        self.rows: dict[str, FieldRow] = {}
        self._groups: list[_Group] = []
        self._models, self._prompts, self._of_room = models, prompts, of_room
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT + UNIT // 2)
        for group, fields in model.groups():
            self._add_group(column, group, [field for field in fields if not field.advanced], advanced=False)
        self._more = Disclosure(is_open=False)
        self._more.clicked.connect(self._show_and_hide)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeading)
        advanced = [field for _, fields in model.groups() for field in fields if field.advanced]
        self._add_group(column, "", advanced, advanced=True)
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

    def go_to_wrong(self) -> bool:
        """Puts the focus on the first field that is wrong and says what is; False if none is."""
        for row in self.rows_in_order():
            if row.field.name in self.model.errors:
                return self.go_to(row.field.name)
        return False

    def go_to(self, name: str) -> bool:
        """Puts the focus on a field, unfolding what hides it; False if there is no such field to see."""
        row = self.rows.get(name)
        if row is None or not self.model.is_shown(name):
            return False
        for group in self._groups:
            if row in group.rows:
                group.fold(False)
                if group.advanced:
                    self._more.setChecked(True)
        self._show_and_hide()
        row.tell_now()
        row.take_focus()
        return True

    def rows_in_order(self) -> Iterator[FieldRow]:
        for group in self._groups:
            yield from group.rows

    def refresh_models(self) -> None:
        """The list of known models changed."""
        for row in self.rows.values():
            if row.field.editor == "model":
                row.editor.set_choices(self._models(row.field.models))
                row.editor.show(self.model.value(row.field.name))

    def _add_group(
        self, column: QVBoxLayout, name: str, fields: Sequence[FormField], *, advanced: bool
    ) -> None:
        if not fields:
            return
        rows = [self._row(field) for field in fields]
        group = _Group(self, name, rows, advanced=advanced)
        if group.title is not None:
            column.addWidget(group.title, 0, Qt.AlignmentFlag.AlignLeading)
            group.toggled.connect(self._show_and_hide)
        for row in rows:
            column.addWidget(row)
        self._groups.append(group)

    def _row(self, field: FormField) -> FieldRow:
        choose = self._ask_for_model(field.name)
        editor = make_editor(field, self._models, choose, self._prompts, self._of_room)
        row = FieldRow(field, editor)
        row.edited.connect(self._on_edited)
        row.reset.connect(self._on_reset)
        self.rows[field.name] = row
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
        self._more.setVisible(any(row.field.advanced and name in shown for name, row in self.rows.items()))
        self._more.setText(tr("Fewer settings") if self.shows_advanced else tr("More settings"))
        for group in self._groups:
            offered = self.shows_advanced or not group.advanced
            there = False
            for row in group.rows:
                name = row.field.name
                wrong = name in self.model.errors
                row.setVisible((name in shown and offered and group.is_open) or wrong)
                there = there or wrong or (name in shown and offered)
            if group.title is not None:
                group.title.setVisible(there)
