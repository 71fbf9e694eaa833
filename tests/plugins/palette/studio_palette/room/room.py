"""The room of palettes: a palette is looked at and edited, and an edited one is kept as a new item."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from studio.api.values import ProjectError, StudioError, tr
from studio.ui.api import Command, Item, Room, RoomContext, StageHistory
from studio_palette.core.palette import EXTENSION, KIND, from_json, read, to_json
from studio_palette.room.stage import Stage
from studio_palette.room.steps import Steps

EDITED = "palette/edited"


class PaletteRoom(Room):
    """One palette is on its stage."""

    def __init__(self, context: RoomContext) -> None:
        super().__init__(context)
        self.page = Stage()
        self.steps = Steps(self._on_change)
        self.item: Item | None = None
        """Where the palette on the stage came from."""
        self.page.chosen.connect(self.steps.change)
        context.project_changed.connect(self._on_project)

    def stage(self) -> QWidget:
        return self.page

    def open(self, items: Sequence[Item]) -> None:
        item = items[0]
        if item == self.item:
            return
        try:
            palette = read(self.context.items.file(item))
        except StudioError as error:
            self.context.report(error)
            return
        if self.steps.is_edited:
            before = self.save()
            self.context.say(
                tr("What was changed is not kept."), tr("Go back"), lambda: self.restore(before, self.FORMAT)
            )
        self.item = item
        self.steps.begin(palette)

    def shown(self) -> Sequence[Item]:
        return [self.item] if self.item is not None else ()

    def subject(self) -> str:
        return self.steps.palette.name if self.steps.palette is not None else ""

    def commands(self) -> Sequence[Command]:
        return [
            Command("palette.keep", tr("&Keep"), self.keep, menu="room", needs="writing"),
            Command("palette.add", tr("&Add a color"), self.steps.add, menu="room"),
            Command("palette.remove", tr("&Remove the last color"), self.steps.remove, menu="room"),
        ]

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        self.page.attach_actions(actions)

    def history(self) -> StageHistory:
        return self.steps

    def save(self) -> bytes:
        palette = self.steps.palette
        if palette is None or not self.steps.is_edited:
            return b""
        of = self.item.uid if self.item is not None else ""
        return json.dumps({"of": of, "palette": to_json(palette).decode()}).encode()

    def restore(self, state: bytes, format: int) -> None:
        if format != self.FORMAT:
            return
        try:
            values = json.loads(state)
            palette = from_json(values["palette"].encode(), tr("The palette of the last time"))
        except (ValueError, LookupError, TypeError, AttributeError, StudioError):
            return
        self.item = self._item(values.get("of", ""))
        self.steps.begin(palette, edited=True)

    def keep(self) -> None:
        """The palette on the stage becomes an item, with a recipe that says which one it was made from."""
        palette, parent = self.steps.palette, self.item
        if palette is None:
            return
        name = tr("{name}, edited", name=palette.name)

        def work(_: object) -> Item:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / f"palette{EXTENSION}"
                file.write_bytes(to_json(palette))
                return self.context.items.record(
                    EDITED,
                    {"title": palette.name, "colors": list(palette.colors)},
                    file,
                    kind=KIND,
                    name=name,
                    inputs={"palette": parent} if parent is not None else {},
                    parent=parent,
                )

        self.context.tasks.start(tr("Keeping the palette"), work, self._kept, owner=self.page)

    def _item(self, uid: str) -> Item | None:
        try:
            return self.context.items.item(uid) if uid else None
        except ProjectError:  # it is gone
            return None

    def _kept(self, item: Item) -> None:
        self.item = item
        self.steps.begin(self.steps.palette)
        self.context.select([item])
        self.context.say(tr("“{name}” is kept.", name=item.name))

    def _on_change(self) -> None:
        palette = self.steps.palette
        self.page.show_palette(palette)
        self.context.name_stage(palette.name if palette is not None else "")
        self.context.history_changed()
        self.context.changed()

    def _on_project(self) -> None:
        self.item = None
        self.steps.begin(None)
