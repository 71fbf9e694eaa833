"""Rows of the item table, and the seal that shows when one was changed by anything but us.

SQLite cannot tell when a byte inside a value flips. `row_sha` is SHA-256 over the row and, for an artifact,
over the recipe of its job; the number of rows is in `meta`. Both are compared whenever rows are read.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import unicodedata
from typing import Any

from studio.core.item import Item, Label, Origin
from studio.words import tr

_ORIGINAL = (
    "uid", "name", "kind", "origin", "digest", "extension", "size", "created",
    "job", "parent", "position", "stars", "trashed", "prompt",
)  # fmt: skip
_ADDED = {"rejected": 0, "label": "none", "tags": "", "collections": ""}
"""Columns of format 2, with what a row of format 1 has in them."""

SEALED = (*_ORIGINAL, *_ADDED)
"""The columns under the seal, in its order."""

_PLAIN = tuple(_ADDED.values())
_FIRST = len(_ORIGINAL)
_COLUMNS = ", ".join(f"item.{column}" for column in SEALED)
_FROM = "item.row_sha, job.recipe FROM item LEFT JOIN job ON job.id = item.job"
SELECT = f"SELECT {_COLUMNS}, {_FROM}"
"""Everything that `is_sealed` needs of a row; continue it with WHERE."""

SEAL = f"item_sha({_COLUMNS}, (SELECT recipe FROM job WHERE job.id = item.job))"
"""The seal that a row should have, in SQL."""

INSERT = (
    f"INSERT INTO item({', '.join(SEALED)}, row_sha, sort_name) VALUES ({', '.join('?' * (len(SEALED) + 2))})"
)
"""Takes `values_of`."""


def select_in(connection: sqlite3.Connection) -> str:
    """`SELECT` for a database that may have an older format."""
    there = {row[1] for row in connection.execute("PRAGMA table_info(item)")}
    columns = [
        f"item.{name}" if name in there or name not in _ADDED else f"{_ADDED[name]!r} AS {name}"
        for name in SEALED
    ]
    return f"SELECT {', '.join(columns)}, {_FROM}"


def add_functions(connection: sqlite3.Connection) -> None:
    """What our SQL calls: `item_sha` (see `seal`), `collection_sha`, `sort_key` and `kin_key`."""
    connection.create_function("item_sha", len(SEALED) + 1, seal, deterministic=True)
    connection.create_function("collection_sha", 3, seal_collection, deterministic=True)
    connection.create_function("sort_key", 1, sort_key, deterministic=True)
    connection.create_function("kin_key", 3, kin_key, deterministic=True)


def seal(*values: Any) -> str:
    """SHA-256, in hexadecimal, of the values of `SEALED` and the recipe's text (None for an asset).

    They are joined by NUL, which no name and no prompt has (`search.clean_text`): twice as fast as
    JSON, and this is where most of the time goes when a large project is proven. The columns of format 2 come
    last, and only where one of them says something: so the seals of format 1 still hold.
    """
    fixed, added = (*values[:_FIRST], values[-1]), values[_FIRST:-1]
    if added != _PLAIN:
        fixed += added
    text = "\0".join(["" if value is None else str(value) for value in fixed])
    return hashlib.sha256(text.encode()).hexdigest()


def sort_key(name: str) -> str:
    """A text that sorts as people expect: "Äpfel 9" before "apfel 10" before "Birne"."""
    plain = unicodedata.normalize("NFKD", str(name).casefold())
    plain = "".join([sign for sign in plain if not unicodedata.combining(sign)])
    return _DIGITS.sub(_by_length, plain)


def _by_length(match: re.Match[str]) -> str:
    digits = match[0].lstrip("0")
    return f"{len(digits):03}{digits}"


_DIGITS = re.compile("[0-9]+")


def kin_key(kind: str, parent: str | None, shared: str | None) -> int | None:
    """A number of 63 bits for results of one kind and parent that share something else; None without it."""
    if shared is None:
        return None
    text = "\0".join((str(kind), str(parent or ""), str(shared)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 1


COLLECTION_SEAL = "collection_sha(id, name, created)"
"""The seal that a row of the table collection should have, in SQL."""


def collection_name(id: str, name: str) -> str:
    """What a collection is called: one that lost its name, after its id in the current language."""
    return name or tr("Recovered {file}", file=id[:8])


def seal_collection(id: str, name: str, created: float) -> str:
    """SHA-256, in hexadecimal, of what a collection's row holds."""
    return hashlib.sha256(f"{id}\0{name}\0{created}".encode()).hexdigest()


def is_sealed(row: sqlite3.Row) -> bool:
    """Whether a row of `SELECT` is as we wrote it."""
    return is_sealed_with(row, row["recipe"])


def is_sealed_with(row: sqlite3.Row, recipe: str | None) -> bool:
    """Whether it is, where its job has this recipe."""
    return bool(seal(*tuple(row)[: len(SEALED)], recipe) == row["row_sha"])


def to_item(row: sqlite3.Row) -> Item:
    return Item(
        uid=row["uid"],
        name=row["name"],
        kind=row["kind"],
        origin=Origin(row["origin"]),
        digest=row["digest"],
        extension=row["extension"],
        size=row["size"],
        created=row["created"],
        job=row["job"],
        parent=row["parent"],
        stars=row["stars"],
        trashed=row["trashed"],
        rejected=bool(row["rejected"]),
        label=Label(row["label"]),
        tags=split(row["tags"]),
        collections=split(row["collections"]),
    )


def told(row: sqlite3.Row) -> dict[str, Any]:
    """The columns under the seal as values of JSON."""
    values = {name: row[name] for name in SEALED}
    lists = {name: split(values[name]) for name in ("tags", "collections")}
    return {**values, **lists, "rejected": bool(values["rejected"])}


def split(listed: str) -> tuple[str, ...]:
    """The parts of a column that is a list with commas."""
    return tuple(part for part in listed.split(",") if part)


def values_of(
    item: Item, position: int | None, prompt: str, recipe: str | None, *, name: str
) -> tuple[Any, ...]:
    """What `INSERT` takes, typed as SQLite gives it back; `name` is the item's, cleaned."""
    values = (
        item.uid, name, item.kind, str(item.origin), item.digest, item.extension, int(item.size),
        float(item.created), item.job, item.parent, position, int(item.stars),
        None if item.trashed is None else float(item.trashed), prompt,
        int(item.rejected), str(item.label), ",".join(item.tags), ",".join(item.collections),
    )  # fmt: skip
    return (*values, seal(*values, recipe), sort_key(name))
