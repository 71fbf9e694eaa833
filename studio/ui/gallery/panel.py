"""The gallery: search, filter, look, organize, and act on what is selected."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QWidget

from studio import paths
from studio.core.item import Item
from studio.core.kind import KindInfo
from studio.errors import StudioError
from studio.project.history import Changed
from studio.project.order import Group, Sort
from studio.project.query import Parsed, parse
from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.ui.gallery.actions import TRASH, VIEWS, GalleryActions, GalleryState
from studio.ui.gallery.commands import context_menu, draw_labels, gallery_commands, set_rules
from studio.ui.gallery.count import Counter
from studio.ui.gallery.delegate import GalleryDelegate, Thumbnail
from studio.ui.gallery.layout import GalleryParts
from studio.ui.gallery.library import JustifiedRows
from studio.ui.gallery.model import MOST_ITEMS, Arrangement, GalleryModel
from studio.ui.gallery.news import News
from studio.ui.gallery.out import Handing
from studio.ui.gallery.place import Place
from studio.ui.gallery.search import known_kinds, known_values
from studio.ui.gallery.shelf import Shelf
from studio.ui.gallery.typing import Typing
from studio.ui.items.organize import Organizer
from studio.ui.items.proportions import Proportions
from studio.ui.items.thumbnails import ThumbnailReady
from studio.ui.items.words import View, nothing_words
from studio.ui.kit.commands import Command
from studio.ui.kit.grid_view import ZOOM_STEP
from studio.ui.kit.theme import UNIT, Theme
from studio.words import tr

SEARCH_DELAY_MS = 60
"""After the last key: short enough to search as one types, long enough for a fast hand's next letter."""
SETTLE_MS = 400
"""After the last turn of the wheel the cell's size is written down."""
COALESCE_MS = 15
"""Thumbnails that come within one frame are drawn together."""
MOST_STATE = 2000
"""Selected ids that a state keeps."""


class GalleryPanel(QWidget):
    """Emits `selection_changed(the first of the selected items)`; `selected_ids` gives all."""

    selection_changed = Signal(object)
    failed = Signal(object)
    """A StudioError that the user should see."""

    def __init__(
        self, context: WindowContext, thumbnail: Thumbnail, theme: Theme, actions: GalleryActions
    ) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setObjectName("gallery")
        self._context, self.do = context, actions
        self.actions_by_id: Mapping[str, QAction] = {}
        self.model = GalleryModel(context.bridge.post, context.kinds, self)
        self.cells = GalleryDelegate(self.model, thumbnail, theme, context.kinds)
        self.parts = GalleryParts(self, self.cells, theme, self._known)
        self.search, self.views, self.view = self.parts.search, self.parts.views, self.parts.view
        self.count, self.empty = self.parts.count, self.parts.empty
        self.handing = Handing(context, self.model, self.view, actions)
        self.place = Place(self.view, self.model)
        self.proportions = Proportions(paths.cache_folder() / "proportions")
        self.rows = JustifiedRows(self.view, self.model, self.proportions)
        self._counter = Counter((self.count, self.parts.library_count), self.selected_ids, self.model)
        self.organizer = Organizer(self, context, self._post, self.selected_ids, self.meant)
        self.organizer.failed.connect(self.failed)
        self.organizer.stopped.connect(lambda: actions.say(tr("Stopped. Nothing was changed.")))
        self.shelf = Shelf(
            self.parts,
            self.organizer,
            self._set_text,
            lambda: self._parsed.query.collection,
            actions.export_rows,
        )
        self.news = News(self.view, self.model, self.selected_ids, self._post, context.tasks)
        self._project: Project | None = None
        self._parsed = Parsed(VIEWS[0])
        self._own: set[int] = set()
        self._typing = Typing()
        self._ready: set[str] = set()
        self._quiet = False
        self._delay = self._timer(SEARCH_DELAY_MS, self._apply)
        self._settle = self._timer(SETTLE_MS, self._on_settled)
        self._coalesce = self._timer(COALESCE_MS, self._draw_ready)
        self._wire()
        self.view.set_zoom(context.settings.gallery.zoom)
        self._show_state()

    def _wire(self) -> None:
        view, parts, model = self.view, self.parts, self.model
        view.setModel(model)
        model.modelAboutToBeReset.connect(self.place.keep)
        model.modelReset.connect(self._after_reset)
        model.items_changed.connect(self._on_items_changed)
        model.arrived.connect(view.refresh)
        model.arrived.connect(self._soon)
        view.viewed.connect(self._soon)
        model.failed.connect(self.failed)
        view.selectionModel().selectionChanged.connect(self._on_selection)
        view.banded.connect(self._on_selection)
        view.drag_data = self.handing.drag_data
        view.badge_at = self.cells.badge_at
        view.badge_pressed.connect(self.turn_stack)
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
        tags = partial(self._known, "tag")
        parts.filters.attach(self.search.text, self._set_text, tags, self._known_kinds)
        parts.on_sort(self.set_sort)
        parts.on_group(self.set_group)
        parts.on_stacks(self.set_stacks)

    # The window --------------------------------------------------------------------------------------------

    def set_project(self, project: Project | None) -> None:
        self._delay.stop()
        self._project = self.organizer.project = project
        self._quiet = True
        self.search.clear()
        self._quiet = False
        self.views.choose(0)
        self.view.forget()
        self.news.forget()
        self.model.set_project(project, self._arrangement())
        self.view.verticalScrollBar().setValue(0)
        self.shelf.show()
        self._show_state()
        self.model.when_read(self._show_state)
        self._on_selection()

    def set_theme(self, theme: Theme) -> None:
        self.cells.theme = theme
        self.parts.set_theme(theme)
        draw_labels(self.actions_by_id, self.cells.theme)
        self.view.relayout(keep=True)

    def show_library(self, on: bool) -> None:
        """Rows of pictures with their own proportions, in a size of their own; or cells of one size again."""
        if on == self.rows.is_on:
            return
        self._settle.stop()
        self._keep_zoom()
        self.rows.show(on)
        self.parts.library_count.setVisible(on)
        kept = self._context.settings.gallery
        self.view.zoom = kept.library if on else kept.zoom
        self.parts.show_zoom(self.view.zoom)
        self.view.relayout(keep=True)

    def commands(self) -> list[Command]:
        return gallery_commands(self)

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        self.actions_by_id = actions
        self._show_arrangement()
        draw_labels(self.actions_by_id, self.cells.theme)
        set_rules(self)

    def close_panel(self) -> None:
        """Before the panel goes: nothing of it reads or waits any more."""
        for timer in (self._delay, self._settle, self._coalesce, self.news.timer):
            timer.stop()
        self._keep_zoom()
        self.proportions.close()
        self.model.close()

    def state(self) -> GalleryState:
        ids = tuple(self.view.selected.ids(self.model.ids)[:MOST_STATE])
        row = self.view.currentIndex().row()
        return GalleryState(
            self.search.text(),
            self.views.current(),
            ids,
            self.model.ids[row] if row >= 0 else -1,
            self.view.verticalOffset(),
            self.parts.collections_button.isChecked(),
            self.model.opened if len(self.model.opened) <= MOST_STATE else frozenset(),
        )

    def restore(self, state: object) -> None:
        if not isinstance(state, GalleryState):
            return
        self.views.choose(state.view)
        self.search.setText(state.text)
        self._apply()
        self.parts.collections_button.setChecked(state.collections)
        self.model.when_read(partial(self._go_back_to, state))

    def _go_back_to(self, state: GalleryState) -> None:
        self.model.open_stacks(state.opened)
        self.place.select_ids(array("q", state.ids), state.current)
        self.view.verticalScrollBar().setValue(state.top)

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if isinstance(event, ThumbnailReady):
            self._ready.add(event.digest)
            self.proportions.learn(event.key.kind, event.digest, event.image.width(), event.image.height())
            self._soon()
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
        """The first selected items, in the gallery's order; of a closed stack the one that is seen."""
        return self.model.items_at(self.view.selected)

    def selected_ids(self) -> array[int]:
        """The row ids of all that is selected, in the gallery's order; all of a closed stack."""
        return self.model.members(self.view.selected.ids(self.model.ids))

    def meant(self) -> list[Item]:
        """The first items of `selected_ids`."""
        if self._project is None:
            return []
        try:
            return self._project.rows(self.selected_ids()[:MOST_ITEMS])
        except StudioError as error:
            self.failed.emit(error)
            return []

    def compare(self) -> None:
        """What is selected, beside each other; of one closed stack what is in it, to choose from."""
        selected = self.selected()
        if len(self.view.selected) == 1 and self._project is not None and len(self.selected_ids()) > 1:
            self.do.choose(self._project.rows(sorted(self.selected_ids())))
        else:
            self.do.compare(selected)

    def export_found(self) -> None:
        """All that the search and the view show now."""
        self.do.export_rows(self.model.every_id, "")

    # Stacks ------------------------------------------------------------------------------------------------

    def turn_stack(self, row: int = -1) -> None:
        """Opens the stack in this row (-1: in the current one) in its place, or closes it."""
        row = self.view.currentIndex().row() if row < 0 else row
        stack = self.model.stack_at(row)
        if stack is None:
            return
        tile, opened = self.model.ids[row], self.model.opened
        self.model.open_stacks(opened - {stack} if stack in opened else opened | {stack})
        self.place.select_ids([tile], tile)

    def turn_stacks(self, opened: bool) -> None:
        self.model.open_stacks(self.model.every_stack() if opened else frozenset())

    def put_on_top(self) -> None:
        """The current item lies on top of its stack from now on."""
        item = self.model.item(self.view.currentIndex().row())
        if item is not None:
            self.organizer.put_on_top(item)

    def set_stacks(self, on: bool) -> None:
        self._context.change_settings("gallery", stacks=on)
        self._apply()

    def select(self, uid: str) -> None:
        """Selects one item and brings it into view, once what is being read is shown; a filter that hides it
        is taken off."""
        self.model.when_read(partial(self._select, uid))

    def _select(self, uid: str) -> None:
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
        self._context.change_settings("gallery", sort=str(sort))
        self._apply()

    def set_group(self, group: Group) -> None:
        self._context.change_settings("gallery", group=str(group))
        self._apply()

    def zoom(self, steps: int) -> None:
        self.view.set_zoom(self.view.zoom + steps * ZOOM_STEP)

    @property
    def shows_trash(self) -> bool:
        return self.model.arrangement.query.trashed

    @property
    def project(self) -> Project | None:
        return self._project

    def _set_text(self, text: str) -> None:
        self.search.setText(text)
        self._apply()

    def _arrangement(self) -> Arrangement:
        kept = self._context.settings.gallery
        self._parsed = parse(self.search.text(), VIEWS[self.views.current()])
        in_stacks = kept.stacks and not self._parsed.query.trashed
        return Arrangement(self._parsed.query, Sort(kept.sort), Group(kept.group), in_stacks)

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
        self.shelf.show()
        self._show_state()

    def _known_kinds(self) -> list[KindInfo]:
        return known_kinds(self._project, self._context.kinds)

    def _known(self, key: str) -> list[str]:
        return known_values(self._project, self._context.catalog, self._context.kinds, key)

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

    # What changes ------------------------------------------------------------------------------------------

    def _post(self, changed: object) -> None:
        """Shows a change of one's own at once, and tells the others."""
        self._own.add(id(changed))
        assert isinstance(changed, Changed)
        self._on_changed(changed)
        self._context.bridge.post(changed)

    def _on_changed(self, changed: Changed) -> None:
        self.model.on_changed(changed)
        if changed.collections:
            self.shelf.show()
        if changed.items and not self.view.selected.ranges:
            self._show_state()
        elif changed.items:
            self._on_selection()

    def _on_items_changed(self, ids: set[int]) -> None:
        self.view.forget(set(ids))

    def _soon(self) -> None:
        if not self._coalesce.isActive():
            self._coalesce.start()

    def _draw_ready(self) -> None:
        self.rows.correct()
        if self.proportions.has_unsaved and not self._settle.isActive():
            self._settle.start()
        keys: set[object] = set()
        for digest in self._ready:
            keys |= self.cells.waiting.pop(digest, set())
        self._ready.clear()
        if keys:
            self.view.forget(keys)

    def _after_reset(self) -> None:
        self._quiet = True
        self.rows.arrange()
        self.place.put_back([section.count for section in self.model.sections])
        self._quiet = False
        self.news.follow()
        self._show_state()
        self._on_selection()

    # What is shown -----------------------------------------------------------------------------------------

    def _on_selection(self, *_: object) -> None:
        if self._quiet or self.view.is_banding:
            return
        set_rules(self)
        self.selection_changed.emit(self.selected())
        self.news.on_selection()
        self._counter.show()  # last: what it has added up on a thread must not keep the others waiting

    def _show_state(self) -> None:
        shown = bool(self.model.ids) or self.model.is_reading
        self._counter.show()
        self.parts.show_items(shown)
        if shown:
            return
        searched = bool(self.search.text().strip())
        self.parts.way_out.setVisible(searched or self.views.current() not in (0, TRASH))
        number = self.views.current()
        view: View = "trash" if number == TRASH else "some" if number else "all"
        self.empty.say(*nothing_words(is_open=self._project is not None, searched=searched, view=view))

    def _show_arrangement(self) -> None:
        arrangement = self.model.arrangement
        self.parts.show_arrangement(arrangement.sort, arrangement.group, stacks=arrangement.in_stacks)
        if (action := self.actions_by_id.get("gallery.stacks")) is not None:
            action.setChecked(self._context.settings.gallery.stacks)
        for value, prefix in ((arrangement.sort, "sort"), (arrangement.group, "group")):
            action = self.actions_by_id.get(f"gallery.{prefix}_{value}")
            if action is not None:
                action.setChecked(True)

    def _on_zoom(self, side: int) -> None:
        self.parts.show_zoom(side)
        self._settle.start()

    def _on_settled(self) -> None:
        self._keep_zoom()
        self.proportions.save()

    def _keep_zoom(self) -> None:
        kept = self._context.settings.gallery
        name, size = ("library", kept.library) if self.rows.is_on else ("zoom", kept.zoom)
        if self.view.zoom != size:
            self._context.change_settings("gallery", **{name: self.view.zoom})

    def _look(self, row: int) -> None:
        item = self.model.item(row)
        if item is not None and not self.shows_trash:
            self.do.look(item)

    def show_trash(self) -> None:
        self.show_view(TRASH)

    def _show_menu(self, at: QPoint) -> None:
        menu = context_menu(self, self)
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
