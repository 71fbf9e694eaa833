"""The middle of the window: the stage of the room that is shown, and the comparison over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studio.core.item import Item
from studio.core.kind import Kinds
from studio.errors import StudioError
from studio.ui.compare.kinds import KINDS
from studio.ui.compare.panel import ComparePanel
from studio.ui.items.compare_model import Compared
from studio.ui.kit.commands import Command
from studio.ui.kit.controls import ElidedLabel, Segments
from studio.ui.kit.notice import Notice
from studio.ui.shell.cover import Cover
from studio.ui.shell.room_host import LIBRARY, OTHER, RoomHost
from studio.ui.shell.workspace_bar import WorkspaceBar
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.compare.images import ImageCompare
    from studio.ui.items.viewer import CompareViewer


class WorkspaceState(Struct, frozen=True):
    """What a rebuilt window takes over; rooms and the comparison hand over their own."""

    room: str
    is_comparing: bool


class Workspace(QWidget):
    """Library | a room for each medium; over the room's stage, when it is asked for, the comparison."""

    room_wanted = Signal(str)
    """The user has chosen it."""
    room_changed = Signal(str)
    """Another room is in front."""
    stage_named = Signal()
    """A room's stage shows something else, or something by another name."""
    compare_wanted = Signal(bool)
    """What is selected shall be compared, or the room's stage be seen again."""
    edit_wanted = Signal(object)
    """(Item): the result shall be gone on with."""
    covered = Signal(bool)
    """The stage is hidden by what is said of an item, or is seen again."""
    home_wanted = Signal()
    """The user goes to the first page."""
    export_wanted = Signal()
    paste_wanted = Signal()

    def __init__(self, host: RoomHost, kinds: Kinds) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.host = host
        self.compare = ComparePanel(kinds)
        self.cover = Cover()
        self.library = QWidget()
        """The place that the gallery takes when it has the window for itself."""
        self.library_place = QVBoxLayout(self.library)
        self.library_place.setContentsMargins(0, 0, 0, 0)
        self.rooms = (LIBRARY, *host.infos)
        self.views = Segments([tr("Library"), *(tr(info.title) for info in host.infos.values())])
        self.views.setAccessibleName(tr("Room"))
        self.name = ElidedLabel("", "muted", Qt.TextElideMode.ElideMiddle)
        self.head = WorkspaceBar(self.views, self.name, ["gallery", *(i.icon for i in host.infos.values())])
        self.edit, self.export = self.head.edit, self.head.export
        self.head.home.clicked.connect(self.home_wanted)
        self.edit.clicked.connect(lambda: self.edit_wanted.emit(self.result))
        self.export.clicked.connect(self.export_wanted)
        self.head.compare.clicked.connect(self.compare_wanted)
        self.notice = Notice()
        self._has_selection = False
        self._names: dict[str, str] = {}
        """What each room's stage shows."""
        self._stack = QStackedWidget()
        for page in (self.library, host.stack, self.compare, self.cover):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)
        self.views.chosen.connect(lambda number: self.room_wanted.emit(self.rooms[number]))
        self.compare.changed.connect(self._refresh)
        self.views.part(self.rooms.index(OTHER)).hide()
        self.room = ""
        """The one that is shown: LIBRARY or a room's id; "" before there is a project."""
        self._refresh()

    @property
    def result(self) -> Item | None:
        """What the comparison is about: the item that is worked on there."""
        return self.compare.item

    @property
    def viewer(self) -> CompareViewer:
        """What shows two pictures; it is made when it is asked for first."""
        return cast("ImageCompare", self.compare.widget_of(KINDS[0])).viewer

    @property
    def is_comparing(self) -> bool:
        return self._stack.currentWidget() is self.compare

    @property
    def is_covered(self) -> bool:
        return self._stack.currentWidget() is self.cover

    def show_room(self, id: str) -> None:
        """A room's stage, or LIBRARY."""
        is_other, self.room = id != self.room, id
        if id == OTHER:
            self.views.part(self.rooms.index(OTHER)).show()
        if id == LIBRARY:
            self.host.leave()
        else:
            self.host.show(id)
        self._show_page(self._stage)
        self.views.choose(self.rooms.index(id))
        self._refresh()
        if is_other:
            self.room_changed.emit(id)

    def show_comparison(self, items: Sequence[Compared], *, choice: bool = False) -> None:
        """One item alone, or up to eight, over the stage; the last one is worked on. `choice`: side by side,
        to choose from, beginning with the first."""
        self.compare.compare(items, choice=choice)
        self._show_page(self.compare)
        self._refresh()

    def cover_stage(self, items: Sequence[Item], error: StudioError | None = None) -> None:
        """Says in the stage's place that items are being read, or why they cannot be."""
        if error is None:
            self.cover.show_reading(items)
        else:
            self.cover.show_unreadable(items, error)
        self._show_page(self.cover)
        self._refresh()

    def uncover_stage(self) -> None:
        if self.is_covered:
            self._show_page(self._stage)
            self._refresh()

    @property
    def _stage(self) -> QWidget:
        return self.library if self.room == LIBRARY else self.host.stack

    def _show_page(self, page: QWidget) -> None:
        was_covered = self.is_covered
        self._stack.setCurrentWidget(page)
        self.host.is_covered = self.is_covered
        if self.is_covered != was_covered:
            self.covered.emit(self.is_covered)

    def show_selected(self, on: bool) -> None:
        """Whether anything is selected: it can be compared and exported then."""
        self._has_selection = on
        self._refresh()

    def name_stage(self, room: str, name: str) -> None:
        """What a room's stage shows, in words."""
        if self._names.get(room, "") != name:
            self._names[room] = name
            self._refresh()
            self.stage_named.emit()

    def has_name(self, room: str) -> bool:
        """Whether a room's stage shows something."""
        return bool(self._names.get(room, ""))

    @property
    def stage_name(self) -> str:
        """What the stage in front shows; "" for nothing."""
        return self._names.get(self.room, "")

    @property
    def is_begun(self) -> bool:
        """Whether a stage shows something already."""
        return any(self._names.values())

    def clear(self) -> None:
        """When the project is closed."""
        self.compare.clear()
        self._names.clear()
        self.notice.clear()
        if (self.is_comparing or self.is_covered) and self.room:
            self.show_room(self.room)
        self._refresh()

    def commands(self) -> list[Command]:
        return [
            Command(
                "workspace.paste",
                tr("&Paste picture"),
                self.paste_wanted.emit,
                keys="Ctrl+V",
                scope="panel",
                words=tr("clipboard import files"),
            )
        ]

    def state(self) -> WorkspaceState:
        return WorkspaceState(self.room, self.is_comparing)

    def restore(self, state: WorkspaceState) -> None:
        if state.room in self.rooms:
            self.show_room(state.room)
        if state.is_comparing:
            self._show_page(self.compare)
            self._refresh()

    def _refresh(self) -> None:
        comparing, item = self.is_comparing, self.result
        self.head.compare.setChecked(comparing)
        nothing: Sequence[Item] = ()
        shown = self.host.call(self.room, lambda room: room.shown(), nothing)
        self.export.setEnabled(comparing or bool(shown) or self._has_selection)
        self.head.compare.setEnabled(comparing or self._has_selection)
        self.edit.setVisible(comparing and item is not None and self.host.of_kind(item.kind) != OTHER)
        compared = item.name if item is not None else ""
        on_stage = self.cover.name if self.is_covered else self._names.get(self.room, "")
        self.name.setText(compared if comparing else on_stage)
        self.head.share_room()
