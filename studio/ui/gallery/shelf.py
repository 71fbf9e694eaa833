"""The collections of a project beside its items."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint

from studio.errors import StudioError
from studio.project.changes import Collection
from studio.project.query import Query
from studio.ui.gallery.layout import GalleryParts
from studio.ui.items.organize import Organizer
from studio.ui.items.tokens import token, without_key


class Shelf:
    """Shows them while their button is pressed. Choosing one is a word of the search: `in:Name`."""

    def __init__(
        self,
        parts: GalleryParts,
        organizer: Organizer,
        set_text: Callable[[str], object],
        wanted: Callable[[], str],
        export_rows: Callable[[Sequence[int], str], object],
    ) -> None:
        """`wanted`: the name or id of the collection that the search asks for, or ""."""
        self._export_rows = export_rows
        self._parts, self._organizer = parts, organizer
        self._set_text, self._wanted = set_text, wanted
        parts.collections_button.toggled.connect(self.show)
        every = parts.collections
        every.chosen.connect(self.open)
        every.dropped.connect(organizer.collect)
        every.new_wanted.connect(organizer.new_collection)
        every.rename_wanted.connect(organizer.rename_collection)
        every.remove_wanted.connect(organizer.remove_collection)
        every.menu_wanted.connect(self._menu)

    def show(self, *_: object) -> None:
        """Reads them again, if they are to be seen."""
        project = self._organizer.project
        shown = self._parts.collections_button.isChecked() and project is not None
        self._parts.collections.setVisible(shown)
        if shown and project is not None:
            try:
                self._parts.collections.show_collections(project.collections(), self._wanted())
            except StudioError as error:
                self._organizer.failed.emit(error)

    def open(self, collection: Collection | None) -> None:
        """Shows the items of a collection, or of none in particular."""
        text = without_key(self._parts.search.text(), "in")
        if collection is not None:
            text = f"{text} {token('in', collection.name)}".strip()
        self._set_text(text)

    def export(self, collection: Collection) -> None:
        """All that is in it."""
        project = self._organizer.project
        if project is not None:
            self._export_rows(project.order(Query(collection=collection.id)).ids, collection.name)

    def current(self) -> Collection | None:
        """The one that is being looked at."""
        wanted, project = self._wanted().casefold(), self._organizer.project
        if not wanted or project is None:
            return None
        every = project.collections()
        return next((one for one in every if wanted in (one.id.casefold(), one.name.casefold())), None)

    def _menu(self, collection: Collection | None, at: QPoint) -> None:
        self._parts.collection_menu(self._organizer, collection, self.export).popup(at)
