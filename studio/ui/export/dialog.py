"""Where items go as files, and under which names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.core.item import Item
from studio.errors import BadInput, StudioError
from studio.export import naming
from studio.export.batch import file_name
from studio.export.formats import Formats
from studio.project.store import Project
from studio.settings import Exporting
from studio.ui.export.format_rows import FormatRows, facts
from studio.ui.kit.choosers import choose_folder, pictures_folder
from studio.ui.kit.controls import ComboBox, ElidedLabel, button, label, restyle
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.theme import UNIT
from studio.words import tr, trn

_PREVIEWED = 3
_NAME = "{name}"


def collisions() -> tuple[tuple[str, str], ...]:
    return (
        ("number", tr("Keep both (add a number)")),
        ("skip", tr("Skip")),
        ("replace", tr("Replace the old one")),
    )


def field_words() -> dict[str, str]:
    """What a template may name, in the words of its buttons."""
    return {
        "name": tr("Name"),
        "project": tr("Project"),
        "generator": tr("Generator"),
        "date": tr("Date"),
        "seed": tr("Seed"),
        "n": tr("Number"),
    }


@dataclass(frozen=True)
class ExportChoice:
    folder: Path
    template: str
    collision: str
    formats: dict[str, str]
    """By kind, of the kinds that have formats; "" for files as they are."""
    options: dict[str, dict[str, float]]
    """Of the formats, by kind."""


class ExportDialog(Dialog):
    """Calls `chosen` with the answer. `title` is for a set of items with a name of its own: a collection."""

    def __init__(
        self,
        parent: QWidget | None,
        project: Project,
        items: Sequence[Item],
        last: Exporting,
        chosen: Callable[[ExportChoice], None],
        *,
        formats: Formats,
        title: str = "",
    ) -> None:
        heading = tr("Export “{name}”", name=title or items[0].name)
        if len(items) > 1 and not title:
            heading = trn("Export {count} item", "Export {count} items", len(items))
        super().__init__(parent, tr("Export"), heading=heading, width=80 * UNIT)
        self._project, self._items, self._chosen, self._formats = project, items, chosen, formats
        self.facts = label(facts(items, formats), "small")
        self.body.addWidget(self.facts)
        self.body.addSpacing(UNIT)
        self.folder = QLineEdit(last.folder or str(pictures_folder()))
        self.folder.setPlaceholderText(tr("Choose a folder"))
        self.folder.setAccessibleName(tr("Folder"))
        self.folder_wrong = label("", "error", wrap=True)
        self.template = QLineEdit(self._first_template(last.template))
        self.template.setToolTip("\n".join(f"{{{name}}}  {words}" for name, words in naming.FIELDS.items()))
        self.template_wrong = label("", "error", wrap=True)
        self.preview = QWidget()
        self._names = [ElidedLabel("", "muted") for _ in range(_PREVIEWED)]
        self.more = label("", "small")
        names = QVBoxLayout(self.preview)
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(UNIT // 2)
        for line in (*self._names, self.more):
            names.addWidget(line)
        self.collision = ComboBox()
        for value, words in collisions():
            self.collision.addItem(words, value)
        self.collision.setCurrentIndex(max(0, self.collision.findData(last.collision)))
        form = QFormLayout()
        form.setHorizontalSpacing(2 * UNIT)
        form.setVerticalSpacing(UNIT + 4)
        form.addRow(tr("Folder"), self._with_browse())
        form.addRow("", self.folder_wrong)
        form.addRow(tr("Name") if len(items) == 1 else tr("Names"), self.template)
        form.addRow(tr("Insert"), self._field_buttons())
        form.addRow("", self.template_wrong)
        form.addRow(tr("It will be") if len(items) == 1 else tr("They will be"), self.preview)
        self.formats = FormatRows(form, items, formats, last, self.refresh)
        form.addRow(tr("If a file exists"), self.collision)
        self.body.addLayout(form)
        self._form = form
        self.add_button(tr("Cancel"), self.reject)
        self.go = self.add_button(trn("Export", "Export {count}", len(items)), self._accept, role="primary")
        self.template.textChanged.connect(lambda _: self.refresh())
        self.folder.textChanged.connect(lambda _: self.refresh())
        self.refresh()

    def _with_browse(self) -> QHBoxLayout:
        browse = button(tr("Choose…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.setSpacing(UNIT)
        place.addWidget(self.folder, 1)
        place.addWidget(browse)
        return place

    def _field_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(UNIT // 2)
        for name, words in field_words().items():
            one = button(words, "segment")
            one.setAutoDefault(False)
            one.setToolTip(tr("Puts {field} into the names", field=f"{{{name}}}"))
            one.setAccessibleName(tr("Put the field “{field}” into the names", field=words))
            one.clicked.connect(partial(self._insert, name))
            row.addWidget(one)
        row.addStretch(1)
        return row

    def _first_template(self, last: str) -> str:
        """One item's name stands there as it is; it becomes the field again where it was left alone."""
        plain = self._items[0].name
        is_plain = len(self._items) == 1 and last == _NAME and not {"{", "}"} & set(plain)
        self._plain = plain if is_plain else ""
        return self._plain or last

    def choice(self) -> ExportChoice:
        template = self.template.text()
        return ExportChoice(
            Path(self.folder.text().strip()).expanduser(),
            _NAME if self._plain and template == self._plain else template,
            self.collision.currentData(),
            self.formats.chosen(),
            self.formats.values(),
        )

    def refresh(self) -> None:
        """Shows the names that the files will have, and beside a field what is wrong with it."""
        wrong = self._preview()
        self.formats.refresh()
        self._say(self.template, self.template_wrong, wrong)
        folder_wrong = self._wrong_folder()
        self._say(self.folder, self.folder_wrong, folder_wrong)
        self.go.setEnabled(not wrong and not folder_wrong and bool(self.folder.text().strip()))
        self.fit()

    def _preview(self) -> str:
        """What is wrong with the template; empty if nothing is."""
        chosen, template = self.formats.chosen(), self.template.text()
        try:
            names = [
                file_name(self._project, item, number, template, self._formats.wanted(item, chosen))
                for number, item in enumerate(self._items[:_PREVIEWED], start=1)
            ]
        except BadInput as error:
            return str(error)
        except StudioError as error:  # an item that is gone by now: the export will tell of it
            names = [error.message]
        for line, name in zip(self._names, [*names, *[""] * _PREVIEWED], strict=False):
            line.setText(name)
            line.setVisible(bool(name))
        more = len(self._items) - len(names)
        words = trn("and {count} more", "and {count} more", more) if more > 0 else ""
        if len(set(names)) < len(names):
            words = (
                tr("Files of one name get a number.")
                if not words
                else f"{words}; " + tr("files of one name get a number")
            )
        self.more.setText(words)
        self.more.setVisible(bool(words))
        return ""

    def _wrong_folder(self) -> str:
        text = self.folder.text().strip()
        if not text:
            return ""
        try:
            folder = Path(text).expanduser()
            if not folder.is_absolute():
                return tr("Write the whole path, or choose the folder.")
            if folder.exists() and not folder.is_dir():
                return tr("This is a file. Choose a folder.")
            if folder.resolve().is_relative_to(self._project.folder.resolve()):
                return tr(
                    "This is inside the project, which keeps its own order. Choose a folder outside it."
                )
        except (OSError, ValueError, RuntimeError):  # too long, a sign that no path has, no such user
            return tr("No folder can have this name. Choose another one.")
        return ""

    def _say(self, field: QLineEdit, place: QWidget, wrong: str) -> None:
        place.setText(wrong)  # type: ignore[attr-defined]
        self._form.setRowVisible(place, bool(wrong))
        restyle(field, "wrong", bool(wrong))
        field.setAccessibleDescription(wrong)

    def _insert(self, name: str) -> None:
        self.template.insert(f"{{{name}}}")
        self.template.setFocus()

    def _browse(self) -> None:
        choose_folder(self, tr("Export to"), self.folder.text(), self._set_folder)

    def _set_folder(self, path: Path) -> None:
        self.folder.setText(str(path))

    def _accept(self) -> None:
        choice = self.choice()
        self.accept()
        self._chosen(choice)
