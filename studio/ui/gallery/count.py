"""How many items there are, how many are selected, and how large these are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel

from studio.ui.gallery.model import MOST_ITEMS, GalleryModel
from studio.ui.items.words import count_words
from studio.ui.kit.grid_view import GridView


class Counter:
    def __init__(self, labels: Sequence[QLabel], view: GridView, model: GalleryModel) -> None:
        self._labels, self._view, self._model = labels, view, model

    def show(self) -> None:
        """The size of many is added up on a thread, and told when it is known."""
        chosen, shown = len(self._view.selected), len(self._model.ids)
        if not shown or chosen < 2:
            self._say(count_words(shown, 0, None) if shown else "")
        elif chosen <= MOST_ITEMS:
            size = sum(item.size for item in self._model.items_at(self._view.selected))
            self._say(count_words(shown, chosen, size))
        else:
            self._say(count_words(shown, chosen, None))
            self._model.measure(self._view.selected.ids(self._model.ids), self._show_size)

    def _say(self, words: str) -> None:
        for label in self._labels:
            label.setText(words)

    def _show_size(self, size: int) -> None:
        chosen = len(self._view.selected)
        if chosen > MOST_ITEMS:
            self._say(count_words(len(self._model.ids), chosen, size))
