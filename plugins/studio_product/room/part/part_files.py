"""Reads parts on tasks, ready to be drawn, and keeps the last of them."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from studio.api.values import BadInput, StudioError, tr
from studio.ui.api import Item, ItemAccess, RoomContext
from studio_product.core.files.mesh_files import read_mesh
from studio_product.core.files.partfile import read_part, read_part_facts
from studio_product.core.part_numbers import PartNumbers
from studio_product.core.view.body import body_of
from studio_product.room.part.looking import Case, Solid

KEPT_BYTES = 512 * 2**20
AT_ONCE = 2
"""Files that are read at the same time: more would only wait for each other."""
_HEAD = 4096
"""Bytes within which a part of the studio says that it is one."""

Done = Callable[[Solid], object]
Failed = Callable[[BaseException], object]


class PartFiles:
    """For one window. By digest, so that a file which several items have is read once."""

    def __init__(self, context: RoomContext) -> None:
        self._context = context
        self._kept: OrderedDict[str, Solid] = OrderedDict()
        self._asked: dict[str, list[tuple[Done, Failed]]] = {}
        self._waiting: deque[Item] = deque()
        self._reading = 0

    def ask(self, item: Item, done: Done, failed: Failed) -> None:
        """Calls `done` with the part, at once if it is kept, or `failed` with what is wrong with its file."""
        kept = self._kept.get(item.digest)
        if kept is not None:
            self._kept.move_to_end(item.digest)
            done(kept)
            return
        listeners = self._asked.setdefault(item.digest, [])
        listeners.append((done, failed))
        if len(listeners) == 1:
            self._context.decode([item], partial(self._on_decoded, item))

    def forget(self) -> None:
        """Another project is open: nobody waits any more."""
        self._kept.clear()
        self._asked.clear()
        self._waiting.clear()

    def _on_decoded(self, item: Item, readable: Sequence[Item]) -> None:
        if item.digest not in self._asked:
            return  # another project is open
        if readable:
            self._waiting.append(item)
            self._read_next()
        else:
            unreadable = BadInput(tr("“{name}” cannot be read.", name=item.name))
            for _, failed in self._asked.pop(item.digest):
                failed(unreadable)

    def _read_next(self) -> None:
        if not self._waiting or self._reading >= AT_ONCE:
            return
        item = self._waiting.popleft()
        self._reading += 1
        self._context.tasks.start(
            tr("Reading “{name}”", name=item.name),
            lambda _: read_solid(self._context.items.file(item)),
            partial(self._on_read, item.digest),
            partial(self._on_failure, item.digest),
        )

    def _on_read(self, digest: str, solid: Solid) -> None:
        self._kept[digest] = solid
        while sum(one.size for one in self._kept.values()) > KEPT_BYTES and len(self._kept) > 1:
            self._kept.popitem(last=False)
        self._end()
        for done, _ in self._asked.pop(digest, ()):
            done(solid)

    def _on_failure(self, digest: str, error: BaseException) -> None:
        self._end()
        for _, failed in self._asked.pop(digest, ()):
            failed(error)

    def _end(self) -> None:
        self._reading -= 1
        self._read_next()


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


def numbers_of(items: ItemAccess, item: Item) -> PartNumbers:
    """What an item's file says, quickly; nothing where it is no part of the studio or cannot be read."""
    with suppress(StudioError, OSError):
        path = items.file(item)
        if _is_part(path):
            return read_part_facts(path).numbers
    return PartNumbers()
