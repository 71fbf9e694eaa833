"""Thumbnails, imports and exports, made in service processes: at low priority, never behind a job.

At most two processes live: one for stock kinds and bundled plugins, one for a plugin of a third party. They
start when something is wished and end after a while without work.
"""

from __future__ import annotations

import itertools
import shutil
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import studio
from studio import words
from studio.core.export_request import ExportRequest
from studio.core.kind import STOCK, Kind
from studio.errors import BadInput, StudioError
from studio.plugins.media import Media
from studio.service import wire
from studio.service.deaths import Death, Deaths
from studio.service.lane import Lane, Limits
from studio.service.wish import Outcome, Wish
from studio.words import tr

_STUDIO = "studio"
_STOCK = frozenset(info.id for info in STOCK) - {Kind.FILE}
_PICTURES = (Kind.IMAGE, Kind.MASK)

_BETWEEN_CHECKS = 0.1
_CANCEL_SECONDS = 5.0

Done = Callable[[Outcome], object]


class Service:
    """The entrance to the service processes. Its methods are for any thread; `done` is called on another."""

    def __init__(self, media: Media, cache: Path, *, limits: Limits | None = None) -> None:
        """`cache`: a folder for thumbnails and for what is remembered of them."""
        self.media = media
        self._cache = cache
        self._numbers = itertools.count(1)
        deaths = Deaths(cache)
        limits = limits or Limits()
        self._ours = Lane("bundled", limits, deaths, one_plugin=False)
        self._theirs = Lane("third party", limits, deaths, one_plugin=True)

    @property
    def pids(self) -> list[int]:
        """Of the processes that live now."""
        return [lane.pid for lane in (self._ours, self._theirs) if lane.pid is not None]

    def close(self) -> None:
        """Ends the processes. What is not done yet is cancelled."""
        self._ours.close()
        self._theirs.close()

    # --- thumbnails -----------------------------------------------------------------------------------------

    def has_thumbnails(self, kind: str) -> bool:
        """Whether anything can be shown of items of this kind."""
        return kind in _STOCK or bool(self.media.thumbnail_of(kind))

    def thumbnail_file(self, kind: str, digest: str, side: int) -> Path:
        """Where the thumbnail of this item is kept, if it was made. The same bytes look different as another
        kind of item."""
        look = "picture" if kind in _PICTURES else kind
        return self._cache / digest[:2] / f"{digest}-{look}-{side}.thumb"

    def thumbnail(self, kind: str, source: Path, digest: str, side: int, done: Done) -> Wish:
        """Has a thumbnail made, at most `side` pixels wide and high; its file is `thumbnail_file`."""
        plugin = self.media.kinds.get(kind).plugin
        work = wire.MakeThumbnail(
            id=next(self._numbers),
            kind=kind,
            function=self.media.thumbnail_of(kind),
            source=source,
            side=side,
            target=self.thumbnail_file(kind, digest, side),
        )
        key = Death(digest, plugin or _STUDIO, self._version(plugin))
        return self._wish(Wish(work, done, plugin=plugin, key=key))

    def thumbnail_now(self, kind: str, source: Path, digest: str, side: int) -> Path:
        """The file of the thumbnail, made if it is not there yet: waits. Raises what went wrong."""
        kept = self.thumbnail_file(kind, digest, side)
        if not kept.exists():
            _waited(lambda done: self.thumbnail(kind, source, digest, side, done), self.cancel)
        return kept

    def drop(self, wish: Wish) -> None:
        """Nobody wants it any more: its `done` is not called."""
        self._lane(wish.plugin).drop(wish)

    # --- imports and exports --------------------------------------------------------------------------------

    def load(self, source: Path, folder: Path, done: Done) -> Wish:
        """Has a file of the user's own turned into files of items, which are written into a new folder
        `folder`.

        Raises:
            BadInput: no plugin reads such files.
        """
        row = self.media.importer_of(source.suffix)
        if row is None:
            raise BadInput(
                tr("Nothing that is installed imports “{name}”.", name=source.name),
                tr("Install a plugin for such files, or save the file in another format."),
            )
        work = wire.LoadFile(
            id=next(self._numbers),
            function=row.load,
            source=source,
            folder=folder,
            language=words.language(),
        )
        return self._wish(Wish(work, done, plugin=row.plugin))

    def export(
        self,
        kind: str,
        format: str,
        source: Path,
        target: Path,
        options: dict[str, Any],
        done: Done,
        *,
        name: str = "",
        created: float = 0.0,
    ) -> Wish:
        """Has an item written as `target`, and other files beside it where the format has them. They appear
        there when all of them are whole.

        Args:
            name: what the item is called in its project.
            created: when it was made, in seconds since 1970-01-01, UTC.

        Raises:
            BadInput: no plugin writes items of this kind in this format.
        """
        row = next((row for row in self.media.exporters(kind) if row.id == format), None)
        if row is None:
            raise BadInput(
                tr("Nothing that is installed writes “{kind}” as “{format}”.", kind=kind, format=format),
                tr("Choose another format."),
            )
        work = wire.ExportFile(
            id=next(self._numbers),
            function=row.export,
            source=source,
            target=target.parent / f".export-{uuid.uuid4().hex}" / target.name,
            request=ExportRequest(kind=kind, format=format, name=name, created=created, options=options),
            language=words.language(),
        )
        return self._wish(Wish(work, lambda outcome: done(_moved(work, outcome)), plugin=row.plugin))

    def cancel(self, wish: Wish) -> None:
        """Ends it at once; its `done` hears that it was cancelled."""
        self._lane(wish.plugin).cancel(wish)

    def load_now(self, source: Path, folder: Path) -> tuple[Path, ...]:
        """Like `load`, but waits. Raises what went wrong."""
        return _waited(lambda done: self.load(source, folder, done), self.cancel)

    def export_now(
        self,
        kind: str,
        format: str,
        source: Path,
        target: Path,
        options: dict[str, Any],
        *,
        name: str = "",
        created: float = 0.0,
        check: Callable[[], None] | None = None,
    ) -> tuple[Path, ...]:
        """Like `export`, but waits. Raises what went wrong.

        `check` is called again and again meanwhile; when it raises, or Ctrl-C comes, the export is cancelled.
        """

        def begin(done: Done) -> Wish:
            return self.export(kind, format, source, target, options, done, name=name, created=created)

        return _waited(begin, self.cancel, check)

    # --- within ---------------------------------------------------------------------------------------------

    def _wish(self, wish: Wish) -> Wish:
        self._lane(wish.plugin).add(wish)
        return wish

    def _lane(self, plugin: str) -> Lane:
        found = self.media.plugins.get(plugin)
        return self._ours if found is None or found.bundled else self._theirs

    def _version(self, plugin: str) -> str:
        found = self.media.plugins.get(plugin)
        return found.version if found else studio.__version__


def _waited(
    begin: Callable[[Done], Wish], cancel: Callable[[Wish], None], check: Callable[[], None] | None = None
) -> tuple[Path, ...]:
    over = threading.Event()
    outcomes: list[Outcome] = []

    def done(outcome: Outcome) -> None:
        outcomes.append(outcome)
        over.set()

    wish = begin(done)
    try:
        while not over.wait(_BETWEEN_CHECKS):
            if check is not None:
                check()
    except BaseException:  # Ctrl-C too
        cancel(wish)
        over.wait(_CANCEL_SECONDS)  # until its files are gone
        raise
    [outcome] = outcomes
    if outcome.error is not None:
        raise outcome.error
    if outcome.cancelled:
        raise StudioError(tr("It was cancelled."))
    return outcome.files


def _moved(work: wire.ExportFile, outcome: Outcome) -> Outcome:
    """The outcome with its files in the folder where they belong."""
    folder = work.target.parent
    if not outcome.files:
        return outcome
    try:
        moved = tuple(folder.parent / path.name for path in outcome.files)
        for path, place in zip(outcome.files, moved, strict=True):
            path.replace(place)
    except OSError as error:
        return Outcome(
            error=StudioError(
                tr("“{name}” cannot be written: {reason}.", name=work.target.name, reason=error.strerror),
                tr("Check that you may write to the folder and that the disk has room."),
            )
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Outcome(files=moved)
