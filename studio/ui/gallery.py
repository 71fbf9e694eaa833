"""The gallery: search, filter, look, and act on what is selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.core.item import Item, Kind, Origin
from studio.project.store import Project
from studio.ui.controls import EmptyState, Segments, label
from studio.ui.gallery_delegate import CELL, GalleryDelegate
from studio.ui.gallery_model import GalleryFilter, GalleryModel, Role
from studio.ui.icons import icon
from studio.ui.theme import UNIT, Theme
from studio.ui.thumbnails import ThumbnailReady

SEARCH_DELAY_MS = 150
PANEL_WIDTH = 39 * UNIT
"""At least: room for two pictures side by side, and for the recipe's buttons below."""
_VIEWS = (
    ("All", GalleryFilter()),
    ("Results", GalleryFilter(origin=Origin.ARTIFACT)),
    ("Photos", GalleryFilter(origin=Origin.ASSET)),
    ("Masks", GalleryFilter(kinds=(Kind.MASK,))),
    ("Trash", GalleryFilter(kinds=(), trashed=True)),
)
"""What the segments show. Masks have a place of their own."""


@dataclass(frozen=True)
class GalleryActions:
    """What the window does for the gallery; each is given the selected items, at least one."""

    look: Callable[[Item], None]
    """A double click."""
    open_on_canvas: Callable[[Item], None]
    compare: Callable[[Item], None]
    reuse: Callable[[Item], None]
    export: Callable[[Sequence[Item]], None]
    copy: Callable[[Sequence[Item]], None]
    show_file: Callable[[Item], None]


BATCH = 500
"""Rows that are laid out before the gallery is drawn."""


class _View(QListView):
    """The grid itself."""

    activated_item = Signal(object)
    cell_changed = Signal(QSize)

    def __init__(self) -> None:
        super().__init__()
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        # The first rows at once, the rest while nothing else is to do: Qt asks the model about each of them.
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(BATCH)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalScrollBar().setSingleStep(3 * UNIT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cells share the width: no ragged edge."""
        room = self.width() - self.verticalScrollBar().sizeHint().width() - 2
        columns = max(1, room // CELL.width())
        side = room // columns
        cell = QSize(side, side + CELL.height() - CELL.width())
        if cell != self.gridSize():
            self.cell_changed.emit(cell)
            self.setGridSize(cell)
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated_item.emit(self.currentIndex().data(Role.ITEM))
            return
        super().keyPressEvent(event)


class GalleryPanel(QWidget):
    """Emits `selection_changed(list of items)`; the current item is the first of them."""

    selection_changed = Signal(object)
    failed = Signal(object)
    """A StudioError that the user should see."""

    def __init__(self, model: GalleryModel, theme: Theme, actions: GalleryActions) -> None:
        super().__init__()
        self.model = model
        self._actions = actions
        self._project: Project | None = None
        self.setProperty("role", "panel")
        self.setMinimumWidth(PANEL_WIDTH)

        self.search = QLineEdit()
        self.search.setPlaceholderText("Search names and prompts")
        self.search.setClearButtonEnabled(True)
        self.search.setAcceptDrops(False)
        self._search_icon = self.search.addAction(
            icon("search", theme.color("muted")), QLineEdit.ActionPosition.LeadingPosition
        )
        self.views = Segments([name for name, _ in _VIEWS])
        self.count = label("", "small")
        """For the panel's title."""
        self.view = _View()
        self._delegate = GalleryDelegate(theme)
        self.view.setItemDelegate(self._delegate)
        self.view.cell_changed.connect(self._delegate.set_cell)
        self.view.setModel(model)
        self.empty = EmptyState("", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)

        top = QVBoxLayout()
        top.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT // 2)
        top.setSpacing(UNIT)
        top.addWidget(self.search)
        top.addWidget(self.views)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        gallery_place = QHBoxLayout()
        gallery_place.setContentsMargins(UNIT // 2 + 1, 0, 0, 0)
        gallery_place.addWidget(self._stack)
        column.addLayout(gallery_place, 1)

        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SEARCH_DELAY_MS)
        self._delay.timeout.connect(self._apply_filter)
        self.search.textChanged.connect(lambda _: self._delay.start())
        self.views.chosen.connect(lambda _: self._apply_filter())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._on_selection())
        self.view.doubleClicked.connect(lambda index: self._actions.look(index.data(Role.ITEM)))
        self.view.activated_item.connect(self._actions.look)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        model.modelReset.connect(self._show_state)
        model.rowsInserted.connect(lambda *_: self._show_state())
        self._add_shortcuts()
        self._show_state()

    def set_project(self, project: Project | None) -> None:
        self._project = project
        self._delay.stop()
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.views.choose(0)
        self.model.set_filter(GalleryFilter())
        self.model.set_project(project)
        self._on_selection()

    def set_theme(self, theme: Theme) -> None:
        self._delegate.theme = theme
        self._search_icon.setIcon(icon("search", theme.color("muted")))
        self.view.viewport().update()

    def selected(self) -> list[Item]:
        """In the gallery's order."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return [item for row in rows if (item := self.model.item(row)) is not None]

    def select(self, uid: str) -> None:
        """Selects one item and brings it into view; a filter that hides it is taken off."""
        row = self.model.row_of(uid)
        if row is None and self.model.filter != GalleryFilter():
            self.search.clear()
            self.views.choose(0)
            self._apply_filter()
            row = self.model.row_of(uid)
        if row is not None:
            index = self.model.index(row)
            self.view.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.view.scrollTo(index)

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if isinstance(event, ThumbnailReady):
            self.model.thumbnail_ready()

    def items_added(self) -> None:
        self.model.items_added()
        self._show_state()

    def menu_for(self, items: Sequence[Item]) -> QMenu:
        """The context menu for a selection; also what the keyboard's menu key shows."""
        menu = QMenu(self)
        first = items[0]
        one = len(items) == 1
        if self.model.filter.trashed:
            restore = menu.addAction("Restore" if one else f"Restore {len(items)} items", self.restore)
            restore.setEnabled(self._is_writable)
            return menu
        if one and first.kind is Kind.IMAGE:
            menu.addAction("Open on canvas", lambda: self._actions.open_on_canvas(first))
        if one and first.parent is not None:
            menu.addAction("Compare with original", lambda: self._actions.compare(first))
        if one and first.origin is Origin.ARTIFACT:
            menu.addAction("Use these settings", lambda: self._actions.reuse(first))
        menu.addSeparator()
        menu.addAction(
            "Export…" if one else f"Export {len(items)} items…", lambda: self._actions.export(items)
        )
        menu.addAction("Copy", lambda: self._actions.copy(items))
        if one:
            menu.addAction("Show file", lambda: self._actions.show_file(first))
        if self._is_writable:
            menu.addSeparator()
            if one:
                menu.addAction("Rename…", lambda: self.rename(first))
            rating = menu.addMenu("Stars")
            for stars in range(6):
                rating.addAction("★" * stars or "None", partial(self.rate, stars))
            menu.addAction("Move to trash", self.trash)
        return menu

    @property
    def _is_writable(self) -> bool:
        return self._project is not None and not self._project.read_only

    def rate(self, stars: int) -> None:
        for item in self.selected():
            self._change(partial(Project.set_stars, uid=item.uid, stars=stars))
            self.model.item_changed(item.uid)
        self._on_selection()

    def rename(self, item: Item) -> None:
        from PySide6.QtWidgets import QInputDialog

        dialog = QInputDialog(self)
        dialog.setWindowTitle("Rename")
        dialog.setLabelText("Name")
        dialog.setTextValue(item.name)
        dialog.setMinimumWidth(48 * UNIT)
        dialog.textValueSelected.connect(lambda name: self._rename(item, name))
        dialog.open()

    def trash(self) -> None:
        """Where "Trash" shows them, and `restore` brings them back."""
        if not self.model.filter.trashed:
            self._move(Project.trash)

    def restore(self) -> None:
        if self.model.filter.trashed:
            self._move(Project.restore)

    def _move(self, move: Callable[[Project, Sequence[str]], None]) -> None:
        """Takes what is selected out of what is shown; what follows is selected then."""
        items = self.selected()
        if not items:
            return
        row = min(index.row() for index in self.view.selectionModel().selectedIndexes())
        self._change(lambda project: move(project, [item.uid for item in items]))
        self.model.reload()
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(min(row, self.model.rowCount() - 1)))
        self._on_selection()

    def _rename(self, item: Item, name: str) -> None:
        if name.strip():
            self._change(lambda project: project.rename(item.uid, name.strip()))
            self.model.item_changed(item.uid)
            self._on_selection()

    def _change(self, change: Callable[[Project], None]) -> None:
        from studio.errors import StudioError

        assert self._project is not None
        try:
            change(self._project)
        except StudioError as error:
            self.failed.emit(error)

    def _add_shortcuts(self) -> None:
        for stars in range(6):
            self._shortcut(str(stars), partial(self.rate, stars))
        self._shortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.trash)
        copy = QKeySequence(QKeySequence.StandardKey.Copy)
        self._shortcut(copy, lambda: self._actions.copy(self.selected()), writes=False)
        self._shortcut("F2", lambda: self.rename(self.selected()[0]) if self.selected() else None)

    def _shortcut(self, keys: str | QKeySequence, act: Callable[[], None], *, writes: bool = True) -> None:
        action = QAction(self.view)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: act() if self._is_writable or not writes else None)
        self.view.addAction(action)

    def _apply_filter(self) -> None:
        self._delay.stop()
        self.model.set_filter(replace(_VIEWS[self.views.current()][1], text=self.search.text().strip()))
        self._on_selection()

    def _show_state(self) -> None:
        count = self.model.rowCount()
        self.count.setText(f"{count:,}" if count else "")
        self._stack.setCurrentWidget(self.view if count else self.empty)
        if self._project is None:
            self.empty.say("Gallery", "Photos and results of the open project appear here.")
        elif self.model.filter.trashed and not self.model.filter.text:
            self.empty.say("The trash is empty", "What you move here can be restored for 30 days.")
        elif self.model.filter != GalleryFilter():
            self.empty.say("Nothing found", "Try other words, or show all.")
        else:
            self.empty.say("Nothing here yet", "Drop a photo anywhere on the window to begin.")

    def _on_selection(self) -> None:
        self.selection_changed.emit(self.selected())

    def _show_menu(self, at: QPoint) -> None:
        items = self.selected()
        if items:
            menu = self.menu_for(items)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.view.viewport().mapToGlobal(at))

    def sizeHint(self) -> QSize:
        return QSize(2 * CELL.width() + 4 * UNIT, 480)
