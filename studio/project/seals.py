"""The seal on rows of job, batch and meta: it shows when one was changed by anything but us.

`row_sha` is SHA-256 over the row's columns (items have a seal of their own, see `rows`). Triggers of our own
connection write it, whatever code writes the row, so no statement can forget it; and they refuse to change a
row that does not fit its seal, so a damaged row never gets a fresh one. They are no part of the file: a
project's database may hold no function of ours (`trusted_schema=OFF`), and must open without us.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

COLUMNS = {
    "meta": ("key", "value"),
    "batch": ("id", "title", "created", "paused"),
    "job": (
        "id", "batch", "position", "state", "title", "recipe", "env", "error", "created", "started",
        "finished", "seconds", "peak_memory", "attempts",
    ),
}  # fmt: skip
"""The columns under the seal, in its order; the first is the key."""

DAMAGED = "row does not fit its digest"
"""What our triggers say of a row that they refuse to change."""

_encode = json.JSONEncoder(separators=(",", ":"), default=ascii).encode


def seal(*values: Any) -> str:
    """SHA-256, in hexadecimal, of a row's columns as a JSON array, without spaces and in ASCII."""
    return hashlib.sha256(_encode(values).encode()).hexdigest()


def is_sealed(table: str, row: sqlite3.Row) -> bool:
    """Whether a whole row is as we wrote it."""
    return bool(seal(*[row[name] for name in COLUMNS[table]]) == row["row_sha"])


def sealing(table: str, row: str = "") -> str:
    """The seal that a row should have, in SQL; `row` is "new." or "old." in a trigger."""
    return f"row_seal({', '.join(f'{row}{name}' for name in COLUMNS[table])})"


def add_functions(connection: sqlite3.Connection) -> None:
    """What our SQL calls: `row_seal`, see `seal`."""
    connection.create_function("row_seal", -1, seal, deterministic=True)


def keep_sealed(connection: sqlite3.Connection) -> None:
    """From here on, every row that this connection writes is sealed. For a database with seals."""
    for table, columns in COLUMNS.items():
        key = columns[0]
        reseal = f"UPDATE {table} SET row_sha = {sealing(table, 'new.')} WHERE {key} = new.{key}"
        refuse = f"SELECT RAISE(ABORT, '{DAMAGED}') WHERE old.row_sha <> {sealing(table, 'old.')}"
        for name, event, body in (
            ("added", "INSERT", reseal),
            ("changed", f"UPDATE OF {', '.join(columns)}", f"{refuse}; {reseal}"),
        ):
            trigger = f"TEMP TRIGGER IF NOT EXISTS {table}_{name} AFTER {event} ON main.{table}"
            connection.execute(f"CREATE {trigger} BEGIN {body}; END")


def has_seals(connection: sqlite3.Connection) -> bool:
    """Whether a database has the column: formats 1 to 3 do not."""
    return any(row[1] == "row_sha" for row in connection.execute("PRAGMA table_info(job)"))
