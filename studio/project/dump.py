"""`assets.jsonl`: every item in plain text, sorted, for diff and for the day when no database is left."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studio.project import files, rows
from studio.project.database import Database, damaged

NAME = "assets.jsonl"
_PAGE = 5000
_JOB = ("title", "env", "seconds", "peak_memory")


def write(database: Database, folder: Path) -> None:
    """Replaces the dump: one JSON object a line, sorted by uid, an artifact's recipe in it.

    Raises:
        DiskFull, ProjectDamaged: the dump is as it was.
    """
    part = folder / "tmp" / f"{uuid.uuid4().hex}.jsonl"
    try:
        with part.open("x", encoding="utf-8", newline="\n") as file:
            for line in _lines(database):
                file.write(line + "\n")
            file.flush()
            files.sync_file(file.fileno())
        part.replace(folder / NAME)
        files.sync_folder(folder)
    except OSError as error:
        raise files.as_studio_error(error, folder, "the list of items as text") from error
    finally:
        part.unlink(missing_ok=True)


def _lines(database: Database) -> Iterator[str]:
    last = ""
    select = rows.SELECT.replace(
        " FROM ", ", " + ", ".join(f"job.{name} AS job_{name}" for name in _JOB) + " FROM "
    )
    while True:
        page = database.read(f"{select} WHERE item.uid > ? ORDER BY item.uid LIMIT {_PAGE}", (last,))
        for row in page:
            if not rows.is_sealed(row):
                raise damaged(f"the row of item {row['uid']!a} does not fit its digest")
            yield json.dumps(_described(row), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        if len(page) < _PAGE:
            return
        last = page[-1]["uid"]


def _described(row: sqlite3.Row) -> dict[str, Any]:
    described = {name: row[name] for name in rows.SEALED if row[name] not in (None, "", 0)}
    if row["recipe"] is not None:
        described["recipe"] = json.loads(row["recipe"])
        described["ran"] = {name: row[f"job_{name}"] for name in _JOB if row[f"job_{name}"] is not None}
    return described
