"""What a project holds: assets that the user brought in, and artifacts that jobs made."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Origin(StrEnum):
    """How an item came into its project: from the user, or made by a job."""

    ASSET = "asset"
    ARTIFACT = "artifact"


class Label(StrEnum):
    """A color that a person marks an item with; the meaning is theirs."""

    NONE = "none"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PURPLE = "purple"


class Item(Struct, frozen=True):
    """One row of a project. The bytes are the blob with this digest; they never change."""

    uid: str
    name: str
    kind: str
    """The id of its kind, such as "image": see `studio.core.kind`. No installed plugin may know it."""
    origin: Origin
    digest: str
    extension: str
    """With its dot, lower case: ".png"."""
    size: int
    """Bytes."""
    created: float
    """Seconds since 1970-01-01, UTC."""
    job: str | None = None
    """The job that made an artifact; an asset has none."""
    parent: str | None = None
    """uid of the item that an artifact was made from: its generator's first input."""
    stars: int = 0
    trashed: float | None = None
    """When it was moved to the trash, if it was."""
    rejected: bool = False
    label: Label = Label.NONE
    tags: tuple[str, ...] = ()
    """In the order in which they were given; none differ in case only."""
    collections: tuple[str, ...] = ()
    """Ids of the collections that it is in."""


class JobState(StrEnum):
    """Where a job stands; a final state does not change any more."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
