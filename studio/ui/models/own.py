"""Adding a model that the user has: what it was recognised as, what it is called, under which terms."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from studio.ui.kit.controls import label
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.theme import UNIT
from studio.ui.models.backend import Recognised
from studio.words import tr

FORMATS = {
    "onnx": "ONNX",
    "safetensors": "safetensors",
    "gguf": "GGUF",
    "diffusers": "diffusers",
    "transformers": "transformers",
    "onnx-text": "ONNX",
}


class OwnModelDialog(Dialog):
    """Calls `add(name, licence)`."""

    outlives_project = True

    def __init__(
        self, parent: QWidget | None, found: Recognised, name: str, add: Callable[[str, str], object]
    ) -> None:
        heading = tr("Add “{name}”", name=found.path.name)
        super().__init__(parent, tr("Add a model"), heading=heading, width=64 * UNIT)
        self._add = add
        kind = FORMATS.get(found.format, found.format)
        if found.files == 1:
            told = tr("It is a {format} file. It stays where it is.", format=kind)
        else:
            told = tr(
                "It is a {format} model of {count} files. They stay where they are.",
                format=kind,
                count=found.files,
            )
        self.body.addWidget(label(told, "muted", wrap=True))
        self.name = QLineEdit(name)
        self.licence = QLineEdit(found.licence)
        self.licence.setPlaceholderText(tr("For example Apache-2.0"))
        form = QFormLayout()
        form.setHorizontalSpacing(2 * UNIT)
        form.setVerticalSpacing(UNIT + 4)
        form.addRow(tr("Name"), self.name)
        form.addRow(tr("Licence"), self.licence)
        for line, title in ((self.name, tr("Name")), (self.licence, tr("Licence"))):
            line.setAccessibleName(title)
        self.body.addSpacing(UNIT)
        self.body.addLayout(form)
        if found.licence:
            hint = tr("The model says so itself. Its terms are kept with every result that is made with it.")
        else:
            hint = tr(
                "The model does not say; the place where you got it does. Its terms are kept with every "
                "result that is made with it."
            )
        self.hint = label(hint, "small", wrap=True)
        self.body.addWidget(self.hint)
        self.add_button(tr("Cancel"), self.reject)
        self.go = self.add_button(tr("Add"), self._go, role="primary")
        self.name.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        self.licence.setFocus() if not found.licence else self.go.setFocus()
        self.fit()

    def _go(self) -> None:
        name, licence = self.name.text().strip(), self.licence.text().strip()
        self.accept()
        self._add(name, licence)
