"""Rows of the item table, and the seal that shows when one was changed by anything but us.

SQLite cannot tell when a byte inside a value flips. `row_sha` is SHA-256 over the row and, for an artifact,
over the recipe of its job; the number of rows is in `meta`. Both are compared whenever rows are read.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Any

from studio.core.item import Item, Kind, Origin

SEALED = (
    "uid", "name", "kind", "origin", "digest", "extension", "size", "created",
    "job", "parent", "position", "stars", "trashed", "prompt",
)  # fmt: skip
"""The columns under the seal, in its order."""

_COLUMNS = ", ".join(f"item.{column}" for column in SEALED)
SELECT = f"SELECT {_COLUMNS}, item.row_sha, job.recipe FROM item LEFT JOIN job ON job.id = item.job"
"""Everything that `checked` needs of a row; continue it with WHERE."""

SEAL = f"item_sha({_COLUMNS}, (SELECT recipe FROM job WHERE job.id = item.job))"
"""The seal that a row should have, in SQL."""

INSERT = f"INSERT INTO item({', '.join(SEALED)}, row_sha) VALUES ({', '.join('?' * (len(SEALED) + 1))})"
"""Takes `values_of`."""


def seal(*values: Any) -> str:
    """SHA-256, in hexadecimal, of the values of `SEALED` and the recipe's text (None for an asset).

    They are joined by NUL, which no name and no prompt has (`search.clean_text`): twice as fast as
    JSON, and this is where most of the time goes when a large project is proven.
    """
    text = "\0".join(["" if value is None else str(value) for value in values])
    return hashlib.sha256(text.encode()).hexdigest()


def is_sealed(row: sqlite3.Row) -> bool:
    """Whether a row of `SELECT` is as we wrote it."""
    return bool(seal(*tuple(row)[: len(SEALED)], row["recipe"]) == row["row_sha"])


def to_item(row: sqlite3.Row) -> Item:
    return Item(
        uid=row["uid"],
        name=row["name"],
        kind=Kind(row["kind"]),
        origin=Origin(row["origin"]),
        digest=row["digest"],
        extension=row["extension"],
        size=row["size"],
        created=row["created"],
        job=row["job"],
        parent=row["parent"],
        stars=row["stars"],
        trashed=row["trashed"],
    )


def values_of(
    item: Item, position: int | None, prompt: str, recipe: str | None, *, name: str
) -> tuple[Any, ...]:
    """The values of `SEALED` and the seal, typed as SQLite gives them back; `name` is the item's, cleaned."""
    values = (
        item.uid, name, str(item.kind), str(item.origin), item.digest, item.extension, int(item.size),
        float(item.created), item.job, item.parent, position, int(item.stars),
        None if item.trashed is None else float(item.trashed), prompt,
    )  # fmt: skip
    return (*values, seal(*values, recipe))
