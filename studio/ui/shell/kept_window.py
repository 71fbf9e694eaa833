"""What a window keeps of its project besides the stages: the values of the forms, and what is open where."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio.core.item import Item
from studio.errors import StudioError
from studio.settings import Generating
from studio.ui.context import WindowContext
from studio.ui.shell.parts import Parts
from studio.ui.shell.room_host import LIBRARY
from studio.ui.shell.soon import Soon

FORM, PLACE = ":form", ":place"
"""Keys of the journal. Those of rooms begin with the room's id."""
MOST_ITEMS = 8
"""That are remembered as selected, or as shown."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class KeptForm(Struct, frozen=True):
    generating: Generating
    """As in the settings, which begin another project."""
    last: dict[str, str] = {}
    """The generator that was used last, by the first one of its room."""
    inputs: dict[str, dict[str, str]] = {}
    """Uids of the items that were chosen, by generator and input."""


class Place(Struct, frozen=True):
    """What was in front. Items are named by their uids."""

    room: str
    selected: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    """On the room's stage, or compared."""
    compares: bool = False


class KeptWindow(QObject):
    """Stays while the window's widgets are built anew; `attach` gives it those that are there now."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._parts: Parts | None = None
        self._form = Soon(self._keep_form)
        self._place = Soon(self._keep_place, of_keys=False)
        self._follows = False
        """Whether what is in front is the user's choice: not while a project is being opened."""

    def attach(self, parts: Parts) -> None:
        self._parts = parts
        for changed in (parts.panel.changed, parts.generating.inputs.changed):
            changed.connect(self._form.note)
        for changed in (
            parts.workspace.room_changed,
            parts.workspace.stage_named,
            parts.workspace.compare.changed,
            parts.gallery.selection_changed,
        ):
            changed.connect(self._on_place)

    def keep(self) -> None:
        """Keeps what has changed, now."""
        self._form.now()
        self._place.now()

    def leave(self) -> None:
        """The project is about to be closed."""
        self.keep()
        self._follows = False

    def follow(self) -> None:
        """From now on what is in front is the user's choice."""
        self._follows = True
        self._place.note()

    def _on_place(self) -> None:
        if self._follows:
            self._place.note()

    # The form ----------------------------------------------------------------------------------------------

    def generating(self) -> Generating:
        """With what a form begins: the project's values, or those that were last used in any."""
        form = self._read(FORM, KeptForm)
        return form.generating if form is not None else self._context.settings.generating

    def show_form(self) -> None:
        """The form has the values that it had in this project; in a new one it goes on with those it has."""
        form, parts, project = self._read(FORM, KeptForm), self._parts, self._context.project
        if form is None or parts is None or project is None:
            return
        found = {
            generator: {slot: item for slot, uid in chosen.items() if (item := self._item(uid)) is not None}
            for generator, chosen in form.inputs.items()
        }
        parts.generating.inputs.restore(found)
        parts.panel.bring_back(form.generating, form.last)
        self._form.stop()

    def _keep_form(self) -> None:
        edits, parts = self._context.edits, self._parts
        if edits is None or parts is None or not isValid(parts.panel) or parts.panel.generator is None:
            return
        chosen = parts.generating.inputs.state()
        form = KeptForm(
            Generating(**parts.panel.kept()),
            parts.panel.last_used(),
            {one: {slot: item.uid for slot, item in items.items()} for one, items in chosen.items() if items},
        )
        edits.keep(FORM, msgspec.json.encode(form))

    # The place ---------------------------------------------------------------------------------------------

    def room(self) -> str:
        """The one that was in front in this project; "" if that is not known, or it is not here."""
        place = self._read(PLACE, Place)
        known = self._parts.workspace.rooms if self._parts is not None else ()
        return place.room if place is not None and place.room in known else ""

    def show_place(self) -> bool:
        """Selects and shows what was; False where that is not known.

        What a room has brought back by itself stays on its stage.
        """
        place, parts = self._read(PLACE, Place), self._parts
        self.follow()
        if place is None or parts is None or self.room() != parts.workspace.room:
            return False
        selected, shown = self._items(place.selected), self._items(place.shown)
        nothing: Sequence[Item] = ()
        there = parts.rooms.call(place.room, lambda room: room.shown(), nothing)
        if place.compares and len(shown) == len(place.shown):
            parts.items.compare(shown)
        elif place.room != LIBRARY and shown and not there and not parts.workspace.has_name(place.room):
            parts.items.open(shown)
        parts.items.select(selected or there)
        return True

    def _keep_place(self) -> None:
        edits, parts = self._context.edits, self._parts
        if edits is None or parts is None or not isValid(parts.workspace) or not parts.workspace.room:
            return
        if parts.window.shows_welcome:
            return  # from the first page one goes anywhere
        workspace, nothing = parts.workspace, list[Item]()
        compared = workspace.compare.comparison if workspace.is_comparing else None
        if compared is not None:
            shown = [one.item for one in compared.items]
        else:
            shown = parts.rooms.call(workspace.room, lambda room: [*room.shown()], nothing)
        place = Place(
            workspace.room,
            tuple(item.uid for item in parts.gallery.selected()[:MOST_ITEMS]),
            tuple(item.uid for item in shown[:MOST_ITEMS]),
            compared is not None,
        )
        edits.keep(PLACE, msgspec.json.encode(place))

    # The journal -------------------------------------------------------------------------------------------

    def _read(self, key: str, kind: type[T]) -> T | None:
        kept: Callable[[str], Sequence[bytes]] | None = (
            self._context.edits.kept if self._context.edits is not None else None
        )
        data = b"".join(kept(key)) if kept is not None else b""
        try:
            return msgspec.json.decode(data, type=kind) if data else None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            log.warning("%s cannot be read: %s", key, error)
            return None

    def _items(self, uids: Sequence[str]) -> list[Item]:
        return [item for item in map(self._item, uids) if item is not None]

    def _item(self, uid: str) -> Item | None:
        with suppress(StudioError):
            if self._context.project is not None:
                return self._context.project.item(uid)
        return None
