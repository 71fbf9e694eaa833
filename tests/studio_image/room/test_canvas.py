"""The mask canvas, driven by pointer, keys, pen, wheel and files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QPointingDevice,
    QRegion,
    QTabletEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from studio_image.room.canvas import MaskCanvas
from studio_image.room.tool import Tool
from studio_image.room.tools import CanvasPanel

from tests.studio_image.room.canvas_driving import (
    ALT,
    LEFT,
    SHIFT,
    at,
    drag,
    equip,
    grabbed,
    show,
    wheel,
    write_photo,
)


def test_a_stroke_masks_where_it_went_and_is_one_step(canvas: MaskCanvas, qtbot) -> None:
    with qtbot.waitSignal(canvas.mask_changed):
        drag(canvas, (60, 75), (100, 75), (140, 75))
    pixels = canvas.mask_model.pixels
    assert (pixels[75, 62:138] == 255).all()
    assert (pixels[:60] == 0).all() and (pixels[:, :48] == 0).all()
    assert canvas.mask_model.history.depth == 1
    canvas.undo()
    assert canvas.mask_model.is_empty


def test_the_mask_is_seen_on_the_photo(canvas: MaskCanvas) -> None:
    before = grabbed(canvas)
    drag(canvas, (100, 75), (110, 75))
    QTest.mouseMove(canvas, QPoint(5, 5))
    after = grabbed(canvas)
    spot = at(canvas, 105, 75)
    blue, _, red, _ = after[spot.y(), spot.x()].astype(int) - before[spot.y(), spot.x()]
    assert red > 40 and blue < 20
    far = at(canvas, 180, 20)
    assert np.array_equal(after[far.y(), far.x()], before[far.y(), far.x()])


class Exposed(QObject):
    """Collects what a widget is asked to repaint."""

    def __init__(self, watched: QObject) -> None:
        super().__init__()
        self.region = QRegion()
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.region = self.region.united(event.region())
        return False


@pytest.mark.parametrize("zoom", [0.37, 1.0, 2.6, 9.0])
@pytest.mark.parametrize("erase", [False, True])
def test_only_what_changed_is_repainted_and_all_of_it(canvas: MaskCanvas, zoom: float, erase: bool) -> None:
    canvas.zoom_to(zoom)
    canvas.brush_size = max(round(30 / zoom), 2)
    canvas.hardness = 0.3
    if erase:
        canvas.invert()
        canvas.tool = Tool.ERASER
    middle = QPoint(320, 240)
    QTest.mouseMove(canvas, middle)
    before = grabbed(canvas)
    QApplication.processEvents()
    exposed = Exposed(canvas)
    QTest.mousePress(canvas, LEFT, pos=middle)
    for step in range(1, 5):
        QTest.mouseMove(canvas, middle + QPoint(9 * step, 4 * step))
    QTest.mouseRelease(canvas, LEFT, pos=middle + QPoint(36, 16))
    QApplication.processEvents()
    region = exposed.region
    after = grabbed(canvas)
    rows, columns = np.nonzero((before != after).any(axis=2))
    assert len(rows) > 50
    outside = [
        (x, y) for x, y in zip(columns, rows, strict=True) if not region.contains(QPoint(int(x), int(y)))
    ]
    assert not outside
    box = region.boundingRect()
    assert box.width() * box.height() < 0.25 * canvas.width() * canvas.height()


def test_alt_and_the_eraser_take_away(canvas: MaskCanvas) -> None:
    canvas.invert()
    drag(canvas, (60, 60), (80, 60), keys=ALT)
    assert canvas.mask_model.pixels[60, 70] == 0
    canvas.tool = Tool.ERASER
    drag(canvas, (60, 110), (80, 110))
    assert canvas.mask_model.pixels[110, 70] == 0
    drag(canvas, (60, 110), (80, 110), keys=ALT)
    assert canvas.mask_model.pixels[110, 70] == 255


def test_shift_click_draws_a_straight_line(canvas: MaskCanvas) -> None:
    drag(canvas, (40, 40))
    drag(canvas, (160, 110), keys=SHIFT)
    assert canvas.mask_model.pixels[75, 100] == 255
    assert canvas.mask_model.pixels[40, 160] == 0


def test_lasso_rectangle_and_flood(canvas: MaskCanvas) -> None:
    model = canvas.mask_model
    canvas.tool = Tool.LASSO
    drag(canvas, (60, 20), (120, 20), (120, 80), (60, 80))
    assert model.pixels[50, 90] == 255 and model.pixels[100, 90] == 0
    canvas.tool = Tool.RECTANGLE
    drag(canvas, (130, 100), (180, 140))
    assert model.pixels[120, 150] == 255 and model.pixels[95, 150] == 0
    drag(canvas, (140, 110), (150, 120), keys=ALT)
    assert model.pixels[115, 145] == 0
    canvas.tool = Tool.FLOOD
    drag(canvas, (10, 10))
    assert (model.pixels[:, :50] == 255).all() and model.pixels[5, 55] == 0
    assert model.history.depth == 4


def test_escape_drops_an_outline(canvas: MaskCanvas) -> None:
    canvas.tool = Tool.LASSO
    QTest.mousePress(canvas, LEFT, pos=at(canvas, 20, 20))
    for corner in ((90, 20), (90, 90)):
        QTest.mouseMove(canvas, at(canvas, *corner))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT, pos=at(canvas, 90, 90))
    assert canvas.mask_model.is_empty


def pen(
    canvas: MaskCanvas, kind: QEvent.Type, x: float, y: float, pressure: float, *, eraser: bool = False
) -> None:
    tip = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
    device = QPointingDevice(
        "pen", 7, QInputDevice.DeviceType.Stylus, tip, QInputDevice.Capability.Pressure, 1, 1
    )
    position = canvas.to_view(QPointF(x, y))
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT
    changed = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletMove else LEFT
    event = QTabletEvent(
        kind,
        device,
        position,
        position,
        pressure,
        0,
        0,
        0,
        0,
        0,
        Qt.KeyboardModifier.NoModifier,
        changed,
        held,
    )
    QApplication.sendEvent(canvas, event)


def test_a_pens_pressure_sets_the_width(canvas: MaskCanvas) -> None:
    canvas.brush_size = 40
    for y, pressure in ((40, 0.2), (110, 1.0)):
        pen(canvas, QEvent.Type.TabletPress, 60, y, pressure)
        pen(canvas, QEvent.Type.TabletMove, 140, y, pressure)
        pen(canvas, QEvent.Type.TabletRelease, 140, y, 0)
    column = canvas.mask_model.pixels[:, 100] > 127
    assert 4 <= column[:75].sum() <= 16
    assert 30 <= column[75:].sum() <= 40
    pen(canvas, QEvent.Type.TabletPress, 100, 110, 1.0, eraser=True)
    pen(canvas, QEvent.Type.TabletRelease, 100, 110, 0, eraser=True)
    assert canvas.mask_model.pixels[110, 100] == 0


def test_keys(qtbot, tmp_path: Path) -> None:
    panel = CanvasPanel()
    qtbot.addWidget(panel)
    equip(panel)
    panel.resize(640, 480)
    panel.show()
    canvas = panel.canvas
    show(canvas, qtbot, write_photo(tmp_path / "photo.png"))
    canvas.brush_size = 20
    with qtbot.waitActive(panel):
        panel.activateWindow()
    canvas.setFocus()
    for key, tool in (
        ("e", Tool.ERASER),
        ("l", Tool.LASSO),
        ("r", Tool.RECTANGLE),
        ("g", Tool.FLOOD),
        ("b", Tool.BRUSH),
    ):
        QTest.keyClick(canvas, key)
        assert canvas.tool is tool
    QTest.keyClick(canvas, "x")
    assert canvas.tool is Tool.ERASER
    QTest.keyClick(canvas, "x")
    assert canvas.tool is Tool.BRUSH
    QTest.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert canvas.brush_size == 22
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert canvas.brush_size == 20
    hardness = canvas.hardness
    QTest.keyClick(canvas, Qt.Key.Key_BraceLeft, SHIFT)
    assert canvas.hardness == pytest.approx(hardness - 0.1)
    QTest.keyClick(canvas, Qt.Key.Key_BraceRight, SHIFT)
    assert canvas.hardness == pytest.approx(hardness)
    QTest.keyClick(canvas, "i")
    assert canvas.mask_model.is_full
    QTest.keyClick(canvas, "1")
    assert canvas.zoom == 1.0 and not canvas.is_fitted
    QTest.keyClick(canvas, "0")
    assert canvas.is_fitted


def test_the_wheel_zooms_at_the_cursor_within_limits(canvas: MaskCanvas, qtbot) -> None:
    position = QPointF(at(canvas, 120, 90))
    before = canvas.to_picture(position)
    with qtbot.waitSignal(canvas.zoom_changed):
        wheel(canvas, position, 240)
    after = canvas.to_picture(position)
    assert abs(after.x() - before.x()) < 0.5 and abs(after.y() - before.y()) < 0.5
    for _ in range(60):
        wheel(canvas, position, 960)
    assert canvas.zoom == 32.0
    for _ in range(60):
        wheel(canvas, position, -960)
    assert canvas.zoom == 0.01


def test_zoom_steps_pan_and_fit(canvas: MaskCanvas) -> None:
    canvas.zoom_to(1.0)
    canvas.zoom_in()
    assert canvas.zoom == 1.5
    canvas.zoom_out()
    canvas.zoom_out()
    assert canvas.zoom == pytest.approx(2 / 3)
    canvas.zoom_to(8.0)
    spot = canvas.to_picture(QPointF(320, 240))
    QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(320, 240))
    QTest.mouseMove(canvas, QPoint(350, 220))
    QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(350, 220))
    moved = canvas.to_picture(QPointF(350, 220))
    assert abs(moved.x() - spot.x()) < 0.2 and abs(moved.y() - spot.y()) < 0.2
    canvas.pan_by(QPointF(1e6, -1e6))
    assert canvas.picture_frame().intersects(canvas.rect())
    canvas.fit()
    canvas.resize(500, 300)
    frame = canvas.picture_frame()
    assert canvas.is_fitted and canvas.rect().contains(frame.toRect())


def test_space_pans_and_does_not_paint(canvas: MaskCanvas) -> None:
    canvas.zoom_to(4.0)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    before = canvas.picture_frame().topLeft()
    QTest.mousePress(canvas, LEFT, pos=QPoint(300, 200))
    QTest.mouseMove(canvas, QPoint(310, 205))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(310, 205))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.picture_frame().topLeft() - before == QPointF(10, 5)
    assert canvas.mask_model.is_empty


def test_a_long_edit_goes_on_beside_the_window_and_holds_others_back(
    canvas: MaskCanvas, qtbot, tmp_path: Path
) -> None:
    """250 pixels on a large photo take seconds."""
    file = tmp_path / "large.png"
    Image.new("L", (2600, 1800), 90).save(file)
    show(canvas, qtbot, file)
    model = canvas.mask_model
    canvas._edit(model.rectangle((400, 400), (2200, 1400)))
    before = model.coverage
    canvas.amount = 60
    canvas.grow()
    assert canvas.is_editing
    canvas.undo()
    canvas.clear_mask()
    QTest.mouseClick(canvas, LEFT, pos=canvas.rect().center())
    assert model.coverage == before
    qtbot.waitUntil(lambda: not canvas.is_editing)
    assert model.pixels[345, 1000] == 255
    canvas.undo()
    assert model.coverage == before
    canvas.tool = Tool.FLOOD
    QTest.mouseClick(canvas, LEFT, pos=canvas.rect().center())
    assert canvas.is_editing
    qtbot.waitUntil(lambda: not canvas.is_editing)
    assert model.is_full


def test_a_long_edit_of_a_photo_that_is_gone_is_dropped(canvas: MaskCanvas, qtbot, tmp_path: Path) -> None:
    large, other = tmp_path / "large.png", tmp_path / "other.png"
    Image.new("L", (2600, 1800), 90).save(large)
    Image.new("L", (2600, 1800), 30).save(other)
    show(canvas, qtbot, large)
    first = canvas.mask_model
    canvas._edit(first.rectangle((400, 400), (2200, 1400)))
    canvas.amount = 100
    canvas.grow()
    canvas.set_image(other)
    qtbot.waitUntil(lambda: canvas.mask_model not in (None, first))
    qtbot.waitUntil(lambda: canvas._edited is None)
    assert canvas.mask_model.is_empty
    assert not canvas.is_editing
