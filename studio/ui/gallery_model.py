"""The items of a project as a list model that never holds them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt, QUrl

from studio.core.item import Item, Kind, Origin
from studio.errors import MissingBlob
from studio.paths import handed_out_folder
from studio.project.store import Project
from studio.ui.handing import hand_out
from studio.ui.paging import Pages

ITEM_MIME = "application/x-studio-items"
"""Dragged items by uid, one a line: so that our own windows know them from foreign files."""


class Role(IntEnum):
    ITEM = Qt.ItemDataRole.UserRole + 1
    """The `Item` itself."""
    THUMBNAIL = Qt.ItemDataRole.UserRole + 2
    """A QPixmap, or None while it is being made."""


NO_MASKS = tuple(kind for kind in Kind if kind is not Kind.MASK)
"""Every job leaves its mask in the project: kept for its recipe, and in the way among the pictures."""


@dataclass(frozen=True)
class GalleryFilter:
    """What the gallery shows."""

    text: str = ""
    origin: Origin | None = None
    kinds: tuple[Kind, ...] = NO_MASKS
    min_stars: int = 0
    trashed: bool = False


class GalleryModel(QAbstractListModel):
    """`Project.items` under a filter, newest first. `thumbnail(item)` gives a picture or None."""

    def __init__(self, thumbnail: Callable[[Item], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnail = thumbnail
        self._project: Project | None = None
        self._filter = GalleryFilter()
        self._pages: Pages[Item] = Pages(self._read)

    @property
    def filter(self) -> GalleryFilter:
        return self._filter

    def set_project(self, project: Project | None) -> None:
        self._project = project
        self.reload()

    def set_filter(self, filter: GalleryFilter) -> None:
        if filter != self._filter:
            self._filter = filter
            self.reload()

    def reload(self) -> None:
        """Everything may be different: counts again, forgets the rest."""
        self.beginResetModel()
        self._pages.forget(self._count())
        self.endResetModel()

    def item(self, row: int) -> Item | None:
        return self._pages.row(row)

    def row_of(self, uid: str, among: int = 1000) -> int | None:
        """The row of an item among the newest ones, which is where anyone looks for what was just made."""
        for row in range(min(self._pages.count, among)):
            item = self._pages.row(row)
            if item is not None and item.uid == uid:
                return row
        return None

    def items_added(self) -> None:
        """New items exist. What the filter lets through is at the top: the list is newest first."""
        added = self._count() - self._pages.count
        if added > 0:
            self.beginInsertRows(QModelIndex(), 0, added - 1)
            self._pages.forget(self._pages.count + added)
            self.endInsertRows()

    def item_changed(self, uid: str) -> None:
        """Its name or stars are others now."""
        self._pages.forget(self._pages.count)
        row = self.row_of(uid)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def thumbnail_ready(self) -> None:
        """Some item has its picture now; asking which would cost more than drawing what is in view."""
        if self._pages.count:
            self.dataChanged.emit(self.index(0), self.index(self._pages.count - 1), [Role.THUMBNAIL])

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else self._pages.count

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self._pages.row(index.row())
        if item is None:
            return None
        if role == Role.THUMBNAIL:
            return self._thumbnail(item)
        if role == Role.ITEM:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.EditRole):
            return item.name
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            made = "result" if item.origin is Origin.ARTIFACT else "photo brought in"
            return f"{item.kind.value}, {made}, {item.stars} stars"
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list", ITEM_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Copies of the items' files, for any program; an item whose file is gone is left out."""
        return self.mime_of([item for index in indexes if (item := self._pages.row(index.row())) is not None])

    def mime_of(self, items: Sequence[Item]) -> QMimeData:
        assert self._project is not None
        made = QMimeData()
        urls = []
        for item in items:
            try:
                blob = self._project.blob_path(item.digest)
            except MissingBlob:
                continue
            urls.append(QUrl.fromLocalFile(str(hand_out(item, blob, handed_out_folder()))))
        made.setUrls(urls)
        made.setData(ITEM_MIME, "\n".join(item.uid for item in items).encode())
        return made

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def _read(self, limit: int, offset: int) -> list[Item]:
        assert self._project is not None
        return self._project.items(limit=limit, offset=offset, **self._criteria())

    def _count(self) -> int:
        return self._project.count(**self._criteria()) if self._project is not None else 0

    def _criteria(self) -> dict[str, Any]:
        return {
            "text": self._filter.text,
            "origin": self._filter.origin,
            "kinds": self._filter.kinds,
            "min_stars": self._filter.min_stars,
            "trashed": self._filter.trashed,
        }
