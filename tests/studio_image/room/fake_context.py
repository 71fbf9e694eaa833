"""A small stand-in for the window: files in a folder, and a record of what the room asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.core.generator import GeneratorDescription
from studio.core.item import Item, Origin
from studio.errors import ProjectError


class Items:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.all: dict[str, Item] = {}

    def add(self, name: str, *, parent: Item | None = None, kind: str = "image") -> Item:
        """The item of a file in the folder; its bytes are told apart by its name."""
        made = Item(
            uid=f"uid-{name}",
            name=name,
            kind=kind,
            origin=Origin.ASSET if parent is None else Origin.ARTIFACT,
            digest=name,
            extension=".png",
            size=1,
            created=0.0,
            parent=parent.uid if parent is not None else None,
        )
        self.all[made.uid] = made
        return made

    def item(self, uid: str) -> Item:
        if uid not in self.all:
            raise ProjectError("It is gone.", "Take another.")
        return self.all[uid]

    def parents(self, item: Item) -> list[Item]:
        return [self.all[item.parent]] if item.parent in self.all else []

    def file(self, item: Item) -> Path:
        return self.folder / f"{item.digest}.png"


class Form:
    def __init__(self) -> None:
        self.generator: GeneratorDescription | None = None
        self.chosen: dict[str, Item | None] = {}
        self.told = 0
        """How often the stage was said to give something else."""

    def given(self) -> Mapping[str, Item]:
        return {slot: item for slot, item in self.chosen.items() if item is not None}

    def give(self, slot: str, item: Item | None) -> None:
        self.chosen[slot] = item

    def stage_changed(self) -> None:
        self.told += 1


class Kept:
    """`Kept`, in memory."""

    def __init__(self) -> None:
        self.all: dict[str, list[bytes]] = {}

    def keep(self, name: str, value: bytes | Callable[[], bytes]) -> None:
        self.all[name] = []
        self.add(name, value)

    def add(self, name: str, value: bytes | Callable[[], bytes]) -> None:
        self.all[name].append(value if isinstance(value, bytes) else value())

    def of(self, name: str) -> Sequence[bytes]:
        return [*self.all.get(name, ())]


class FakeContext(QObject):
    """`RoomContext`, as far as this room uses it."""

    project_changed = Signal()
    selection_changed = Signal()
    settings_changed = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.items, self.form, self.kept = Items(folder), Form(), Kept()
        self.settings: dict[str, Any] = {
            "mask-automatic": True,
            "mask-color": "#ff2d5f",
            "mask-strength": 45,
        }
        self.project = "one"
        self.selection: list[Item] = []
        self.compared: list[list[Item]] = []
        self.said: list[str] = []
        self.reported: list[BaseException] = []
        self.title = ""
        self.in_front = 0
        self.changes = 0
        self.steps = 0
        self.asked: list[str] = []

    def choose_files(self) -> None:
        self.asked.append("files")

    def open_sample(self) -> None:
        self.asked.append("sample")

    def change_setting(self, key: str, value: Any) -> None:
        self.settings[key] = value
        self.settings_changed.emit()

    def compare(self, items: Sequence[Item]) -> None:
        self.compared.append(list(items))

    def decode(self, items: Sequence[Item], done: Callable[[Sequence[Item]], object]) -> None:
        done(items)

    def name_stage(self, title: str) -> None:
        self.title = title

    def show(self) -> None:
        self.in_front += 1

    def say(self, text: str, words: str = "", act: Callable[[], object] | None = None) -> None:
        self.said.append(text)

    def report(self, error: BaseException) -> None:
        self.reported.append(error)

    def history_changed(self) -> None:
        self.steps += 1

    def changed(self) -> None:
        self.changes += 1
