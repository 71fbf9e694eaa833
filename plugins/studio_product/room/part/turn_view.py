"""A widget with a camera that hand, wheel, fingers and keys move around a target."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QInputDevice, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from studio_product.core.view.camera import Camera
from studio_product.room.part import orbit
from studio_product.room.part.standard_views import Look

_CLICK = 4
"""Pixels that a press may stray and still be a click."""
_PAN_STEP = 32
"""Pixels that an arrow key with Shift pans by."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_LOOK_KEYS = {
    Qt.Key.Key_I: Look.ISO,
    Qt.Key.Key_F: Look.FRONT,
    Qt.Key.Key_R: Look.RIGHT,
    Qt.Key.Key_T: Look.TOP,
}
_BEHIND = {Look.FRONT: Look.BACK, Look.RIGHT: Look.LEFT, Look.TOP: Look.BOTTOM}
"""What the same keys with Shift look from."""


class TurnView(QWidget):
    """Left button: turn. Middle button, or left with Shift: pan. Wheel: zoom at the pointer.

    Keys: arrows turn, with Shift they pan; + and - zoom; Home and 0 fit; I, F, R and T are the standard
    views, with Shift from behind.
    """

    camera_moved = Signal(object)
    """Camera: the user has moved it here."""
    clicked = Signal(QPointF)
    opened = Signal(QPointF)
    """Double click, or Enter (then the middle of the view)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._camera = orbit.first_look(3)
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._drags = False
        self._pans = False

    @property
    def camera(self) -> Camera:
        return self._camera

    def set_camera(self, camera: Camera) -> None:
        """Looks from there, and tells nobody."""
        if camera != self._camera:
            self._camera = camera
            self.camera_changed()

    def look(self, look: Look) -> None:
        """A standard view of all that is there."""
        self._camera = orbit.looking(self._camera, look)
        self.fit()

    def fit(self) -> None:
        """As near as shows all that is there, from the same direction."""
        self.move_to(self.fitted(self._camera))

    def fitted(self, camera: Camera) -> Camera:
        """For subclasses: the camera as `fit` has it."""
        return camera

    @property
    def bounds(self) -> tuple[orbit.Point, orbit.Point] | None:
        """For subclasses: (low, high) corner of all that is there, in mm."""
        return None

    def camera_changed(self) -> None:
        """For subclasses: it looks from elsewhere."""

    @property
    def is_dragged(self) -> bool:
        return self._drags

    def zoom(self, factor: float, around: QPointF | None = None) -> None:
        """Nearer, for a factor above 1; what is seen at `around` at the target's distance stays there."""
        camera = orbit.zoomed(self._camera, factor)
        if around is not None:
            grown = self._camera.distance / camera.distance
            off = (around - QPointF(self.width() / 2, self.height() / 2)) * (1 - grown)
            camera = camera.panned(off.x(), off.y(), self.height())
        self.move_to(camera)

    def turn(self, azimuth: float, elevation: float) -> None:
        """Degrees that the camera goes around and up."""
        self.move_to(self._camera.orbited(azimuth, elevation))

    def pan(self, right: float, down: float) -> None:
        """Pixels that what is seen moves by."""
        self.move_to(self._camera.panned(right, down, self.height()))

    def move_to(self, camera: Camera) -> None:
        """Looks from there, as the user's hand has it; a part is never lost out of view."""
        if self.bounds is not None:
            camera = orbit.held(camera, self.bounds, self.width(), self.height())
        self.set_camera(camera)
        self.camera_moved.emit(camera)

    # Input -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            super().mousePressEvent(event)
            return
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._pans = event.button() == Qt.MouseButton.MiddleButton or shifted
        self._pressed = self._last = event.position()
        self._drags = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        here = event.position()
        if not self._drags and (here - self._pressed).manhattanLength() <= _CLICK:
            return
        if not self._drags:
            self._drags = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        moved, self._last = here - self._last, here
        if self._pans:
            self.pan(moved.x(), moved.y())
        else:
            self.turn(-moved.x() * orbit.TURN, moved.y() * orbit.TURN)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        was_click = not self._drags and event.button() == Qt.MouseButton.LeftButton
        self._pressed, self._drags = None, False
        self.unsetCursor()
        if was_click:
            self.clicked.emit(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel zooms. Two fingers pan, with Ctrl they zoom."""
        fingers = event.device().type() == QInputDevice.DeviceType.TouchPad or (
            event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        )
        if fingers and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            moved = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
            self.pan(moved.x(), moved.y())
        else:
            self.zoom(2 ** (event.angleDelta().y() / 480), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom(1 + event.value(), event.position())
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shifted = held == Qt.KeyboardModifier.ShiftModifier
        if held and not shifted:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            right, down = _ARROWS[key]
            if shifted:
                self.pan(right * _PAN_STEP, down * _PAN_STEP)
            else:
                self.turn(-right * orbit.STEP, down * orbit.STEP)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(orbit.ZOOM_STEP)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom(1 / orbit.ZOOM_STEP)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_0):
            self.fit()
        elif key in _LOOK_KEYS:
            look = _LOOK_KEYS[key]
            self.look(_BEHIND.get(look, look) if shifted else look)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(QPointF(self.width() / 2, self.height() / 2))
        else:
            super().keyPressEvent(event)
