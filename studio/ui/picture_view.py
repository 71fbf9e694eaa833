"""What the mask canvas and the compare viewer share: a picture with zoom and pan, drops, an empty state."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFont,
    QImage,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.errors import StudioError
from studio.ui.icons import icon
from studio.ui.photo import Photo, PhotoLoader
from studio.ui.picture_paint import blit, draw_photo, draw_tag
from studio.ui.rect import Rect, Window

SMALLEST_ZOOM, LARGEST_ZOOM = 0.01, 32.0
_LARGEST_FIT = 4.0
_MARGIN = 16
"""Around a fitted picture, in device-independent pixels."""
_SECONDS_UNTIL_TOLD = 0.2


class PictureView(QWidget):
    """Shows `photo`. Zoom is in device pixels per picture pixel, so that 1.0 is sharp on any screen."""

    zoom_changed = Signal(float)
    image_dropped = Signal(object)
    """Path of a file that was dropped on the view."""
    failed = Signal(object)
    """StudioError: a picture could not be read."""

    empty_icon = "photo"
    empty_title = ""
    empty_hint = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setMinimumSize(160, 120)
        self.photo: Photo | None = None
        self._zoom = 1.0
        self._origin = QPointF()
        self._fitted = True
        self._backdrop: QImage | None = None
        self._pan_from: QPointF | None = None
        self._space = False
        self._drop_over = False
        self._busy = ""
        self._busy_timer = QTimer(self, singleShot=True, interval=int(_SECONDS_UNTIL_TOLD * 1000))
        self._busy_timer.timeout.connect(self.update)
        self._loader = PhotoLoader(self)
        self._loader.quick.connect(self._on_quick)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.failed.connect(self._on_failed)

    # Geometry ----------------------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        return self._zoom

    @property
    def is_fitted(self) -> bool:
        """True while the picture follows the size of the view."""
        return self._fitted

    @property
    def view_window(self) -> Window:
        return Window(self._zoom, round(self._origin.x()), round(self._origin.y()))

    def to_picture(self, position: QPointF) -> QPointF:
        """From widget coordinates to picture coordinates."""
        window, ratio = self.view_window, self.devicePixelRatioF()
        return QPointF(
            (position.x() * ratio - window.left) / window.zoom,
            (position.y() * ratio - window.top) / window.zoom,
        )

    def to_view(self, position: QPointF) -> QPointF:
        """From picture coordinates to widget coordinates."""
        window, ratio = self.view_window, self.devicePixelRatioF()
        return QPointF(
            (position.x() * window.zoom + window.left) / ratio,
            (position.y() * window.zoom + window.top) / ratio,
        )

    def picture_frame(self) -> QRectF:
        """Where the picture lies, in widget coordinates."""
        width, height = self.photo.size if self.photo else (0, 0)
        return QRectF(self.to_view(QPointF(0, 0)), self.to_view(QPointF(width, height)))

    def fit(self) -> None:
        """Show the whole picture."""
        if self.photo is None:
            return
        ratio = self.devicePixelRatioF()
        width, height = self.photo.size
        room_x = max((self.width() - 2 * _MARGIN) * ratio, 32.0)
        room_y = max((self.height() - 2 * _MARGIN) * ratio, 32.0)
        zoom = min(room_x / width, room_y / height, _LARGEST_FIT)
        self._look(
            zoom,
            QPointF((self.width() * ratio - width * zoom) / 2, (self.height() * ratio - height * zoom) / 2),
        )
        self._fitted = True

    def actual_size(self) -> None:
        """One picture pixel on one pixel of the screen."""
        self.zoom_to(1.0)

    def zoom_in(self) -> None:
        self.zoom_to(next((step for step in _steps() if step > self._zoom * 1.01), LARGEST_ZOOM))

    def zoom_out(self) -> None:
        self.zoom_to(next((step for step in reversed(_steps()) if step < self._zoom * 0.99), SMALLEST_ZOOM))

    def zoom_to(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that what is at `around` (widget coordinates; else the middle) stays there."""
        if self.photo is None:
            return
        zoom = min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
        if around is None:
            around = QRectF(self.rect()).center()
        device = around * self.devicePixelRatioF()
        self._look(zoom, device - (device - self._origin) * (zoom / self._zoom))

    def pan_by(self, shift: QPointF) -> None:
        """Move the picture, in device-independent pixels."""
        if self.photo is not None:
            self._look(self._zoom, self._origin + shift * self.devicePixelRatioF())

    def _look(self, zoom: float, origin: QPointF) -> None:
        changed = zoom != self._zoom
        self._zoom = zoom
        self._origin = self._held(origin)
        self._fitted = False
        self._backdrop = None
        self.update()
        if changed:
            self.zoom_changed.emit(zoom)
        self.view_changed()

    def _held(self, origin: QPointF) -> QPointF:
        """The origin, held so that the picture never leaves the middle of the view."""
        assert self.photo is not None
        ratio = self.devicePixelRatioF()
        held = []
        for at, room, side in (
            (origin.x(), self.width() * ratio, self.photo.size[0] * self._zoom),
            (origin.y(), self.height() * ratio, self.photo.size[1] * self._zoom),
        ):
            held.append(min(max(at, room / 2 - side), room / 2))
        return QPointF(*held)

    def view_changed(self) -> None:
        """For subclasses: zoom or position changed."""

    # The picture -------------------------------------------------------------------------------------------

    def show_photo(self, photo: Photo | None) -> None:
        """Show this picture; one of the same size as before keeps zoom and position."""
        before, self.photo = self.photo, photo
        self._busy = ""
        self._busy_timer.stop()
        self._backdrop = None
        if photo is not None and (self._fitted or before is None or before.size != photo.size):
            self.fit()
        self.update()

    def load(self, path: Path) -> None:
        self._busy = path.name
        self._busy_timer.start()
        self._loader.load(path)

    def _on_quick(self, photo: Photo) -> None:
        self.show_photo(photo)

    def _on_loaded(self, photo: Photo) -> None:
        self.show_photo(photo)

    def _on_failed(self, error: StudioError) -> None:
        self._busy = ""
        self._busy_timer.stop()
        self.update()
        self.failed.emit(error)

    # Painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if self.photo is None:
                painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Shadow))
                self._paint_empty(painter)
            else:
                self._paint_photo(painter, event.region())
            if self._drop_over:
                self._paint_drop(painter)

    def _paint_photo(self, painter: QPainter, region: QRegion) -> None:
        if self._backdrop is None:
            self._backdrop = self._drawn_backdrop()
        ratio = self.devicePixelRatioF()
        whole = Rect(0, 0, self._backdrop.width(), self._backdrop.height())
        for exposed in region:
            edges = exposed.x(), exposed.y(), exposed.x() + exposed.width(), exposed.y() + exposed.height()
            device = Rect.between(*(edge * ratio for edge in edges)).intersected(whole)
            blit(painter, self._backdrop, device, device.x, device.y, ratio)
            self.paint_layer(painter, device)
        self.paint_marks(painter)
        if self._busy and not self._busy_timer.isActive():
            anchor = QPointF(self.width() / 2, self.height() - 16)
            draw_tag(painter, anchor, f"Opening {self._busy} …", Qt.AlignmentFlag.AlignBottom)

    def paint_layer(self, painter: QPainter, device: Rect) -> None:
        """For subclasses: draw over the picture in this part of the view, device pixels."""

    def paint_marks(self, painter: QPainter) -> None:
        """For subclasses: draw cursors, handles and tags, device-independent pixels."""

    def paint_picture(self, painter: QPainter, window: Window, device: Rect) -> None:
        """Draw the picture's part in `device`, which lies within it, on a painter in device pixels."""
        assert self.photo is not None
        draw_photo(painter, self.photo, window, device, self.palette())

    def _drawn_backdrop(self) -> QImage:
        assert self.photo is not None
        ratio = self.devicePixelRatioF()
        image = QImage(
            math.ceil(self.width() * ratio), math.ceil(self.height() * ratio), QImage.Format.Format_RGB32
        )
        image.fill(self.palette().color(QPalette.ColorRole.Shadow))
        window = self.view_window
        frame = window.device_rect(Rect(0, 0, *self.photo.size))
        seen = frame.intersected(Rect(0, 0, image.width(), image.height()))
        if not seen.is_empty:
            painter = QPainter(image)
            self.paint_picture(painter, window, seen)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Dark), 1))
            painter.drawRect(frame.x - 1, frame.y - 1, frame.width + 1, frame.height + 1)
            painter.end()
        return image

    def _paint_empty(self, painter: QPainter) -> None:
        palette = self.palette()
        muted = palette.color(QPalette.ColorRole.PlaceholderText)
        busy = bool(self._busy)
        if busy and self._busy_timer.isActive():
            return
        title = f"Opening {self._busy} …" if busy else self.empty_title
        hint = "" if busy else self.empty_hint
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        big = QFont(self.font())
        big.setPixelSize(round(self.fontMetrics().height() * 1.1))
        big.setWeight(QFont.Weight.DemiBold)
        side, gap = 48, 16
        middle = self.rect().center()
        room = QRect(0, 0, min(self.width() - 64, 420), 1000)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.setFont(big)
        title_box = painter.boundingRect(room, flags, title)
        painter.setFont(self.font())
        hint_box = painter.boundingRect(room, flags, hint) if hint else QRect()
        tall = side + gap + title_box.height() + (8 + hint_box.height() if hint else 0)
        top = middle.y() - tall // 2
        if not busy:
            wide = max(title_box.width(), hint_box.width(), 200) + 2 * 40
            card = QRectF(middle.x() - wide / 2, top - 36, wide, tall + 72)
            pen = QPen(palette.color(QPalette.ColorRole.Dark), 1.5, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([4, 4])
            painter.setPen(pen)
            painter.drawRoundedRect(card, 12, 12)
        drawing = icon(self.empty_icon, muted).pixmap(QSize(side, side), self.devicePixelRatioF())
        painter.drawPixmap(QPoint(middle.x() - side // 2, top), drawing)
        painter.setFont(big)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        title_box.moveCenter(QPoint(middle.x(), 0))
        title_box.moveTop(top + side + gap)
        painter.drawText(title_box, flags, title)
        if hint:
            painter.setFont(self.font())
            painter.setPen(muted)
            hint_box.moveCenter(QPoint(middle.x(), 0))
            hint_box.moveTop(title_box.bottom() + 8)
            painter.drawText(hint_box, flags, hint)

    def _paint_drop(self, painter: QPainter) -> None:
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(accent, 3))
        wash = QColor(accent)
        wash.setAlpha(36)
        painter.setBrush(wash)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 8, 8)

    # Input -------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel zooms at the cursor. Two fingers pan, with ctrl they zoom; shift pans sideways."""
        fingers = event.device().type() == QInputDevice.DeviceType.TouchPad or (
            event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        )
        turn = event.angleDelta()
        keys = event.modifiers()
        if keys & Qt.KeyboardModifier.ShiftModifier and not fingers:
            self.pan_by(QPointF((turn.y() or turn.x()) / 2, 0))
        elif fingers and not keys & Qt.KeyboardModifier.ControlModifier:
            shift = event.pixelDelta() if not event.pixelDelta().isNull() else turn / 2
            self.pan_by(QPointF(shift))
        else:
            self.zoom_to(self._zoom * 2 ** ((turn.y() or turn.x()) / 480), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_to(self._zoom * (1 + event.value()), event.position())
                return True
            if event.gestureType() == Qt.NativeGestureType.SmartZoomNativeGesture:
                self.actual_size() if self._fitted else self.fit()
                return True
        return super().event(event)

    def begin_pan(self, event: QMouseEvent) -> bool:
        """Start to pan if this press asks for it: the middle button, or any with space held."""
        wanted = event.button() == Qt.MouseButton.MiddleButton or (
            self._space and event.button() == Qt.MouseButton.LeftButton
        )
        if wanted and self.photo is not None:
            self._pan_from = event.position()
            self.update_cursor()
        return wanted

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self.pan_by(event.position() - self._pan_from)
            self._pan_from = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self._pan_from = None
            self.update_cursor()

    @property
    def is_panning(self) -> bool:
        return self._pan_from is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = True
                self.update_cursor()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.update_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QEvent) -> None:
        self._space = False
        self.update_cursor()
        super().focusOutEvent(event)

    def update_cursor(self) -> None:
        """Set the cursor that fits what a press would do now."""
        if self.is_panning:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space and self.photo is not None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(self.idle_cursor())

    def idle_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ArrowCursor

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.photo is None:
            return
        if self._fitted:
            self.fit()
        else:
            old, new = event.oldSize(), event.size()
            self.pan_by(QPointF((new.width() - old.width()) / 2, (new.height() - old.height()) / 2))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._backdrop = None
            if self._fitted:
                self.fit()
            self.update()
        super().changeEvent(event)

    # Drops -------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is not self and _dropped_file(event) is not None:
            self._drop_over = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QEvent) -> None:
        self._drop_over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_over = False
        self.update()
        path = _dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.image_dropped.emit(path)


def _dropped_file(event: QDropEvent) -> Path | None:
    files = (Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    return next(files, None)


def _steps() -> list[float]:
    return [
        SMALLEST_ZOOM,
        0.02,
        0.05,
        0.1,
        0.25,
        1 / 3,
        0.5,
        2 / 3,
        1,
        1.5,
        2,
        3,
        4,
        6,
        8,
        12,
        16,
        24,
        LARGEST_ZOOM,
    ]
