"""Thumbnails that are drawn from data."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from studio.core.thumbnail import Drawing, Notes, Swatches, TextPage, Wave
from studio.service.thumbnail_file import WrongThumbnailError, read_drawing, write_thumbnail
from studio.ui.items.thumbnail_drawing import draw

SIDE = 120
patient = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def inked(image: QImage) -> int:
    """Pixels that are neither empty nor paper."""
    colors = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(color.alpha() > 100 and color.lightness() < 200 for color in colors)


@pytest.mark.parametrize(
    "drawing",
    [
        TextPage(("# Heading", "", "Some words of a text, ünd mehr.")),
        Notes(((0, 96, 60, 0), (10, 50, 64, 1))),
        Wave(((-1, 1), (-0.5, 0.2))),
        Swatches(("#203040", "#802020", "#208020")),
    ],
)
def test_each_drawing_shows_something(qapp, drawing: Drawing) -> None:
    image = draw(drawing, SIDE)
    assert max(image.width(), image.height()) == SIDE
    assert inked(image) > 50


def test_an_empty_text_is_an_empty_page(qapp) -> None:
    image = draw(TextPage(()), SIDE)
    assert image.height() == SIDE
    assert inked(image) == 0


def test_colors_are_shown_as_they_are(qapp) -> None:
    image = draw(Swatches(("#ff0000", "#0000ff")), SIDE)
    assert image.pixelColor(image.width() // 4, image.height() // 2).name() == "#ff0000"
    assert image.pixelColor(image.width() * 3 // 4, image.height() // 2).name() == "#0000ff"


levels = st.floats(-1, 1)
whole = st.integers(0, 2**52)
drawings = st.one_of(
    st.builds(TextPage, st.lists(st.text(max_size=30), max_size=8).map(tuple)),
    st.builds(Wave, st.lists(st.tuples(levels, levels), max_size=8).map(tuple)),
    st.builds(
        Swatches,
        st.lists(st.integers(0, 0xFFFFFF).map(lambda color: f"#{color:06x}"), max_size=40).map(tuple),
    ),
    st.builds(
        Notes,
        st.lists(st.tuples(whole, whole, st.integers(-1, 128), st.integers(-1, 16)), max_size=8).map(tuple),
    ),
)


@patient
@given(drawings, st.integers(1, 60))
def test_whatever_the_service_lets_through_is_drawn(qapp, tmp_path, drawing: Drawing, side: int) -> None:
    try:
        write_thumbnail(drawing, side, tmp_path / "file")
    except WrongThumbnailError:
        return
    found = read_drawing((tmp_path / "file").read_bytes())
    assert found is not None
    image = draw(found, side)
    assert not image.isNull()
    assert max(image.width(), image.height()) <= side
