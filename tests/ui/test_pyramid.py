"""What a view samples of a picture, at every zoom."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.kit.pyramid import Pyramid
from studio.ui.kit.rect import Rect, Window


def picture(width: int, height: int) -> np.ndarray:
    rows, columns = np.mgrid[0:height, 0:width]
    return ((columns * 3 + rows * 5) % 256).astype(np.uint8)


@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 2**31))
def test_an_updated_pyramid_is_as_one_made_anew(width: int, height: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = picture(width, height)
    pyramid = Pyramid(pixels)
    x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
    dirty = Rect(x, y, int(rng.integers(1, width - x + 1)), int(rng.integers(1, height - y + 1)))
    pixels[dirty.slices] = rng.integers(0, 255)
    pyramid.update(dirty)
    for level, fresh in zip(pyramid.levels, Pyramid(pixels).levels, strict=True):
        assert np.array_equal(level, fresh)


def test_one_to_one_is_the_picture_itself() -> None:
    pixels = picture(300, 200)
    part = Pyramid(pixels).sample(Window(1.0, -40, -30), Rect(0, 0, 100, 90))
    assert np.array_equal(part, pixels[30:120, 40:140])


@pytest.mark.parametrize("zoom", [4.0, 7.3, 8.0, 32.0])
def test_large_pixels_are_sharp_squares(zoom: float) -> None:
    pixels = picture(50, 40)
    window = Window(zoom, -17, 5)
    device = Rect(0, 5, 90, 70)
    part = Pyramid(pixels).sample(window, device)
    rows = ((np.arange(5, 75) - 5 + 0.5) / zoom).astype(int)
    columns = ((np.arange(0, 90) + 17 + 0.5) / zoom).astype(int)
    assert np.array_equal(part, pixels[np.ix_(rows, columns)])


@given(
    st.floats(0.02, 3.99),
    st.integers(-300, 50),
    st.integers(-300, 50),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_a_part_looks_as_it_does_in_the_whole(zoom: float, left: int, top: int, dx: int, dy: int) -> None:
    """Repainting a part of the view must not show: no seam where the exposed part ends."""
    pyramid = Pyramid(picture(403, 301))
    window = Window(zoom, left, top)
    frame = window.device_rect(pyramid.bounds)
    whole = frame.intersected(Rect(0, 0, 120, 100))
    part = Rect(whole.x + dx, whole.y + dy, 30, 25).intersected(whole)
    if part.is_empty:
        return
    expected = pyramid.sample(window, whole)[part.y - whole.y :, part.x - whole.x :][
        : part.height, : part.width
    ]
    difference = np.abs(pyramid.sample(window, part).astype(int) - expected)
    assert difference[: part.height].max() <= 8


@given(st.floats(0.01, 32), st.integers(-5000, 500), st.integers(0, 300), st.integers(1, 200))
def test_rectangles_there_and_back_cover(zoom: float, left: int, x: int, side: int) -> None:
    window = Window(zoom, left, -left)
    picture_rect = Rect(x, x // 2, side, side)
    back = window.picture_rect(window.device_rect(picture_rect))
    assert back.united(picture_rect) == back


def test_rectangles() -> None:
    one, other = Rect(0, 0, 10, 10), Rect(5, 6, 10, 10)
    assert one.united(other) == Rect(0, 0, 15, 16)
    assert one.intersected(other) == Rect(5, 6, 5, 4)
    assert one.intersected(Rect(10, 0, 5, 5)).is_empty
    assert Rect().united(one) == one.united(Rect()) == one
    assert Rect.between(-0.5, 0.2, 3.1, 4) == Rect(-1, 0, 5, 4)
