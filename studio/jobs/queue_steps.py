"""What people do to jobs. Each is one step of the project's history, so that it can be undone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from studio.core.item import JobState
from studio.core.titles import told
from studio.jobs.turns import CLOSE
from studio.project.database import Database
from studio.project.history import Edit, History, Title
from studio.words import mark, mark_many

_CANCEL = mark_many("Cancel “{name}”", "Cancel {count} jobs")
_RETRY = mark_many("Retry “{name}”", "Retry {count} jobs")
_MOVE = mark_many("Move “{name}” in the queue", "Move {count} jobs in the queue")

_OVER = ("error", "started", "finished", "seconds", "peak_memory")
"""What a job says of its last run."""


def cancel(database: Database, history: History, ids: Sequence[str], *, batch: str = "") -> list[str]:
    """Cancels those of the jobs that are not over; returns their ids. Undone, they wait again.

    Args:
        batch: the title of the batch that they are what is left of.
    """
    with database.transaction() as connection:
        edits, titles, now = [], [], time.time()
        for row in _jobs(database, ids, "state, started", "state IN ('queued', 'running', 'paused')"):
            held = row["state"] == JobState.PAUSED and row["started"] is None
            before = {
                "state": JobState.PAUSED if held else JobState.QUEUED,
                "finished": None,
                "started": None,
            }
            after = {"state": JobState.CANCELLED, "finished": now, "started": row["started"]}
            edits.append(Edit("job", [row["id"]], before, after))
            titles.append(told(row["title"]))
        connection.executemany(
            "UPDATE job SET state = 'cancelled', finished = ? WHERE id = ?",
            [(now, edit.keys[0]) for edit in edits],
        )
        if edits:
            title = Title(mark("Cancel what is left of “{name}”"), values={"name": batch})
            history.record(connection, title if batch else _title(_CANCEL, titles), _joined(edits))
    return [edit.keys[0] for edit in edits]


def retry(database: Database, history: History, ids: Sequence[str], first: float) -> None:
    """Puts those of the jobs that failed or were cancelled into the queue, in this order, from `first` on.
    How often they were interrupted is forgotten."""
    edits, titles = [], []
    with database.transaction() as connection:
        columns = ", ".join(("state", "position", *_OVER))
        for n, row in enumerate(_jobs(database, ids, columns, "state IN ('failed', 'cancelled')")):
            before = {name: row[name] for name in ("state", "position", *_OVER)}
            after = {"state": JobState.QUEUED, "position": first + n, **dict.fromkeys(_OVER)}
            edits.append(Edit("job", [row["id"]], before, after))
            titles.append(told(row["title"]))
        connection.executemany("UPDATE job SET attempts = 0 WHERE id = ?", [edit.keys for edit in edits])
        history.do(_title(_RETRY, titles), edits)


def move(database: Database, history: History, ids: Sequence[str], before: str | None) -> None:
    """Puts waiting jobs, in this order, before another one (none of them), or at the end."""
    with database.transaction():
        waiting = database.read(
            "SELECT id, title, position FROM job WHERE state IN ('queued', 'paused') ORDER BY position, rowid"
        )
        known = {row["id"]: row for row in waiting}
        moved = [id for id in dict.fromkeys(ids) if id in known]
        if before in moved or not moved:
            return
        stay = [row["id"] for row in waiting if row["id"] not in set(moved)]
        place = stay.index(before) if before in known else len(stay)
        order = [*stay[:place], *moved, *stay[place:]]
        if order == list(known):
            return
        low = known[stay[place - 1]]["position"] if place else None
        high = known[stay[place]]["position"] if place < len(stay) else None
        positions = dict(zip(moved, _between(low, high, len(moved)), strict=False))
        if len(positions) < len(moved):  # no more room between the two: number all of them anew
            positions = {id: float(n) for n, id in enumerate(order)}
        edits = [
            Edit("job", [id], {"position": known[id]["position"]}, {"position": position})
            for id, position in positions.items()
        ]
        history.do(_title(_MOVE, [known[id]["title"] for id in moved]), edits)


def _between(low: float | None, high: float | None, count: int) -> list[float]:
    """So many positions between two others, rising; none where there is no room."""
    if low is None and high is None:
        return []
    if high is None:
        low = low or 0.0
        found = [low + 1 + n for n in range(count)]
    elif low is None:
        found = [high - CLOSE * (count - n) for n in range(count)]
    else:
        found = [low + (high - low) * (n + 1) / (count + 1) for n in range(count)]
    edges = [*([low] if low is not None else []), *found, *([high] if high is not None else [])]
    return found if all(a < b for a, b in pairwise(edges)) else []


def _jobs(database: Database, ids: Sequence[str], columns: str, which: str) -> list[Any]:
    """Rows of those of the jobs that are so, in the order of `ids`."""
    query = f"SELECT id, title, {columns} FROM job WHERE id = ? AND {which}"
    return [row for id in dict.fromkeys(ids) for row in database.read(query, (id,))]


def _joined(edits: Sequence[Edit]) -> list[Edit]:
    """Edits that say the same as one, so that a step of ten thousand jobs stays small."""
    joined: dict[tuple[Any, Any], list[str]] = {}
    for edit in edits:
        assert edit.before is not None
        assert edit.after is not None
        joined.setdefault((tuple(edit.before.items()), tuple(edit.after.items())), []).extend(edit.keys)
    return [Edit("job", keys, dict(before), dict(after)) for (before, after), keys in joined.items()]


def _title(pair: tuple[str, str], titles: Sequence[str]) -> Title:
    return Title(*pair, len(titles), {"name": titles[0] if titles else ""})
