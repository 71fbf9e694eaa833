"""The compare viewer: what is seen on which side, the divider, zoom, and dragging out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest

from studio.errors import BadInput
from studio.ui.compare.images import ImageCompare
from studio.ui.items.compare_model import Mode
from studio.ui.items.viewer import CompareViewer
from tests.ui.comparing import comparison_of

LEFT = Qt.MouseButton.LeftButton
RED, BLUE = (220, 30, 30), (30, 30, 220)


def write(path: Path, color: tuple[int, int, int], size: tuple[int, int] = (400, 300)) -> Path:
    Image.new("RGB", size, color).save(path)
    return path


@pytest.fixture
def images(qtbot) -> ImageCompare:
    made = ImageCompare()
    qtbot.addWidget(made)
    made.resize(640, 480)
    made.show()
    return made


@pytest.fixture
def viewer(images: ImageCompare) -> CompareViewer:
    return images.viewer


@pytest.fixture
def pair(images: ImageCompare, qtbot, tmp_path: Path) -> CompareViewer:
    files = write(tmp_path / "before.png", RED), write(tmp_path / "after.png", BLUE)
    images.show_comparison(comparison_of(*files))
    qtbot.waitUntil(lambda: images.viewer.is_comparing)
    return images.viewer


def color_at(viewer: CompareViewer, x: float, y: float) -> tuple[int, int, int]:
    """The color seen at a part (0..1) of the view's width and height."""
    image = viewer.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    seen = image.pixelColor(int(x * (image.width() - 1)), int(y * (image.height() - 1)))
    return seen.red(), seen.green(), seen.blue()


def test_before_is_left_and_after_is_right(pair: CompareViewer) -> None:
    assert color_at(pair, 0.3, 0.3) == RED
    assert color_at(pair, 0.7, 0.3) == BLUE


def test_the_divider_follows_the_pointer_and_the_keys(pair: CompareViewer) -> None:
    frame = pair.picture_frame()
    middle = frame.center().toPoint()
    QTest.mousePress(pair, LEFT, pos=middle + QPoint(9, 40))
    QTest.mouseMove(pair, QPoint(int(frame.left() + 0.8 * frame.width()), 30))
    QTest.mouseRelease(pair, LEFT, pos=QPoint(int(frame.left() + 0.8 * frame.width()), 30))
    assert pair.split == pytest.approx(0.8, abs=0.01)
    assert color_at(pair, 0.7, 0.3) == RED
    pair.setFocus()
    QTest.keyClick(pair, Qt.Key.Key_Left)
    assert pair.split == pytest.approx(0.78, abs=0.01)
    QTest.keyClick(pair, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert pair.split == pytest.approx(0.88, abs=0.01)
    QTest.keyClick(pair, Qt.Key.Key_End)
    assert pair.split == 1.0 and color_at(pair, 0.9, 0.3) == RED
    QTest.keyClick(pair, Qt.Key.Key_Home)
    assert pair.split == 0.0 and color_at(pair, 0.1, 0.3) == BLUE
    QTest.keyClick(pair, Qt.Key.Key_Left)
    assert pair.split == 0.0


def test_a_double_click_on_the_divider_centers_it(pair: CompareViewer) -> None:
    pair.split = 0.25
    frame = pair.picture_frame()
    QTest.mouseDClick(pair, LEFT, pos=QPoint(int(frame.left() + 0.25 * frame.width()), 200))
    assert pair.split == 0.5


def test_zoom_keeps_the_divider_in_reach_and_both_sides_in_place(
    images: ImageCompare, viewer: CompareViewer, qtbot, tmp_path: Path
) -> None:
    """The same picture on both sides: with any zoom and pan, the two sides must fit together."""
    rows, columns = np.mgrid[0:300, 0:400]
    pixels = np.stack([columns // 2, rows // 2, (columns + rows) // 3], axis=2).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    Image.fromarray(pixels).save(tmp_path / "b.png")
    images.show_comparison(comparison_of(tmp_path / "a.png", tmp_path / "b.png"))
    qtbot.waitUntil(lambda: viewer.is_comparing)
    for zoom in (0.7, 3.0, 9.0):
        viewer.zoom_to(zoom)
        viewer.pan_by(QPointF(37, -21))
        views = []
        for split in (0.0, 1.0):
            viewer.split = split
            views.append(viewer._drawn_backdrop().copy())
        assert views[0] == views[1]
        assert viewer.rect().contains(QPoint(int(viewer._divider()) - 1, 100))


def test_a_result_of_another_size_is_fitted_to_the_reference(
    images: ImageCompare, viewer: CompareViewer, qtbot, tmp_path: Path
) -> None:
    files = write(tmp_path / "a.png", RED, (200, 150)), write(tmp_path / "b.png", BLUE, (800, 600))
    images.show_comparison(comparison_of(*files))
    qtbot.waitUntil(lambda: viewer.is_comparing)
    assert viewer.content_size == (200, 150)
    low = (viewer.picture_frame().bottom() - 6) / viewer.height()
    assert color_at(viewer, 0.4, low) == RED
    assert color_at(viewer, 0.6, low) == BLUE


def test_a_result_alone(images: ImageCompare, viewer: CompareViewer, qtbot, tmp_path: Path) -> None:
    images.show_comparison(comparison_of(write(tmp_path / "after.png", BLUE)))
    qtbot.waitUntil(lambda: viewer.photo is not None)
    assert not viewer.is_comparing
    assert color_at(viewer, 0.3, 0.5) == color_at(viewer, 0.7, 0.5) == BLUE
    QTest.keyClick(viewer, Qt.Key.Key_Left)
    assert viewer.split == 0.5


def test_the_result_is_dragged_out_as_its_file(pair: CompareViewer, tmp_path: Path, monkeypatch) -> None:
    assert [url.toLocalFile() for url in pair.drag_data().urls()] == [str(tmp_path / "after.png")]
    dragged = []
    monkeypatch.setattr(pair, "_drag_out", lambda: dragged.append(True))
    corner = pair._handle().center().toPoint()
    QTest.mousePress(pair, LEFT, pos=corner)
    QTest.mouseMove(pair, corner + QPoint(30, 5))
    QTest.mouseRelease(pair, LEFT, pos=corner + QPoint(30, 5))
    QTest.mousePress(pair, LEFT, Qt.KeyboardModifier.ControlModifier, QPoint(200, 200))
    QTest.mouseMove(pair, QPoint(240, 200))
    QTest.mouseRelease(pair, LEFT, Qt.KeyboardModifier.ControlModifier, QPoint(240, 200))
    assert dragged == [True, True]


def test_dragging_elsewhere_pans(pair: CompareViewer) -> None:
    pair.zoom_to(4.0)
    before = pair.picture_frame().topLeft()
    QTest.mousePress(pair, LEFT, pos=QPoint(150, 150))
    QTest.mouseMove(pair, QPoint(165, 140))
    QTest.mouseRelease(pair, LEFT, pos=QPoint(165, 140))
    assert pair.picture_frame().topLeft() - before == QPointF(15, -10)


def test_a_broken_file_is_told(images: ImageCompare, qtbot, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG broken")
    with qtbot.waitSignal(images.failed) as failed:
        images.show_comparison(comparison_of(tmp_path / "broken.png"))
    assert isinstance(failed.args[0], BadInput)


def test_cleared(images: ImageCompare, pair: CompareViewer) -> None:
    images.clear()
    assert pair.photo is None and not pair.is_comparing
    assert not pair.drag_data().hasUrls()
    assert not pair.grab().isNull()


def test_what_it_shows_is_told_to_those_who_do_not_see_it(pair: CompareViewer, images: ImageCompare) -> None:
    assert pair.accessible_role == QAccessible.Role.Graphic
    assert pair.accessibleName() == "Result"
    assert pair.accessibleDescription() == "Divider at 50 %"
    QTest.keyClick(pair, Qt.Key.Key_Right)
    assert pair.accessibleDescription() == "Divider at 52 %"
    images.set_mode(Mode.FLIP)
    assert pair.accessibleDescription() == pair.labels[1]
    pair.shows_before = True
    assert pair.accessibleDescription() == pair.labels[0]
    images.clear()
    assert pair.accessibleDescription() == ""


@pytest.mark.parametrize("zoom", [0.1, 1.0, 8.0])
@pytest.mark.parametrize("way", [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_panning_never_loses_the_picture(pair: CompareViewer, zoom: float, way: tuple[int, int]) -> None:
    pair.zoom_to(pair.zoom * zoom)
    pair.pan_by(QPointF(1e6 * way[0], 1e6 * way[1]))
    frame, room = pair.picture_frame(), QRectF(pair.rect())
    seen = frame.intersected(room)
    whole = min(frame.width(), room.width()) * min(frame.height(), room.height())
    assert seen.width() * seen.height() >= 0.32 * whole
    QTest.keyClick(pair, Qt.Key.Key_0)
    assert pair.is_fitted and room.contains(pair.picture_frame())
