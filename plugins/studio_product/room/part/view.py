"""A view of bodies in space: drawn on threads, half as large while it moves, with signs over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from studio.api.values import OutOfMemory, tr
from studio.ui.api import UNIT, accessible
from studio_product.core.view.body import Body
from studio_product.core.view.camera import Camera
from studio_product.core.view.render import Frame, Layer, Lines, Section, render
from studio_product.room.part import overlay
from studio_product.room.part.frames import Frames
from studio_product.room.part.turn_view import TurnView

SETTLE_MS = 120
"""After the last motion the frame is drawn in full size."""
MOST_PIXELS = 2_500_000
"""A larger view is drawn smaller and scaled."""

Point = Sequence[float]


class Pick(Struct, frozen=True):
    """What is seen at a pixel."""

    layer: int
    """Its place among the layers."""
    face: int
    """Of its body."""
    point: tuple[float, float, float]
    """mm, on that face."""
    normal: tuple[float, float, float]
    """Of that face: of length 1, towards the outside."""
    body: Body
    """Of that layer: it is known by it where the layers have changed since the frame was drawn."""


class Mark(Protocol):
    """A sign that is drawn over the bodies: an arrow, a hatch, a word."""

    def paint(self, painter: QPainter, seen: Callable[[Point], QPointF | None]) -> None:
        """`seen` tells where a point (mm) is in the view; None where it is behind the eye."""
        ...


class _Wish(Struct, frozen=True):
    layers: tuple[Layer, ...]
    lines: tuple[Lines, ...]
    camera: Camera
    section: Section | None
    size: tuple[int, int]
    """Pixels."""
    is_quick: bool

    def draw(self) -> Frame:
        return render(
            self.layers,
            self.camera,
            *self.size,
            lines=self.lines,
            section=self.section,
            smooth=not self.is_quick,
        )


class PartView(TurnView):
    """Shows layers. What they are is for its owner to know; its words are the accessible description."""

    hovered = Signal(object)
    """Pick under the pointer, or None."""
    failed = Signal(object)
    """StudioError."""
    shown = Signal()
    """Another frame is seen."""

    accessible_role = QAccessible.Role.Canvas

    def __init__(self, frames: Frames, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        accessible.install()
        self.setAccessibleName(tr("3D view"))
        self.setAccessibleDescription(
            tr(
                "Arrow keys turn, with Shift they move. + and - zoom, Home shows all. "
                "I, F, R and T look from the corner, the front, the right and above."
            )
        )
        self._frames = frames
        self._number = frames.new_view()
        self._layers: tuple[Layer, ...] = ()
        self._lines: tuple[Lines, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._section: Section | None = None
        self._bounds: overlay.Bounds | None = None
        self._frame: Frame | None = None
        self._image = QImage()
        self._seen: _Wish | None = None
        """What the frame shows."""
        self._asked: _Wish | None = None
        self._is_fitted = True
        self.keeps_fit = True
        """Whether it fits what is shown anew when that or its size changes, until the user has moved it."""
        self._has_helpers = True
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(partial(self._ask, quick=False))

    # What is shown -----------------------------------------------------------------------------------------

    def show_layers(
        self,
        layers: Sequence[Layer],
        lines: Sequence[Lines] = (),
        *,
        section: Section | None = None,
        fit: bool = False,
    ) -> None:
        """Shows other layers; with `fit` the camera comes as near as shows all of them."""
        self._layers, self._lines, self._section = tuple(layers), tuple(lines), section
        self._bounds = overlay.bounds_of([layer.body.vertices for layer in layers])
        if fit or (self._is_fitted and self.keeps_fit):
            self._camera = self.fitted(self._camera)
            self._is_fitted = True
        self._ask(quick=False)

    def set_marks(self, marks: Sequence[Mark]) -> None:
        self._marks = tuple(marks)
        self.update()

    def set_helpers(self, on: bool) -> None:
        """The grid below it, its axes and the bar of its scale."""
        self._has_helpers = on
        self._ask(quick=False)

    def clear(self) -> None:
        self._layers = self._lines = self._marks = ()
        self._section = self._bounds = self._frame = self._seen = self._asked = None
        self._image = QImage()
        self._frames.forget(self._number)
        self.update()

    @property
    def bounds(self) -> overlay.Bounds | None:
        return self._bounds

    def fitted(self, camera: Camera) -> Camera:
        if self._bounds is None:
            return camera
        return camera.fit(self._bounds, max(self.width(), 1), max(self.height(), 1), margin=0.1)

    def fit(self) -> None:
        super().fit()
        self._is_fitted = True

    def camera_changed(self) -> None:
        self._is_fitted = False
        self._settle.start()
        self._ask(quick=True)

    # What is seen ------------------------------------------------------------------------------------------

    @property
    def image(self) -> QImage:
        """The last frame, without its background; null if there is none yet."""
        return self._image

    def pick(self, position: QPointF) -> Pick | None:
        """What is seen there; None for the background."""
        frame, seen = self._frame, self._seen
        if frame is None or seen is None:
            return None
        height, width = frame.ids.shape
        x, y = position.x() * width / self.width(), position.y() * height / self.height()
        if not (0 <= x < width and 0 <= y < height):
            return None
        layer, face = int(frame.ids[int(y), int(x)]), int(frame.faces[int(y), int(x)])
        if layer < 0:
            return None
        body = seen.layers[layer].body
        a, b, c = body.vertices[body.faces[face]]
        normal = np.cross(b - a, c - a)
        normal = normal / max(float(np.linalg.norm(normal)), 1e-30)
        origin, direction = seen.camera.ray(x, y, width, height)
        along = float(normal @ direction)
        depth = float(normal @ (a - origin)) / along if abs(along) > 1e-9 else 0.0
        return Pick(layer, face, _point(origin + depth * direction), _point(normal), body)

    def seen_at(self, point: Point) -> QPointF | None:
        """Where a point of the space (mm) is in the view, with the camera of the frame that is seen."""
        camera = self._seen.camera if self._seen is not None else self._camera
        at = np.asarray([point], np.float64)
        x, y, depth = camera.project(at, max(self.width(), 1), max(self.height(), 1))[0]
        return QPointF(x, y) if camera.parallel or depth > camera.nearest else None

    # Frames ------------------------------------------------------------------------------------------------

    def _ask(self, *, quick: bool) -> None:
        if not self.isVisible() or not self._layers:
            if not self._layers:
                self.clear()
            return
        wish = _Wish(
            self._layers,
            (*self._ground(), *self._lines),
            self._camera,
            self._section,
            self._pixels(half=quick),
            quick,
        )
        self._asked = wish
        done = partial(self._on_frame, wish)
        self._frames.ask(self._number, wish.draw, done, first=self.is_dragged)

    def _ground(self) -> tuple[Lines, ...]:
        if not self._has_helpers or self._bounds is None:
            return ()
        color = self.palette().color(QPalette.ColorRole.Dark)
        return (overlay.ground(self._bounds, overlay.color_of(color)),)

    def _pixels(self, *, half: bool) -> tuple[int, int]:
        ratio = self.devicePixelRatioF() / (2 if half else 1)
        width, height = self.width() * ratio, self.height() * ratio
        shrunk = min(1.0, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
        return max(round(width * shrunk), 1), max(round(height * shrunk), 1)

    def _on_frame(self, wish: _Wish, result: object) -> None:
        if not isValid(self):
            return
        if isinstance(result, MemoryError):
            self.failed.emit(
                OutOfMemory(
                    tr("There is not enough memory to draw the part."), tr("Close other programs first.")
                )
            )
        elif isinstance(result, Frame):
            self._show(wish, result)
        elif isinstance(result, Exception):
            raise result

    def _show(self, wish: _Wish, frame: Frame) -> None:
        if wish.is_quick and self._asked is not None and not self._asked.is_quick and self._seen is not None:
            return  # the full one is about to come: no step back
        height, width = frame.color.shape[:2]
        pixels = np.ascontiguousarray(frame.color)
        self._image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
        self._frame, self._seen = frame, wish
        self.update()
        self.shown.emit()

    # Qt ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, room = self.palette(), QRectF(self.rect())
        with QPainter(self) as painter:
            painter.fillRect(room, colors.color(QPalette.ColorRole.Shadow))
            painter.setRenderHints(
                QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
            )
            if not self._image.isNull() and self._seen is not None:
                painter.drawImage(room, self._image)
                for mark in self._marks:
                    painter.save()
                    mark.paint(painter, self.seen_at)
                    painter.restore()
                if self._has_helpers:
                    overlay.paint_axes(painter, self._seen.camera, room, colors)
                    overlay.paint_scale(painter, self._seen.camera, room, colors)
            if self.hasFocus():
                painter.setPen(QPen(colors.color(QPalette.ColorRole.Highlight), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(room.adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted and self.keeps_fit:
            self._camera = self.fitted(self._camera)
        self._settle.start()
        self._ask(quick=True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask(quick=False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._ask(quick=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not event.buttons():
            self.hovered.emit(self.pick(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(60 * UNIT, 45 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * UNIT, 12 * UNIT)


def _point(values: np.ndarray) -> tuple[float, float, float]:
    x, y, z = values
    return float(x), float(y), float(z)
