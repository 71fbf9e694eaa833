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
from studio.project.order import Group, Sort
from studio.project.query import Query
from studio.project.store import Project
from studio.ui.gallery.pages import ItemPages
from studio.ui.items.handing import ITEM_MIME, HandedOut
from studio.ui.items.words import description
from studio.ui.kit.reading import Reader

if TYPE_CHECKING:
    from studio.project.history import Changed
    from studio.project.order import Order, Section

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
        self.sections: Sequence[Section] = ()
        self._reader = Reader(post, self._on_failure)
        self._pages = ItemPages(self._reader, lambda _: self.arrived.emit())

    @property
    def ids(self) -> array[int]:
        return self._pages.ids

    @property
    def project(self) -> Project | None:
        return self._project

    def set_project(self, project: Project | None, arrangement: Arrangement) -> None:
        """Shows another project, at once."""
        self._reader.close()
        self._project, self.arrangement = project, arrangement
        self._show(array("q"), ())
        self.reload(now=True)

    def arrange(self, arrangement: Arrangement, *, now: bool = False) -> None:
        if arrangement != self.arrangement:
            self.arrangement = arrangement
            self.reload(now=now)

    def reload(self, *, now: bool = False) -> None:
        """Reads the order again: at once, or on a thread where it may take longer than a frame."""
        project, wanted = self._project, self.arrangement
        if project is None:
            self._show(array("q"), ())
            return

        def read() -> Order:
            return project.order(wanted.query, wanted.sort, wanted.group)

        def show(order: Order) -> None:
            self._show(order.ids, order.sections)

        if not now and len(self.ids) > AT_ONCE:
            self._reader.ask("order", read, show)
            return
        try:
            show(read())
        except StudioError as error:
            self._show(array("q"), ())
            self.failed.emit(error)

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
        if ids:
            self.items_changed.emit(ids)
        if changed.order or ids:
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
        """The row of an item; None if it is not shown."""
        number = self._project.id_of(uid) if self._project is not None else None
        if number is None:
            return None
        try:
            return self.ids.index(number)
        except ValueError:
            return None

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
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            item = self.item(index.row())
            return None if item is None else item.name
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            item = self.item(index.row())
            return None if item is None else description(item, self._kinds)
        return None

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

    def _show(self, ids: array[int], sections: Sequence[Section]) -> None:
        if ids == self.ids and list(sections) == list(self.sections):
            return
        self.beginResetModel()
        self.sections = sections
        self._pages.show(ids, partial(aligned, self._project) if self._project is not None else None)
        self.endResetModel()

    def _on_failure(self, error: BaseException) -> None:
        if isinstance(error, sqlite3.ProgrammingError):  # the project was closed while this was read
            return
        self.failed.emit(error)


def aligned(project: Project, ids: Sequence[int]) -> list[Item | None]:
    """The items with these row ids, in their order; None for one that is gone for good."""
    found: list[Item | None] = [*project.rows(ids)]
    if len(found) < len(ids):
        found = [next(iter(project.rows([one])), None) for one in ids]
    return found
