"""Preferences: pages of the same forms that generators have, searched from above, in force at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio import settings
from studio.ui.kit.controls import frame, label
from studio.ui.kit.icons import icon
from studio.ui.kit.theme import UNIT
from studio.ui.shell import models_place
from studio.ui.shell.models_place import ModelsPlace
from studio.ui.shell.preference_pages import FormPage, OwnSettings, PluginSettings, groups
from studio.ui.shell.shortcuts_page import ShortcutsPage
from studio.words import mark, tr

if TYPE_CHECKING:
    from studio.ui.shell.faces import Program

_ROW = 4 * UNIT
KEYS = "keys"
"""The name of the page of shortcuts; the other pages are named by their group, those of plugins
"plugin:NAME"."""


_ICONS = {
    mark("Appearance"): "theme",
    mark("Projects"): "folder",
    mark("Gallery"): "gallery",
    mark("Notices"): "info",
    mark("Export"): "export",
    mark("Computer"): "making",
    mark("Backups"): "history",
    mark("Network"): "get",
}
"""Of the pages of the studio's own settings, by their title in English."""


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
        self._icons: list[str] = []
        self.forms: dict[str, FormPage] = {}
        notes = {tr(group): tr(words) for group, words in settings.NOTES.items()}
        icons = {tr(group): icon for group, icon in _ICONS.items()}
        own = OwnSettings(session)
        for title, specs in groups(session).items():
            page = FormPage(title, specs, own, note=notes.get(title, ""))
            if title == tr("Computer"):
                page.put_below(partial(ModelsPlace, session), models_place.words())
            self._add_form(title, page, icons[title])
        for plugin in session.media.plugins.values():
            if session.media.settings_of(plugin.name) and plugin.manifest is not None:
                kept = PluginSettings(session, plugin)
                rooms = plugin.manifest.rooms
                self._add_form(
                    f"plugin:{plugin.name}",
                    FormPage(tr(plugin.manifest.title), kept.specs(), kept),
                    rooms[0].icon if rooms else "plugins",
                )
        self.keys = ShortcutsPage(session)
        self._add(KEYS, tr("Keyboard shortcuts"), self.keys, "edit")
        self.stack.addWidget(self.nothing)
        self._arrange()
        self._draw_icons()
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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()

    def _add_form(self, name: str, page: FormPage, icon: str) -> None:
        self.forms[name] = page
        self._add(name, page.title, page, icon)

    def _draw_icons(self) -> None:
        for row, name in enumerate(self._icons):
            self.pages.item(row).setIcon(icon(name, self.palette().placeholderText().color()))

    def _add(self, name: str, title: str, page: QWidget, icon: str) -> None:
        self._names.append(name)
        self._icons.append(icon)
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
