"""A selection of rows as sorted ranges: a hundred thousand rows are one range, never as many objects."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QAbstractItemModel, QItemSelection, QItemSelectionModel

FEW = 64
"""So many ids are looked up one by one; for more a table of all rows is faster."""


class Ranges:
    """Rows as a sorted list of ranges that do not touch."""

    def __init__(self, ranges: Iterable[range] = ()) -> None:
        self._ranges: list[range] = []
        for one in sorted(ranges, key=lambda part: part.start):
            if self._ranges and one.start <= self._ranges[-1].stop:
                last = self._ranges[-1]
                self._ranges[-1] = range(last.start, max(last.stop, one.stop))
            elif one:
                self._ranges.append(one)
        self._starts = [one.start for one in self._ranges]

    def __len__(self) -> int:
        return sum(len(one) for one in self._ranges)

    def __iter__(self) -> Iterator[int]:
        for one in self._ranges:
            yield from one

    def __contains__(self, row: int) -> bool:
        place = bisect_right(self._starts, row) - 1
        return place >= 0 and row < self._ranges[place].stop

    @property
    def ranges(self) -> Sequence[range]:
        return self._ranges

    def ids(self, order: array[int]) -> array[int]:
        """The ids at these rows of an order."""
        found: array[int] = array("q")
        for one in self._ranges:
            found.extend(order[one.start : one.stop])
        return found


def rows_of_ids(ids: Sequence[int], order: array[int]) -> Ranges:
    """Where ids stand in an order now; those that are no longer in it are left out."""
    if len(ids) <= FEW:
        rows = []
        for one in ids:
            try:
                rows.append(order.index(one))
            except ValueError:
                continue
    else:
        wanted = set(ids)
        rows = [row for row, one in enumerate(order) if one in wanted]
    return Ranges(range(row, row + 1) for row in rows)


def selected_rows(selection: QItemSelectionModel) -> Ranges:
    return Ranges(range(part.top(), part.bottom() + 1) for part in selection.selection().toList())


def as_selection(model: QAbstractItemModel, rows: Ranges) -> QItemSelection:
    made = QItemSelection()
    for one in rows.ranges:
        made.select(model.index(one.start, 0), model.index(one.stop - 1, 0))
    return made
