"""The gallery: search, filter, look, organize, and act on what is selected."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QWidget

from studio.core.item import Item, Kind, Origin
from studio.errors import StudioError
from studio.project.history import Changed
from studio.project.order import Group, Sort
from studio.project.query import Parsed, Query, parse
from studio.project.store import Project
from studio.ui import locales
from studio.ui.commands import Command
from studio.ui.desk import Desk
from studio.ui.gallery_commands import context_menu, gallery_commands, set_rules
from studio.ui.gallery_delegate import GalleryDelegate, Thumbnail
from studio.ui.gallery_layout import GalleryParts
from studio.ui.gallery_model import AT_ONCE, MOST_ITEMS, Arrangement, GalleryModel
from studio.ui.gallery_organize import Organizer
from studio.ui.gallery_paste import paste
from studio.ui.gallery_tokens import toggled, token, without_key
from studio.ui.gallery_typing import Typing
from studio.ui.gallery_words import count_words
from studio.ui.grid_select import Ranges, rows_of_ids
from studio.ui.grid_view import ZOOM_STEP
from studio.ui.theme import UNIT, Theme
from studio.ui.thumbnails import ThumbnailReady
from studio.words import tr

if TYPE_CHECKING:
    from studio.project.changes import Collection

SEARCH_DELAY_MS = 60
"""After the last key: short enough to search as one types, long enough for a fast hand's next letter."""
SETTLE_MS = 400
"""After the last turn of the wheel the cell's size is written down."""
COALESCE_MS = 15
"""Thumbnails that come within one frame are drawn together."""
MOST_HANDED = 2000
"""Items that a drag or a copy takes along."""
MOST_STATE = 2000
"""Selected ids that a state keeps."""
_NO_MASKS = tuple(kind for kind in Kind if kind is not Kind.MASK)
"""Every job leaves its mask in the project: in the way among the pictures, so they have their own place."""
VIEWS = (
    Query(kinds=_NO_MASKS),
    Query(kinds=_NO_MASKS, origin=Origin.ARTIFACT),
    Query(kinds=_NO_MASKS, origin=Origin.ASSET),
    Query(kinds=(Kind.MASK,)),
    Query(trashed=True),
)
"""In the order of their segments."""
TRASH = len(VIEWS) - 1


@dataclass(frozen=True)
class GalleryActions:
    """What the window does for the gallery; each is given the selected items, at least one."""

    look: Callable[[Item], object]
    """A double click."""
    open_on_canvas: Callable[[Item], object]
    compare: Callable[[Sequence[Item]], object]
    """One with what it was made from, or two to eight."""
    show_file: Callable[[Item], object]
    bring_in: Callable[[Sequence[Path]], object]
    say: Callable[[str], object]
    """A quiet notice."""


@dataclass(frozen=True)
class GalleryState:
    """What a window that is built anew gives to the next."""

    text: str
    view: int
    ids: tuple[int, ...]
    current: int
    """A row id, or -1."""
    top: int
    collections: bool


class GalleryPanel(QWidget):
    """Emits `selection_changed(the first of the selected items)`; `selected_ids` gives all."""

    selection_changed = Signal(object)
    failed = Signal(object)
    """A StudioError that the user should see."""

    def __init__(self, desk: Desk, thumbnail: Thumbnail, theme: Theme, actions: GalleryActions) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setObjectName("gallery")
        self._desk, self.do = desk, actions
        self.actions_by_id: Mapping[str, QAction] = {}
        self.model = GalleryModel(desk.bridge.post, self)
        self.cells = GalleryDelegate(self.model, thumbnail, theme)
        self.parts = GalleryParts(self, self.cells, theme, self._values)
        self.search, self.views, self.view = self.parts.search, self.parts.views, self.parts.view
        self.count, self.empty = self.parts.count, self.parts.empty
        self.organizer = Organizer(self, self._post, self.selected_uids, self.selected)
        self.organizer.failed.connect(self.failed)
        self._project: Project | None = None
        self._parsed = Parsed(VIEWS[0])
        self._own: set[int] = set()
        self._typing = Typing()
        self._ready: set[str] = set()
        self._kept: tuple[array[int], int, tuple[int, int] | None] = (array("q"), -1, None)
        self._follow = -1
        """The row whose place the next selection takes, after the selected items have left."""
        self._quiet = False
        self._delay = self._timer(SEARCH_DELAY_MS, self._apply)
        self._settle = self._timer(SETTLE_MS, self._keep_zoom)
        self._coalesce = self._timer(COALESCE_MS, self._draw_ready)
        self._wire()
        self.view.set_zoom(desk.settings.gallery.zoom)
        self._show_state()

    def _wire(self) -> None:
        view, parts, model = self.view, self.parts, self.model
        view.setModel(model)
        model.modelAboutToBeReset.connect(self._before_reset)
        model.modelReset.connect(self._after_reset)
        model.items_changed.connect(self._on_items_changed)
        model.arrived.connect(view.refresh)
        model.failed.connect(self.failed)
        view.selectionModel().selectionChanged.connect(self._on_selection)
        view.banded.connect(self._on_selection)
        view.drag_data = self._drag_data
        view.looked.connect(self._look)
        view.typed.connect(self._jump)
        view.zoom_changed.connect(self._on_zoom)
        view.customContextMenuRequested.connect(self._show_menu)
        self.search.textChanged.connect(self._later)
        self.search.left_down.connect(self._enter_view)
        self.search.returnPressed.connect(self._apply)
        self.views.chosen.connect(self._apply)
        parts.zoom.valueChanged.connect(view.set_zoom)
        parts.way_out.clicked.connect(self.clear_search)
        parts.filters.attach(self.search.text, self._set_text, partial(self._values, "tag"))
        parts.on_sort(self.set_sort)
        parts.on_group(self.set_group)
        parts.collections_button.toggled.connect(self._show_collections)
        collections = parts.collections
        collections.chosen.connect(self._open_collection)
        collections.dropped.connect(self.organizer.collect)
        collections.rename_wanted.connect(self.organizer.rename_collection)
        collections.remove_wanted.connect(self.organizer.remove_collection)
        collections.menu_wanted.connect(self._collection_menu)

    # The window --------------------------------------------------------------------------------------------

    def set_project(self, project: Project | None) -> None:
        self._delay.stop()
        self._project = self.organizer.project = project
        self._quiet = True
        self.search.clear()
        self._quiet = False
        self.views.choose(0)
        self.view.forget()
        self.model.set_project(project, self._arrangement())
        self.view.verticalScrollBar().setValue(0)
        self._show_collections()
        self._show_state()
        self._on_selection()

    def set_theme(self, theme: Theme) -> None:
        self.cells.theme = theme
        self.parts.set_theme(theme)
        self.view.relayout(keep=True)

    def commands(self) -> list[Command]:
        return gallery_commands(self)

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        self.actions_by_id = actions
        self._show_arrangement()
        set_rules(self)

    def close_panel(self) -> None:
        """Before the panel goes: nothing of it reads or waits any more."""
        for timer in (self._delay, self._settle, self._coalesce):
            timer.stop()
        self._keep_zoom()
        self.model.close()

    def state(self) -> GalleryState:
        ids = tuple(self.selected_ids()[:MOST_STATE])
        row = self.view.currentIndex().row()
        return GalleryState(
            self.search.text(),
            self.views.current(),
            ids,
            self.model.ids[row] if row >= 0 else -1,
            self.view.verticalOffset(),
            self.parts.collections_button.isChecked(),
        )

    def restore(self, state: object) -> None:
        if not isinstance(state, GalleryState):
            return
        self.views.choose(state.view)
        self.search.setText(state.text)
        self._apply(now=True)
        self.parts.collections_button.setChecked(state.collections)
        self._select_ids(array("q", state.ids), state.current)
        self.view.verticalScrollBar().setValue(state.top)

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if isinstance(event, ThumbnailReady):
            self._ready.add(event.digest)
            if not self._coalesce.isActive():
                self._coalesce.start()
        elif isinstance(event, Changed):
            if id(event) in self._own:
                self._own.discard(id(event))
            else:
                self._on_changed(event)
        else:
            self.model.on_event(event)

    def items_added(self) -> None:
        self.model.reload()
        self._show_state()

    # Selection ---------------------------------------------------------------------------------------------

    def selected(self) -> list[Item]:
        """The first selected items, in the gallery's order."""
        return self.model.items_at(self.view.selected)

    def selected_ids(self) -> array[int]:
        """The row ids of all that is selected, in the gallery's order."""
        return self.view.selected.ids(self.model.ids)

    def selected_uids(self) -> list[str]:
        return self._project.uids(self.selected_ids()) if self._project is not None else []

    def all_selected(self) -> list[Item]:
        """Every selected item, read now: for an export of thousands."""
        return self._project.rows(self.selected_ids()) if self._project is not None else []

    def select(self, uid: str) -> None:
        """Selects one item and brings it into view; a filter that hides it is taken off."""
        row = self.model.row_of(uid)
        if row is None:
            self.model.reload(now=True)
            row = self.model.row_of(uid)
        if row is None and (self.search.text() or self.views.current()):
            self.search.clear()
            self.views.choose(0)
            self._apply(now=True)
            row = self.model.row_of(uid)
        if row is not None:
            self.view.choose(row)
            self.view.scrollTo(self.model.index(row))

    # Searching ---------------------------------------------------------------------------------------------

    def find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def clear_search(self) -> None:
        self._set_text("")
        self.views.choose(0)
        self._apply()
        self.view.setFocus()

    def show_view(self, number: int) -> None:
        self.views.choose(number)
        self._apply()

    def set_sort(self, sort: Sort) -> None:
        self._desk.change_settings("gallery", sort=str(sort))
        self._apply()

    def set_group(self, group: Group) -> None:
        self._desk.change_settings("gallery", group=str(group))
        self._apply()

    def zoom(self, steps: int) -> None:
        self.view.set_zoom(self.view.zoom + steps * ZOOM_STEP)

    @property
    def shows_trash(self) -> bool:
        return self.model.arrangement.query.trashed

    @property
    def project(self) -> Project | None:
        return self._project

    def collection(self) -> Collection | None:
        """The one that is being looked at."""
        wanted = self._parsed.query.collection.casefold()
        if not wanted or self._project is None:
            return None
        every = self._project.collections()
        return next((one for one in every if wanted in (one.id.casefold(), one.name.casefold())), None)

    def _set_text(self, text: str) -> None:
        self.search.setText(text)
        self._apply()

    def _arrangement(self) -> Arrangement:
        kept = self._desk.settings.gallery
        self._parsed = parse(self.search.text(), VIEWS[self.views.current()])
        return Arrangement(self._parsed.query, Sort(kept.sort), Group(kept.group))

    def _later(self, _text: str) -> None:
        if not self._quiet:
            self._delay.start()

    def _apply(self, *_: object, now: bool = False) -> None:
        self._delay.stop()
        if self._quiet:
            return
        wanted = self._arrangement()
        regrouped = wanted.group != self.model.arrangement.group
        self.search.show_problems(self._parsed.problems)
        self.parts.show_problem(self.search.problem)
        self.model.arrange(wanted, now=now)
        if regrouped:
            self.view.relayout(keep=True)
        self._show_arrangement()
        self._show_collections()
        self._show_state()

    def _values(self, key: str) -> list[str]:
        """What there is to complete a word of the search with."""
        project = self._project
        if project is None:
            return []
        if key == "tag":
            return [tag for tag, _ in project.tags()]
        if key == "in":
            return [one.name for one in project.collections()]
        catalog = self._desk.catalog
        if catalog is None:
            return []
        if key == "generator":
            return [*catalog.generators]
        return [plugin.name for plugin in catalog.plugins] if key == "plugin" else []

    def _jump(self, letters: str) -> None:
        """Typing goes to the next item whose name begins with that."""
        if self._project is None or not self.model.ids:
            return
        row = self._typing.next_row(letters, self._project, self.model, self.view.currentIndex().row())
        if row is not None:
            self.view.choose(row)

    def _enter_view(self) -> None:
        self._apply()
        self.view.setFocus()
        if not self.view.currentIndex().isValid() and self.model.ids:
            self.view.choose(0)

    # Collections -------------------------------------------------------------------------------------------

    def _open_collection(self, collection: Collection | None) -> None:
        text = without_key(self.search.text(), "in")
        if collection is not None:
            text = toggled(text, "in", collection.name) if text else token("in", collection.name)
        self._set_text(text)

    def _show_collections(self, *_: object) -> None:
        shown = self.parts.collections_button.isChecked() and self._project is not None
        self.parts.collections.setVisible(shown)
        if shown and self._project is not None:
            try:
                found = self._project.collections()
            except StudioError as error:
                self.failed.emit(error)
                return
            self.parts.collections.show_collections(found, self._parsed.query.collection)

    def _collection_menu(self, collection: Collection | None, at: QPoint) -> None:
        self.parts.collection_menu(self.organizer, collection).popup(at)

    # What changes ------------------------------------------------------------------------------------------

    def _post(self, changed: object) -> None:
        """Shows a change of one's own at once, and tells the others."""
        self._own.add(id(changed))
        assert isinstance(changed, Changed)
        self._on_changed(changed)
        self._desk.bridge.post(changed)

    def _on_changed(self, changed: Changed) -> None:
        self.model.on_changed(changed)
        if changed.collections:
            self._show_collections()
        if changed.items and not self.view.selected.ranges:
            self._show_state()
        elif changed.items:
            self._on_selection()

    def _on_items_changed(self, ids: set[int]) -> None:
        self.view.forget(set(ids))

    def _draw_ready(self) -> None:
        keys: set[object] = set()
        for digest in self._ready:
            keys |= self.cells.waiting.pop(digest, set())
        self._ready.clear()
        if keys:
            self.view.forget(keys)

    def _before_reset(self) -> None:
        """What is selected and where the eye is, by ids, which stay while rows move."""
        row = self.view.currentIndex().row()
        held = self.view.held() if self.view.verticalOffset() > 0 else None
        ids = self.model.ids
        self._kept = (
            self.selected_ids(),
            ids[row] if 0 <= row < len(ids) else -1,
            (ids[held[0]], held[1]) if held is not None and held[0] < len(ids) else None,
        )

    def _after_reset(self) -> None:
        ids, current, held = self._kept
        self._quiet = True
        self.view.set_sections([section.count for section in self.model.sections])
        self._select_ids(ids, current)
        if held is not None and (rows := rows_of_ids([held[0]], self.model.ids)):
            self.view.hold(next(iter(rows)), held[1])
        if self._follow >= 0 and self.model.ids and not self.view.selected.ranges:
            self.view.choose(min(self._follow, len(self.model.ids) - 1))
        self._quiet = False
        self._show_state()
        self._on_selection()

    def _select_ids(self, ids: Sequence[int], current: int) -> None:
        rows = rows_of_ids(ids, self.model.ids) if len(ids) else Ranges()
        if current >= 0 and (at := rows_of_ids([current], self.model.ids)):
            row = next(iter(at))
            self.view.choose(row, move_only=True)
            self.view.anchor = row
        if rows.ranges:
            self.view.select_rows(rows)

    def leave(self, move: Callable[[], object]) -> None:
        """Does what takes the selected items out of view; what follows them is selected then."""
        self._follow = next(iter(self.view.selected), -1)
        move()
        if len(self.model.ids) <= AT_ONCE:
            self._follow = -1

    # What is shown -----------------------------------------------------------------------------------------

    def _on_selection(self, *_: object) -> None:
        if self._quiet or self.view.is_banding:
            return
        self._show_count()
        set_rules(self)
        self.selection_changed.emit(self.selected())

    def _show_count(self) -> None:
        chosen, shown = len(self.view.selected), len(self.model.ids)
        if not shown or chosen < 2:
            self.count.setText(count_words(shown, 0, None) if shown else "")
            return
        if chosen <= MOST_ITEMS:
            size = sum(item.size for item in self.selected())
            self.count.setText(count_words(shown, chosen, size))
            return
        self.count.setText(count_words(shown, chosen, None))
        self.model.measure(self.selected_ids(), self._show_size)

    def _show_size(self, size: int) -> None:
        chosen = len(self.view.selected)
        if chosen > MOST_ITEMS:
            self.count.setText(count_words(len(self.model.ids), chosen, size))

    def _show_state(self) -> None:
        shown = bool(self.model.ids)
        self._show_count()
        self.parts.show_items(shown)
        if shown:
            return
        searched = bool(self.search.text().strip())
        self.parts.way_out.setVisible(searched or self.views.current() not in (0, TRASH))
        if self._project is None:
            self.empty.say(tr("Gallery"), tr("Photos and results of the open project appear here."))
        elif searched:
            self.empty.say(tr("Nothing found"), tr("Try other or fewer words."))
        elif self.views.current() == TRASH:
            self.empty.say(tr("The trash is empty"), tr("What you move here can be restored for 30 days."))
        elif self.views.current():
            self.empty.say(tr("Nothing of this kind yet"), tr("It will appear here once there is some."))
        else:
            self.empty.say(tr("Nothing here yet"), tr("Drop a photo anywhere on the window to begin."))

    def _show_arrangement(self) -> None:
        arrangement = self.model.arrangement
        self.parts.show_arrangement(arrangement.sort, arrangement.group)
        for value, prefix in ((arrangement.sort, "sort"), (arrangement.group, "group")):
            action = self.actions_by_id.get(f"gallery.{prefix}_{value}")
            if action is not None:
                action.setChecked(True)

    def _on_zoom(self, side: int) -> None:
        self.parts.show_zoom(side)
        self._settle.start()

    def _keep_zoom(self) -> None:
        if self.view.zoom != self._desk.settings.gallery.zoom:
            self._desk.change_settings("gallery", zoom=self.view.zoom)

    def _look(self, row: int) -> None:
        item = self.model.item(row)
        if item is not None and not self.shows_trash:
            self.do.look(item)

    def _drag_data(self) -> QMimeData | None:
        items = self._handed()
        return self.model.mime_of(items) if items else None

    def _handed(self) -> list[Item]:
        """What is taken along: not more than another program can take in, and than is read in a moment."""
        ids = self.selected_ids()
        if len(ids) > MOST_HANDED:
            most = locales.number(MOST_HANDED)
            self.do.say(tr("Only the first {count} items are taken along. Export takes all.", count=most))
        return self._project.rows(ids[:MOST_HANDED]) if self._project is not None else []

    def copy(self) -> None:
        """To the clipboard: as files, and one picture as a picture too."""
        items = self._handed()
        if items:
            picture = len(items) == 1 and items[0].kind in (Kind.IMAGE, Kind.MASK)
            QGuiApplication.clipboard().setMimeData(self.model.mime_of(items, picture=picture))

    def copy_file(self) -> None:
        """To the clipboard as files only: for programs that would rather take the picture."""
        items = self._handed()
        if items:
            QGuiApplication.clipboard().setMimeData(self.model.mime_of(items))

    def show_trash(self) -> None:
        self.show_view(TRASH)

    def paste(self) -> None:
        paste(self._desk, self.do.bring_in, self.do.say)

    def _show_menu(self, at: QPoint) -> None:
        menu = context_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.viewport().mapToGlobal(at))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.view.relayout(keep=True)

    def sizeHint(self) -> QSize:
        return QSize(39 * UNIT, 480)

    def _timer(self, milliseconds: int, act: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer
