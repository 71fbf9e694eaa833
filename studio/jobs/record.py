"""Things made by hand, kept as artifacts with a recipe: no worker has to run for that.

What is recorded is a finished job. Making it again, which goes through a worker like anything else, gives the
same bytes, since the recipe's params hold all that was put together.
"""

from __future__ import annotations

import shutil
import time
import uuid
from pathlib import Path

from studio.core.given_files import shown
from studio.core.item import Item, Origin
from studio.core.recipe import Recipe
from studio.project.store import Project


def record(
    project: Project, recipe: Recipe, file: Path, *, kind: str, name: str, parent: Item | None = None
) -> Item:
    """Copies a file into the project as the artifact of a finished job, whatever the queue is doing.

    Raises:
        DiskFull, ProjectReadOnly, ...: nothing was saved.
    """
    staging = project.staging()
    try:
        copy = staging / f"made{file.suffix}"
        shutil.copyfile(file, copy)
        return _insert(project, recipe, copy, kind, shown(name), parent)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _insert(project: Project, recipe: Recipe, file: Path, kind: str, title: str, parent: Item | None) -> Item:
    """The blob first; then the job and its item in one transaction."""
    digest, size = project.store_blob(file, extension=file.suffix, move=True)
    now = time.time()
    batch, job = uuid.uuid4().hex, uuid.uuid4().hex
    item = Item(
        uid=uuid.uuid4().hex,
        name=title,
        kind=kind,
        origin=Origin.ARTIFACT,
        digest=digest,
        extension=file.suffix,
        size=size,
        created=now,
        job=job,
        parent=parent.uid if parent is not None else None,
    )
    with project.db.transaction() as connection:
        connection.execute(
            "INSERT INTO batch (id, title, created, paused) VALUES (?, ?, ?, 0)", (batch, title, now)
        )
        connection.execute(
            "INSERT INTO job (id, batch, position, state, title, recipe, env, created, started, finished,"
            " seconds, attempts) VALUES (?, ?, 0, 'done', ?, ?, '{}', ?, ?, ?, 0, 0)",
            (job, batch, title, recipe.to_json(), now, now, now),
        )
        project.insert_items(connection, [item])
    return item
