"""Windows come back where they can be seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMargins, QRect, QSize, Qt

from studio.ui.kit.geometry import LEAST_SEEN, edges, fitted, setup_key

LEAST = QSize(960, 600)
HOME, BESIDE = QRect(0, 30, 1920, 1050), QRect(1920, 0, 2560, 1440)


def test_what_can_be_seen_stays_where_it_is() -> None:
    wanted = QRect(100, 100, 1200, 800)
    assert fitted(wanted, [HOME], LEAST) == wanted


def test_over_two_screens_is_fine() -> None:
    wanted = QRect(1500, 100, 1200, 800)
    assert fitted(wanted, [HOME, BESIDE], LEAST) == wanted


def test_a_screen_that_has_vanished() -> None:
    wanted = QRect(2400, 200, 1200, 800)
    assert fitted(wanted, [HOME, BESIDE], LEAST) == wanted
    found = fitted(wanted, [HOME], LEAST)
    assert HOME.contains(found)
    assert found.size() == wanted.size()


def test_larger_than_the_screen() -> None:
    found = fitted(QRect(0, 0, 3840, 2160), [HOME], LEAST)
    assert found == HOME


def test_a_title_above_the_screen_comes_down() -> None:
    found = fitted(QRect(100, -500, 1200, 800), [HOME], LEAST)
    assert found.top() == HOME.top()


rects = st.builds(
    QRect, st.integers(-9000, 9000), st.integers(-9000, 9000), st.integers(1, 9000), st.integers(1, 9000)
)
screens = st.lists(
    st.builds(
        QRect,
        st.integers(-5000, 5000),
        st.integers(-5000, 5000),
        st.integers(1024, 4000),
        st.integers(640, 3000),
    ),
    min_size=1,
    max_size=4,
)


@given(rects, screens)
def test_a_hand_can_always_reach_it(wanted: QRect, there: list[QRect]) -> None:
    found = fitted(wanted, there, LEAST)
    assert found.width() >= LEAST.width() and found.height() >= LEAST.height()
    top = QRect(found.topLeft(), QSize(found.width(), 1))
    assert any((screen & top).width() >= min(LEAST_SEEN, found.width()) for screen in there)
    assert fitted(found, there, LEAST) == found


def test_an_arrangement_of_screens_has_a_name() -> None:
    assert setup_key([HOME, BESIDE]) == setup_key([BESIDE, HOME])
    assert setup_key([HOME]) != setup_key([HOME, BESIDE])


def test_edges_mirror(qapp) -> None:
    assert edges(12, 1, 4, 2) == QMargins(12, 1, 4, 2)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        assert edges(12, 1, 4, 2) == QMargins(4, 1, 12, 2)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
