"""A job and a batch, as values."""

from __future__ import annotations

import json
import sqlite3

from msgspec import Struct

from studio.core.item import JobState
from studio.core.recipe import Recipe
from studio.core.titles import told
from studio.errors import StudioError, error_from_json
from studio.project.backups import check_sealed


class Job(Struct, frozen=True):
    """One recipe in the queue. Times are seconds since 1970-01-01, UTC."""

    id: str
    batch: str
    position: float
    state: JobState
    title: str
    recipe: Recipe
    error: StudioError | None
    created: float
    started: float | None
    finished: float | None
    seconds: float | None
    """How long the generator itself worked, without waiting, loading and pauses."""
    peak_memory: int | None
    """Bytes, of the whole worker process."""
    attempts: int
    """How often it was started, without the times that it was only put off."""


class Batch(Struct, frozen=True):
    id: str
    title: str
    created: float
    paused: bool
    counts: dict[JobState, int]


def job_of(row: sqlite3.Row) -> Job:
    """From a whole row of the table. Raises ProjectDamaged where anything but us has changed it."""
    check_sealed("job", [row])
    return Job(
        id=row["id"],
        batch=row["batch"],
        position=row["position"],
        state=JobState(row["state"]),
        title=told(row["title"]),
        recipe=Recipe.from_json(row["recipe"]),
        error=error_from_json(json.loads(row["error"])) if row["error"] else None,
        created=row["created"],
        started=row["started"],
        finished=row["finished"],
        seconds=row["seconds"],
        peak_memory=row["peak_memory"],
        attempts=row["attempts"],
    )
