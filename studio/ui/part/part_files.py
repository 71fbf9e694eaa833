"""Reads parts on tasks, ready to be drawn, and keeps the last of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from studio.core.item import Item
from studio.errors import StudioError
from studio.parts.body import body_of
from studio.parts.mesh_files import read_mesh
from studio.parts.part_numbers import PartNumbers
from studio.parts.partfile import read_part, read_part_facts
from studio.project.store import Project
from studio.ui.desk import Desk
from studio.ui.part.looking import Case, Solid
from studio.ui.tasks import Task
from studio.words import tr

KEPT = 24
_HEAD = 4096
"""Bytes within which a part of the studio says that it is one."""

Done = Callable[[Solid], object]
Failed = Callable[[BaseException], object]


class PartFiles:
    """For one window. By digest, so that a file which several items have is read once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: OrderedDict[str, Solid] = OrderedDict()
        self._asked: dict[str, list[tuple[Done, Failed]]] = {}

    def ask(self, item: Item, done: Done, failed: Failed) -> None:
        """Calls `done` with the part, at once if it is kept, or `failed` with what is wrong with its file."""
        kept = self._kept.get(item.digest)
        if kept is not None:
            self._kept.move_to_end(item.digest)
            done(kept)
            return
        waiting = self._asked.setdefault(item.digest, [])
        waiting.append((done, failed))
        if len(waiting) == 1:
            self._read(item)

    def forget(self) -> None:
        """Another project is open: nobody waits any more."""
        self._kept.clear()
        self._asked.clear()

    def _read(self, item: Item) -> None:
        project = self._desk.project
        assert project is not None
        try:
            path = project.blob_path(item.digest)
        except StudioError as error:
            self._on_failure(item.digest, error)
            return

        def work(_: Task) -> Solid:
            return read_solid(path)

        self._desk.tasks.start(
            tr("Reading “{name}”", name=item.name),
            work,
            lambda solid: self._on_read(item.digest, solid),
            lambda error: self._on_failure(item.digest, error),
        )

    def _on_read(self, digest: str, solid: Solid) -> None:
        self._kept[digest] = solid
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        for done, _ in self._asked.pop(digest, ()):
            done(solid)

    def _on_failure(self, digest: str, error: BaseException) -> None:
        for _, failed in self._asked.pop(digest, ()):
            failed(error)


def read_solid(path: Path) -> Solid:
    """A part of the studio with all that is known of it, or any other mesh.

    Raises:
        BadInput: it is broken, or no shape at all.
    """
    if not _is_part(path):
        mesh = read_mesh(path)
        return Solid(mesh, body_of(mesh))
    part = read_part(path)
    cases = [case.name for case in part.study.cases] if len(part.stresses) and len(part.displacements) else []
    return Solid(
        part.mesh,
        body_of(part.mesh),
        tuple(Case(name, part.stresses[n], part.displacements[n]) for n, name in enumerate(cases)),
        part.numbers,
        part.study,
    )


def _is_part(path: Path) -> bool:
    with path.open("rb") as file:
        return b'"extras":{"studio":' in file.read(_HEAD)


def numbers_of(project: Project, item: Item) -> PartNumbers:
    """What its file says, quickly; nothing where it is no part of the studio or cannot be read."""
    with suppress(StudioError, OSError):
        path = project.blob_path(item.digest)
        if _is_part(path):
            return read_part_facts(path).numbers
    return PartNumbers()
