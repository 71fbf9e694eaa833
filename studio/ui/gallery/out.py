"""Out of the gallery and into it: dragging, copying, pasting."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from studio.core.item import Item
from studio.core.kind import Kind
from studio.ui.context import WindowContext
from studio.ui.gallery.actions import GalleryActions
from studio.ui.gallery.model import GalleryModel
from studio.ui.items.paste import paste
from studio.ui.kit import locales
from studio.ui.kit.grid_view import GridView
from studio.words import tr

MOST_HANDED = 2000
"""Items that a drag or a copy takes along: not more than another program can take in."""


class Handing:
    """With the items that are selected in the view."""

    def __init__(
        self, context: WindowContext, model: GalleryModel, view: GridView, actions: GalleryActions
    ) -> None:
        self._context, self._model, self._view, self._do = context, model, view, actions

    def drag_data(self) -> QMimeData | None:
        items = self._items()
        return self._model.mime_of(items) if items else None

    def copy(self) -> None:
        """To the clipboard: as files, and one picture as a picture too."""
        items = self._items()
        if items:
            picture = len(items) == 1 and items[0].kind in (Kind.IMAGE, Kind.MASK)
            QGuiApplication.clipboard().setMimeData(self._model.mime_of(items, picture=picture))

    def copy_file(self) -> None:
        """To the clipboard as files only: for programs that would rather take the picture."""
        items = self._items()
        if items:
            QGuiApplication.clipboard().setMimeData(self._model.mime_of(items))

    def paste(self) -> None:
        paste(self._context, self._do.bring_in, self._do.say)

    def _items(self) -> list[Item]:
        ids = self._model.members(self._view.selected.ids(self._model.ids))
        if len(ids) > MOST_HANDED:
            most = locales.number(MOST_HANDED)
            self._do.say(tr("Only the first {count} items are taken along. Export takes all.", count=most))
        project = self._model.project
        return project.rows(ids[:MOST_HANDED]) if project is not None else []
