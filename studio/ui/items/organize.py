"""What the gallery changes in a project: each a step that can be undone, told to everyone on the bridge."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from studio.core.item import Item, Label
from studio.errors import StudioError
from studio.project.changes import Collection
from studio.project.history import Changed
from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.words import tr, trn

AT_ONCE = 200
"""Items that are changed in the window's thread; for more of them the user sees that it takes a while."""

Change = Callable[[Project], Changed]


class Organizer(QObject):
    """`ids()` gives the row ids of the selected items, however many; `items()` the first of them."""

    failed = Signal(object)
    tags_wanted = Signal()
    """The tags of what is selected shall be edited."""
    stopped = Signal()
    """A change of many items was stopped: none of them was changed."""

    def __init__(
        self,
        home: QWidget,
        context: WindowContext,
        post: Callable[[object], object],
        ids: Callable[[], Sequence[int]],
        items: Callable[[], list[Item]],
    ) -> None:
        super().__init__(home)
        self._home, self._context, self._post = home, context, post
        self._ids, self._items = ids, items
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
        """No longer rejected, and at least one star: what `is:picked` finds. One alone is on top then."""
        self._all(Project.pick)

    def put_on_top(self, item: Item) -> None:
        """Of its stack."""
        if self.is_writable:
            self._change(lambda project: project.put_on_top(item.uid))

    def trash(self) -> bool:
        """Whether it goes on in the background."""
        return self._all(Project.trash)

    def restore(self) -> bool:
        """As `trash`."""
        return self._all(Project.restore)

    def rename(self) -> None:
        items = self._items()
        if items and self.is_writable:
            item = items[0]
            ask_name(
                self._home,
                tr("Rename"),
                tr("Rename"),
                item.name,
                lambda name: self._change(lambda project: project.rename(item.uid, name)),
            )

    def edit_tags(self) -> None:
        """Where the tags are shown, the next one can be typed."""
        if self._ids() and self.is_writable:
            self.tags_wanted.emit()

    def add_tags(self, tags: Sequence[str]) -> None:
        self._all(Project.add_tags, tags)

    def remove_tag(self, tag: str) -> None:
        self._all(Project.remove_tags, [tag])

    # Collections -------------------------------------------------------------------------------------------

    def new_collection(self) -> None:
        """With what is selected in it."""
        ids = self._ids()

        def make(name: str) -> None:
            self._change(lambda project: project.make_collection(name, project.uids(ids))[0], len(ids))

        if self.is_writable:
            ask_name(self._home, tr("New collection"), tr("Create"), "", make)

    def rename_collection(self, collection: Collection) -> None:
        if self.is_writable:
            ask_name(
                self._home,
                tr("Rename collection"),
                tr("Rename"),
                collection.name,
                lambda name: self._change(lambda project: project.rename_collection(collection.id, name)),
            )

    def remove_collection(self, collection: Collection) -> None:
        if self.is_writable:
            self._change(lambda project: project.remove_collection(collection.id), collection.count)

    def collect(self, collection: Collection, uids: Sequence[str] | None = None) -> None:
        """Puts what is selected into a collection, or these items."""
        if uids is None:
            self._all(lambda project, chosen: project.add_to_collection(collection.id, chosen))
        elif uids and self.is_writable:
            self._change(lambda project: project.add_to_collection(collection.id, uids), len(uids))

    def take_out(self, collection: Collection) -> bool:
        """As `trash`."""
        return self._all(lambda project, chosen: project.remove_from_collection(collection.id, chosen))

    def _all(self, change: Callable[..., Changed], *values: object) -> bool:
        """Changes all that is selected; whether that goes on in the background."""
        ids = self._ids()
        if not ids or not self.is_writable:
            return False
        return self._change(lambda project: change(project, project.uids(ids), *values), len(ids))

    def _change(self, change: Change, count: int = 1) -> bool:
        project = self.project
        if project is None:
            return False
        if count > AT_ONCE:
            title = trn("Changing {count} item", "Changing {count} items", count)
            self._context.start_watched(
                title, lambda: _whole(project, change), self._tell, self._context.report, self._on_stopped
            )
            return True
        try:
            self._post(change(project))
        except StudioError as error:
            self.failed.emit(error)
        return False

    def _on_stopped(self) -> None:
        if isValid(self._home):
            self.stopped.emit()

    def _tell(self, changed: Changed) -> None:
        """A change is done that took a while: perhaps the window was built anew meanwhile."""
        if isValid(self._home):
            self._post(changed)
        else:
            self._context.bridge.post(changed)


def _whole(project: Project, change: Change) -> Changed:
    """What may be several steps, all of them or none."""
    with project.db.transaction():
        return change(project)


def together(first: Changed, second: Changed) -> Changed:
    """What two changes have touched."""
    return Changed(
        first.items | second.items,
        first.collections or second.collections,
        first.order or second.order,
        first.jobs | second.jobs,
        first.fields | second.fields,
    )


def ask_name(home: QWidget, title: str, verb: str, text: str, done: Callable[[str], object]) -> None:
    """Asks for a name; nothing happens where it is empty or the same."""
    from studio.ui.kit.name_dialog import NameDialog

    NameDialog(home, title, verb, text, done).open()
