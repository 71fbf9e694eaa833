from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.kit.justified_layout import NARROWEST, WIDEST, JustifiedLayout

EDGE, WORDS = 20, 40
proportions = st.floats(0.0625, 12, width=32)


@st.composite
def layouts(draw: st.DrawFn) -> JustifiedLayout:
    counts = draw(st.lists(st.integers(1, 40), max_size=6))
    return JustifiedLayout(
        counts,
        draw(st.lists(proportions, min_size=sum(counts), max_size=sum(counts))),
        width=draw(st.integers(30, 1400)),
        picture=draw(st.integers(96, 320)),
        edge=EDGE,
        words=draw(st.sampled_from([0, WORDS])),
        header=draw(st.sampled_from([0, 28])),
        mirrored=draw(st.booleans()),
    )


def lines(layout: JustifiedLayout) -> list[list[int]]:
    """The rows of each line, from the place of their cells."""
    found: list[list[int]] = []
    for row in range(layout.count):
        if found and layout.box(found[-1][0]).y == layout.box(row).y:
            found[-1].append(row)
        else:
            found.append([row])
    return found


@given(layouts())
def test_every_item_stands_once_and_rows_fill_the_width(layout: JustifiedLayout) -> None:
    seen: list[int] = []
    bottom = 0
    ends = {rows.stop for rows in map(layout.rows_of, range(layout.sections))}
    for line in lines(layout):
        seen += line
        boxes = [layout.box(row) for row in line]
        assert len({box.height for box in boxes}) == 1
        assert boxes[0].y >= bottom
        bottom = boxes[0].y + boxes[0].height
        if any(layout.header_top(section) == bottom for section in range(1, layout.sections)):
            bottom += layout.header
        in_order = sorted(boxes)
        x = in_order[0].x
        for box in in_order:
            assert box.x == x and box.width > 0
            x += box.width
        assert in_order[0].x >= 0 and x <= layout.width
        if line[-1] + 1 not in ends:
            assert (in_order[0].x, x) == (0, layout.width)
        for row, box in zip(line, boxes, strict=True):
            assert layout.row_at(box.x, box.y) == row
            assert layout.row_at(box.x + box.width - 1, box.y + box.height - 1) == row
        assert boxes == (in_order[::-1] if layout._mirrored else in_order)
    assert seen == list(range(layout.count))
    assert layout.height == bottom


@given(layouts())
def test_pictures_keep_their_proportions(layout: JustifiedLayout) -> None:
    for row in range(layout.count):
        box = layout.box(row)
        height = box.height - EDGE - layout._words
        width = box.width - EDGE
        if layout.width > 400:  # in a narrower view one picture alone may be too wide
            wished = layout._proportions[row]
            assert NARROWEST <= wished <= WIDEST
            assert abs(width - wished * height) <= 2 + wished


@given(layouts(), st.integers(-50, 1400), st.integers(-50, 6000), st.integers(0, 400), st.integers(0, 900))
def test_a_band_has_exactly_the_cells_that_it_meets(layout, left, top, width, height) -> None:
    right, bottom = left + width, top + height
    met = [
        row
        for row in range(layout.count)
        if (box := layout.box(row)).x <= right
        and box.x + box.width > left
        and box.y <= bottom
        and box.y + box.height > top
    ]
    assert [row for band in layout.bands(left, top, right, bottom) for row in band] == met


@given(layouts(), st.data())
def test_arrows_move_by_what_is_seen(layout: JustifiedLayout, data: st.DataObject) -> None:
    if not layout.count:
        return
    row = data.draw(st.integers(0, layout.count - 1))
    box = layout.box(row)
    down, up = layout.moved(row, 0, 1), layout.moved(row, 0, -1)
    assert layout.box(down).y > box.y or down == row
    assert layout.box(up).y < box.y or up == row
    if down != row:
        far = [abs(2 * other.x + other.width - 2 * box.x - box.width) for other in _line_of(layout, down)]
        other = layout.box(down)
        assert abs(2 * other.x + other.width - 2 * box.x - box.width) == min(far)
    right = layout.moved(row, 1, 0)
    assert abs(right - row) <= 1
    if layout.box(right).y == box.y and right != row:
        assert layout.box(right).x > box.x
    assert 0 <= layout.paged(row, data.draw(st.integers(-4000, 4000))) < layout.count


def _line_of(layout: JustifiedLayout, row: int):
    return [layout.box(one) for line in lines(layout) if row in line for one in line]


@given(layouts(), st.data())
def test_what_becomes_known_later_ends_where_it_would_have_begun(layout, data: st.DataObject) -> None:
    if not layout.count:
        return
    rows = st.integers(0, layout.count - 1)
    changed = data.draw(st.dictionaries(rows, proportions, max_size=8))
    before = list(layout._proportions)
    fresh = JustifiedLayout(
        [len(layout.rows_of(section)) for section in range(layout.sections)],
        [changed.get(row, known) for row, known in enumerate(before)],
        width=layout.width,
        picture=layout._picture,
        edge=EDGE,
        words=layout._words,
        header=layout.header,
        mirrored=layout._mirrored,
    )
    layout.reshape(changed)
    assert [layout.box(row) for row in range(layout.count)] == [fresh.box(row) for row in range(fresh.count)]
    assert layout.height == fresh.height
    for section in range(layout.sections):
        assert layout.header_top(section) == fresh.header_top(section)


def test_equal_pictures_make_equal_rows() -> None:
    layout = JustifiedLayout([10], [1.0] * 10, width=480, picture=100, edge=20, words=30, header=0)
    assert [layout.box(row).x for row in range(5)] == [0, 120, 240, 360, 0]
    assert {layout.box(row).height for row in range(10)} == {150}
    assert layout.row_at(300, 320) is None  # beside the last two
    assert layout.moved(3, 0, 1) == 7
    assert layout.moved(7, 0, 1) == 9


@pytest.mark.slow
def test_one_that_becomes_known_among_a_hundred_thousand_takes_a_millisecond_or_two() -> None:
    layout = JustifiedLayout(
        [100_000],
        [0.6 + n * 37 % 140 / 100 for n in range(100_000)],
        width=3840,
        picture=240,
        edge=20,
        words=40,
        header=0,
    )
    begun = time.process_time()
    fresh = JustifiedLayout(
        [100_000], layout._proportions, width=3840, picture=240, edge=20, words=40, header=0
    )
    built = time.process_time() - begun
    begun = time.process_time()
    for row in range(0, 100_000, 10_000):
        layout.reshape({row: 1.9})
    mended = (time.process_time() - begun) / 10
    assert fresh.count == 100_000
    assert mended < built / 2
