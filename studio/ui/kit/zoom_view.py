"""A view that zooms and pans, by wheel, fingers, pinch, middle button and space."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.ui.kit.rect import Window

SMALLEST_ZOOM, LARGEST_ZOOM = 0.01, 32.0
_LARGEST_FIT = 4.0
_KEPT = 0.58
"""Of the width and of the height: together a third."""
_MARGIN = 16
"""Around a fitted picture, in device-independent pixels."""


class ZoomView(QWidget):
    """Zoom is in device pixels per pixel of the content, so that 1.0 is sharp on any screen."""

    zoom_changed = Signal(float)
    view_moved = Signal()
    """Zoom or position changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._zoom = 1.0
        self._origin = QPointF()
        self._fitted = True
        self._pan_from: QPointF | None = None
        self._space = False

    @property
    def content_size(self) -> tuple[int, int] | None:
        """(width, height) of what is looked at, if there is something."""
        return None

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
        width, height = self.content_size or (0, 0)
        return QRectF(self.to_view(QPointF(0, 0)), self.to_view(QPointF(width, height)))

    def fit(self) -> None:
        """Show the whole picture."""
        if self.content_size is None:
            return
        ratio = self.devicePixelRatioF()
        width, height = self.content_size
        room_x = max((self.width() - 2 * _MARGIN) * ratio, 32.0)
        room_y = max((self.height() - 2 * _MARGIN) * ratio, 32.0)
        zoom = min(room_x / width, room_y / height, _LARGEST_FIT)
        self._look(
            zoom,
            QPointF((self.width() * ratio - width * zoom) / 2, (self.height() * ratio - height * zoom) / 2),
            fitted=True,
        )

    def actual_size(self) -> None:
        """One picture pixel on one pixel of the screen."""
        self.zoom_to(1.0)

    def zoom_in(self) -> None:
        self.zoom_to(next((step for step in _steps() if step > self._zoom * 1.01), LARGEST_ZOOM))

    def zoom_out(self) -> None:
        self.zoom_to(next((step for step in reversed(_steps()) if step < self._zoom * 0.99), SMALLEST_ZOOM))

    def zoom_to(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that what is at `around` (widget coordinates; else the middle) stays there."""
        if self.content_size is None:
            return
        zoom = min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
        if around is None:
            around = QRectF(self.rect()).center()
        device = around * self.devicePixelRatioF()
        self._look(zoom, device - (device - self._origin) * (zoom / self._zoom))

    def pan_by(self, shift: QPointF) -> None:
        """Move the picture, in device-independent pixels."""
        if self.content_size is not None:
            self._look(self._zoom, self._origin + shift * self.devicePixelRatioF())

    def _look(self, zoom: float, origin: QPointF, *, fitted: bool = False) -> None:
        changed = zoom != self._zoom
        self._zoom = zoom
        self._origin = self._held(origin)
        self._fitted = fitted
        self.view_changed()
        self.update()
        self.view_moved.emit()
        if changed:
            self.zoom_changed.emit(zoom)

    def center(self) -> QPointF:
        """What is in the middle of the view, in picture coordinates."""
        return self.to_picture(QRectF(self.rect()).center())

    def look_at(self, zoom: float, center: QPointF) -> None:
        """Show a place of the picture (picture coordinates) in the middle of the view."""
        if self.content_size is not None:
            middle = QRectF(self.rect()).center() * self.devicePixelRatioF()
            self._look(min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM), middle - center * zoom)

    def _held(self, origin: QPointF) -> QPointF:
        """The origin, held so that a third of the picture stays in view, or fills a third of it."""
        width, height = self.content_size or (0, 0)
        ratio = self.devicePixelRatioF()
        held = []
        for at, room, side in (
            (origin.x(), self.width() * ratio, width * self._zoom),
            (origin.y(), self.height() * ratio, height * self._zoom),
        ):
            kept = _KEPT * min(side, room)
            held.append(min(max(at, kept - side), room - kept))
        return QPointF(*held)

    def view_changed(self) -> None:
        """For subclasses: zoom or position changed."""

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
        if wanted and self.content_size is not None:
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
        elif event.key() == Qt.Key.Key_0 and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.fit()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.update_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = False
        self.update_cursor()
        super().focusOutEvent(event)

    def update_cursor(self) -> None:
        """Set the cursor that fits what a press would do now."""
        if self.is_panning:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space and self.content_size is not None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(self.idle_cursor())

    def idle_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ArrowCursor

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.content_size is None:
            return
        if self._fitted:
            self.fit()
        else:
            old, new = event.oldSize(), event.size()
            self.pan_by(QPointF((new.width() - old.width()) / 2, (new.height() - old.height()) / 2))


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
