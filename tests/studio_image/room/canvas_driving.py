"""Shows photos on a mask canvas and drives it by pointer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QImage, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from studio_image.room.canvas import MaskCanvas
from studio_image.room.tools import CanvasPanel

from studio.ui.kit.icons import icon

SIZE = (200, 150)
LEFT = Qt.MouseButton.LeftButton
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def write_photo(path: Path, size: tuple[int, int] = SIZE, color: tuple[int, ...] = (90, 120, 90)) -> Path:
    pixels = np.zeros((size[1], size[0], len(color)), np.uint8)
    pixels[:] = color
    pixels[:, : size[0] // 4, :3] = 240
    Image.fromarray(pixels).save(path)
    return path


def show(canvas: MaskCanvas, qtbot, path: Path, *, keep_mask: bool = False) -> None:
    with qtbot.waitSignal(canvas.image_changed):
        canvas.set_image(path, keep_mask=keep_mask)


def at(canvas: MaskCanvas, x: float, y: float) -> QPoint:
    return canvas.to_view(QPointF(x, y)).toPoint()


def drag(canvas: MaskCanvas, *points: tuple[float, float], keys=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mousePress(canvas, LEFT, keys, at(canvas, *points[0]))
    for point in points[1:]:
        QTest.mouseMove(canvas, at(canvas, *point))
    QTest.mouseRelease(canvas, LEFT, keys, at(canvas, *points[-1]))


def grabbed(canvas: MaskCanvas) -> np.ndarray:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.array(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def wheel(canvas: MaskCanvas, position: QPointF, turn: int, keys=Qt.KeyboardModifier.NoModifier) -> None:
    event = QWheelEvent(
        position,
        canvas.mapToGlobal(position),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def equip(panel: CanvasPanel) -> dict[str, QAction]:
    """Gives a panel the actions that a window makes of its commands; returns them by id."""
    made = {}
    for command in panel.commands():
        action = QAction(command.title, panel)
        if command.icon:
            action.setIcon(icon(command.icon, QColor("black")))
        action.setCheckable(command.checkable)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys.split("; ") if keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False, act=command.act: act())
        panel.addAction(action)
        made[command.id] = action
    panel.attach_actions(made)
    return made
