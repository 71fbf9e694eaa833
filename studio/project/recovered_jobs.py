"""What becomes of a damaged database's jobs: those that can be proven come back, of the others it is told.

A job that waited waits again; one whose row was damaged does not run by itself, since what it says may be
wrong, or it may have run already. It is a failed job, with its reason, which a person can start again.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from studio.core.item import JobState
from studio.core.recipe import Recipe
from studio.errors import ProjectDamaged
from studio.project import seals
from studio.words import tr

Row = dict[str, Any]
"""The columns under the seal."""

_ID = re.compile(r"[0-9a-f]{32}")
_WAITING = tuple(str(state) for state in JobState if not state.is_final)


class Jobs(Struct):
    """The queue of a damaged database."""

    whole: list[Row] = field(default_factory=list)
    """Jobs that fit their seals, in their order."""
    changed: list[Row] = field(default_factory=list)
    """Jobs that do not."""
    batches: list[Row] = field(default_factory=list)
    settings: list[Row] = field(default_factory=list)
    """Whether the queue is paused."""


def sort_out(found: Mapping[str, Sequence[sqlite3.Row]]) -> Jobs:
    """From the rows of the damaged database's tables."""
    jobs = Jobs(batches=_whole("batch", found["batch"]), whole=_whole("job", found["job"]))
    jobs.settings = [row for row in _whole("meta", found["meta"]) if row["key"] not in ("uuid", "item_count")]
    jobs.changed = [_row("job", row) for row in found["job"] if not seals.is_sealed("job", row)]
    return jobs


def _whole(table: str, found: Sequence[sqlite3.Row]) -> list[Row]:
    return [_row(table, row) for row in found if seals.is_sealed(table, row)]


def _row(table: str, row: sqlite3.Row) -> Row:
    return {name: row[name] for name in seals.COLUMNS[table]}


def bring_back(connection: sqlite3.Connection, found: Jobs) -> None:
    """Adds the jobs that are proven, and takes over what became of those that are there already.

    Before the items: what an item tells of its job says less.
    """
    for setting in found.settings:
        _write(connection, "meta", setting)
    for batch in found.batches:
        _write(connection, "batch", batch)
    for job in found.whole:
        there = connection.execute("SELECT recipe FROM job WHERE id = ?", (job["id"],)).fetchone()
        if there is None or there["recipe"] == job["recipe"]:
            _keep_batch(connection, job["batch"])
            _write(connection, "job", job)


def tell_of_changed(connection: sqlite3.Connection, found: Jobs, batch: str) -> None:
    """Of jobs whose rows were damaged: they have failed, unless an item proves that they are done.

    After the items. Jobs whose recipe cannot be read any more are gone, but for their batch's others.

    Args:
        batch: for those that the backup does not know.
    """
    for job in found.changed:
        id, recipe = job["id"], _recipe(job["recipe"])
        there = connection.execute("SELECT state FROM job WHERE id = ?", (id,)).fetchone()
        if there is not None:
            if there["state"] in _WAITING:
                connection.execute(
                    "UPDATE job SET state = 'failed', finished = ?, error = ? WHERE id = ?",
                    (time.time(), _reason(), id),
                )
        elif recipe is not None and isinstance(id, str) and _ID.fullmatch(id):
            _keep_batch(connection, batch)
            now = time.time()
            connection.execute(
                "INSERT INTO job(id, batch, position, state, title, recipe, error, created, finished)"
                " VALUES (?, ?, 0, 'failed', ?, ?, ?, ?, ?)",
                (id, batch, tr("Recovered {file}", file=id[:8]), recipe, _reason(), now, now),
            )


def _recipe(text: object) -> str | None:
    """The text of a recipe, if it is one as we write it."""
    try:
        return text if isinstance(text, str) and Recipe.from_json(text).to_json() == text else None
    except ValueError:
        return None


def _reason() -> str:
    error = ProjectDamaged(
        tr("What the project said of this job was damaged, so it did not run."),
        tr("Look at its settings, then start it again."),
    )
    return json.dumps(error.to_json())


def _keep_batch(connection: sqlite3.Connection, id: str) -> None:
    """A batch whose own row was lost has another name."""
    connection.execute(
        "INSERT OR IGNORE INTO batch(id, title, created) VALUES (?, ?, ?)", (id, tr("Recovered"), time.time())
    )


def _write(connection: sqlite3.Connection, table: str, row: Row) -> None:
    sets = ", ".join(f"{name} = excluded.{name}" for name in row)
    connection.execute(
        f"INSERT INTO {table}({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
        f" ON CONFLICT({seals.COLUMNS[table][0]}) DO UPDATE SET {sets}",
        list(row.values()),
    )
