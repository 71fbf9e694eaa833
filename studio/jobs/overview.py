"""The queue as people read it: one row for each batch, in the order in which they will be or were worked off.

Batches take turns, and the next job is of another one each time. Those that do stand in the order in which
they came; one that will be over before another has its next turn stands before it.

Reads only. Everything is one grouped query over the jobs, whose rows stay small however long the recipes are:
about 20 ms for 10,000 jobs.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from heapq import heappop, heappush

from msgspec import Struct, field

from studio.core.item import JobState
from studio.core.titles import told
from studio.jobs.job import Job, job_of
from studio.jobs.queue import Queue

OPEN = (JobState.RUNNING, JobState.QUEUED, JobState.PAUSED)
_COUNTS = ", ".join(f"SUM(state = '{state.value}') AS {state.value}" for state in JobState)
_OPEN_AT = "CASE WHEN state IN ('running', 'queued', 'paused') THEN position END"
_ORDER = (
    "CASE state WHEN 'running' THEN 0 WHEN 'queued' THEN 1 WHEN 'paused' THEN 1 ELSE 2 END,"
    " CASE WHEN state IN ('running', 'queued', 'paused') THEN position END, finished DESC, rowid"
)
"""What runs, what waits in its order, what ended, the newest first."""


class Group(Struct, frozen=True):
    """One batch with the number of its jobs in each state."""

    batch: str
    title: str
    paused: bool
    counts: dict[JobState, int]
    mean_seconds: float | None
    """How long its done jobs took on average, from start to end; None where none is done."""

    @property
    def size(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        return self.counts[JobState.QUEUED] + self.counts[JobState.PAUSED]

    @property
    def left(self) -> int:
        """Jobs that are not over."""
        return self.waiting + self.counts[JobState.RUNNING]

    @property
    def over(self) -> int:
        return self.size - self.left

    @property
    def state(self) -> JobState:
        """The one that says most about it: what runs before what waits before what failed."""
        counts = self.counts
        if counts[JobState.RUNNING]:
            return JobState.RUNNING
        if self.waiting:
            is_held = self.paused or not counts[JobState.QUEUED]
            return JobState.PAUSED if is_held else JobState.QUEUED
        if counts[JobState.FAILED]:
            return JobState.FAILED
        return JobState.DONE if counts[JobState.DONE] else JobState.CANCELLED


class Overview(Struct, frozen=True, eq=False):
    """All batches that have jobs in the wanted states. A `Group` is made when it is asked for."""

    rows: Sequence[sqlite3.Row] = ()
    sizes: Sequence[int] = ()
    """Jobs of each batch that are in the wanted states."""
    _made: dict[int, Group] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def group(self, number: int) -> Group:
        if number not in self._made:
            row = self.rows[number]
            counts = {state: row[state.value] for state in JobState}
            self._made[number] = Group(
                row["batch"], told(row["title"]), bool(row["held"]), counts, row["mean"]
            )
        return self._made[number]

    def open_groups(self) -> Iterator[Group]:
        """Those that are not over: they come first."""
        for number, row in enumerate(self.rows):
            if not any(row[state.value] for state in OPEN):
                return
            yield self.group(number)


def overview(queue: Queue, states: Collection[JobState] = ()) -> Overview:
    """The batches with at least one job in one of `states` (all states where empty)."""
    wanted = [state for state in JobState if not states or state in states]
    size = " + ".join(f"SUM(state = '{state.value}')" for state in wanted)
    rows = queue.database.read(
        f"SELECT job.batch, batch.title, batch.paused AS held, {_COUNTS}, {size} AS size,"
        f" MIN({_OPEN_AT}) AS next, MAX({_OPEN_AT}) AS last, batch.rowid AS number,"
        " MAX(finished) AS ended, AVG(CASE WHEN state = 'done' THEN finished - started END) AS mean"
        " FROM job JOIN batch ON batch.id = job.batch GROUP BY job.batch HAVING size > 0"
        " ORDER BY next IS NULL, next, ended DESC, batch.rowid"
    )
    rows = _in_turn(rows)
    return Overview(rows, [row["size"] for row in rows])


def _in_turn(rows: list[sqlite3.Row]) -> list[sqlite3.Row]:
    """Ordered by their next jobs, those that take turns by age: after each comes the oldest of those whose
    next job comes before any of the others is over."""
    open_ones = [row for row in rows if row["next"] is not None]
    ends = deque(sorted(open_ones, key=lambda row: (row["last"], row["number"])))
    listed: dict[int, sqlite3.Row] = {}
    begun: list[tuple[int, int]] = []
    count = 0
    while ends:
        while count < len(open_ones) and open_ones[count]["next"] <= ends[0]["last"]:
            heappush(begun, (open_ones[count]["number"], count))
            count += 1
        number, place = heappop(begun)
        listed[number] = open_ones[place]
        while ends and ends[0]["number"] in listed:
            ends.popleft()
    return [*listed.values(), *rows[len(open_ones) :]]


def jobs_of(
    queue: Queue, batch: str, states: Collection[JobState] = (), *, limit: int = 200, offset: int = 0
) -> list[Job]:
    """A batch's jobs in these states: what runs, what waits in its order, what ended, the newest first."""
    wanted = [state.value for state in JobState if not states or state in states]
    marks = ", ".join("?" * len(wanted))
    page = f"SELECT rowid FROM job WHERE batch = ? AND state IN ({marks}) ORDER BY {_ORDER} LIMIT ? OFFSET ?"
    rows = queue.database.read(
        f"SELECT * FROM job WHERE rowid IN ({page}) ORDER BY {_ORDER}", [batch, *wanted, limit, offset]
    )
    return [job_of(row) for row in rows]


def ids_of(queue: Queue, states: Collection[JobState], batch: str = "") -> list[str]:
    """The jobs in these states in the queue's order; of one batch, or of all."""
    marks = ", ".join("?" * len(states))
    rows = queue.database.read(
        f"SELECT id FROM job WHERE state IN ({marks}) AND (? = '' OR batch = ?) ORDER BY {_ORDER}",
        [*states, batch, batch],
    )
    return [row["id"] for row in rows]


def result_of(queue: Queue, job_id: str) -> str | None:
    """uid of the first item that a job made and that is not in the trash."""
    rows = queue.database.read(
        "SELECT uid FROM item WHERE job = ? AND trashed IS NULL ORDER BY position LIMIT 1", (job_id,)
    )
    return str(rows[0]["uid"]) if rows else None


def generator_of(queue: Queue, batch: str) -> str:
    """The id of the generator of a batch's first job."""
    rows = queue.database.read(
        "SELECT json_extract(recipe, '$.generator') AS id FROM job WHERE batch = ? LIMIT 1", (batch,)
    )
    return str(rows[0]["id"]) if rows else ""


def usual_seconds(queue: Queue, generator: str) -> float | None:
    """How long the last done jobs of a generator took on average; None where none of the last 200 was its."""
    rows = queue.database.read(
        "SELECT AVG(seconds) AS mean FROM (SELECT finished - started AS seconds FROM (SELECT * FROM job"
        " WHERE state = 'done' ORDER BY rowid DESC LIMIT 200)"
        " WHERE json_extract(recipe, '$.generator') = ? ORDER BY finished DESC LIMIT 5)",
        (generator,),
    )
    mean = rows[0]["mean"]
    return float(mean) if mean is not None else None


def seconds_left(
    found: Overview,
    expected: Callable[[str], float | None],
    running_left: float | None,
    *,
    is_paused: bool = False,
) -> float | None:
    """When all that may run will be over, in seconds from now.

    Each waiting job is taken to last as long as the done ones of its own batch did, else as `expected(batch)`
    says. What a person holds (a paused job, batch or queue) is left out. None where nothing runs, or where
    nothing is known of some part of it.
    """
    total, knows = 0.0, False
    if is_paused:
        return None
    for group in found.open_groups():
        if not group.counts[JobState.QUEUED] + group.counts[JobState.RUNNING]:
            continue
        each = group.mean_seconds if group.mean_seconds is not None else expected(group.batch)
        waiting = 0 if group.paused else group.counts[JobState.QUEUED]
        running = group.counts[JobState.RUNNING]
        if running:
            left = running_left if running_left is not None else each
            if left is None:
                return None
            total, knows = total + left, True
        if waiting:
            if each is None:
                return None
            total, knows = total + waiting * each, True
    return total if knows else None
