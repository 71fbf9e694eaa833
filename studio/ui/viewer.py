"""The viewer: a result, and beside it what it was made from, parted by a slider."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDrag,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QWidget

from studio.ui.icons import icon
from studio.ui.photo import Photo, PhotoLoader, from_image
from studio.ui.picture_paint import draw_photo, draw_tag, tag_rect
from studio.ui.picture_view import PictureView
from studio.ui.rect import Rect, Window

_REACH = 14.0
"""How near to the divider, in device-independent pixels, a press takes hold of it."""
_STEP, _LEAP = 0.02, 0.1
_KNOB = 16.0
"""The knob's radius."""
_INSET = 12.0
"""Between the picture's corner and what is laid over it."""
_THUMBNAIL = 128


class CompareViewer(PictureView):
    """Shows `after` alone or against `before`.

    The divider stays at its place in the view while zooming and panning, so that it is always in reach; left
    and right move it (with shift in leaps, home and end to the sides). Drag elsewhere to pan. To take the
    result out as a file, drag the button in the picture's lower right corner, or drag anywhere with ctrl.
    """

    empty_icon = "compare"
    empty_title = "Nothing to see yet"
    empty_hint = "Generate something, or choose a picture in the gallery."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Result")
        self._before: Photo | None = None
        self._next_before: Photo | None = None
        self._before_path: Path | None = None
        self._is_awaited = False
        self._is_preview = False
        self._split = 0.5
        self._holds_divider = False
        self._drag_from: QPointF | None = None
        self.file_to_hand: Callable[[Path], Path] = lambda path: path
        """Gives the file that other programs get for the one that is shown."""
        self._before_loader = PhotoLoader(self)
        self._before_loader.quick.connect(self._on_before)
        self._before_loader.loaded.connect(self._on_before)
        self._before_loader.failed.connect(self.failed)

    # What is shown -----------------------------------------------------------------------------------------

    def set_pair(self, before: Path | None, after: Path) -> None:
        """Show a result against its original, or alone. What is shown now stays until the result is read."""
        self._is_awaited = True
        if before != self._before_path:
            self._next_before = None
            self._before_path = before
            self._before_loader.cancel()
            if before is not None:
                self._before_loader.load(before)
        self.load(after)

    def set_preview(self, data: bytes) -> None:
        """Show an encoded picture that is not finished yet, until `set_pair` or `clear`."""
        image = QImage.fromData(data)
        if image.isNull():
            return
        size = None
        if self._before is not None and _same_shape(self._before.size, (image.width(), image.height())):
            size = self._before.size
        self._loader.cancel()
        self._is_awaited = False
        self._is_preview = True
        self.show_photo(from_image(image, size))

    def clear(self) -> None:
        self._loader.cancel()
        self._before_loader.cancel()
        self._before = self._next_before = self._before_path = None
        self._is_awaited = self._is_preview = False
        self.show_photo(None)

    @property
    def is_preview(self) -> bool:
        return self._is_preview

    @property
    def is_comparing(self) -> bool:
        return self.photo is not None and self._before is not None and not self._is_preview

    @property
    def split(self) -> float:
        """Where the divider is in the part of the picture that is seen, 0 (left) to 1."""
        return self._split

    @split.setter
    def split(self, split: float) -> None:
        self._split = min(max(split, 0.0), 1.0)
        self._backdrop = None
        self.update()

    def _on_before(self, photo: Photo) -> None:
        self._next_before = photo
        if not self._is_awaited:
            self._before = photo
            self._backdrop = None
            self.update()

    def _on_quick(self, photo: Photo) -> None:
        self._take(photo)

    def _on_loaded(self, photo: Photo) -> None:
        self._take(photo)

    def _take(self, photo: Photo) -> None:
        self._is_awaited = self._is_preview = False
        self._before = self._next_before
        self.show_photo(photo)

    @property
    def result_path(self) -> Path | None:
        """The file of the result that is shown; None for a preview."""
        return self.photo.path if self.photo else None

    # Painting ----------------------------------------------------------------------------------------------

    def paint_picture(self, painter: QPainter, window: Window, device: Rect) -> None:
        assert self.photo is not None
        if not self.is_comparing:
            draw_photo(painter, self.photo, window, device, self.palette())
            return
        assert self._before is not None
        at = min(max(round(self._divider() * self.devicePixelRatioF()), device.x), device.right)
        left = Rect(device.x, device.y, at - device.x, device.height)
        right = Rect(at, device.y, device.right - at, device.height)
        if not left.is_empty:
            scale = self.photo.size[0] / self._before.size[0]
            fitting = Window(window.zoom * scale, window.left, window.top)
            draw_photo(painter, self._before, fitting, left, self.palette())
        if not right.is_empty:
            draw_photo(painter, self.photo, window, right, self.palette())

    def paint_marks(self, painter: QPainter) -> None:
        seen = self._seen()
        if seen.isEmpty():
            return
        if self._is_preview:
            draw_tag(painter, seen.topLeft() + QPointF(_INSET, _INSET), "Preview", Qt.AlignmentFlag.AlignLeft)
            return
        if self.is_comparing:
            self._paint_labels(painter, seen)
            self._paint_divider(painter, seen)
        handle = self._handle()
        if not handle.isEmpty():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(18, 19, 23, 190))
            painter.drawRoundedRect(handle, 8, 8)
            drawing = icon("drag-out", QColor(255, 255, 255)).pixmap(QSize(20, 20), self.devicePixelRatioF())
            painter.drawPixmap(handle.topLeft() + QPointF(6, 6), drawing)

    def _paint_labels(self, painter: QPainter, seen: QRectF) -> None:
        """Each fades out when the divider leaves it no room."""
        at = self._divider()
        corner = seen.topLeft() + QPointF(_INSET, _INSET)
        if tag_rect(painter, corner, "Before", Qt.AlignmentFlag.AlignLeft).right() + 8 < at:
            draw_tag(painter, corner, "Before", Qt.AlignmentFlag.AlignLeft)
        corner = seen.topRight() + QPointF(-_INSET, _INSET)
        if tag_rect(painter, corner, "After", Qt.AlignmentFlag.AlignRight).left() - 8 > at:
            draw_tag(painter, corner, "After", Qt.AlignmentFlag.AlignRight)

    def _paint_divider(self, painter: QPainter, seen: QRectF) -> None:
        knob = QPointF(self._divider(), seen.center().y())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, bottom = QPointF(knob.x(), seen.top()), QPointF(knob.x(), seen.bottom())
        painter.setPen(QPen(QColor(0, 0, 0, 90), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(top, bottom)
        painter.setPen(QPen(QColor(255, 255, 255), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(top, bottom)
        painter.setPen(QPen(QColor(0, 0, 0, 90), 1))
        painter.setBrush(QColor(255, 255, 255))
        painter.drawEllipse(knob, _KNOB, _KNOB)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawEllipse(knob, _KNOB - 2, _KNOB - 2)
        painter.setPen(
            QPen(
                QColor(40, 42, 48),
                1.75,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        for side in (-1, 1):
            tip = knob + QPointF(side * 8, 0)
            painter.drawPolyline([tip + QPointF(-side * 4, -4), tip, tip + QPointF(-side * 4, 4)])

    def _seen(self) -> QRectF:
        return self.picture_frame().intersected(QRectF(self.rect()))

    def _divider(self) -> float:
        """Its x, in widget coordinates."""
        seen = self._seen()
        return seen.left() + self._split * seen.width()

    def _handle(self) -> QRectF:
        """The button to drag the result out by."""
        seen = self._seen()
        if self.result_path is None or seen.width() < 160 or seen.height() < 120:
            return QRectF()
        return QRectF(seen.right() - _INSET - 32, seen.bottom() - _INSET - 32, 32, 32)

    # Input -------------------------------------------------------------------------------------------------

    def _at_divider(self, position: QPointF) -> bool:
        return (
            self.is_comparing
            and abs(position.x() - self._divider()) <= _REACH
            and self._seen().contains(position)
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if event.button() == Qt.MouseButton.LeftButton and not self._space:
            ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if self.result_path is not None and (ctrl or self._handle().contains(position)):
                self._drag_from = position
                return
            if self._at_divider(position):
                self._holds_divider = True
                self._move_divider(position)
                return
            if self.photo is not None:
                self._pan_from = position
                self.update_cursor()
                return
        self.begin_pan(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if self._drag_from is not None:
            if (position - self._drag_from).manhattanLength() >= QApplication.startDragDistance():
                self._drag_from = None
                self._drag_out()
        elif self._holds_divider:
            self._move_divider(position)
        elif self.is_panning:
            super().mouseMoveEvent(event)
        else:
            self._hover(position)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag_from = None
        self._holds_divider = False
        super().mouseReleaseEvent(event)
        self._hover(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Switches between the whole picture and 100 %; on the divider, centers it."""
        if self._at_divider(event.position()):
            self.split = 0.5
        elif self.is_fitted:
            self.zoom_to(1.0, event.position())
        else:
            self.fit()

    def _hover(self, position: QPointF) -> None:
        if self._at_divider(position):
            self.setCursor(Qt.CursorShape.SplitHCursor)
            self.setToolTip("")
        elif self._handle().contains(position):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip("Drag from here into a folder or another program (or drag anywhere with Ctrl)")
        else:
            self.update_cursor()
            self.setToolTip("")

    def _move_divider(self, position: QPointF) -> None:
        seen = self._seen()
        if seen.width() > 0:
            self.split = (position.x() - seen.left()) / seen.width()

    def idle_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ArrowCursor if self.photo is None else Qt.CursorShape.OpenHandCursor

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        key = event.key()
        if self.is_comparing and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.split += step if key == Qt.Key.Key_Right else -step
        elif self.is_comparing and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.split = 0.0 if key == Qt.Key.Key_Home else 1.0
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_1:
            self.actual_size()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)

    def drag_data(self) -> QMimeData:
        """What a drag carries: the result's file, as `file_to_hand` gives it."""
        data = QMimeData()
        if self.result_path is not None:
            data.setUrls([QUrl.fromLocalFile(str(self.file_to_hand(self.result_path)))])
        return data

    def _drag_out(self) -> None:
        assert self.photo is not None
        drag = QDrag(self)
        drag.setMimeData(self.drag_data())
        width, height = self.photo.size
        scale = _THUMBNAIL / max(width, height)
        thumbnail = QPixmap(max(round(width * scale), 1), max(round(height * scale), 1))
        painter = QPainter(thumbnail)
        whole = Rect(0, 0, thumbnail.width(), thumbnail.height())
        draw_photo(painter, self.photo, Window(scale, 0, 0), whole, self.palette())
        painter.end()
        drag.setPixmap(thumbnail)
        drag.exec(Qt.DropAction.CopyAction)


def _same_shape(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return abs(first[0] * second[1] - first[1] * second[0]) <= 0.02 * first[0] * second[1]
