from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio.ui.kit.grid_layout import GridLayout

layouts = st.builds(
    GridLayout,
    st.lists(st.integers(1, 40), max_size=6),
    width=st.integers(1, 900),
    side=st.integers(40, 320),
    words=st.integers(0, 50),
    header=st.sampled_from([0, 28]),
    mirrored=st.booleans(),
)


@given(layouts)
def test_each_cell_is_found_where_it_stands_and_none_overlap(layout: GridLayout) -> None:
    seen = set()
    for row in range(layout.count):
        box = layout.box(row)
        seen.add((box.x, box.y))
        assert box.x >= 0
        assert box.x + box.width <= max(layout.width, layout.cell_width)
        assert box.y + box.height <= layout.height
        assert layout.row_at(box.x, box.y) == row
        assert layout.row_at(box.x + box.width - 1, box.y + box.height - 1) == row
    assert len(seen) == layout.count


@given(layouts, st.integers(-50, 900), st.integers(-50, 3000), st.integers(0, 400), st.integers(0, 900))
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


@given(layouts, st.data())
def test_arrows_move_by_what_is_seen(layout: GridLayout, data: st.DataObject) -> None:
    if not layout.count:
        return
    row = data.draw(st.integers(0, layout.count - 1))
    box = layout.box(row)
    down, up = layout.moved(row, 0, 1), layout.moved(row, 0, -1)
    assert layout.box(down).y > box.y or down == row
    assert layout.box(up).y < box.y or up == row
    right = layout.moved(row, 1, 0)
    assert abs(right - row) <= 1
    if layout.box(right).y == box.y and right != row:
        assert layout.box(right).x > box.x
    assert 0 <= layout.paged(row, data.draw(st.integers(-4000, 4000))) < layout.count


def test_up_and_down_keep_the_column_over_sections() -> None:
    layout = GridLayout([5, 7, 1], width=300, side=100, words=20, header=30)
    assert layout.columns == 3
    assert layout.moved(2, 0, 1) == 4  # the second line has two cells
    assert layout.moved(3, 0, 1) == 5  # into the next section
    assert layout.moved(5, 0, -1) == 3
    assert layout.moved(11, 0, 1) == 12
    assert layout.moved(12, 0, 1) == 12
    assert layout.box(0).y == 0
    assert layout.box(5).y == 2 * 120 + 30
    assert layout.section_at(240) == 1
    assert layout.section_at(239) == 0


def test_a_hundred_thousand_take_no_longer_than_ten() -> None:
    layout = GridLayout([100_000], width=640, side=160, words=40, header=0)
    assert layout.height == 25_000 * 200
    assert layout.row_at(5, 4_999_999) == 99_996
    assert list(layout.bands(0, 0, 639, layout.height)) == [range(100_000)]


def test_right_to_left_begins_at_the_right() -> None:
    layout = GridLayout([4], width=300, side=100, words=0, header=0, mirrored=True)
    assert layout.box(0).x == 200
    assert layout.moved(0, -1, 0) == 1
    assert layout.row_at(10, 10) == 2
