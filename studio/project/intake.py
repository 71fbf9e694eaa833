"""Files that come in together with what needs them, or not at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from studio.core.item import Item
from studio.project.store import Project


class Intake:
    """Stores bytes at once, which takes the time, and their items later, in the transaction of whoever needs
    them. If that never comes, nothing is left but files that no item names, as `studio check` tells.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._items: dict[tuple[str, str, str], Item] = {}

    def add_asset(self, source: Path, *, kind: str) -> Item:
        """As `Project.add_asset`, but the item is in the project only after `insert`."""
        item = self._project.stage_asset(source, kind=kind)
        return self._items.setdefault((item.digest, item.name, item.kind), item)

    def insert(self, connection: sqlite3.Connection) -> None:
        """Within `db.transaction()`."""
        for item in self._items.values():
            self._project.insert_asset(connection, item)
