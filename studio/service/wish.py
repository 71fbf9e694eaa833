"""What somebody wants of the service process, and what came of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from studio.errors import StudioError
from studio.service import wire
from studio.service.deaths import Death


class Outcome(Struct, frozen=True, kw_only=True):
    """Files, or an error, or neither where it was cancelled."""

    files: tuple[Path, ...] = ()
    error: StudioError | None = None
    cancelled: bool = False


class Wish:
    """One piece of work on its way. `done` is called once, on a thread of the service; never after a drop."""

    def __init__(
        self, work: wire.Work, done: Callable[[Outcome], object], *, plugin: str, key: Death | None = None
    ) -> None:
        """
        Args:
            plugin: whose function does it; "" for the studio itself.
            key: what is remembered if the process dies of it.
        """
        self.work = work
        self.plugin = plugin
        self.key = key
        self.done = done
        self.started: float | None = None
        """When the child began with it."""
        self.wanted = True

    @property
    def id(self) -> int:
        """Rises with each wish."""
        return self.work.id

    @property
    def is_thumbnail(self) -> bool:
        return isinstance(self.work, wire.MakeThumbnail)

    @property
    def folder(self) -> Path | None:
        """Where an import or export writes: a folder of its own."""
        match self.work:
            case wire.LoadFile():
                return self.work.folder
            case wire.ExportFile():
                return self.work.target.parent
        return None

    def prepare(self) -> None:
        """Empties the folder, for an attempt. Raises OSError."""
        self.started = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)

    def clean(self) -> None:
        """Removes what an attempt left behind that failed."""
        if self.folder is not None:
            with suppress(OSError):
                shutil.rmtree(self.folder)
