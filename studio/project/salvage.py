"""What can still be read, and proven, of a damaged database."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from studio.core.recipe import Recipe
from studio.project import history, rows
from studio.project.database import ERRORS, connect
from studio.project.dump import Entry, Ran, Shelf


@dataclass
class Salvage:
    items: list[Entry] = field(default_factory=list)
    collections: list[Shelf] = field(default_factory=list)
    steps: list[tuple[object, ...]] = field(default_factory=list)
    """What can be undone: all of it, or nothing."""


def salvage(damaged: Path, tmp: Path) -> Salvage:
    """Everything in a damaged database that fits its seal. Works on a copy in the folder `tmp`."""
    copy = tmp / "damaged.db"
    for suffix in ("", "-journal"):
        if damaged.with_name(damaged.name + suffix).is_file():
            shutil.copyfile(damaged.with_name(damaged.name + suffix), copy.with_name(copy.name + suffix))
    found = Salvage()
    found.items += _items(copy)
    found.collections += _collections(copy)
    found.steps += _steps(copy)
    return found


def _items(copy: Path) -> Iterator[Entry]:
    """First from one end, then from the other, each time up to where SQLite gives up."""
    for direction in ("ASC", "DESC"):
        try:
            connection = connect(copy, "rw")
        except ERRORS:
            return
        try:
            for row in connection.execute(f"{rows.select_in(connection)} ORDER BY item.id {direction}"):
                if rows.is_sealed(row):
                    yield _entry(row)
            return
        except (*ERRORS, ValueError):
            continue
        finally:
            connection.close()


def _collections(copy: Path) -> Iterator[Shelf]:
    for id, name, created, row_sha in _rows(copy, "SELECT id, name, created, row_sha FROM collection"):
        if rows.seal_collection(id, name, created) == row_sha:
            yield Shelf(collection=id, name=name, created=created)


def _steps(copy: Path) -> list[tuple[object, ...]]:
    found = _rows(copy, f"SELECT {', '.join(history.ROW)} FROM step ORDER BY id")
    return [tuple(row) for row in found] if all(history.is_sealed(row) for row in found) else []


def _rows(copy: Path, query: str) -> list[sqlite3.Row]:
    """All rows, or none where one of them cannot be read."""
    try:
        connection = connect(copy, "rw")
    except ERRORS:
        return []
    try:
        return connection.execute(query).fetchall()
    except (*ERRORS, ValueError):
        return []
    finally:
        connection.close()


def _entry(row: sqlite3.Row) -> Entry:
    values = {name: value for name, value in rows.told(row).items() if value is not None}
    recipe = None if row["recipe"] is None else Recipe.from_json(row["recipe"])
    return Entry.of({**values, "recipe": recipe, "ran": Ran(title=row["name"], created=row["created"])})
