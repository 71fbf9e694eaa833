"""Where the cells of a gallery stand whose pictures keep their own proportions: rows that fill the width.

Pictures of one row have one height. As in `grid_layout.py` this is arithmetic, no widget: all lengths are
device-independent pixels, y counts from the top of the content. To build a layout takes a fraction of a
microsecond an item; an answer takes the logarithm of the number of rows.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from studio.ui.kit.grid_layout import Box

NARROWEST, WIDEST = 0.4, 4.0
"""Width by height of a picture's place. What is beyond has a margin in it, so that its name can be read."""


class JustifiedLayout:
    """Items 0 to `count` - 1 in lines as wide as the view; sections begin on a fresh line.

    A line is broken where its height is nearest to the wished one. The last line of a section has the wished
    height, and need not fill the width. The header of the first section lies above y = 0.
    """

    def __init__(
        self,
        counts: Sequence[int],
        proportions: Sequence[float],
        *,
        width: int,
        picture: int,
        edge: int,
        words: int,
        header: int,
        mirrored: bool = False,
    ) -> None:
        """`counts`: items of each section, in order, none of them empty.

        `proportions`: width by height of each item's picture. `picture`: the wished height of pictures.
        `edge`: what a cell is wider than its picture, and higher besides `words`. `header`: the height of a
        section's header, 0 for none. `mirrored`: right to left.
        """
        self.header = header
        self.width = width
        self.cell_height = picture + edge + words
        """Of a usual line."""
        self._picture, self._edge, self._words = picture, edge, words
        self._mirrored = mirrored
        self._starts = [0, *accumulate(counts)]
        self.count = self._starts[-1]
        self._proportions = array("f", proportions[: self.count])
        if self.count and (min(self._proportions) < NARROWEST or max(self._proportions) > WIDEST):
            self._proportions = array("f", [_within(one) for one in self._proportions])
        self._lines: list[int] = []
        """The first item of each line."""
        self._heights: list[float] = []
        """Of the pictures of each line, as they would fill the width exactly."""
        self._is_full: list[bool] = []
        for section in range(self.sections):
            rows = self.rows_of(section)
            self._break(rows.start, rows.stop, self._lines, self._heights, self._is_full)
        self._stack()

    @property
    def sections(self) -> int:
        return len(self._starts) - 1

    def section_of(self, row: int) -> int:
        return bisect_right(self._starts, row) - 1

    def section_at(self, y: int) -> int:
        """The section whose header or cells are at `y`; the nearest one outside."""
        return min(max(bisect_right(self._section_tops, y) - 1, 0), self.sections - 1)

    def rows_of(self, section: int) -> range:
        return range(self._starts[section], self._starts[section + 1])

    def header_top(self, section: int) -> int:
        return self._section_tops[section]

    def box(self, row: int) -> Box:
        """The whole cell of a row."""
        line = self._line_of(row)
        edges = self._edges(line)
        place = row - self._lines[line]
        left, right = edges[place], edges[place + 1]
        if self._mirrored:
            left, right = self.width - right, self.width - left
        return Box(left, self._tops[line], right - left, self._line_height(line))

    def row_at(self, x: int, y: int) -> int | None:
        """The row whose cell has this point; None beside the cells."""
        line = self._line_at(y)
        if line < 0 or y >= self._tops[line] + self._line_height(line):
            return None
        if self._mirrored:
            x = self.width - 1 - x
        edges = self._edges(line)
        return self._lines[line] + bisect_right(edges, x) - 1 if 0 <= x < edges[-1] else None

    def bands(self, left: int, top: int, right: int, bottom: int) -> Iterator[range]:
        """The rows whose cells meet a rectangle: one range a line, lines that are wholly in it joined."""
        right = max(left, right)
        if self._mirrored:
            left, right = self.width - 1 - right, self.width - 1 - left
        begin = end = -1
        for line in range(max(self._line_at(top), 0), self._line_at(bottom) + 1):
            if top >= self._tops[line] + self._line_height(line):
                continue  # in the header below it
            first, last = self._lines[line], self._end_of(line)
            if left > 0 or right < self.width - 1:
                edges = self._edges(line)
                first, last = (
                    first + max(bisect_right(edges, left) - 1, 0),
                    first + min(bisect_right(edges, right), len(edges) - 1),
                )
            if first >= last:
                continue
            if first != end:
                if begin < end:
                    yield range(begin, end)
                begin = first
            end = last
        if begin < end:
            yield range(begin, end)

    def moved(self, row: int, columns: int, lines: int) -> int:
        """The row that an arrow key leads to: `columns` to the right as one sees it, or `lines` down.

        Left and right go on over the ends of lines; up and down lead to the nearest, over sections too.
        """
        step = -columns if self._mirrored else columns
        row = min(max(row + step, 0), self.count - 1)
        for _ in range(abs(lines)):
            line = self._line_of(row) + (1 if lines > 0 else -1)
            if not 0 <= line < len(self._lines):
                break
            row = self._nearest(line, row)
        return row

    def paged(self, row: int, height: int) -> int:
        """The row about `height` pixels further down (or up), the nearest in its line."""
        line = self._line_of(row)
        there = max(self._line_at(min(max(self._tops[line] + height, 0), self.height - 1)), 0)
        return row if there == line else self._nearest(there, row)

    def reshape(self, changed: Mapping[int, float]) -> None:
        """Some pictures have other proportions. Lines are broken anew only until they are as they were."""
        for row, proportion in changed.items():
            self._proportions[row] = _within(proportion)
        done = -1
        for row in sorted(changed):
            if row > done:
                done = self._mend(row, changed)
        self._stack()

    # Within ------------------------------------------------------------------------------------------------

    def _mend(self, row: int, changed: Mapping[int, float]) -> int:
        """Breaks lines anew from the one before this row; the last row that it has looked at."""
        rows = self.rows_of(self.section_of(row))
        first = max(self._line_of(row) - 1, bisect_left(self._lines, rows.start))
        after = bisect_left(self._lines, rows.stop)
        last = max(one for one in changed if one < rows.stop)
        lines: list[int] = []
        heights: list[float] = []
        full: list[bool] = []
        end = self._break(
            self._lines[first], rows.stop, lines, heights, full, known=(self._lines, first + 1, after, last)
        )
        until = bisect_left(self._lines, end)
        self._lines[first:until] = lines
        self._heights[first:until] = heights
        self._is_full[first:until] = full
        return end - 1 if end < rows.stop else rows.stop - 1

    def _break(
        self,
        begin: int,
        stop: int,
        lines: list[int],
        heights: list[float],
        full: list[bool],
        known: tuple[Sequence[int], int, int, int] | None = None,
    ) -> int:
        """Appends the lines of the items `begin` to `stop`; where it has ended.

        `known`: lines as they were, the part of them to look at, and the last item that has changed: it ends
        where a line begins as one did before, and the line before that has nothing new in it either.
        """
        proportions, edge, width, picture = self._proportions, self._edge, self.width, self._picture
        room = width / picture
        share = edge / picture
        first = row = begin
        used = 0.0
        while row < stop:
            used += proportions[row] + share
            row += 1
            if used < room:
                continue
            proportion, many = proportions[row - 1], row - first
            total = used - many * share
            height = (width - many * edge) / total
            if many > 1:
                without = (width - (many - 1) * edge) / (total - proportion)
                if height < 1 or without * height < picture * picture:
                    row, height = row - 1, without
            lines.append(first)
            heights.append(height if height > 1 else 1.0)
            full.append(True)
            first, used = row, 0.0
            if known is not None and first > known[3]:
                old, low, high, _ = known
                place = bisect_left(old, first, low, high)
                if place < high and old[place] == first:
                    return first
        if first < stop:
            lines.append(first)
            heights.append(float(picture))
            full.append(False)
        return stop

    def _stack(self) -> None:
        """Puts the lines below each other."""
        between, header = self._edge + self._words, self.header
        tall = [round(height) + between for height in self._heights]
        begins = [bisect_left(self._lines, start) for start in self._starts[:-1]]
        if header:
            for line in begins[1:]:
                tall[line - 1] += header
        self._tops = [*accumulate(tall, initial=0)]
        self._section_tops = [self._tops[line] - header for line in begins]
        self.height = self._tops.pop()
        self._asked: tuple[int, list[int]] = (-1, [])
        """The line whose edges were asked for last: one cell after the other is drawn."""

    def _line_of(self, row: int) -> int:
        return bisect_right(self._lines, row) - 1

    def _line_at(self, y: int) -> int:
        """The line at `y`, or the last one above it; -1 above all."""
        return bisect_right(self._tops, y) - 1

    def _end_of(self, line: int) -> int:
        return self._lines[line + 1] if line + 1 < len(self._lines) else self.count

    def _line_height(self, line: int) -> int:
        return round(self._heights[line]) + self._edge + self._words

    def _edges(self, line: int) -> list[int]:
        """Where the cells of a line begin, as one counts, and where the last one ends."""
        if self._asked[0] == line:
            return self._asked[1]
        height, edge = self._heights[line], self._edge
        proportions = self._proportions[self._lines[line] : self._end_of(line)]
        edges = [round(x) for x in accumulate((one * height + edge for one in proportions), initial=0.0)]
        if self._is_full[line] or edges[-1] > self.width:
            edges[-1] = self.width
        self._asked = line, edges
        return edges

    def _nearest(self, line: int, row: int) -> int:
        """The row of a line whose middle is nearest to that of another line's row."""
        here = self._line_of(row)
        edges, place = self._edges(here), row - self._lines[here]
        middle = edges[place] + edges[place + 1]
        edges = self._edges(line)
        found = min(range(len(edges) - 1), key=lambda one: abs(edges[one] + edges[one + 1] - middle))
        return self._lines[line] + found


def _within(proportion: float) -> float:
    return min(max(proportion, NARROWEST), WIDEST)
