"""What the gallery asks of the window, what it hands to the next one, and its views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.project.query import Query

_MASKS = (Kind.MASK,)
"""Every job leaves its mask in the project: in the way among the pictures, so they have their own place."""
VIEWS = (
    Query(unasked=_MASKS),
    Query(unasked=_MASKS, origin=Origin.ARTIFACT),
    Query(unasked=_MASKS, origin=Origin.ASSET),
    Query(kinds=_MASKS),
    Query(trashed=True),
)
"""In the order of their segments."""
TRASH = len(VIEWS) - 1


class GalleryActions(Struct, frozen=True):
    """What the window does for the gallery; each is given the selected items, at least one."""

    look: Callable[[Item], object]
    """A double click."""
    edit: Callable[[Item], object]
    compare: Callable[[Sequence[Item]], object]
    """One with what it was made from, or two to eight."""
    choose: Callable[[Sequence[Item]], object]
    """What lies in one closed stack."""
    show_file: Callable[[Item], object]
    export_rows: Callable[[Sequence[int], str], object]
    """Items by row id, and the name of them all, or ""."""
    bring_in: Callable[[Sequence[Path]], object]
    say: Callable[[str], object]
    """A quiet notice."""


class GalleryState(Struct, frozen=True):
    """What a window that is built anew gives to the next."""

    text: str
    view: int
    ids: tuple[int, ...]
    current: int
    """A row id, or -1."""
    top: int
    collections: bool
    opened: frozenset[int] = frozenset()
    """Stacks."""
