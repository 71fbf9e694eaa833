"""What the studio is, and the licences of all that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

import studio
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.controls import label
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.tasks import Tasks
from studio.ui.kit.theme import UNIT
from studio.ui.shell.licences import Part, parts
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.plugins.catalog import Catalog

_PART = Qt.ItemDataRole.UserRole


class AboutDialog(Dialog):
    outlives_project = True

    def __init__(self, parent: QWidget | None, catalog: Catalog | None) -> None:
        title = tr("Studio {version}", version=studio.__version__)
        super().__init__(parent, tr("About Studio"), heading=title, width=112 * UNIT)
        self._plugins = (
            [] if catalog is None else [plugin for plugin in catalog.plugins if not plugin.failure]
        )
        self._bridge = Bridge()
        self._tasks = Tasks(self._bridge, self._failed)
        told = tr(
            "A creative studio that runs entirely on your own machine: nothing that you make or type leaves "
            "it. Free software under the Apache License 2.0."
        )
        self.body.addWidget(label(told, "muted", wrap=True))
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find a part or a licence"))
        self.search.setAccessibleName(tr("Find a part or a licence"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._filter())
        self.list = QListWidget()
        self.list.setProperty("role", "card")
        self.list.setAccessibleName(tr("What Studio is made of"))
        self.list.setUniformItemSizes(True)
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self.name = label("", "strong", wrap=True)
        self.what = label("", "small", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("role", "card")
        self.text.setAccessibleName(tr("Licence"))
        self.state = label(tr("Reading the licences…"), "small")
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(UNIT)
        right.setSpacing(UNIT)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        left.addWidget(self.state)
        right.addWidget(self.name)
        right.addWidget(self.what)
        right.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.setSpacing(2 * UNIT)
        row.addLayout(left, 2)
        row.addLayout(right, 3)
        self.body.addLayout(row, 1)
        self.add_button(tr("Copy list"), self.copy_list).setAutoDefault(False)
        self.add_button(tr("Close"), self.accept, role="primary")
        self.resize(self.minimumWidth(), 68 * UNIT)
        self.finished.connect(self._end)
        self._tasks.start(tr("Reading the licences"), lambda _: parts(), self._take, owner=self)

    def parts(self) -> list[Part]:
        """Those that are shown."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return [item.data(_PART) for item in items if not item.isHidden()]

    def copy_list(self) -> None:
        lines = [" ".join(filter(None, (one.name, one.version, one.licence))) for one in self.parts()]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _take(self, found: list[Part]) -> None:
        own = [
            Part(tr("Plugin {name}", name=one.name), one.version, one.licence or tr("see its text"), "", "")
            for one in self._plugins
        ]
        for part in [*found[:1], *own, *found[1:]]:
            item = QListWidgetItem(f"{part.name} {part.version}".strip())
            item.setData(_PART, part)
            item.setToolTip(part.licence)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{part.name} {part.version}, {part.licence}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._filter()

    def _filter(self) -> None:
        wanted = self.search.text().casefold().split()
        shown = 0
        for row in range(self.list.count()):
            item = self.list.item(row)
            part: Part = item.data(_PART)
            told = f"{part.name} {part.licence} {part.what}".casefold()
            fits = all(word in told for word in wanted)
            item.setHidden(not fits)
            shown += fits
        self.state.setText(
            trn("{count} component", "{count} components", shown) if shown else tr("Nothing fits.")
        )
        current = self.list.currentItem()
        if current is None or current.isHidden():
            first = next((r for r in range(self.list.count()) if not self.list.item(r).isHidden()), -1)
            self.list.setCurrentRow(first)

    def _show(self) -> None:
        item = self.list.currentItem()
        part = item.data(_PART) if item is not None else Part("", "", "", "", "")
        self.name.setText("  ·  ".join(filter(None, (f"{part.name} {part.version}".strip(), part.licence))))
        self.what.setText(part.what)
        self.what.setVisible(bool(part.what))
        nothing = tr("It brings no text of its licence along.") if part.name else ""
        self.text.setPlainText(part.text or nothing)

    def _failed(self, error: BaseException) -> None:
        self.state.setText(tr("The licences could not be read: {reason}", reason=str(error)))

    def _end(self) -> None:
        self._bridge.close()

    def sizeHint(self) -> QSize:
        return QSize(112 * UNIT, 68 * UNIT)
