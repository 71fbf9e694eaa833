"""The items behind an order's row ids: read by windows on a thread, and forgotten again."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from studio.core.item import Item
from studio.ui.kit.reading import Reader

WINDOW = 80
"""Rows per reading: about a screen, so that a thread that reads what was scrolled away is soon free."""
KEPT = 40
"""Windows in memory: more than any screen shows; a few milliseconds to read again."""

Read = Callable[[Sequence[int]], list[Item | None]]
"""The items with these row ids, in their order; None for one that is gone."""


class ItemPages:
    """`arrived(rows)` is called when a window that was asked for is there."""

    def __init__(self, reader: Reader, arrived: Callable[[range], object]) -> None:
        self._reader, self._arrived = reader, arrived
        self._read: Read | None = None
        self._windows: OrderedDict[int, Sequence[Item | None]] = OrderedDict()
        self._age = 0
        self.ids: array[int] = array("q")

    def show(self, ids: array[int], read: Read | None) -> None:
        """Other rows from now on."""
        self.ids, self._read = ids, read
        self.forget()

    def forget(self) -> None:
        """The items have changed: they are read again when they are asked for."""
        self._age += 1
        self._windows.clear()

    def replace(self, changed: Mapping[int, Item | None]) -> None:
        """A few items have changed; what is being read meanwhile is read again."""
        self._age += 1
        for number, window in self._windows.items():
            ids = self._of(number)
            if not changed.keys().isdisjoint(ids):
                self._windows[number] = [
                    changed.get(one, item) for one, item in zip(ids, window, strict=True)
                ]

    def peek(self, row: int) -> Item | None:
        """The item if it is in memory; if not, it is on its way."""
        if not 0 <= row < len(self.ids):
            return None
        number, place = divmod(row, WINDOW)
        window = self._windows.get(number)
        if window is None:
            self._ask(number)
            return None
        self._windows.move_to_end(number)
        return window[place]

    def get(self, row: int) -> Item | None:
        """The item, read at once if need be. None if it is gone. Raises what reading raises."""
        if not 0 <= row < len(self.ids) or self._read is None:
            return None
        number, place = divmod(row, WINDOW)
        if number not in self._windows:
            self._keep(number, self._read(self._of(number)))
        return self._windows[number][place]

    def want(self, rows: range) -> bool:
        """Has these rows read; whether all of them are in memory already."""
        last = min(rows.stop, len(self.ids)) - 1
        missing = [
            number
            for number in range(last // WINDOW, max(rows.start, 0) // WINDOW - 1, -1)
            if number not in self._windows
        ]
        for number in missing:
            self._ask(number)
        return not missing

    def _ask(self, number: int) -> None:
        key, read = (self._age, number), self._read
        if read is not None and number >= 0 and not self._reader.is_asked(key):
            ids = self._of(number)
            self._reader.ask(key, lambda: read(ids), lambda found: self._take(key, found))

    def _take(self, key: tuple[int, int], found: Sequence[Item | None]) -> None:
        age, number = key
        if age == self._age:
            self._keep(number, found)
            self._arrived(range(number * WINDOW, number * WINDOW + len(found)))

    def _keep(self, number: int, found: Sequence[Item | None]) -> None:
        self._windows[number] = found
        while len(self._windows) > KEPT:
            self._windows.popitem(last=False)

    def _of(self, number: int) -> array[int]:
        return self.ids[number * WINDOW : (number + 1) * WINDOW]
