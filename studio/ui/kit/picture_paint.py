"""Drawing that the picture views share, on painters in device pixels unless it says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPalette, QPen, QPixmap

from studio.ui.kit.rect import Rect, Window
from studio.ui.kit.theme import on_photo

if TYPE_CHECKING:
    from studio.ui.kit.photo import Photo
    from studio.ui.kit.pyramid import Pixels

GRID_FROM = 16.0
"""From this zoom on, lines part the pixels."""
_CHECK = 8
"""Side of a checkerboard's square, device-independent pixels."""


def blit(painter: QPainter, image: QImage, source: Rect, x: int, y: int, ratio: float) -> None:
    """Copy a part of an image to (x, y) of a painter that is scaled by `ratio`; all in device pixels.

    With a fractional ratio a widget may begin amid a device pixel. The nudge makes all copies round alike.
    """
    nudge = 0.0 if ratio.is_integer() else 1 / 64
    target = QRectF((x + nudge) / ratio, (y + nudge) / ratio, source.width / ratio, source.height / ratio)
    painter.drawImage(target, image, QRectF(*source))


def as_image(pixels: Pixels, kind: QImage.Format) -> QImage:
    """A QImage on the memory of a contiguous (H, W, 4) or (H, W) array, which must outlive it."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], kind)


def fitted(window: Window, size: tuple[int, int], frame: tuple[int, int]) -> Window:
    """How a picture of another size is seen where the window shows one of size `frame`: whole, centered."""
    if size == frame:
        return window
    scale = min(frame[0] / size[0], frame[1] / size[1])
    left = window.left + round((frame[0] - size[0] * scale) * window.zoom / 2)
    top = window.top + round((frame[1] - size[1] * scale) * window.zoom / 2)
    return Window(window.zoom * scale, left, top)


def draw_photo(
    painter: QPainter, photo: Photo, window: Window, device: Rect, palette: QPalette, gain: float = 1.0
) -> None:
    """Draw what lies in `device` of the photo; `gain` makes each channel so many times as bright."""
    import numpy as np

    coarse = photo.size[0] / photo.pyramid.bounds.width
    inner = Window(window.zoom * coarse, window.left, window.top)
    device = device.intersected(inner.device_rect(photo.pyramid.bounds))
    if device.is_empty:
        return
    pixels = np.ascontiguousarray(photo.pyramid.sample(inner, device))
    if gain != 1.0:
        import cv2

        pixels = cv2.convertScaleAbs(pixels, alpha=gain)
    if photo.has_alpha:
        painter.setBrushOrigin(window.left, window.top)
        painter.fillRect(QRect(*device), checkerboard(palette))
        kind = QImage.Format.Format_ARGB32_Premultiplied
    else:
        kind = QImage.Format.Format_RGB32
    painter.drawImage(device.x, device.y, as_image(pixels, kind))
    if window.zoom >= GRID_FROM and not photo.is_quick:
        _draw_grid(painter, window, device)


def checkerboard(palette: QPalette) -> QBrush:
    """What shows through transparent pixels: two grays that are near the view's background."""
    dark = palette.color(QPalette.ColorRole.Window).lightness() < 128
    pixmap = QPixmap(2 * _CHECK, 2 * _CHECK)
    one, other = on_photo.CHECKS_DARK if dark else on_photo.CHECKS_LIGHT
    pixmap.fill(one)
    with QPainter(pixmap) as painter:
        painter.fillRect(0, 0, _CHECK, _CHECK, other)
        painter.fillRect(_CHECK, _CHECK, _CHECK, _CHECK, other)
    return QBrush(pixmap)


def _draw_grid(painter: QPainter, window: Window, device: Rect) -> None:
    painter.setPen(QPen(on_photo.GRID, 1))
    part = window.picture_rect(device)
    for column in range(part.x, part.right + 1):
        x = round(column * window.zoom) + window.left
        painter.drawLine(x, device.y, x, device.bottom - 1)
    for row in range(part.y, part.bottom + 1):
        y = round(row * window.zoom) + window.top
        painter.drawLine(device.x, y, device.right - 1, y)


def tag_rect(painter: QPainter, anchor: QPointF, text: str, align: Qt.AlignmentFlag) -> QRectF:
    """The pill around `text` with its top left, top right or bottom middle at `anchor`."""
    metrics = painter.fontMetrics()
    wide, tall = metrics.horizontalAdvance(text) + 20, metrics.height() + 8
    if align & Qt.AlignmentFlag.AlignRight:
        return QRectF(anchor.x() - wide, anchor.y(), wide, tall)
    if align & Qt.AlignmentFlag.AlignBottom:
        return QRectF(anchor.x() - wide / 2, anchor.y() - tall, wide, tall)
    return QRectF(anchor.x(), anchor.y(), wide, tall)


def draw_tag(painter: QPainter, anchor: QPointF, text: str, align: Qt.AlignmentFlag) -> QRectF:
    """A small dark pill with light text, readable on any picture. Device-independent pixels."""
    box = tag_rect(painter, anchor, text, align)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(on_photo.TAG)
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setPen(on_photo.LINE)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return box
