"""Where the cells of a gallery stand: arithmetic, no widget.

All lengths are device-independent pixels, y counts from the top of the content. Every answer takes constant
time; with n sections, the logarithm of n.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol


class Box(NamedTuple):
    x: int
    y: int
    width: int
    height: int


class Layout(Protocol):
    """Where the cells of a view stand, in sections, from row 0 on."""

    count: int
    width: int
    height: int
    header: int
    cell_height: int
    """Of a usual line."""

    @property
    def sections(self) -> int: ...
    def section_at(self, y: int) -> int: ...
    def header_top(self, section: int) -> int: ...
    def box(self, row: int) -> Box: ...
    def row_at(self, x: int, y: int) -> int | None: ...
    def bands(self, left: int, top: int, right: int, bottom: int) -> Iterator[range]: ...
    def moved(self, row: int, columns: int, lines: int) -> int: ...
    def paged(self, row: int, height: int) -> int: ...


class GridLayout:
    """Rows 0 to `count` - 1 in `columns` equal columns that share the width; sections begin on a fresh line.

    The header of the first section lies above y = 0: the view shows it in a strip of its own.
    """

    def __init__(
        self, counts: Sequence[int], *, width: int, side: int, words: int, header: int, mirrored: bool = False
    ) -> None:
        """`counts`: items of each section, in order, none of them empty. `side`: the least width of a cell.

        `words`: what a cell is higher than wide. `header`: the height of a section's header, 0 for none.
        `mirrored`: right to left.
        """
        self.columns = max(1, width // side)
        self.cell_width = max(1, width // self.columns)
        self.cell_height = self.cell_width + words
        self.header = header
        self.width = width
        self._mirrored = mirrored
        self._left = (width - self.columns * self.cell_width) // 2
        self._starts = [0, *accumulate(counts)]
        heights = [self._lines(count) * self.cell_height + header for count in counts]
        self._tops = [-header, *accumulate(heights, initial=-header)][1:]
        self.count = self._starts[-1]
        self.height = max(0, self._tops[-1]) if counts else 0

    @property
    def sections(self) -> int:
        return len(self._starts) - 1

    def section_of(self, row: int) -> int:
        return bisect_right(self._starts, row) - 1

    def section_at(self, y: int) -> int:
        """The section whose header or cells are at `y`; the nearest one outside."""
        return min(max(bisect_right(self._tops, y) - 1, 0), self.sections - 1)

    def rows_of(self, section: int) -> range:
        return range(self._starts[section], self._starts[section + 1])

    def header_top(self, section: int) -> int:
        return self._tops[section]

    def box(self, row: int) -> Box:
        """The whole cell of a row."""
        section = self.section_of(row)
        line, column = divmod(row - self._starts[section], self.columns)
        top = self._tops[section] + self.header + line * self.cell_height
        return Box(self._x(column), top, self.cell_width, self.cell_height)

    def row_at(self, x: int, y: int) -> int | None:
        """The row whose cell has this point; None beside the cells."""
        if not self.count:
            return None
        section = self.section_at(y)
        line = (y - self._tops[section] - self.header) // self.cell_height
        column = (x - self._left) // self.cell_width
        if line < 0 or not 0 <= column < self.columns:
            return None
        row = self._starts[section] + line * self.columns + self._logical(column)
        return row if row < self._starts[section + 1] else None

    def bands(self, left: int, top: int, right: int, bottom: int) -> Iterator[range]:
        """The rows whose cells meet a rectangle: one range a line, lines that are wholly in it joined."""
        if not self.count or right < self._left or left >= self._left + self.columns * self.cell_width:
            return
        ends = [
            min(max((x - self._left) // self.cell_width, 0), self.columns - 1)
            for x in (left, max(left, right))
        ]
        first, last = sorted(self._logical(column) for column in ends)
        for section in range(self.section_at(top), self.section_at(bottom) + 1):
            rows = self.rows_of(section)
            origin = self._tops[section] + self.header
            lines = range(
                max(0, (top - origin) // self.cell_height),
                min(self._lines(len(rows)), (bottom - origin) // self.cell_height + 1),
            )
            if not lines:
                continue
            if last - first + 1 == self.columns:
                begin = rows.start + lines.start * self.columns
                yield range(begin, min(rows.start + lines.stop * self.columns, rows.stop))
                continue
            for line in lines:
                begin = rows.start + line * self.columns
                if begin + first < rows.stop:
                    yield range(begin + first, min(begin + last + 1, rows.stop))

    def moved(self, row: int, columns: int, lines: int) -> int:
        """The row that an arrow key leads to: `columns` to the right as one sees it, or `lines` down.

        Left and right go on over the ends of lines; up and down keep the column, over sections too, and end
        in the last cell of a line that is shorter.
        """
        step = -columns if self._mirrored else columns
        row = min(max(row + step, 0), self.count - 1)
        for _ in range(abs(lines)):
            row = self._next_line(row, 1 if lines > 0 else -1)
        return row

    def paged(self, row: int, height: int) -> int:
        """The row about `height` pixels further down (or up), in the same column if there is one."""
        box = self.box(row)
        y = min(max(box.y + height, 0), self.height - 1)
        section = self.section_at(y)
        rows = self.rows_of(section)
        line = max(0, (y - self._tops[section] - self.header) // self.cell_height)
        column = (row - self._starts[self.section_of(row)]) % self.columns
        line = min(line, self._lines(len(rows)) - 1)
        return min(rows.start + line * self.columns + column, rows.stop - 1)

    def _next_line(self, row: int, step: int) -> int:
        section = self.section_of(row)
        rows = self.rows_of(section)
        line, column = divmod(row - rows.start, self.columns)
        line += step
        if not 0 <= line < self._lines(len(rows)):
            if not 0 <= section + step < self.sections:
                return row
            rows = self.rows_of(section + step)
            line = 0 if step > 0 else self._lines(len(rows)) - 1
        return min(rows.start + line * self.columns + column, rows.stop - 1)

    def _lines(self, count: int) -> int:
        return -(-count // self.columns)

    def _x(self, column: int) -> int:
        return self._left + self._logical(column) * self.cell_width

    def _logical(self, column: int) -> int:
        """From what is seen to what is counted, and back."""
        return self.columns - 1 - column if self._mirrored else column
