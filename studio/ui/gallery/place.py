"""What stays when the order of the items changes: what is selected, and what the eye rests on."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from studio.ui.gallery.model import GalleryModel
from studio.ui.kit.grid_hands import ItemGrid
from studio.ui.kit.grid_select import Ranges, rows_of_ids


class Place:
    """By row ids, which stay while rows move: `keep` before the model is reset, `put_back` after."""

    def __init__(self, view: ItemGrid, model: GalleryModel) -> None:
        self._view, self._model = view, model
        self._selected: array[int] = array("q")
        self._current = -1
        self._held: tuple[int, int] | None = None
        """An id, and how far below the top of the view it was; None at the top, where new items are seen."""
        self._follow = -1
        """The row whose place the next selection takes, after the selected items have left."""

    def keep(self) -> None:
        view, ids = self._view, self._model.ids
        row = view.currentIndex().row()
        held = view.held() if view.verticalOffset() > 0 else None
        self._selected = view.selected.ids(ids)
        self._current = ids[row] if 0 <= row < len(ids) else -1
        self._held = (ids[held[0]], held[1]) if held is not None and held[0] < len(ids) else None

    def put_back(self, counts: Sequence[int]) -> None:
        """`counts`: the items of each section now."""
        view, ids = self._view, self._model.ids
        view.set_sections(counts)
        self.select_ids(self._selected, self._current)
        if self._held is not None and (rows := rows_of_ids(self._model.tiles([self._held[0]]), ids)):
            view.hold(next(iter(rows)), self._held[1])
        elif self._held is None:
            view.verticalScrollBar().setValue(0)  # not to what is selected, which has been pushed down
        if self._follow >= 0 and ids and not view.selected.ranges:
            view.choose(min(self._follow, len(ids) - 1))
            self._follow = -1

    def select_ids(self, ids: Sequence[int], current: int) -> None:
        """Those that are shown; `current` is an id too, or -1."""
        view = self._view
        tiles = self._model.tiles
        rows = rows_of_ids(tiles(ids), self._model.ids) if len(ids) else Ranges()
        if current >= 0 and (at := rows_of_ids(tiles([current]), self._model.ids)):
            row = next(iter(at))
            view.choose(row, move_only=True)
            view.anchor = row
        if rows.ranges:
            view.select_rows(rows)

    def leave(self, move: Callable[[], object]) -> None:
        """Does what takes the selected items out of view; what follows them is selected then.

        `move` tells whether it goes on in the background.
        """
        self._follow = next(iter(self._view.selected), -1)
        goes_on = move()
        if not self._model.is_large and not goes_on:
            self._follow = -1
