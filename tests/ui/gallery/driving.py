"""A gallery over a real project, and the hands that drive it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from PySide6.QtCore import Qt

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.gallery.commands import context_menu
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.kit.actions import Facts

COUNT = 1000


def fill(project: Project, count: int, digest: str, size: int) -> None:
    items = [
        Item(uuid.uuid4().hex, f"Item {n}", Kind.IMAGE, Origin.ASSET, digest, ".png", size, created=float(n))
        for n in range(count)
    ]
    with project.db.transaction() as connection:
        project.insert_items(connection, items)


class Recorder:
    def __init__(self) -> None:
        self.calls: list[tuple[str, object]] = []

    def named(self, name: str) -> Callable[..., None]:
        return lambda *what: self.calls.append((name, what[0] if len(what) == 1 else what))


def met(panel: GalleryPanel, *, selection: bool = False) -> None:
    panel.commanded.set_facts(Facts(project=True, writing=panel.organizer.is_writable, selection=selection))


def offered(panel: GalleryPanel) -> list[str]:
    actions = context_menu(panel, panel).actions()
    return [action.text().replace("&", "") for action in actions if action.text()]


def key(qtbot, panel: GalleryPanel, *keys: Qt.Key | str) -> None:
    panel.view.setFocus()
    panel.activateWindow()
    for one in keys:
        qtbot.keyClick(panel.view, one)


def names(panel: GalleryPanel) -> list[str]:
    return [item.name for item in panel.selected()]
