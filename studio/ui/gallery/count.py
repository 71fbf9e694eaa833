"""How many items there are, how many are selected, and how large these are."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLabel

from studio.ui.gallery.model import MOST_ITEMS, GalleryModel
from studio.ui.items.words import count_words


class Counter:
    def __init__(
        self, labels: Sequence[QLabel], selected: Callable[[], array[int]], model: GalleryModel
    ) -> None:
        """`selected` gives the row ids of all that is selected, in closed stacks too."""
        self._labels, self._selected, self._model = labels, selected, model

    def show(self) -> None:
        """The size of many is added up on a thread, and told when it is known."""
        ids, shown, project = self._selected(), self._model.count, self._model.project
        chosen = len(ids)
        if not shown or chosen < 2:
            self._say(count_words(shown, 0, None) if shown else "")
        elif chosen <= MOST_ITEMS and project is not None:
            self._say(count_words(shown, chosen, project.total_size(ids)))
        else:
            self._say(count_words(shown, chosen, None))
            self._model.measure(ids, self._show_size)

    def _say(self, words: str) -> None:
        for label in self._labels:
            label.setText(words)

    def _show_size(self, size: int) -> None:
        chosen = len(self._selected())
        if chosen > MOST_ITEMS:
            self._say(count_words(self._model.count, chosen, size))
