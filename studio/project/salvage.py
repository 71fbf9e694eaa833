"""What can still be read, and proven, of a damaged database."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from studio.core.recipe import Recipe
from studio.project import history, rows, seals
from studio.project.database import ERRORS, connect
from studio.project.dump import Entry, Ran, Shelf
from studio.project.recovered_jobs import Jobs, sort_out


@dataclass
class Salvage:
    items: list[Entry] = field(default_factory=list)
    collections: list[Shelf] = field(default_factory=list)
    steps: list[tuple[object, ...]] = field(default_factory=list)
    """What can be undone: all of it, or nothing."""
    jobs: Jobs = field(default_factory=Jobs)


def salvage(damaged: Path, tmp: Path, recipe_of: Callable[[str], str | None]) -> Salvage:
    """Everything in a damaged database that fits its seal. Works on a copy in the folder `tmp`.

    Args:
        recipe_of: the recipe of a job, as text, that is known from elsewhere: it proves the items of a job
            whose own row was damaged.
    """
    copy = tmp / "damaged.db"
    for suffix in ("", "-journal"):
        if damaged.with_name(damaged.name + suffix).is_file():
            shutil.copyfile(damaged.with_name(damaged.name + suffix), copy.with_name(copy.name + suffix))
    found = Salvage()
    found.items += _items(copy, recipe_of)
    found.collections += _collections(copy)
    found.steps += _steps(copy)
    found.jobs = sort_out({table: _both_ways(copy, table) for table in seals.COLUMNS})
    return found


def _items(copy: Path, recipe_of: Callable[[str], str | None]) -> Iterator[Entry]:
    """First from one end, then from the other, each time up to where SQLite gives up."""
    for direction in ("ASC", "DESC"):
        try:
            connection = connect(copy, "rw")
        except ERRORS:
            return
        try:
            for row in connection.execute(f"{rows.select_in(connection)} ORDER BY item.id {direction}"):
                for recipe in (row["recipe"], recipe_of(row["job"] or "")):
                    if rows.is_sealed_with(row, recipe):
                        yield _entry(row, recipe)
                        break
            return
        except (*ERRORS, ValueError):
            continue
        finally:
            connection.close()


def _both_ways(copy: Path, table: str) -> list[sqlite3.Row]:
    """The rows of a table with seals, whole or not, read as `_items` does."""
    key = seals.COLUMNS[table][0]
    found: dict[str, sqlite3.Row] = {}
    for direction in ("ASC", "DESC"):
        try:
            connection = connect(copy, "rw")
        except ERRORS:
            break
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            if not seals.has_seals(connection):
                break
            order = key if table == "meta" else "rowid"
            for row in connection.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY {order} {direction}"):
                found.setdefault(row[key], row)
            break
        except ERRORS:
            continue
        finally:
            connection.close()
    return list(found.values())


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


def _entry(row: sqlite3.Row, text: str | None) -> Entry:
    values = {name: value for name, value in rows.told(row).items() if value is not None}
    recipe = None if text is None else Recipe.from_json(text)
    return Entry.of({**values, "recipe": recipe, "ran": Ran(title=row["name"], created=row["created"])})
