"""Whose turn it is: positions in the queue, by which batches take turns.

As in start-time fair queueing, positions are a time: the next job is the one with the lowest, and a batch has
a turn in each unit of it. A new batch begins where the queue is now, so that it takes turns with those that
wait already, and neither passes them nor waits for their end. What is put first or moved by hand lies closer
together, and is worked off in one go.
"""

from __future__ import annotations

from studio.project.database import Database

CLOSE = 2.0**-10
"""Between two that are not to be parted by another batch's turn."""

_MAY_RUN = "job JOIN batch ON batch.id = job.batch WHERE job.state = 'queued' AND NOT batch.paused"


def first_turn(database: Database) -> float:
    """Of a new batch: after all that have theirs before the running job's batch has its next. The others
    follow at a distance of 1."""
    waiting = _one(database, f"SELECT MIN(position) AS found FROM {_MAY_RUN}")
    limit = float("inf") if waiting is None else waiting
    now = _one(
        database, "SELECT MAX(position) AS found FROM job WHERE state = 'running' AND position <= ?", limit
    )
    if now is None or (waiting is not None and now < waiting - 1):
        now = waiting
    if now is None:
        return edge(database, "MAX") + 1
    last = _one(
        database,
        "SELECT MAX(position) AS found FROM job"
        " WHERE state IN ('queued', 'paused') AND position >= ? AND position < ?",
        now,
        now + 1,
    )
    return ((now if last is None else last) + now + 1) / 2


def catch_up(database: Database, batch: str) -> None:
    """A batch that was paused takes turns with the others from now on: those that it missed are gone."""
    others = _one(database, f"SELECT MIN(position) AS found FROM {_MAY_RUN} AND batch <> ?", batch)
    own = _one(database, "SELECT MIN(position) AS found FROM job WHERE batch = ? AND state = 'queued'", batch)
    if others is not None and own is not None and own < others - 1:
        with database.transaction() as connection:
            connection.execute(
                "UPDATE job SET position = position + ? WHERE batch = ? AND state IN ('queued', 'paused')",
                (others - own, batch),
            )


def edge(database: Database, function: str) -> float:
    """The lowest ("MIN") or highest ("MAX") position of what is not over."""
    query = f"SELECT {function}(position) AS found FROM job WHERE state IN ('queued', 'running', 'paused')"
    return _one(database, query) or 0.0


def _one(database: Database, query: str, *params: object) -> float | None:
    found: float | None = database.read(query, params)[0]["found"]
    return found
