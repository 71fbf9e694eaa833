"""Rows of a long list, read from the database by windows and forgotten again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Row = TypeVar("Row")

WINDOW = 200
"""Rows per reading."""
KEPT = 12
"""Windows in memory: more than any screen shows, and a few milliseconds to read again."""


class Pages(Generic[Row]):
    """A list of `count` rows, of which only a few windows are in memory."""

    def __init__(self, read: Callable[[int, int], Sequence[Row]]) -> None:
        """`read(limit, offset)` gives the rows; it may give fewer than asked for at the end."""
        self._read = read
        self._windows: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self.count = 0

    def forget(self, count: int) -> None:
        """The rows behind this list are others now, `count` of them."""
        self._windows.clear()
        self.count = count

    def row(self, number: int) -> Row | None:
        """None where the list has become shorter than `count` since it was counted."""
        if not 0 <= number < self.count:
            return None
        window, place = divmod(number, WINDOW)
        rows = self._windows.get(window)
        if rows is None:
            rows = self._read(WINDOW, window * WINDOW)
            self._windows[window] = rows
            while len(self._windows) > KEPT:
                self._windows.popitem(last=False)
        else:
            self._windows.move_to_end(window)
        return rows[place] if place < len(rows) else None
