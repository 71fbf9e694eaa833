"""What the gallery changes in a project: each a step that can be undone, told to everyone on the bridge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from studio.core.item import Item, Label
from studio.errors import StudioError
from studio.project.changes import Collection
from studio.project.store import Project
from studio.ui.gallery_tags import TagsDialog
from studio.ui.theme import UNIT
from studio.words import tr

Ask = Callable[[], Sequence[str]]


class Organizer(QObject):
    """`uids()` gives the selected items, however many; `items()` the first of them."""

    failed = Signal(object)

    def __init__(
        self,
        home: QWidget,
        post: Callable[[object], object],
        uids: Callable[[], list[str]],
        items: Callable[[], list[Item]],
    ) -> None:
        super().__init__(home)
        self._home, self._post, self._uids, self._items = home, post, uids, items
        self.project: Project | None = None

    @property
    def is_writable(self) -> bool:
        return self.project is not None and not self.project.read_only

    def rate(self, stars: int) -> None:
        self._all(Project.set_stars, stars)

    def put_label(self, label: Label) -> None:
        """Or takes it off, where all of them have it."""
        items = self._items()
        same = bool(items) and all(item.label is label for item in items)
        self._all(Project.set_label, Label.NONE if same else label)

    def reject(self) -> None:
        """Or takes that back, where all of them are rejected."""
        items = self._items()
        self._all(Project.set_rejected, not (items and all(item.rejected for item in items)))

    def pick(self) -> None:
        """No longer rejected, and at least one star: what `is:picked` finds."""
        uids = self._uids()
        if any(item.rejected for item in self._items()):
            self._change(lambda project: project.set_rejected(uids, False))
        plain = [item.uid for item in self._items() if not item.stars]
        if plain:
            self._change(lambda project: project.set_stars(plain, 1))

    def trash(self) -> None:
        self._all(Project.trash)

    def restore(self) -> None:
        self._all(Project.restore)

    def rename(self) -> None:
        items = self._items()
        if items and self.is_writable:
            item = items[0]
            ask_name(
                self._home,
                tr("Rename"),
                tr("Name"),
                item.name,
                lambda name: self._change(lambda project: project.rename(item.uid, name)),
            )

    def edit_tags(self) -> None:
        uids = self._uids()
        if not uids or not self.is_writable:
            return
        project = self.project
        assert project is not None

        def apply(added: list[str], removed: list[str]) -> None:
            if added:
                self._change(lambda project: project.add_tags(uids, added))
            if removed:
                self._change(lambda project: project.remove_tags(uids, removed))

        known = [tag for tag, _ in project.tags()]
        TagsDialog(self._home, self._items(), len(uids), known, apply).open()

    # Collections -------------------------------------------------------------------------------------------

    def new_collection(self) -> None:
        """With what is selected in it."""
        uids = self._uids()
        if self.is_writable:
            ask_name(
                self._home,
                tr("New collection"),
                tr("Name"),
                "",
                lambda name: self._change(lambda project: project.make_collection(name, uids)[0]),
            )

    def rename_collection(self, collection: Collection) -> None:
        if self.is_writable:
            ask_name(
                self._home,
                tr("Rename collection"),
                tr("Name"),
                collection.name,
                lambda name: self._change(lambda project: project.rename_collection(collection.id, name)),
            )

    def remove_collection(self, collection: Collection) -> None:
        if self.is_writable:
            self._change(lambda project: project.remove_collection(collection.id))

    def collect(self, collection: Collection, uids: Sequence[str] | None = None) -> None:
        """Puts what is selected into a collection, or these items."""
        chosen = self._uids() if uids is None else uids
        if chosen and self.is_writable:
            self._change(lambda project: project.add_to_collection(collection.id, chosen))

    def take_out(self, collection: Collection) -> None:
        uids = self._uids()
        if uids and self.is_writable:
            self._change(lambda project: project.remove_from_collection(collection.id, uids))

    def _all(self, change: Callable[..., Any], *values: object) -> None:
        uids = self._uids()
        if uids and self.is_writable:
            self._change(lambda project: change(project, uids, *values))

    def _change(self, change: Callable[[Project], object]) -> None:
        if self.project is None:
            return
        try:
            self._post(change(self.project))
        except StudioError as error:
            self.failed.emit(error)


def ask_name(home: QWidget, title: str, words: str, text: str, done: Callable[[str], object]) -> QInputDialog:
    """Asks for a short text; nothing happens where it is empty or the same."""
    dialog = QInputDialog(home)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setLabelText(words)
    dialog.setTextValue(text)
    dialog.setMinimumWidth(48 * UNIT)
    dialog.textValueSelected.connect(
        lambda said: done(said.strip()) if said.strip() and said.strip() != text else None
    )
    dialog.open()
    return dialog
