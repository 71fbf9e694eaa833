"""What a runner tells its listener. Events may come from any thread; each is a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.core.item import Item
from studio.jobs.queue import Job


@dataclass(frozen=True)
class JobChanged:
    """A job is new, or its state, error or times changed."""

    job: Job


@dataclass(frozen=True)
class JobProgress:
    job_id: str
    fraction: float
    """0 to 1."""
    message: str
    seconds_left: float | None
    """None while nothing can be said yet."""


@dataclass(frozen=True)
class JobPreview:
    job_id: str
    image: bytes
    """PNG or JPEG."""


@dataclass(frozen=True)
class ItemsAdded:
    items: tuple[Item, ...]
    job_id: str


@dataclass(frozen=True)
class JobLog:
    job_id: str
    line: str


@dataclass(frozen=True)
class WorkerChanged:
    device: str
    state: Literal["starting", "ready", "stopped"]
    detail: str = ""


@dataclass(frozen=True)
class QueueChanged:
    """The order changed, or the queue or a batch was paused or resumed: read the queue again."""


Event = JobChanged | JobProgress | JobPreview | ItemsAdded | JobLog | WorkerChanged | QueueChanged
