"""Justified rows: what the gallery needs for them when it has the window for itself."""

from __future__ import annotations

from array import array
from functools import partial
from typing import TYPE_CHECKING

from studio.ui.gallery.model import GalleryModel
from studio.ui.items.proportions import USUAL, Proportions, is_nearly
from studio.ui.kit.grid_view import GridView

if TYPE_CHECKING:
    from studio.project.store import Project

PART = 2000
"""Items that are looked up at once; pages of what is in view come between."""
MOST_ID = 5_000_000
"""Items with a higher row id are laid out as is usual, until they are seen."""


class JustifiedRows:
    """Gives the view the proportions of the model's rows, and corrects those that turn out to be others."""

    def __init__(self, view: GridView, model: GalleryModel, known: Proportions) -> None:
        self._view, self._model, self._known = view, model, known
        self._project: Project | None = None
        self._of_ids: array[float] = array("f")
        """By row id: what was known when it was looked up last."""
        self._is_reading = False
        self.is_on = False

    def show(self, on: bool) -> None:
        """Takes effect with the view's next layout."""
        self.is_on = on
        self.arrange()

    def arrange(self) -> None:
        """The model has other rows."""
        if self._model.project is not self._project:
            self._project, self._of_ids, self._is_reading = self._model.project, array("f"), False
        if not self.is_on:
            self._view.proportions = None
            return
        ids, known = self._model.ids, self._of_ids
        last = max(ids, default=-1)
        if last < len(known):
            self._view.proportions = array("f", [known[id] for id in ids])
            return
        count = len(known)
        self._view.proportions = array("f", [known[id] if id < count else USUAL for id in ids])
        if self._project is not None and not self._is_reading and count <= MOST_ID:
            self._is_reading = True
            self._read(self._project, count - 1)

    def correct(self) -> None:
        """Lays out the rows in view as their pictures are."""
        shown, model = self._view.proportions, self._model
        if shown is None:
            return
        changed: dict[int, float] = {}
        for row in self._view.visible():
            item = model.peek(row) if row < len(shown) else None
            if item is None:
                continue
            proportion = self._known.of(item.kind, item.digest)
            if not is_nearly(shown[row], proportion):
                changed[row] = proportion
                if model.ids[row] < len(self._of_ids):
                    self._of_ids[model.ids[row]] = proportion
        if changed:
            self._view.reshape(changed)

    def _read(self, project: Project, after: int) -> None:
        self._model.read(
            "proportions", partial(_look_up, project, self._known, after), partial(self._take, project)
        )

    def _take(self, project: Project, found: array[float]) -> None:
        if project is not self._project:
            return
        self._of_ids.extend(found)
        if found and len(self._of_ids) <= MOST_ID:
            self._read(project, len(self._of_ids) - 1)
            return
        self._is_reading = False
        if self.is_on:
            self._apply()

    def _apply(self) -> None:
        """All that is known now, in one layout."""
        before, count, shown = self._view.proportions, len(self._of_ids), self._model.ids
        fresh = array("f", [self._of_ids[id] if id < count else USUAL for id in shown])
        if fresh != before:
            self._view.proportions = fresh
            self._view.relayout(keep=True)


def _look_up(project: Project, known: Proportions, after: int) -> array[float]:
    """The proportions of the items with the row ids after this one, one for each id; none at the end."""
    known.load()
    found: array[float] = array("f")
    for id, kind, digest in project.looks(after, PART):
        if id > MOST_ID:
            break
        found.extend([USUAL] * (id - after - 1 - len(found)))
        found.append(known.of(kind, digest))
    return found
