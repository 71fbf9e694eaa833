"""The durable queue: batches and jobs as rows of the project's database. No thread lives here.

Every method is one transaction, so the end of the program at any moment leaves a queue that makes sense:
what was running is found by `recover`, and what was stored is stored with its job's state.
"""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from studio.core.generator import NewArtifact
from studio.core.given_files import shown
from studio.core.item import Item, JobState, Origin
from studio.core.recipe import Recipe
from studio.core.titles import told
from studio.errors import StudioError, WorkerDied
from studio.jobs import queue_steps
from studio.jobs.job import Batch, Job, job_of
from studio.jobs.turns import CLOSE, catch_up, edge, first_turn
from studio.project.backups import check_sealed
from studio.project.database import Database
from studio.project.intake import Intake
from studio.project.store import Project
from studio.words import tr

__all__ = ["Batch", "Job", "Queue"]

TRIES = 3
"""How often a job is started that is interrupted each time, by the end of its worker or of the studio, before
it has come any further."""

_PAUSED = "queue_paused"
_LIVE = (JobState.RUNNING, JobState.PAUSED)


class Queue:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._db = project.db

    @property
    def database(self) -> Database:
        """For what only reads: see `overview`."""
        return self._db

    # --- what comes in ------------------------------------------------------------------------------------

    def submit(
        self,
        recipes: Sequence[Recipe],
        *,
        title: str,
        titles: Sequence[str] = (),
        first: bool = False,
        assets: Intake | None = None,
    ) -> list[Job]:
        """One batch of jobs with the `assets` that they need, all or none. It takes turns with the batches
        that wait already; `first` puts all of it ahead of them."""
        names = [shown(name) for name in titles] or [shown(title)] * len(recipes)
        now = time.time()
        batch = uuid.uuid4().hex
        ids = [uuid.uuid4().hex for _ in recipes]
        with self._db.transaction() as connection:
            if assets is not None:
                assets.insert(connection)
            connection.execute(
                "INSERT INTO batch (id, title, created, paused) VALUES (?, ?, ?, 0)",
                (batch, shown(title), now),
            )
            step = CLOSE if first else 1.0
            start = edge(self._db, "MIN") - step * len(recipes) if first else first_turn(self._db)
            connection.executemany(
                "INSERT INTO job (id, batch, position, state, title, recipe, created, attempts)"
                " VALUES (?, ?, ?, 'queued', ?, ?, ?, 0)",
                [
                    (id, batch, start + step * n, name, recipe.to_json(), now)
                    for n, (id, name, recipe) in enumerate(zip(ids, names, recipes, strict=True))
                ],
            )
        rows = self._db.read("SELECT * FROM job WHERE batch = ? ORDER BY position", (batch,))
        return [job_of(row) for row in rows]

    # --- what the runner does -----------------------------------------------------------------------------

    def recover(self) -> int:
        """Puts what was interrupted ahead of everything else, in its old order. Returns how many it was.

        What was interrupted at each of `TRIES` attempts has failed: it may be what ends the studio each time.
        The attempts of a job that has come further in its last one are counted anew.
        """
        with self._db.transaction() as connection:
            query = "SELECT * FROM job WHERE state = 'running' ORDER BY position, rowid"
            attempts = {job.id: self._attempts(job) for job in map(job_of, self._db.read(query))}
            left = [id for id, count in attempts.items() if count < TRIES]
            start = edge(self._db, "MIN") - CLOSE * len(left)
            for id in attempts.keys() - left:
                self.fail(id, interrupted())
            for n, id in enumerate(left):
                connection.execute(
                    "UPDATE job SET state = 'queued', position = ?, started = NULL, attempts = ?"
                    " WHERE id = ?",
                    (start + CLOSE * n, attempts[id], id),
                )
        return len(left)

    def has_work(self, *, devices: Collection[str] = (), excluding: Collection[str] = ()) -> bool:
        """Whether `claim` would give a job. Cheap: it takes no write lock."""
        return bool(self._next(devices, excluding, 1))

    def next_jobs(self, count: int, *, devices: Collection[str] = ()) -> list[Job]:
        """The first of those that `claim` would give one after the other."""
        return [self.job(id) for id in self._next(devices, (), count)]

    def is_short(self, job: Job, seconds: float, most: float) -> bool:
        """Whether what still waits of a job's batch takes at most so many seconds, with so many for each."""
        query = "SELECT COUNT(*) AS n FROM job WHERE batch = ? AND state = 'queued'"
        return bool(seconds * self._db.read(query, (job.batch,))[0]["n"] <= most)

    def claim(
        self, *, devices: Collection[str] = (), excluding: Collection[str] = (), only: str = ""
    ) -> Job | None:
        """The next job that may run, now running; None where there is none, or while the queue is paused.

        `devices` takes only jobs for these, `excluding` leaves the jobs for those to others, `only` takes the
        job with this id, if it still may run.
        """
        with self._db.transaction() as connection:
            id = next(iter(self._next(devices, excluding, 1, only)), None)
            if id is None:
                return None
            connection.execute(
                "UPDATE job SET state = 'running', started = ?, finished = NULL, error = NULL,"
                " attempts = attempts + 1 WHERE id = ?",
                (time.time(), id),
            )
        return self.job(id)

    def complete(
        self,
        job_id: str,
        made: Sequence[NewArtifact],
        *,
        env: Mapping[str, Any],
        seconds: float,
        peak_memory: int,
        first_input: str | None = None,
    ) -> list[Item]:
        """Moves the files into the project and records them together with the job's end.

        The blobs are written first; then items and state commit in one transaction, so a job is done exactly
        when its artifacts are there. A job that was cancelled meanwhile keeps nothing: returns [].
        `first_input` is the input whose item becomes the artifacts' parent.
        """
        job = self.job(job_id)
        if job.state not in _LIVE:
            return []
        parent = self._item_of(job.recipe.inputs.get(first_input or ""))
        now = time.time()
        items = []
        for artifact in made:
            extension = artifact.path.suffix.lower()
            digest, size = self._project.store_blob(artifact.path, extension=extension, move=True)
            items.append(
                Item(
                    uid=uuid.uuid4().hex,
                    name=artifact.name or (parent["name"] if parent else job.title),
                    kind=artifact.kind,
                    origin=Origin.ARTIFACT,
                    digest=digest,
                    extension=extension,
                    size=size,
                    created=now,
                    job=job_id,
                    parent=parent["uid"] if parent else None,
                )
            )
        prompt = job.recipe.params.get("prompt", "")
        with self._db.transaction() as connection:
            measured = {"env": json.dumps(dict(env)), "seconds": seconds, "peak_memory": peak_memory}
            if not self._finish(connection, job_id, JobState.DONE, _LIVE, **measured):
                return []
            self._project.insert_items(connection, items, prompt=prompt if isinstance(prompt, str) else "")
        return items

    def env(self, job_id: str) -> dict[str, Any]:
        """What was there when a job was done: versions, the plan, the numbers that it told. Empty before."""
        rows = self._db.read("SELECT env FROM job WHERE id = ? AND env IS NOT NULL", (job_id,))
        found: dict[str, Any] = json.loads(rows[0]["env"]) if rows else {}
        return found

    def fail(
        self, job_id: str, error: StudioError, *, seconds: float | None = None, peak_memory: int | None = None
    ) -> Job:
        with self._db.transaction() as connection:
            words = json.dumps(error.to_json())
            self._finish(
                connection,
                job_id,
                JobState.FAILED,
                _LIVE,
                error=words,
                seconds=seconds,
                peak_memory=peak_memory,
            )
        return self.job(job_id)

    def requeue(self, job_id: str, *, counts: bool = False) -> Job:
        """Gives back a running job, which is the next to run then.

        `counts` says that this was one of its `TRIES` attempts: something unknown has ended it.
        """
        with self._db.transaction() as connection:
            job = self.job(job_id)
            connection.execute(
                "UPDATE job SET state = 'queued', position = ?, started = NULL, attempts = ?"
                " WHERE id = ? AND state = 'running'",
                (edge(self._db, "MIN") - CLOSE, self._attempts(job) if counts else job.attempts - 1, job_id),
            )
        return self.job(job_id)

    def may_go_on(self, job: Job) -> bool:
        """Whether a job whose attempt something unknown has ended may have another one."""
        return self._attempts(job) < TRIES

    # --- what people do: each returns the job as it is now, and leaves alone what it does not fit ----------
    # `queue_steps` has what can be undone.

    def cancel(self, job_id: str) -> Job:
        return self.cancel_many([job_id])[0]

    def cancel_many(self, ids: Sequence[str]) -> list[Job]:
        queue_steps.cancel(self._db, self._project.history, ids)
        return [self.job(id) for id in ids]

    def pause(self, job_id: str) -> Job:
        """A queued job waits until it is resumed; a running one is held by its runner."""
        return self._switch(job_id, "paused", "state IN ('queued', 'running')")

    def resume(self, job_id: str, *, live: bool = False) -> Job:
        """`live` says that a runner still holds the job in the middle of its run."""
        return self._switch(job_id, "running" if live else "queued", "state = 'paused'")

    def retry(self, job_id: str) -> Job:
        """Puts a failed or cancelled job at the end of the queue."""
        return self.retry_many([job_id])[0]

    def retry_many(self, ids: Sequence[str]) -> list[Job]:
        """Puts failed or cancelled jobs at the end of the queue, in this order, with all their attempts: a
        person has asked for it.
        """
        with self._db.transaction():
            queue_steps.retry(self._db, self._project.history, ids, edge(self._db, "MAX") + 1)
        return [self.job(id) for id in ids]

    def move(self, job_id: str, before: str | None) -> Job:
        """Puts a waiting job before another one, or at the end."""
        self.move_many([job_id], before)
        return self.job(job_id)

    def move_many(self, ids: Sequence[str], before: str | None) -> None:
        """Puts waiting jobs, in this order, before another one (none of them), or at the end."""
        queue_steps.move(self._db, self._project.history, ids, before)

    @property
    def paused(self) -> bool:
        rows = self._db.read("SELECT value FROM meta WHERE key = ?", (_PAUSED,))
        return bool(rows) and rows[0]["value"] == "1"

    def pause_all(self) -> None:
        """Nothing is claimed until `resume_all`, over restarts too."""
        self._set_paused("1")

    def resume_all(self) -> None:
        self._set_paused("0")

    def pause_batch(self, id: str) -> None:
        self._batch_paused(id, 1)

    def resume_batch(self, id: str) -> None:
        with self._db.transaction():
            self._batch_paused(id, 0)
            catch_up(self._db, id)

    def cancel_batch(self, id: str) -> list[Job]:
        """Cancels what is left of a batch; returns those jobs."""
        with self._db.transaction():
            found = self._db.read("SELECT title FROM batch WHERE id = ?", (id,))
            ids = self._db.read("SELECT id FROM job WHERE batch = ? ORDER BY position, rowid", (id,))
            title = told(found[0]["title"]) if found else ""
            left = queue_steps.cancel(
                self._db, self._project.history, [row["id"] for row in ids], batch=title
            )
        return [self.job(job) for job in left]

    # --- what panels read ---------------------------------------------------------------------------------

    def job(self, id: str) -> Job:
        rows = self._db.read("SELECT * FROM job WHERE id = ?", (id,))
        if not rows:
            raise StudioError(tr("That job is no longer in this project."), tr("Look at the queue again."))
        return job_of(rows[0])

    def jobs(self, states: Collection[JobState] = (), *, limit: int = 200, offset: int = 0) -> list[Job]:
        """What runs, then what waits in its order, then what ended, the newest first."""
        found: list[sqlite3.Row] = []
        for group, order in _GROUPS:
            chosen = [state for state in group if not states or state in states]
            if not chosen or len(found) == limit:
                continue
            where = f"FROM job WHERE state IN ({_marks(chosen)})"
            size = self._db.read(f"SELECT COUNT(*) AS n {where}", chosen)[0]["n"]
            if offset < size:
                # The inner query sorts small rows, not the recipes of ten thousand jobs to show two hundred.
                page = f"SELECT rowid {where} ORDER BY {order} LIMIT ? OFFSET ?"
                found += self._db.read(
                    f"SELECT * FROM job WHERE rowid IN ({page}) ORDER BY {order}",
                    [*chosen, limit - len(found), offset],
                )
            offset = max(0, offset - size)
        return [job_of(row) for row in found]

    def batches(self) -> list[Batch]:
        """The newest first."""
        counts: dict[str, dict[JobState, int]] = {}
        for row in self._db.read("SELECT batch, state, COUNT(*) AS n FROM job GROUP BY batch, state"):
            counts.setdefault(row["batch"], {})[JobState(row["state"])] = row["n"]
        rows = self._db.read("SELECT * FROM batch ORDER BY created DESC, id")
        check_sealed("batch", rows)
        return [
            Batch(
                row["id"], told(row["title"]), row["created"], bool(row["paused"]), counts.get(row["id"], {})
            )
            for row in rows
        ]

    def counts(self) -> dict[JobState, int]:
        found = {
            row["state"]: row["n"]
            for row in self._db.read("SELECT state, COUNT(*) AS n FROM job GROUP BY state")
        }
        return {state: found.get(state.value, 0) for state in JobState}

    def in_names(self, text: str, recipe: Recipe) -> str:
        """A text from a generator, which knows its inputs by digest, with the names that people gave them."""
        for digest in recipe.inputs.values():
            item = self._item_of(digest)
            if item is not None:
                name = f"{item['name'].removesuffix(item['extension'])}{item['extension']}"
                text = text.replace(f"{digest}{item['extension']}", name).replace(digest, name)
        return text

    def batch_paused(self, id: str) -> bool:
        return bool(self._db.read("SELECT 1 FROM batch WHERE id = ? AND paused", (id,)))

    # --- within ---------------------------------------------------------------------------------------------

    def _attempts(self, job: Job) -> int:
        """How many count against a running job: none where it has kept something new in the last one."""
        has_come_further = self._project.has_kept_since(job.recipe.digest, job.started or 0.0)
        return 0 if has_come_further else job.attempts

    def _next(
        self, devices: Collection[str], excluding: Collection[str], count: int, only: str = ""
    ) -> list[str]:
        if self.paused:
            return []
        device = "json_extract(job.recipe, '$.device')"
        rule = f" AND {device} IN ({_marks(devices)})" if devices else ""
        rule += f" AND {device} NOT IN ({_marks(excluding)})" if excluding else ""
        rule += " AND job.id = ?" if only else ""
        rows = self._db.read(
            "SELECT job.id FROM job JOIN batch ON batch.id = job.batch"
            f" WHERE job.state = 'queued' AND NOT batch.paused{rule}"
            " ORDER BY job.position, job.rowid LIMIT ?",
            [*devices, *excluding, *([only] if only else []), count],
        )
        return [str(row["id"]) for row in rows]

    def _finish(
        self,
        connection: sqlite3.Connection,
        id: str,
        state: JobState,
        only: Collection[JobState],
        **columns: object,
    ) -> bool:
        sets = "".join(f", {name} = ?" for name in columns)
        cursor = connection.execute(
            f"UPDATE job SET state = ?, finished = ?{sets} WHERE id = ? AND state IN ({_marks(only)})",
            (state, time.time(), *columns.values(), id, *only),
        )
        return cursor.rowcount == 1

    def _switch(self, id: str, state: str, where: str) -> Job:
        with self._db.transaction() as connection:
            connection.execute(f"UPDATE job SET state = ? WHERE id = ? AND {where}", (state, id))
        return self.job(id)

    def _set_paused(self, value: str) -> None:
        with self._db.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (_PAUSED, value))

    def _batch_paused(self, id: str, value: int) -> None:
        with self._db.transaction() as connection:
            connection.execute("UPDATE batch SET paused = ? WHERE id = ?", (value, id))

    def _item_of(self, digest: str | None) -> sqlite3.Row | None:
        rows = self._db.read(
            "SELECT uid, name, extension FROM item WHERE digest = ?"
            " ORDER BY trashed IS NOT NULL, created DESC LIMIT 1",
            (digest,),
        )
        return rows[0] if rows else None


def interrupted() -> WorkerDied:
    """What a job failed of that was interrupted too often."""
    return WorkerDied(
        tr(
            "It was interrupted each time it ran ({count} times), so it is not begun again by itself.",
            count=TRIES,
        ),
        tr("Try it again if the computer or the studio ended for another reason, or use other settings."),
    )


_GROUPS = (
    ((JobState.RUNNING,), "position, rowid"),
    ((JobState.QUEUED, JobState.PAUSED), "position, rowid"),
    ((JobState.DONE, JobState.FAILED, JobState.CANCELLED), "finished DESC, rowid"),
)


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
