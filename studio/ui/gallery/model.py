"""The items of a project as the gallery shows them: all ids in memory, items when they are looked at."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt, Signal

from studio.core.item import Item
from studio.core.kind import Kinds
from studio.errors import StudioError
from studio.project.order import Group, Order, Sort
from studio.project.query import Query
from studio.project.stacks import Stacked, members, stacked, tiles_of
from studio.project.store import Project
from studio.ui.gallery.pages import ItemPages
from studio.ui.items.handing import ITEM_MIME, HandedOut
from studio.ui.items.words import description, naming
from studio.ui.kit.reading import Reader
from studio.words import tr

if TYPE_CHECKING:
    from studio.project.history import Changed
    from studio.project.order import Section

AT_ONCE = 5000
"""A project with so many items is put in order within a few milliseconds; a larger one on a thread."""
SUMMED = 4000
"""So many sizes are added up at once: meanwhile nobody else can read the project."""
MOST_ITEMS = 200
"""So many of what is selected are read for whoever wants to know about each."""


class Role(IntEnum):
    ITEM = Qt.ItemDataRole.UserRole + 1
    """The `Item` itself."""


NOTHING_TYPED = Query()


class Arrangement(Struct, frozen=True):
    """Which items, and how."""

    query: Query = NOTHING_TYPED
    sort: Sort = Sort.NEWEST
    group: Group = Group.NONE
    in_stacks: bool = False
    """Results that belong together lie on one another, unless their stack is opened."""


class GalleryModel(QAbstractListModel):
    """`Project.order` as a list. Rows change by resets only: the panel keeps what is selected and in view."""

    items_changed = Signal(object)
    """Row ids (a set of int) of items that look different now."""
    arrived = Signal()
    """Items that were not in memory when they were looked at are now."""
    failed = Signal(object)
    """A StudioError."""

    def __init__(self, post: Callable[[object], None], kinds: Kinds, parent: QObject | None = None) -> None:
        """`post`: the bridge's, for what was read on a thread; its events come to `on_event`."""
        super().__init__(parent)
        self._project: Project | None = None
        self._kinds = kinds
        self.arrangement = Arrangement()
        self._order = Order(array("q"), [])
        self._shown = Stacked(array("q"), [], {}, {})
        self._opened: frozenset[int] = frozenset()
        self._fresh: frozenset[int] = frozenset()
        self._marked: frozenset[int] = frozenset()
        """The tiles under which these are seen."""
        self._seeds: dict[int, int] = {}
        """Of the results that were read, by row id: they never change."""
        self._once_read: list[Callable[[], object]] = []
        self._reader = Reader(post, self._on_failure)
        self._pages = ItemPages(self._reader, lambda _: self.arrived.emit())

    @property
    def ids(self) -> array[int]:
        return self._pages.ids

    @property
    def sections(self) -> Sequence[Section]:
        return self._shown.sections

    @property
    def count(self) -> int:
        """How many items there are, those beneath others in their stacks too."""
        return len(self._order.ids)

    @property
    def every_id(self) -> array[int]:
        """The row ids of all of these."""
        return self._order.ids

    @property
    def project(self) -> Project | None:
        return self._project

    def set_project(self, project: Project | None, arrangement: Arrangement) -> None:
        """Shows another project: at once, or, where it is large, once it was read."""
        self._reader.close()
        self._once_read.clear()
        self._project, self.arrangement = project, arrangement
        self._opened = frozenset()
        self._seeds.clear()
        self._show_nothing()
        self.reload()

    def arrange(self, arrangement: Arrangement, *, now: bool = False) -> None:
        if arrangement != self.arrangement:
            self.arrangement = arrangement
            self.reload(now=now)

    def reload(self, *, now: bool = False) -> None:
        """Reads the order again: at once, or on a thread where it may take longer than a frame."""
        project, wanted = self._project, self.arrangement
        if project is None:
            self._show_nothing()
            return
        opened = self._opened

        def read() -> tuple[Order, Stacked, frozenset[int]]:
            order = project.order(wanted.query, wanted.sort, wanted.group, with_stacks=wanted.in_stacks)
            return order, _laid_out(order, opened), project.fresh()

        def show(found: tuple[Order, Stacked, frozenset[int]]) -> None:
            order, laid_out, self._fresh = found
            self._show(order, laid_out if opened == self._opened else _laid_out(order, self._opened))
            waiting, self._once_read = self._once_read, []
            for act in waiting:
                act()

        try:
            if not now and self.is_large:
                self._reader.ask("order", read, show)
            else:
                show(read())
        except StudioError as error:
            self._show_nothing()
            self.failed.emit(error)

    @property
    def is_large(self) -> bool:
        """Whether the project is put in order on a thread. Raises ProjectDamaged."""
        return self._project is not None and self._project.newest_id() > AT_ONCE

    @property
    def is_reading(self) -> bool:
        """Whether other rows than those that are shown are on their way."""
        return self._reader.is_asked("order")

    def when_read(self, act: Callable[[], object]) -> None:
        """Calls `act` now, or once the rows that are on their way are shown."""
        if self.is_reading:
            self._once_read.append(act)
        else:
            act()

    # Stacks ------------------------------------------------------------------------------------------------

    @property
    def opened(self) -> frozenset[int]:
        """The numbers of the stacks that are opened."""
        return self._opened

    def open_stacks(self, opened: frozenset[int]) -> None:
        """These are opened from now on, and no others."""
        if opened != self._opened:
            self._opened = opened
            self._show(self._order, _laid_out(self._order, opened))

    def every_stack(self) -> frozenset[int]:
        """The numbers of all stacks."""
        several = {tile for tile, count in self._shown.counts.items() if count > 1}
        found = {
            stack for id, stack in zip(self._order.ids, self._order.stacks, strict=False) if id in several
        }
        return self._opened | found

    def count_at(self, row: int) -> int:
        """How many items the tile in this row stands for: more than one for a closed stack."""
        return self._shown.counts.get(self.ids[row], 1) if 0 <= row < len(self.ids) else 1

    def place_at(self, row: int) -> tuple[int, int, int] | None:
        """(stack, which one from 1 on, of how many) of an item in an opened stack."""
        return self._shown.places.get(self.ids[row]) if 0 <= row < len(self.ids) else None

    def stack_at(self, row: int) -> int | None:
        """The number of the stack in this row, opened or closed; None for an item alone."""
        place = self.place_at(row)
        if place is not None:
            return place[0]
        return self._stack_of(self.ids[row]) if self.count_at(row) > 1 else None

    def _stack_of(self, id: int) -> int | None:
        if not self._order.stacks or id not in self._order.ids:
            return None
        return self._order.stacks[self._order.ids.index(id)]

    def members(self, tiles: Sequence[int]) -> array[int]:
        """The row ids of all that these tiles stand for."""
        return members(self._order, self._shown, tiles)

    def tiles(self, ids: Sequence[int]) -> Sequence[int]:
        """The tiles under which these items are seen."""
        return tiles_of(self._order, self._shown, ids) if self._order.stacks else ids

    def reveal(self, ids: Sequence[int]) -> None:
        """Opens the stacks of which these are a part, but neither all of it nor what lies on top alone."""
        opened = set(self._opened)
        for tile in self.tiles(ids):
            within = set(self.members([tile])) if self._shown.counts.get(tile, 1) > 1 else {tile}
            meant = within.intersection(ids)
            if meant != within and meant != {tile} and (stack := self._stack_of(tile)) is not None:
                opened.add(stack)
        self.open_stacks(frozenset(opened))

    @property
    def news(self) -> frozenset[int]:
        """The row ids of the results that nobody has looked at yet, shown or not."""
        return self._fresh

    @property
    def has_news(self) -> bool:
        return bool(self._fresh)

    @property
    def newest(self) -> int | None:
        """The highest row id of all that is shown."""
        return max(self._order.ids, default=None)

    def is_new_at(self, row: int) -> bool:
        """Whether nobody has looked at what is in this row, or at something in its closed stack."""
        return 0 <= row < len(self.ids) and self.ids[row] in self._marked

    def seed_at(self, row: int) -> int | None:
        """The seed of a result that was read."""
        return self._seeds.get(self.ids[row])

    def close(self) -> None:
        """Waits for the thread: nothing reads afterwards."""
        self._reader.close()

    def on_event(self, event: object) -> None:
        """From the bridge."""
        self._reader.on_event(event)

    def on_changed(self, changed: Changed) -> None:
        """Something in the project is different: only what shows it is drawn again."""
        project = self._project
        if project is None:
            return
        try:
            if len(changed.items) <= MOST_ITEMS:
                ids = {one for one in map(project.id_of, changed.items) if one is not None}
                self._pages.replace(dict(zip(ids, aligned(project, list(ids)), strict=True)))
            else:  # to look each of them up would take longer than to draw all that is seen
                ids = set(self.ids)
                self._pages.forget()
        except StudioError as error:
            self.failed.emit(error)
            return
        if changed.fields == {"fresh"}:
            before, self._fresh = self._marked, self._fresh - ids
            self._mark()
            ids |= before
        if ids:
            self.items_changed.emit(ids)
        if changed.order or (ids and changed.fields != {"fresh"}):
            self.reload()

    def item(self, row: int) -> Item | None:
        """Read at once if need be."""
        try:
            return self._pages.get(row)
        except StudioError as error:
            self.failed.emit(error)
            return None

    def peek(self, row: int) -> Item | None:
        """Never waits: None while it is being read."""
        return self._pages.peek(row)

    def will_show(self, rows: range) -> None:
        """Has the rows in view read; once they are there, those around them."""
        if self._pages.want(rows):
            self._pages.want(range(max(0, rows.start - len(rows)), rows.stop + len(rows)))

    def row_of(self, uid: str) -> int | None:
        """The row of an item; None if it is not shown. A stack that hides it is opened."""
        number = self._project.id_of(uid) if self._project is not None else None
        if number is None:
            return None
        if number not in self._shown.counts and (stack := self._stack_of(number)) is not None:
            self.open_stacks(self._opened | {stack})
        try:
            return self.ids.index(number)
        except ValueError:
            return None

    def row_of_id(self, id: int) -> int | None:
        """The row of the tile under which an item is seen."""
        tile = next(iter(self.tiles([id])), None)
        return self.ids.index(tile) if tile is not None and tile in self.ids else None

    def measure(self, ids: Sequence[int], done: Callable[[int], object]) -> None:
        """Calls `done(bytes of these items together)` later; only for the newest question."""
        project = self._project
        if project is None:
            return

        def add_up() -> int:
            parts = range(0, len(ids), SUMMED)
            return sum(project.total_size(ids[begin : begin + SUMMED]) for begin in parts)

        self._reader.ask("size", add_up, done)

    def read(self, what: str, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Calls `done(work())` later, with `work` done on the thread that reads the project."""
        self._reader.ask(what, work, done)

    def items_at(self, rows: Iterable[int], most: int = MOST_ITEMS) -> list[Item]:
        """The first items of these rows."""
        found = []
        for row in rows:
            item = self.item(row)
            if item is not None:
                found.append(item)
            if len(found) == most:
                break
        return found

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.ids)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Role.ITEM:
            return self.item(index.row())
        if role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.EditRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            item = self.item(index.row())
            return None if item is None else item.name
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self._described(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            item = self.item(index.row())
            return (
                None if item is None else "\n".join((item.name, " · ".join(self.naming(index.row())))).strip()
            )
        return None

    def _described(self, row: int) -> str | None:
        item = self.item(row)
        if item is None:
            return None
        parts = [description(item, self._kinds), *self.naming(row)]
        return ", ".join([*parts, tr("new")] if self.is_new_at(row) else parts)

    def naming(self, row: int) -> list[str]:
        """What tells the item in a row from its siblings, the clearest first."""
        item = self.item(row)
        if item is None:
            return []
        return naming(item, seed=self.seed_at(row), place=self.place_at(row), count=self.count_at(row))

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list", ITEM_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return self.mime_of(self.items_at((index.row() for index in indexes), len(indexes)))

    def mime_of(self, items: Sequence[Item], *, picture: bool = False) -> QMimeData:
        """Copies of the items' files, for any program, made when they are asked for; and our own ids.

        `picture`: what the first one shows too, for programs that take pictures only.
        """
        assert self._project is not None
        return HandedOut(items, self._project.blob_path, picture=picture)

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def _show_nothing(self) -> None:
        self._show(Order(array("q"), []), Stacked(array("q"), [], {}, {}))

    def _show(self, order: Order, shown: Stacked) -> None:
        self._order = order
        before = self._marked
        if shown == self._shown and self._pages.ids == shown.ids:
            self._mark()
            if before != self._marked:
                self.items_changed.emit(before ^ self._marked)
            return
        self.beginResetModel()
        self._shown = shown
        self._mark()
        self._pages.show(shown.ids, partial(self._read_page, self._project) if self._project else None)
        self.endResetModel()

    def _mark(self) -> None:
        self._marked = frozenset(self.tiles(sorted(self._fresh))) if self._fresh else frozenset()

    def _read_page(self, project: Project, ids: Sequence[int]) -> list[Item | None]:
        self._seeds.update(project.seeds(ids))
        return aligned(project, ids)

    def _on_failure(self, error: BaseException) -> None:
        if isinstance(error, sqlite3.ProgrammingError):  # the project was closed while this was read
            return
        self.failed.emit(error)


def _laid_out(order: Order, opened: frozenset[int]) -> Stacked:
    return stacked(order, opened) if order.stacks else Stacked(order.ids, order.sections, {}, {})


def aligned(project: Project, ids: Sequence[int]) -> list[Item | None]:
    """The items with these row ids, in their order; None for one that is gone for good."""
    found: list[Item | None] = [*project.rows(ids)]
    if len(found) < len(ids):
        found = [next(iter(project.rows([one])), None) for one in ids]
    return found
