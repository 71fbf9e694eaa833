"""Typing letters over the gallery: the next item whose name begins with them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from studio.project.store import Project

if TYPE_CHECKING:
    from studio.ui.gallery.model import GalleryModel

PAUSE_SECONDS = 1.0
"""After so long without a key a new word begins."""


class Typing:
    def __init__(self) -> None:
        self._typed = ""
        self._last = 0.0

    def next_row(self, letters: str, project: Project, model: GalleryModel, current: int) -> int | None:
        """The first row that fits, from the current one on (for a new word from the next); None if none."""
        now = time.monotonic()
        fresh = now - self._last > PAUSE_SECONDS
        self._last = now
        self._typed = letters if fresh else self._typed + letters
        arranged = model.arrangement
        query = replace(arranged.query, name=self._typed)
        found = set(project.order(query, arranged.sort, arranged.group).ids)
        begin = max(0, current + (1 if fresh else 0))
        for rows in (range(begin, len(model.ids)), range(min(begin, len(model.ids)))):
            for row in rows:
                if model.ids[row] in found:
                    item = model.item(row)
                    if item is not None and item.name.casefold().startswith(self._typed.casefold()):
                        return row
        return None
