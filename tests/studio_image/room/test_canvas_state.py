"""What is on the canvas goes over to another one whole: the window is built anew for another language."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from studio_image.room.canvas import MaskCanvas
from studio_image.room.tool import Tool

from studio.ui.kit.rect import Rect, Window
from studio.ui.kit.scrolled_image import ScrolledImage
from tests.studio_image.room.canvas_driving import drag, grabbed, show, write_photo


@pytest.fixture
def other(qtbot) -> MaskCanvas:
    made = MaskCanvas()
    qtbot.addWidget(made)
    made.resize(700, 420)
    made.show()
    return made


def test_photo_mask_undo_tool_and_zoom_go_over(canvas: MaskCanvas, other: MaskCanvas) -> None:
    drag(canvas, (60, 75), (140, 75))
    canvas.tool = Tool.ERASER
    drag(canvas, (100, 75))
    canvas.tool = Tool.FLOOD
    canvas.brush_size, canvas.hardness, canvas.tolerance, canvas.amount = 33, 0.4, 50, 21
    canvas.zoom_to(3.0)
    canvas.pan_by(QPointF(-40, 30))
    middle = canvas.to_picture(QPointF(320, 240))
    mask = canvas.mask_model.pixels.copy()
    photo = canvas.photo

    other.restore_state(canvas.take_state())

    assert canvas.photo is None and canvas.mask_model is None and not canvas.has_last_mask
    assert other.photo is photo and np.array_equal(other.mask_model.pixels, mask)
    assert (other.tool, other.brush_size, other.hardness) == (Tool.FLOOD, 33, 0.4)
    assert (other.tolerance, other.amount, other.zoom) == (50, 21, 3.0)
    assert not other.is_fitted
    there = other.to_picture(QPointF(350, 210))
    assert abs(there.x() - middle.x()) < 0.5 and abs(there.y() - middle.y()) < 0.5
    other.undo()
    other.undo()
    assert other.mask_model.is_empty
    other.redo()
    other.redo()
    assert np.array_equal(other.mask_model.pixels, mask)


def test_a_fitted_photo_is_fitted_again(canvas: MaskCanvas, other: MaskCanvas) -> None:
    other.restore_state(canvas.take_state())
    assert other.is_fitted
    assert other.picture_frame().center().x() == pytest.approx(350, abs=1)


def test_a_stroke_that_goes_on_is_ended_not_lost(canvas: MaskCanvas, other: MaskCanvas) -> None:
    canvas._press(QPointF(320, 240), 1.0, straight=False)
    other.restore_state(canvas.take_state())
    assert not other.mask_model.is_empty and other.mask_model.history.depth == 1


def test_an_empty_canvas_goes_over_too(empty: MaskCanvas, other: MaskCanvas) -> None:
    empty.tool = Tool.LASSO
    other.restore_state(empty.take_state())
    assert other.tool is Tool.LASSO and other.photo is None and other.mask_model is None


def test_what_was_being_read_is_read_there(
    empty: MaskCanvas, other: MaskCanvas, qtbot, tmp_path: Path
) -> None:
    file = write_photo(tmp_path / "photo.png")
    mask = tmp_path / "mask.png"
    Image.new("L", (200, 150), 255).save(mask)
    with qtbot.waitSignal(other.image_changed, check_params_cb=lambda *_: other.mask_model is not None):
        empty.set_image(file)
        empty.set_mask(mask)
        other.restore_state(empty.take_state())
    qtbot.waitUntil(lambda: other.mask_model.is_full)
    assert empty.photo is None


def test_a_long_edit_goes_on_there(canvas: MaskCanvas, other: MaskCanvas, qtbot, tmp_path: Path) -> None:
    file = tmp_path / "large.png"
    Image.new("L", (2600, 1800), 90).save(file)
    show(canvas, qtbot, file)
    canvas._edit(canvas.mask_model.rectangle((400, 400), (2200, 1400)))
    canvas.amount = 60
    canvas.grow()
    assert canvas.is_editing
    other.restore_state(canvas.take_state())
    assert other.is_editing and not canvas.is_editing
    qtbot.waitUntil(lambda: not other.is_editing)
    assert other.mask_model.pixels[345, 1000] == 255
    assert other.mask_model.history.depth == 2


@pytest.mark.parametrize("zoom", [0.7, 1.0, 3.3, 20.0])
def test_a_pan_shows_what_drawing_all_of_it_shows(canvas: MaskCanvas, zoom: float) -> None:
    drag(canvas, (60, 75), (140, 90))
    canvas.zoom_to(zoom)
    grabbed(canvas)
    for shift in (QPointF(3, 0), QPointF(0, -7), QPointF(-11, 5), QPointF(900, 0), QPointF(-20, -20)):
        canvas.pan_by(shift)
        seen = grabbed(canvas).astype(int)
        canvas._ground = None
        canvas._veil.spoil()
        canvas._backdrop = None
        fresh = grabbed(canvas).astype(int)
        assert np.abs(seen - fresh).max() <= 6  # OpenCV rounds positions to 1/32 from where a part begins


def test_a_scrolled_image_draws_only_what_comes_in() -> None:
    drawn: list[Rect] = []

    def draw(painter: QPainter, device: Rect) -> None:
        drawn.append(device)

    image = ScrolledImage(QImage.Format.Format_RGB32, 0xFF102030)
    first = image.shown(Window(1.0, 0, 0), 100, 80, draw)
    assert drawn == [Rect(0, 0, 100, 80)] and first.pixel(5, 5) == 0xFF102030
    drawn.clear()
    image.shown(Window(1.0, 0, 0), 100, 80, draw)
    assert drawn == []
    image.shown(Window(1.0, 10, -5), 100, 80, draw)
    assert drawn == [Rect(0, 75, 100, 5), Rect(0, 0, 10, 75)]
    drawn.clear()
    image.spoil(Rect(20, 20, 5, 5))
    image.shown(Window(1.0, 12, -5), 100, 80, draw)
    assert drawn == [Rect(22, 20, 5, 5), Rect(0, 0, 2, 80)]
    drawn.clear()
    for window, size in ((Window(2.0, 12, -5), (100, 80)), (Window(2.0, 12, -5), (90, 80))):
        image.shown(window, *size, draw)
        assert drawn.pop() == Rect(0, 0, *size)
    image.shown(Window(2.0, 500, 0), 90, 80, draw)
    assert drawn.pop() == Rect(0, 0, 90, 80)
