"""The recent projects: opened again, pinned, taken off the list; those that are gone say so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from studio.given_paths import is_folder, path_of
from studio.ui.kit.controls import label
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.icons import icon
from studio.ui.kit.locales import moment
from studio.ui.kit.tasks import Task
from studio.ui.kit.theme import UNIT
from studio.ui.project.recent_card import short
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.shell.faces import Studio

_FOLDER = Qt.ItemDataRole.UserRole


class RecentDialog(Dialog):
    outlives_project = True

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio.window, tr("Recent projects"), width=88 * UNIT)
        self._studio = studio
        self._missing: set[str] = set()
        self.tree = QTreeWidget()
        self.tree.setProperty("role", "card")
        self.tree.setHeaderLabels([tr("Project"), tr("Last opened"), tr("Folder")])
        self.tree.setRootIsDecorated(False)
        self.tree.setIconSize(QSize(16, 16))
        self.tree.setMinimumHeight(36 * UNIT)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.tree.setAccessibleName(tr("Recent projects"))
        self.tree.itemActivated.connect(self._open)
        self.tree.currentItemChanged.connect(self._on_current)
        self.body.addWidget(self.tree)
        self.empty = label(tr("Projects that you open are listed here."), "muted")
        self.body.addWidget(self.empty)
        self.clear = self.add_button(tr("Clear list"), self._clear)
        self.remove = self.add_button(tr("Take off the list"), self._remove)
        self.pin = self.add_button(tr("Pin"), self._pin)
        self.beside = self.add_button(tr("Open in new window"), self._open_beside)
        self.open_button = self.add_button(tr("Open"), self._open, role="primary")
        self.fill()
        studio.context.tasks.start(tr("Looking for projects"), self._look, self._looked, owner=self)

    def fill(self) -> None:
        known, chosen = self._studio.context.settings.projects, self.chosen()
        self.tree.clear()
        pinned = [entry for entry in known.recent if entry in known.pinned]
        for folder in [*pinned, *(entry for entry in known.recent if entry not in pinned)]:
            path, opened = Path(folder), known.times.get(folder)
            name = path.name.removesuffix(".studio")
            row = QTreeWidgetItem(
                [
                    tr("{name} (missing)", name=name) if folder in self._missing else name,
                    moment(opened) if opened is not None else "",
                    short(path.parent),
                ]
            )
            row.setData(0, _FOLDER, folder)
            row.setToolTip(0, folder)
            row.setToolTip(2, folder)
            theme = self._studio.theme
            drawing, color = ("warning", "warning") if folder in self._missing else ("folder", "muted")
            if folder in known.pinned and folder not in self._missing:
                drawing, color = "star-filled", "accent"
            row.setIcon(0, icon(drawing, theme.color(color)))
            self.tree.addTopLevelItem(row)
            if folder == chosen:
                self.tree.setCurrentItem(row)
        for column in (0, 1):
            self.tree.resizeColumnToContents(column)
        self.tree.setVisible(bool(known.recent))
        self.empty.setVisible(not known.recent)
        self.clear.setEnabled(any(entry not in known.pinned for entry in known.recent))
        if not self.chosen() and known.recent:
            self.tree.setCurrentIndex(self.tree.model().index(0, 0))
        self._on_current()

    def chosen(self) -> str:
        """The folder in the current row; "" if there is none."""
        row = self.tree.currentItem()
        return str(row.data(0, _FOLDER)) if row is not None else ""

    def _on_current(self) -> None:
        folder = self.chosen()
        there = bool(folder) and folder not in self._missing
        self.open_button.setEnabled(there)
        self.beside.setEnabled(there)
        self.pin.setEnabled(bool(folder))
        self.remove.setEnabled(bool(folder))
        is_pinned = folder in self._studio.context.settings.projects.pinned
        self.pin.setText(tr("Unpin") if is_pinned else tr("Pin"))

    def _look(self, _: Task) -> set[str]:
        """On a thread: a drive that is not there can take long to say so."""
        return {
            entry for entry in self._studio.context.settings.projects.recent if not is_folder(path_of(entry))
        }

    def _looked(self, missing: set[str]) -> None:
        self._missing = missing
        self.fill()

    def _open(self) -> None:
        folder = self.chosen()
        if folder and folder not in self._missing:
            self.accept()
            self._studio.projects.open(Path(folder))

    def _open_beside(self) -> None:
        folder = self.chosen()
        self.accept()
        self._studio.session.open_in_window(Path(folder))

    def _pin(self) -> None:
        folder = self.chosen()
        self._studio.context.shared.pin(
            Path(folder), folder not in self._studio.context.settings.projects.pinned
        )
        self.fill()

    def _remove(self) -> None:
        self._studio.context.shared.forget(Path(self.chosen()))
        self.fill()

    def _clear(self) -> None:
        self._studio.context.shared.forget_all()
        self.fill()
