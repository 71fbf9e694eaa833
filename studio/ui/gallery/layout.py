"""The gallery's widgets and where they stand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSlider, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from studio.project.order import Group, Sort
from studio.ui.gallery.actions import TRASH
from studio.ui.gallery.collections import CollectionList
from studio.ui.gallery.delegate import GalleryDelegate
from studio.ui.gallery.menus import FilterMenu, arrange_menu
from studio.ui.gallery.search import SearchField, Values
from studio.ui.items.words import GROUPS, SORTS
from studio.ui.kit.controls import EmptyState, Segments, button, label
from studio.ui.kit.geometry import edges
from studio.ui.kit.grid_hands import ItemGrid
from studio.ui.kit.grid_view import ZOOM_MAX, ZOOM_MIN, ZOOM_STEP
from studio.ui.kit.icons import icon
from studio.ui.kit.menu_entries import entry
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.theme import UNIT, Theme
from studio.words import tr

if TYPE_CHECKING:
    from studio.project.changes import Collection
    from studio.ui.items.organize import Organizer

PANEL_WIDTH = 39 * UNIT
"""At least: room for two pictures side by side, and for the recipe's buttons below."""
_ICON = 18
_SLIDER = 9 * UNIT


class GalleryParts:
    """Search and its buttons, views, collections, the grid or what stands in its place, a bar below."""

    def __init__(self, home: QWidget, cells: GalleryDelegate, theme: Theme, values: Values) -> None:
        self._home = home
        home.setMinimumWidth(PANEL_WIDTH)
        self.search = SearchField(theme, values)
        self.filters = FilterMenu(home)
        self._filter = _tool(tr("Filter"), tr("Filter by stars, kind, label, day or tag"))
        self._filter.setMenu(self.filters)
        self._filter.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.collections_button = _tool(tr("Collections"), tr("Show or hide the collections"))
        self.collections_button.setCheckable(True)
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        self.views = Segments([tr("All"), tr("Results"), tr("Photos"), tr("Masks"), tr("Trash")])
        self.views.setAccessibleName(tr("What is shown"))
        self.collections = CollectionList()
        self.collections.hide()
        self.count = label("", "small")
        """For the panel's title."""
        self.library_count = label("", "small")
        """The same where there is no such title: in the library."""
        self.library_count.hide()
        self.view = ItemGrid(cells)
        self.view.setAccessibleName(tr("Items"))
        self.view.setDragEnabled(True)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self.empty = EmptyState("", "")
        self.way_out = button(tr("Show all"))
        self._nothing = QWidget()
        self.stack = QStackedWidget()
        self.arrange = button("", "quiet")
        self.arrange.setAccessibleName(tr("Sort and group"))
        self.zoom = QSlider(Qt.Orientation.Horizontal)
        self.zoom.setRange(ZOOM_MIN, ZOOM_MAX)
        self.zoom.setSingleStep(ZOOM_STEP)
        self.zoom.setPageStep(2 * ZOOM_STEP)
        self.zoom.setFixedWidth(_SLIDER)
        self.zoom.setAccessibleName(tr("Size of the thumbnails"))
        self.zoom.setToolTip(tr("Size of the thumbnails (Ctrl and the wheel)"))
        self._sort: Callable[[Sort], object] = lambda _: None
        self._group: Callable[[Group], object] = lambda _: None
        self._stacks: Callable[[bool], object] = lambda _: None
        menu, self._arranged, self._in_stacks = arrange_menu(
            home, lambda sort: self._sort(sort), lambda group: self._group(group), lambda on: self._stacks(on)
        )
        self.arrange.setMenu(menu)
        self._place()
        self.set_theme(theme)

    def _place(self) -> None:
        search = QHBoxLayout()
        search.setSpacing(UNIT // 2)
        search.addWidget(self.search, 1)
        search.addWidget(self._filter)
        search.addWidget(self.collections_button)
        top = QVBoxLayout()
        top.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT // 2)
        top.setSpacing(UNIT)
        top.addLayout(search)
        top.addWidget(self.problem)
        top.addWidget(self.views)
        top.addWidget(self.collections)
        nothing = QVBoxLayout(self._nothing)
        nothing.setContentsMargins(0, 0, 0, 0)
        nothing.addStretch(1)
        nothing.addWidget(self.empty)
        nothing.addWidget(self.way_out, 0, Qt.AlignmentFlag.AlignHCenter)
        nothing.addStretch(2)
        self.stack.addWidget(self.view)
        self.stack.addWidget(self._nothing)
        grid = QHBoxLayout()
        grid.setContentsMargins(edges(UNIT // 2 + 1, 0, 0, 0))
        grid.addWidget(self.stack)
        bar = QHBoxLayout()
        bar.setContentsMargins(edges(UNIT // 2, 0, UNIT + 4, UNIT // 2))
        bar.setSpacing(0)
        bar.addWidget(self.arrange)
        bar.addStretch(1)
        bar.addWidget(self.library_count)
        bar.addSpacing(2 * UNIT)
        bar.addWidget(self.zoom)
        column = QVBoxLayout(self._home)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(grid, 1)
        column.addLayout(bar)

    def set_theme(self, theme: Theme) -> None:
        self.search.set_theme(theme)
        muted = theme.color("muted")
        for tool, drawing in ((self._filter, "filter"), (self.collections_button, "collection")):
            tool.setIcon(icon(drawing, muted))
        self.arrange.setIcon(icon("sort", muted))
        self.views.show_icon(TRASH, icon("trash", muted))

    def on_sort(self, choose: Callable[[Sort], object]) -> None:
        self._sort = choose

    def on_group(self, choose: Callable[[Group], object]) -> None:
        self._group = choose

    def on_stacks(self, choose: Callable[[bool], object]) -> None:
        self._stacks = choose

    def show_arrangement(self, sort: Sort, group: Group, *, stacks: bool) -> None:
        self._in_stacks.setChecked(stacks)
        self._arranged[sort].setChecked(True)
        self._arranged[group].setChecked(True)
        words = tr(SORTS[sort])
        if group is not Group.NONE:
            words = f"{words} · {tr(GROUPS[group])}"
        self.arrange.setText(words)

    def show_zoom(self, side: int) -> None:
        self.zoom.blockSignals(True)
        self.zoom.setValue(side)
        self.zoom.blockSignals(False)

    def show_problem(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def show_items(self, shown: bool) -> None:
        self.stack.setCurrentWidget(self.view if shown else self._nothing)

    def collection_menu(
        self,
        organizer: Organizer,
        collection: Collection | None,
        export: Callable[[Collection], object],
    ) -> QMenu:
        menu, writable = KeyMenu(self._home), organizer.is_writable
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if collection is not None:
            entry(menu, tr("Add what is selected"), partial(organizer.collect, collection), on=writable)
            entry(menu, tr("Rename…"), partial(organizer.rename_collection, collection), on=writable)
            remove = partial(organizer.remove_collection, collection)
            entry(menu, tr("Remove the collection"), remove, on=writable)
            menu.addSeparator()
        entry(menu, tr("New collection…"), organizer.new_collection, on=writable)
        if collection is not None:
            menu.addSeparator()
            entry(menu, tr("Export…"), partial(export, collection), on=collection.count > 0)
        return menu


def _tool(name: str, tip: str) -> QToolButton:
    made = QToolButton()
    made.setAccessibleName(name)
    made.setToolTip(tip or name)
    made.setIconSize(QSize(_ICON, _ICON))
    made.setFixedSize(30, 30)
    return made
