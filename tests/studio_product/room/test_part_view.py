"""A view of a part: turned, panned, zoomed, drawn anew, pointed at."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from studio_product.core.view.render import Layer
from studio_product.room.part.frames import Frames
from studio_product.room.part.orbit import first_look
from studio_product.room.part.standard_views import Look
from studio_product.room.part.view import MOST_PIXELS, PartView
from studio_product.room.part.view_tools import ViewTools

from studio.ui.kit import theme
from tests.studio_product.room.part_making import solid
from tests.ui.reach import nameless, without_role


@pytest.fixture
def frames(qapp) -> Iterator[Frames]:
    made = Frames()
    yield made
    made.close()


@pytest.fixture
def view(frames: Frames, dressed, qtbot, until) -> PartView:
    made = PartView(frames)
    qtbot.addWidget(made)
    made.resize(240, 180)
    made.show()
    made.show_layers([Layer(solid().body)], fit=True)
    until(lambda: is_settled(made))
    return made


def is_settled(view: PartView) -> bool:
    """The frame that is seen is the last wish, in full size."""
    seen = view._seen
    return seen is not None and seen is view._asked and not seen.is_quick


def middle(view: PartView) -> QPointF:
    return QPointF(view.width() / 2, view.height() / 2)


def test_what_is_in_the_middle_is_the_part(view: PartView) -> None:
    found = view.pick(middle(view))
    assert found is not None
    assert (found.layer, view.pick(QPointF(2, 2))) == (0, None)
    assert np.linalg.norm(found.normal) == pytest.approx(1)
    low, high = solid().bounds
    assert (np.array(found.point) > low - 1e-6).all()
    assert (np.array(found.point) < high + 1e-6).all()
    back = view.seen_at(found.point)
    assert back is not None
    assert (back - middle(view)).manhattanLength() < 1


def test_outside_of_the_view_nothing_is_pointed_at(view: PartView) -> None:
    assert view.pick(QPointF(-5, 20)) is None
    assert view.pick(QPointF(20, 5000)) is None


def test_a_drag_turns_and_a_still_press_clicks(view: PartView, qtbot) -> None:
    before = view.camera
    clicks: list[QPointF] = []
    view.clicked.connect(clicks.append)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 90))
    QTest.mouseMove(view, QPoint(120, 90))
    QTest.mouseMove(view, QPoint(140, 100))
    assert view.is_dragged
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(140, 100))
    assert clicks == []
    assert view.camera.azimuth != before.azimuth
    assert view.camera.elevation > before.elevation  # the hand pulls the near side down
    assert view.camera.distance == before.distance
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 90))
    assert len(clicks) == 1


def test_the_middle_button_and_shift_pan(view: PartView) -> None:
    for button, held in (
        (Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier),
    ):
        before = view.camera
        QTest.mousePress(view, button, held, QPoint(100, 90))
        QTest.mouseMove(view, QPoint(130, 90))
        QTest.mouseRelease(view, button, held, QPoint(130, 90))
        assert view.camera.azimuth == before.azimuth
        assert view.camera.target != before.target


def test_the_wheel_zooms_at_the_pointer(view: PartView) -> None:
    at, before = QPointF(150, 60), view.camera
    origin, direction = before.ray(at.x(), at.y(), view.width(), view.height())
    point = origin + before.distance * direction  # at the target's depth
    event = QWheelEvent(
        at,
        view.mapToGlobal(at),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)
    assert view.camera.distance < before.distance
    x, y, _ = view.camera.project(point[None], view.width(), view.height())[0]
    assert (x, y) == pytest.approx((at.x(), at.y()), abs=0.5)


@pytest.mark.parametrize(
    ("key", "azimuth", "elevation"),
    [(Qt.Key.Key_F, 0, 0), (Qt.Key.Key_R, 90, 0), (Qt.Key.Key_T, 0, 90), (Qt.Key.Key_I, 35, 28)],
)
def test_keys_of_the_standard_views(view: PartView, key: Qt.Key, azimuth: float, elevation: float) -> None:
    moved: list[object] = []
    view.camera_moved.connect(moved.append)
    QTest.keyClick(view, key)
    assert (view.camera.azimuth, view.camera.elevation) == (azimuth, elevation)
    assert moved[-1] == view.camera


def test_shift_looks_from_behind(view: PartView) -> None:
    QTest.keyClick(view, Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    assert view.camera.azimuth == 180


def test_arrows_turn_and_plus_zooms_and_home_fits(view: PartView) -> None:
    fitted = view.camera
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.camera.azimuth == (fitted.azimuth - 15) % 360
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.camera.distance < fitted.distance
    QTest.keyClick(view, Qt.Key.Key_Minus)
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.camera.target != fitted.target
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.camera.distance == pytest.approx(fitted.distance)
    assert view.camera.target == pytest.approx(fitted.target)


def test_keys_of_others_go_on_to_them(view: PartView, qtbot) -> None:
    from PySide6.QtGui import QKeyEvent

    for key in (Qt.Key.Key_4, Qt.Key.Key_X, Qt.Key.Key_Tab):
        event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        view.keyPressEvent(event)
        assert not event.isAccepted()


def test_while_it_moves_frames_are_half_as_large(view: PartView, until) -> None:
    assert view._image.width() == view.width()
    view.turn(20, 0)
    until(lambda: view._seen.is_quick)
    assert view._image.width() == view.width() // 2
    until(lambda: is_settled(view))
    assert view._image.width() == view.width()


def test_the_eye_never_goes_through_the_target(view: PartView) -> None:
    for _ in range(200):
        view.zoom(1.5)
    assert view.camera.distance > 0
    for _ in range(400):
        view.zoom(1 / 1.5)
    assert np.isfinite(view.camera.distance)


def test_it_is_fitted_to_its_size_until_it_is_moved(view: PartView, until) -> None:
    before = view.camera.distance
    view.resize(120, 180)
    until(lambda: is_settled(view))
    assert view.camera.distance > before
    view.zoom(2)
    near = view.camera
    view.resize(240, 180)
    until(lambda: is_settled(view))
    assert view.camera == near


def test_another_theme_draws_it_anew(view: PartView, until, qapp) -> None:
    before = view.grab().toImage().pixelColor(3, view.height() // 2)
    theme.apply(theme.DARK, qapp)
    until(lambda: is_settled(view))
    assert view.grab().toImage().pixelColor(3, view.height() // 2).lightnessF() < before.lightnessF()


def test_nothing_is_drawn_while_it_is_hidden(frames: Frames, dressed, qtbot, qapp, until) -> None:
    view = PartView(frames)
    qtbot.addWidget(view)
    view.show_layers([Layer(solid().body)], fit=True)
    assert view._asked is None
    view.show()
    until(lambda: not view.image.isNull())


def test_a_large_view_is_drawn_with_fewer_pixels(frames: Frames, qtbot) -> None:
    view = PartView(frames)
    qtbot.addWidget(view)
    view.resize(8000, 4000)
    width, height = view._pixels(half=False)
    assert width * height <= MOST_PIXELS * 1.001
    assert width / height == pytest.approx(2, rel=0.01)


def test_cleared_it_shows_nothing(view: PartView) -> None:
    view.clear()
    assert view.image.isNull()
    assert view.pick(middle(view)) is None
    view.fit()  # of nothing: it stays where it is


def test_marks_are_drawn_where_points_are_seen(view: PartView) -> None:
    seen: list[QPointF | None] = []

    class Sign:
        def paint(self, painter, seen_at) -> None:
            seen.append(seen_at((0.0, 0.0, 0.0)))
            seen.append(seen_at(view.camera.eye + 10 * view.camera.axes[2]))

    view.set_marks([Sign()])
    view.grab()
    assert seen[0] is not None
    assert seen[1] is None  # behind the eye


def test_pointing_tells_what_is_there(view: PartView) -> None:
    told: list[object] = []
    view.hovered.connect(told.append)
    QTest.mouseMove(view, middle(view).toPoint())
    QTest.mouseMove(view, QPoint(2, 2))
    assert [one is not None for one in told[-2:]] == [True, False]


def test_plates_are_seen_from_the_front(qapp) -> None:
    camera = first_look(2)
    assert camera.axes[0] == pytest.approx((1, 0, 0))
    assert camera.axes[1] == pytest.approx((0, 1, 0))


def test_the_tools_look_from_everywhere_and_have_names(view: PartView) -> None:
    tools = ViewTools(view)
    tools.show()
    assert nameless(view) == []
    assert without_role(view) == []
    entries = [one for one in tools.menu.actions() if not one.isSeparator()]
    assert len(entries) == len(Look) + 1
    entries[1].trigger()
    assert (view.camera.azimuth, view.camera.elevation) == (0, 0)
    tools.parallel.trigger()
    assert view.camera.parallel
    tools.fit.click()
    tools.setParent(None)


@pytest.mark.parametrize("size", [(61, 99), (101, 71), (1, 1)])
def test_every_size_can_be_drawn_while_it_moves(size: tuple[int, int]) -> None:
    from studio_product.core.view.render import render

    camera = first_look(3).fit(solid().bounds, *size).zoomed(2)  # beyond all edges
    frame = render([Layer(solid().body)], camera, *size, smooth=False)
    assert frame.color.shape == (size[1], size[0], 4)
