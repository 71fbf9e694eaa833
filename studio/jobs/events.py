"""What a runner tells its listener. Events may come from any thread; each is a value.

Structs, because the window waits for this module: to make a frozen dataclass takes thirty times as long.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from studio.backends.plan import Choice
from studio.core.item import Item
from studio.core.model import Number
from studio.jobs.queue import Job
from studio.jobs.time_left import Left


class JobChanged(msgspec.Struct, frozen=True):
    """A job is new, or its state, error or times changed."""

    job: Job


class JobProgress(msgspec.Struct, frozen=True):
    """How far a running job is."""

    job_id: str
    fraction: float
    """0 to 1."""
    message: str
    left: Left | None
    """None while nothing can be said yet."""


class JobPreview(msgspec.Struct, frozen=True):
    job_id: str
    image: bytes
    """PNG or JPEG."""


class JobText(msgspec.Struct, frozen=True):
    """The next words of an unfinished text. `JobPlanned` begins it, also anew."""

    job_id: str
    draft: int
    text: str


class JobNumbers(msgspec.Struct, frozen=True):
    """Measured while it works; later ones of the same name replace earlier ones."""

    job_id: str
    numbers: tuple[Number, ...]


class JobPlanned(msgspec.Struct, frozen=True):
    """How the job is about to be computed; said anew with a smaller way where it runs out of memory."""

    job_id: str
    choice: Choice


class ItemsAdded(msgspec.Struct, frozen=True):
    """The project has new items: made by a job, or brought in, where `job_id` is ""."""

    items: tuple[Item, ...]
    job_id: str


class JobLog(msgspec.Struct, frozen=True):
    job_id: str
    line: str


class WorkerChanged(msgspec.Struct, frozen=True):
    device: str
    state: Literal["starting", "ready", "stopped"]
    detail: str = ""


class QueueChanged(msgspec.Struct, frozen=True):
    """The order changed, or the queue or a batch was paused or resumed: read the queue again."""


Event = (
    JobChanged
    | JobProgress
    | JobPreview
    | JobText
    | JobNumbers
    | JobPlanned
    | ItemsAdded
    | JobLog
    | WorkerChanged
    | QueueChanged
)
