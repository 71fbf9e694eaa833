"""Photos and masks on the canvas: coming, staying, going."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDropEvent,
)
from PySide6.QtTest import QTest
from studio_image.room.canvas import MaskCanvas
from studio_image.room.tool import Tool

from studio.errors import BadInput, StudioError
from tests.studio_image.room.canvas_driving import LEFT, at, drag, grabbed, show, wheel, write_photo


def test_a_mask_can_be_kept_for_the_next_photo(canvas: MaskCanvas, qtbot, tmp_path: Path) -> None:
    drag(canvas, (100, 75))
    painted = canvas.mask_model.pixels.copy()
    show(canvas, qtbot, write_photo(tmp_path / "next.png"), keep_mask=True)
    assert np.array_equal(canvas.mask_model.pixels, painted)
    show(canvas, qtbot, write_photo(tmp_path / "third.png"))
    assert canvas.mask_model.is_empty
    canvas.use_last_mask()
    assert np.array_equal(canvas.mask_model.pixels, painted)


def test_the_last_mask_is_scaled_with_a_word(canvas: MaskCanvas, qtbot, tmp_path: Path) -> None:
    canvas.tool = Tool.RECTANGLE
    drag(canvas, (0, 0), (100, 150))
    show(canvas, qtbot, write_photo(tmp_path / "large.png", (400, 300)), keep_mask=True)
    assert canvas.mask_model.is_empty and canvas.has_last_mask
    with qtbot.waitSignal(canvas.notice) as told:
        canvas.use_last_mask()
    assert "200 × 150" in told.args[0]
    assert canvas.mask_model.coverage == pytest.approx(0.5, abs=0.02)
    canvas.undo()
    assert canvas.mask_model.is_empty


def test_masks_from_and_to_files(canvas: MaskCanvas, qtbot, tmp_path: Path) -> None:
    drag(canvas, (100, 75))
    path = canvas.save_mask(tmp_path / "mask.png")
    painted = canvas.mask_model.pixels.copy()
    canvas.clear_mask()
    with qtbot.waitSignal(canvas.mask_changed):
        canvas.set_mask(path)
    assert np.array_equal(canvas.mask_model.pixels, painted)
    with qtbot.waitSignal(canvas.failed) as failed:
        canvas.set_mask(write_photo(tmp_path / "other.png", (20, 20)))
    assert isinstance(failed.args[0], BadInput)
    with qtbot.waitSignal(canvas.mask_changed):
        canvas.set_image(tmp_path / "photo.png")
        canvas.set_mask(path)
    assert np.array_equal(canvas.mask_model.pixels, painted)


def test_a_broken_photo_is_told_and_the_old_one_stays(canvas: MaskCanvas, qtbot, tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    drag(canvas, (100, 75))
    with qtbot.waitSignal(canvas.failed) as failed:
        canvas.set_image(tmp_path / "broken.jpg")
    assert isinstance(failed.args[0], StudioError)
    assert canvas.photo.path == tmp_path / "photo.png"
    assert not canvas.mask_model.is_empty
    drag(canvas, (30, 30))
    assert canvas.mask_model.history.depth == 2


def test_the_newest_of_several_photos_wins(canvas: MaskCanvas, qtbot, tmp_path: Path) -> None:
    for number in range(4):
        canvas.set_image(write_photo(tmp_path / f"{number}.png", (60 + number, 40)))
    qtbot.waitUntil(lambda: canvas.photo.size == (63, 40))
    qtbot.wait(50)
    assert canvas.mask_model.size == (63, 40)


def test_a_large_jpeg_is_seen_before_it_can_be_painted(empty: MaskCanvas, qtbot, tmp_path: Path) -> None:
    write_photo(tmp_path / "large.jpg", (3200, 2100))
    seen = []
    empty._loader.quick.connect(lambda photo: seen.append((photo.size, empty.mask_model)))
    show(empty, qtbot, tmp_path / "large.jpg")
    assert seen == [((3200, 2100), None)]
    assert empty.mask_model.size == (3200, 2100) and not empty.photo.is_quick


def test_a_dropped_file_is_offered(empty: MaskCanvas, qtbot, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.com/a.png"), QUrl.fromLocalFile(str(tmp_path / "a b.png"))])
    event = QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    with qtbot.waitSignal(empty.image_dropped) as dropped:
        empty.dropEvent(event)
    assert dropped.args == [tmp_path / "a b.png"]


def test_the_pixel_under_the_pointer_is_told(canvas: MaskCanvas, qtbot) -> None:
    with qtbot.waitSignal(canvas.pixel_changed) as told:
        QTest.mouseMove(canvas, at(canvas, 150.5, 20.5))
    x, y, color = told.args[0]
    assert abs(x - 150) <= 1 and abs(y - 20) <= 1
    assert color == QColor(90, 120, 90)


def test_transparent_pixels_show_a_checkerboard(empty: MaskCanvas, qtbot, tmp_path: Path) -> None:
    pixels = np.zeros((60, 80, 4), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "clear.png")
    show(empty, qtbot, tmp_path / "clear.png")
    frame = empty.picture_frame().toRect().adjusted(4, 4, -4, -4)
    seen = grabbed(empty)[frame.top() : frame.bottom(), frame.left() : frame.right(), 0]
    assert len(np.unique(seen)) == 2


def test_nothing_happens_without_a_photo(empty: MaskCanvas) -> None:
    drag(empty, (10, 10), (20, 20))
    for act in (empty.invert, empty.grow, empty.clear_mask, empty.undo, empty.redo, empty.fit, empty.zoom_in):
        act()
    empty.tool = Tool.BRUSH
    wheel(empty, QPointF(5, 5), 120)
    empty.use_last_mask()
    assert empty.mask_model is None and empty.photo is None
    assert not empty.grab().isNull()


def test_cleared(canvas: MaskCanvas, qtbot) -> None:
    drag(canvas, (100, 75))
    with qtbot.waitSignal(canvas.image_changed):
        canvas.clear_image()
    assert canvas.photo is None and canvas.mask_model is None and canvas.has_last_mask


def test_an_empty_window_stays_light() -> None:
    """The views must not bring numpy, OpenCV or Pillow before there is a photo."""
    code = (
        "import sys; from PySide6.QtWidgets import QApplication;"
        "from studio_image.room.tools import CanvasPanel; from studio.ui.items.viewer import CompareViewer;"
        "app = QApplication([]); a = CanvasPanel(); b = CompareViewer(); a.show(); b.show();"
        "app.processEvents();"
        "print(sorted({'numpy', 'cv2', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
