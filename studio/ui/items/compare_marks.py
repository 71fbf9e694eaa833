"""What is drawn over compared pictures, and how one of them is dragged out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDrag, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from studio.ui.kit.icons import icon
from studio.ui.kit.photo import Photo
from studio.ui.kit.picture_paint import draw_photo, draw_tag, tag_rect
from studio.ui.kit.rect import Rect, Window
from studio.ui.kit.theme import on_photo

INSET = 12.0
"""Between the picture's corner and what is laid over it."""
HANDLE = 32.0
"""Side of the button to drag a picture out by."""
_KNOB = 16.0
"""The knob's radius."""
_THUMBNAIL = 128
_LEAST = 6
"""Letters: fewer of a longer label say nothing."""


def draw_labels(painter: QPainter, seen: QRectF, left: str, right: str, at: float) -> None:
    """Names of what is left and right of the divider; each is shortened to its room, or gives way."""
    corner = seen.topLeft() + QPointF(INSET, INSET)
    _draw_label(painter, corner, left, at - 8 - corner.x(), Qt.AlignmentFlag.AlignLeft)
    corner = seen.topRight() + QPointF(-INSET, INSET)
    _draw_label(painter, corner, right, corner.x() - at - 8, Qt.AlignmentFlag.AlignRight)


def _draw_label(painter: QPainter, corner: QPointF, words: str, room: float, align: Qt.AlignmentFlag) -> None:
    beside = tag_rect(painter, corner, "", align).width()
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(room - beside))
    fits = tag_rect(painter, corner, shown, align).width() <= room
    if shown and fits and (shown == words or len(shown) > _LEAST):
        draw_tag(painter, corner, shown, align)


def draw_divider(painter: QPainter, seen: QRectF, at: float, ring: QColor | None) -> None:
    """The line with its knob; `ring` is drawn around the knob when the keyboard moves it."""
    knob = QPointF(at, seen.center().y())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    top, bottom = QPointF(at, seen.top()), QPointF(at, seen.bottom())
    for color, width in ((on_photo.FAINT_RIM, 4), (on_photo.LINE, 2)):
        painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(top, bottom)
    painter.setPen(QPen(on_photo.FAINT_RIM, 1))
    painter.setBrush(on_photo.LINE)
    painter.drawEllipse(knob, _KNOB, _KNOB)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if ring is not None:
        painter.setPen(QPen(ring, 2))
        painter.drawEllipse(knob, _KNOB - 2, _KNOB - 2)
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(on_photo.HANDLE, 1.75, Qt.PenStyle.SolidLine, cap, join))
    for side in (-1, 1):
        tip = knob + QPointF(side * 8, 0)
        painter.drawPolyline([tip + QPointF(-side * 4, -4), tip, tip + QPointF(-side * 4, 4)])


def draw_handle(painter: QPainter, handle: QRectF, ratio: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(on_photo.TAG)
    painter.drawRoundedRect(handle, 8, 8)
    drawing = icon("drag-out", on_photo.LINE).pixmap(QSize(20, 20), ratio)
    painter.drawPixmap(handle.topLeft() + QPointF(6, 6), drawing)


def file_data(file: Path | None) -> QMimeData:
    """What a drag carries."""
    data = QMimeData()
    if file is not None:
        data.setUrls([QUrl.fromLocalFile(str(file))])
    return data


def drag_out(source: QWidget, photo: Photo, data: QMimeData, palette: QPalette) -> None:
    """Drags a file out of the window, with a small picture of it at the pointer."""
    drag = QDrag(source)
    drag.setMimeData(data)
    width, height = photo.size
    scale = _THUMBNAIL / max(width, height)
    thumbnail = QPixmap(max(round(width * scale), 1), max(round(height * scale), 1))
    with QPainter(thumbnail) as painter:
        whole = Rect(0, 0, thumbnail.width(), thumbnail.height())
        draw_photo(painter, photo, Window(scale, 0, 0), whole, palette)
    drag.setPixmap(thumbnail)
    drag.exec(Qt.DropAction.CopyAction)
