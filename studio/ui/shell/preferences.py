"""Preferences: pages of the same forms that generators have, searched from above, in force at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio import settings
from studio.core.params import ModelRule
from studio.ui.generate.form import ParamsForm
from studio.ui.kit.controls import frame, label
from studio.ui.kit.form_model import FormField, FormModel
from studio.ui.kit.theme import UNIT
from studio.ui.shell.shortcuts_page import ShortcutsPage
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.shell.faces import Program

_ROW = 4 * UNIT
KEYS = "keys"
"""The name of the page of shortcuts; the other pages are named by their group."""


class FormPage(QScrollArea):
    """The settings of one group. Its form is made when it is looked at first: all of them together would keep
    the dialog waiting.
    """

    def __init__(self, title: str, specs: dict[str, dict[str, Any]], session: Program) -> None:
        super().__init__()
        self._session = session
        self._title, self._typed = title, ""
        self._form: ParamsForm | None = None
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        flat = {name: {**spec, "x-ui": {**spec["x-ui"], "group": ""}} for name, spec in specs.items()}
        self.model = FormModel({"type": "object", "properties": flat})
        self.model.take(self._now())

    @property
    def form(self) -> ParamsForm:
        if self._form is None:
            self._form = ParamsForm(self.model, _no_models)
            self._form.changed.connect(self._on_changed)
            inner = QWidget()
            column = QVBoxLayout(inner)
            column.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 2 * UNIT)
            column.setSpacing(2 * UNIT)
            column.addWidget(label(self._title, "heading"))
            column.addWidget(self._form)
            column.addStretch(1)
            self.setWidget(inner)
            self._filter()
        return self._form

    def search(self, typed: str) -> int:
        """Shows what fits only; returns how much that is."""
        self._typed = typed
        if self._form is not None:
            self._filter()
        return sum(_fits(typed, field) for field in self.model.fields)

    def _filter(self) -> None:
        for row in self.form.rows.values():
            row.setVisible(_fits(self._typed, row.field))

    def refresh(self) -> None:
        """The settings were changed somewhere else."""
        if any(self.model.value(name) != value for name, value in self._now().items()):
            self.model.take(self._now())
            if self._form is not None:
                self._form.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        self.form.show()
        super().showEvent(event)

    def _now(self) -> dict[str, Any]:
        now = settings.values(self._session.shared.values)
        return {name: now[name] for name in self.model.values}

    def _on_changed(self) -> None:
        now = self._now()
        for name, value in self.model.values.items():
            if value != now[name] and name not in self.model.errors:
                section, _, field = name.partition(".")
                self._session.shared.change(section, **{field: value})


class Preferences(QDialog):
    """One for all windows. It belongs to none of them, because they may be built anew under it."""

    def __init__(self, session: Program) -> None:
        super().__init__()
        self._session = session
        self.setWindowTitle(tr("Preferences"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(640, 440)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search the preferences"))
        self.search.setAccessibleName(tr("Search the preferences"))
        self.search.setClearButtonEnabled(True)
        self.pages = QListWidget()
        self.pages.setAccessibleName(tr("Pages"))
        self.stack = QStackedWidget()
        self.nothing = label(tr("No setting is called like this."), "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._names: list[str] = []
        self.forms: dict[str, FormPage] = {}
        for title, specs in _groups(session).items():
            page = FormPage(title, specs, session)
            self.forms[title] = page
            self._add(title, title, page)
        self.keys = ShortcutsPage(session)
        self._add(KEYS, tr("Keyboard shortcuts"), self.keys)
        self.stack.addWidget(self.nothing)
        self._arrange()
        self.search.textChanged.connect(self._on_search)
        self.pages.currentRowChanged.connect(self._show_row)
        session.shared.changed.connect(self._on_setting)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search.setFocus)
        self.pages.setCurrentRow(0)
        self.resize(self.sizeHint())

    def show_page(self, name: str) -> None:
        """Comes to the front with a page, or with the one that has this setting ("section.field")."""
        for row, page in enumerate(self._names):
            if page == name or (page in self.forms and name in self.forms[page].model.values):
                self.search.clear()
                self.pages.setCurrentRow(row)
        self.show()
        self.raise_()
        self.activateWindow()
        page_of = next((page for page in self.forms.values() if name in page.model.values), None)
        if page_of is not None:
            page_of.form.go_to(name)
        else:
            self.search.setFocus()

    def current(self) -> str:
        """The name of the page that is shown."""
        return self._names[max(self.pages.currentRow(), 0)]

    def _add(self, name: str, title: str, page: QWidget) -> None:
        self._names.append(name)
        row = QListWidgetItem(title)
        row.setSizeHint(QSize(0, self._session.looks.theme.px(_ROW)))
        self.pages.addItem(row)
        self.stack.addWidget(page)

    def _arrange(self) -> None:
        side = frame("panel")
        column = QVBoxLayout(side)
        column.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        column.setSpacing(UNIT)
        column.addWidget(self.search)
        column.addWidget(self.pages, 1)
        side.setFixedWidth(self._session.looks.theme.px(26 * UNIT))
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(side)
        whole.addWidget(self.stack, 1)

    def _on_search(self, typed: str) -> None:
        hits = [page.search(typed) for page in self.forms.values()] + [self.keys.filter(typed)]
        for row, count in enumerate(hits):
            self.pages.item(row).setHidden(bool(typed) and not count)
        current = self.pages.currentRow()
        if typed and not any(hits):
            self.stack.setCurrentWidget(self.nothing)
        elif typed and not hits[current]:
            self.pages.setCurrentRow(next(row for row, count in enumerate(hits) if count))
        else:
            self._show_row(current)

    def _show_row(self, row: int) -> None:
        if row >= 0:
            self.stack.setCurrentIndex(row)

    def _on_setting(self, section: str) -> None:
        if section == "keys":
            self.keys.refresh()
        for page in self.forms.values():
            page.refresh()

    def sizeHint(self) -> QSize:
        """Room for all columns of the shortcuts, as far as the screen has it."""
        px = self._session.looks.theme.px
        return QSize(px(112 * UNIT), px(76 * UNIT)).boundedTo(self.screen().availableSize() * 0.9)


def _groups(session: Program) -> dict[str, dict[str, dict[str, Any]]]:
    """Settings by the title of their page."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    described = settings.schema(session.looks.themes(), session.looks.languages())
    for name, spec in described["properties"].items():
        found.setdefault(spec["x-ui"]["group"], {})[name] = spec
    return found


def _fits(typed: str, field: FormField) -> bool:
    choices = " ".join(choice.label for choice in field.choices)
    folded = f"{field.title} {field.help} {choices}".casefold()
    return all(word in folded for word in typed.casefold().split())


def _no_models(rule: ModelRule) -> list[tuple[str, str]]:
    """No setting is a model file."""
    return []
