"""Where the selected items go as files, and under which names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QWidget

from studio.core.item import Item
from studio.errors import BadInput, StudioError
from studio.export import naming
from studio.export.batch import file_name
from studio.project.store import Project
from studio.settings import Exporting
from studio.ui.choosers import choose_folder
from studio.ui.controls import ComboBox, button, label, restyle
from studio.ui.dialogs import Dialog
from studio.ui.theme import UNIT

FORMATS: tuple[tuple[str | None, str], ...] = (
    (None, "As they are"),
    ("png", "PNG"),
    ("jpeg", "JPEG"),
    ("webp", "WebP"),
    ("tiff", "TIFF"),
)
COLLISIONS = (("number", "Keep both (add a number)"), ("skip", "Skip"), ("replace", "Replace"))
_PREVIEWED = 3


@dataclass(frozen=True)
class ExportChoice:
    folder: Path
    template: str
    format: str | None
    collision: str


class ExportDialog(Dialog):
    """Calls `chosen` with the answer."""

    def __init__(
        self,
        parent: QWidget | None,
        project: Project,
        items: Sequence[Item],
        last: Exporting,
        chosen: Callable[[ExportChoice], None],
    ) -> None:
        count = f"“{items[0].name}”" if len(items) == 1 else f"{len(items)} items"
        super().__init__(parent, "Export", heading=f"Export {count}", width=64 * UNIT)
        self._project, self._items, self._chosen = project, items, chosen
        self.folder = QLineEdit(last.folder)
        self.folder.setPlaceholderText("Choose a folder")
        browse = button("Choose…")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.setSpacing(UNIT)
        place.addWidget(self.folder, 1)
        place.addWidget(browse)
        self.template = QLineEdit(last.template)
        self.template.setToolTip("\n".join(f"{{{name}}}  {words}" for name, words in naming.FIELDS.items()))
        self.format = ComboBox()
        for value, words in FORMATS:
            self.format.addItem(words, value)
        self.collision = ComboBox()
        for value, words in COLLISIONS:
            self.collision.addItem(words, value)
        self.preview = label("", "small", wrap=True)
        fields = "  ".join(f"{{{name}}}" for name in naming.FIELDS)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * UNIT)
        form.setVerticalSpacing(UNIT + 4)
        form.addRow("Folder", place)
        form.addRow("Names", self.template)
        form.addRow("", label(f"Fields: {fields}", "small"))
        form.addRow("", self.preview)
        form.addRow("Format", self.format)
        form.addRow("If a file exists", self.collision)
        self.body.addLayout(form)
        self.add_button("Cancel", self.reject)
        self.go = self.add_button("Export", self._accept, role="primary")
        self.template.textChanged.connect(lambda _: self.refresh())
        self.folder.textChanged.connect(lambda _: self.refresh())
        self.format.activated.connect(lambda _: self.refresh())
        self.refresh()

    def choice(self) -> ExportChoice:
        return ExportChoice(
            Path(self.folder.text().strip()).expanduser(),
            self.template.text(),
            self.format.currentData(),
            self.collision.currentData(),
        )

    def refresh(self) -> None:
        """Shows the names that the files will have, or what is wrong with the template."""
        wrong = ""
        try:
            names = [
                file_name(self._project, item, number, self.template.text(), self.format.currentData())
                for number, item in enumerate(self._items[:_PREVIEWED], start=1)
            ]
            more = len(self._items) - len(names)
            self.preview.setText("\n".join(names) + (f"\nand {more} more" if more > 0 else ""))
        except BadInput as error:
            wrong = str(error)
            self.preview.setText(wrong)
        except StudioError as error:
            self.preview.setText(error.message)
        self.preview.setProperty("role", "error" if wrong else "small")
        restyle(self.preview, "wrong", bool(wrong))
        restyle(self.template, "wrong", bool(wrong))
        self.go.setEnabled(not wrong and bool(self.folder.text().strip()))

    def _browse(self) -> None:
        choose_folder(self, "Export to", self.folder.text(), lambda path: self.folder.setText(str(path)))

    def _accept(self) -> None:
        choice = self.choice()
        self.accept()
        self._chosen(choice)
