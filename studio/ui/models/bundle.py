"""Bundles for a computer without a network: which models go in, and what comes out on which terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from studio.core.model import Licence
from studio.given_paths import path_of
from studio.models.store import Model
from studio.ui.items.queue_words import SEPARATOR
from studio.ui.kit import locales
from studio.ui.kit.choosers import choose_folder
from studio.ui.kit.controls import button, label
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.theme import UNIT
from studio.ui.models.details import read_only, terms_of
from studio.words import tr, trn

_MODEL = Qt.ItemDataRole.UserRole


class ExportBundleDialog(Dialog):
    """Calls `chosen(models, folder)`."""

    outlives_project = True

    def __init__(
        self,
        parent: QWidget | None,
        models: Sequence[Model],
        chosen: Callable[[Sequence[Model], Path], object],
    ) -> None:
        super().__init__(parent, tr("Export models"), width=72 * UNIT)
        self._chosen = chosen
        told = tr(
            "A folder with the chosen models, their descriptions and terms. Put it on a stick and choose "
            "Import on the other computer; every byte is verified there."
        )
        self.body.addWidget(label(told, "muted", wrap=True))
        self.list = QListWidget()
        self.list.setProperty("role", "card")
        self.list.setAccessibleName(tr("Models"))
        self.list.setMinimumHeight(24 * UNIT)
        for model in models:
            item = QListWidgetItem(f"{model.name}{SEPARATOR}{locales.size(model.size)}")
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            item.setData(_MODEL, model)
            item.setSizeHint(QSize(0, self.fontMetrics().height() + UNIT + 4))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.body.addWidget(self.list, 1)
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(tr("Choose a folder"))
        self.folder.setAccessibleName(tr("Folder"))
        browse = button(tr("Choose…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(
            lambda: choose_folder(self, tr("Choose"), "", lambda path: self.folder.setText(str(path)))
        )
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self.folder, 1)
        row.addWidget(browse)
        self.body.addLayout(row)
        self.facts = label("", "small")
        self.body.addWidget(self.facts)
        self.add_button(tr("Cancel"), self.reject)
        self.go = self.add_button(tr("Export"), self._go, role="primary")
        self.list.itemChanged.connect(lambda _: self._refresh())
        self.folder.textChanged.connect(lambda _: self._refresh())
        self._refresh()
        self.folder.setFocus()

    def models(self) -> list[Model]:
        """Those that are ticked."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return [item.data(_MODEL) for item in items if item.checkState() is Qt.CheckState.Checked]

    def _refresh(self) -> None:
        chosen = self.models()
        count = trn("{count} model", "{count} models", len(chosen))
        whole = locales.size(sum(model.size for model in chosen))
        self.facts.setText(f"{count}{SEPARATOR}{whole}")
        self.go.setEnabled(bool(chosen) and bool(self.folder.text().strip()))

    def _go(self) -> None:
        models, folder = self.models(), path_of(self.folder.text().strip())
        self.accept()
        self._chosen(models, folder)


class ImportBundleDialog(Dialog):
    """Calls `agreed()`. `models` are names with their bytes."""

    outlives_project = True

    def __init__(
        self,
        parent: QWidget | None,
        folder: Path,
        models: Sequence[tuple[str, int]],
        licences: Sequence[Licence],
        agreed: Callable[[], object],
    ) -> None:
        heading = tr("Import models from “{folder}”", folder=folder.name)
        super().__init__(parent, tr("Import models"), heading=heading, width=72 * UNIT)
        self._agreed = agreed
        whole = locales.size(sum(size for _, size in models))
        count = trn("{count} model", "{count} models", len(models))
        told = tr("They are copied into the studio's own folder, and every byte is verified.")
        self.body.addWidget(label(f"{count}{SEPARATOR}{whole}. {told}", "muted", wrap=True))
        self.list = QListWidget()
        self.list.setProperty("role", "card")
        self.list.setAccessibleName(tr("Models"))
        self.list.setMinimumHeight(12 * UNIT)
        for name, size in models:
            item = QListWidgetItem(f"{name}{SEPARATOR}{locales.size(size)}")
            item.setSizeHint(QSize(0, self.fontMetrics().height() + UNIT + 4))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.body.addWidget(self.list, 1)
        self.agree = QCheckBox(tr("I have read these terms and agree to them"))
        self.terms = read_only(
            "\n\n".join(f"{one.title}\n\n{terms_of(one)}" for one in licences), tr("Terms")
        )
        for part in (self.terms, self.agree):
            part.setVisible(bool(licences))
            self.body.addWidget(part)
        self.add_button(tr("Cancel"), self.reject)
        self.go = self.add_button(tr("Import"), self._go, role="primary")
        self.go.setEnabled(bool(models) and not licences)
        self.agree.toggled.connect(self.go.setEnabled)
        (self.agree if licences else self.go).setFocus()

    def _go(self) -> None:
        self.accept()
        self._agreed()
