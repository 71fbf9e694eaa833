"""The canvas: a photo, and over it the mask of what is to be repainted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from studio.api.values import tr
from studio.ui.api import Rect
from studio_image.room.marks import draw_brush, draw_lasso, draw_rectangle
from studio_image.room.mask_view import LARGE, MaskView
from studio_image.room.state import Brushes, CanvasState
from studio_image.room.tool import LARGEST_BRUSH, SMALLEST_BRUSH, Tool

if TYPE_CHECKING:
    from studio_image.room.mask.model import Filter, Pixels

_FELT = 60_000_000
"""Effort of a filter, about nanoseconds, from which on it goes on a thread."""


class MaskCanvas(MaskView):
    """Paints a mask on a photo. There is no `mask_model` until a photo has been read."""

    tool_changed = Signal(object)
    brush_changed = Signal()
    """Size, hardness, tolerance or amount."""
    pixel_changed = Signal(object)
    """(x, y, QColor) under the pointer, or None."""

    accessible_role = QAccessible.Role.Canvas

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Mask canvas"))
        self.empty_title = tr("Drop a photo here")
        self.empty_hint = tr("Or double-click one in the gallery. Then paint over what must go.")
        self.setTabletTracking(True)
        self._tool = Tool.BRUSH
        self._brush_size = 80
        self._hardness = 0.8
        self._tolerance = 24
        self._amount = 8
        self._pointer: QPointF | None = None
        self._alt = False
        self._eraser_end = False
        self._stroking = False
        self._last_end: QPointF | None = None
        self._outline: list[QPointF] = []
        self._mark = QRectF()
        self.image_changed.connect(self._on_image_changed)

    def _on_image_changed(self) -> None:
        self._last_end = None
        self.update_cursor()

    # Tool and brush ----------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        return self._tool

    @tool.setter
    def tool(self, tool: Tool) -> None:
        self._end_stroke()
        self._drop_outline()
        self._tool = tool
        self.update_cursor()
        self._update_mark()
        self.tool_changed.emit(tool)

    @property
    def brush_size(self) -> int:
        """Diameter, picture pixels."""
        return self._brush_size

    @brush_size.setter
    def brush_size(self, size: int) -> None:
        self._brush_size = min(max(size, SMALLEST_BRUSH), LARGEST_BRUSH)
        self.update_cursor()
        self._update_mark()
        self.brush_changed.emit()

    @property
    def hardness(self) -> float:
        """0..1"""
        return self._hardness

    @hardness.setter
    def hardness(self, hardness: float) -> None:
        self._hardness = min(max(hardness, 0.0), 1.0)
        self._update_mark()
        self.brush_changed.emit()

    @property
    def tolerance(self) -> int:
        """How far, 0..255 in each channel, a color may be from the one that flood was set on."""
        return self._tolerance

    @tolerance.setter
    def tolerance(self, tolerance: int) -> None:
        self._tolerance = min(max(tolerance, 0), 255)
        self.brush_changed.emit()

    @property
    def amount(self) -> int:
        """Pixels by which the mask is grown, shrunk or feathered."""
        return self._amount

    @amount.setter
    def amount(self, amount: int) -> None:
        self._amount = min(max(amount, 1), 250)
        self.brush_changed.emit()

    def change_brush_size(self, steps: int) -> None:
        """A step is about a tenth of the size."""
        size = self._brush_size
        self.brush_size = size + steps * max(1, round(size * 0.1))

    def change_hardness(self, steps: int) -> None:
        self.hardness = round(self._hardness * 10 + steps) / 10

    def swap_brush(self) -> None:
        self.tool = Tool.BRUSH if self._tool is Tool.ERASER else Tool.ERASER

    @property
    def brushes(self) -> Brushes:
        """All of that together."""
        return Brushes(self._tool, self._brush_size, self._hardness, self._tolerance, self._amount)

    @brushes.setter
    def brushes(self, brushes: Brushes) -> None:
        self.tool, self.brush_size, self.hardness = brushes.tool, brushes.size, brushes.hardness
        self.tolerance, self.amount = brushes.tolerance, brushes.amount

    # Handing over ------------------------------------------------------------------------------------------

    def take_state(self) -> CanvasState:
        """Everything on the canvas, to be handed to another one; this one is empty afterwards."""
        self._end_stroke()
        self._drop_outline()
        return CanvasState(self.take_mask_state(), self.brushes)

    def restore_state(self, state: CanvasState) -> None:
        """Takes over what another canvas had: photo, mask with its undo, tool, zoom."""
        self.brushes = state.brushes
        self.restore_mask_state(state.mask)

    # Edits of the whole mask -------------------------------------------------------------------------------

    def invert(self) -> None:
        self._try(lambda model: model.invert())

    def grow(self) -> None:
        self._filter("grow", tr("Growing the mask"))

    def shrink(self) -> None:
        self._filter("shrink", tr("Shrinking the mask"))

    def feather(self) -> None:
        self._filter("feather", tr("Feathering the mask"))

    def _filter(self, kind: Filter, words: str) -> None:
        if self.mask_model is None or self.is_editing:
            return
        change = self.mask_model.filtered(kind, self._amount)
        if change.effort < _FELT:
            self._try(lambda model: model.put(*change()))
        else:
            self._edit_on_thread(words, change)

    def clear_mask(self) -> None:
        self._try(lambda model: model.clear())

    def undo(self) -> None:
        self._stroking = False
        self._try(lambda model: model.undo())

    def redo(self) -> None:
        self._try(lambda model: model.redo())

    # Painting ----------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter) -> None:
        if self._outline and self._tool is Tool.LASSO:
            draw_lasso(painter, [self.to_view(point) for point in self._outline])
        elif self._outline:
            box = QRectF(self.to_view(self._outline[0]), self.to_view(self._outline[-1])).normalized()
            draw_rectangle(painter, box)
        if self._pointer is not None and self._shows_brush():
            draw_brush(painter, self._pointer, self._radius(), self._hardness, self.erases)

    def _radius(self) -> float:
        """The brush's, in device-independent pixels."""
        return self._brush_size * self.zoom / self.devicePixelRatioF() / 2

    def _shows_brush(self) -> bool:
        brush = self._tool in (Tool.BRUSH, Tool.ERASER)
        return brush and self.mask_model is not None and not self._space and not self.is_panning

    def idle_cursor(self) -> Qt.CursorShape:
        if self.mask_model is None:
            return Qt.CursorShape.ArrowCursor
        if self._shows_brush() and self._radius() >= 3:
            return Qt.CursorShape.BlankCursor
        return Qt.CursorShape.CrossCursor

    def update_cursor(self) -> None:
        super().update_cursor()
        self._update_mark()

    def _update_mark(self) -> None:
        """Repaint where the brush's circle was and where it is."""
        before, self._mark = self._mark, QRectF()
        if self._pointer is not None and self._shows_brush():
            reach = self._radius() + 12
            self._mark = QRectF(self._pointer.x() - reach, self._pointer.y() - reach, 2 * reach, 2 * reach)
        for box in (before, self._mark):
            if not box.isEmpty():
                self.update(box.toAlignedRect().intersected(self.rect()))

    def view_changed(self) -> None:
        super().view_changed()
        self.update_cursor()

    # Input -------------------------------------------------------------------------------------------------

    @property
    def erases(self) -> bool:
        """True if the tool takes away now: the eraser, alt held, or the pen's other end."""
        return (self._tool is Tool.ERASER) != self._alt or self._eraser_end

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.begin_pan(event) or event.button() != Qt.MouseButton.LeftButton:
            return
        if self._busy or self.is_editing:
            return
        self._alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self._eraser_end = False
        straight = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._press(event.position(), 1.0, straight=straight)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event.position(), 1.0)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.is_panning:
            super().mouseReleaseEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._release()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen paints with its pressure; buttons other than the tip are left to the mouse's handling."""
        kind = event.type()
        if self._space or self.is_panning or self._busy or self.is_editing:
            event.ignore()
            return
        self._eraser_end = event.pointerType() == QPointingDevice.PointerType.Eraser
        if kind == QEvent.Type.TabletPress and event.button() == Qt.MouseButton.LeftButton:
            self._alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            straight = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._press(event.position(), event.pressure(), straight=straight)
        elif kind == QEvent.Type.TabletMove:
            self._move(event.position(), event.pressure())
        elif kind == QEvent.Type.TabletRelease and event.button() == Qt.MouseButton.LeftButton:
            self._release()
        else:
            event.ignore()
            return
        event.accept()

    def _press(self, position: QPointF, pressure: float, *, straight: bool) -> None:
        model = self.mask_model
        if model is None or self.photo is None:
            return
        point = self.to_picture(position)
        if self._tool in (Tool.BRUSH, Tool.ERASER):
            from studio_image.room.mask import Brush

            brush = Brush(self._brush_size, self._hardness, self.erases)
            self._stroking = True
            if straight and self._last_end is not None:
                dirty = model.begin_stroke(self._last_end.x(), self._last_end.y(), brush, pressure)
                dirty = dirty.united(model.extend_stroke(point.x(), point.y(), pressure))
            else:
                dirty = model.begin_stroke(point.x(), point.y(), brush, pressure)
            self._last_end = point
            self._show(dirty)
        elif self._tool is Tool.FLOOD:
            self._flood((point.x(), point.y()))
        else:
            self._outline = [point]

    def _flood(self, where: tuple[float, float]) -> None:
        model, photo = self.mask_model, self.photo
        assert model is not None
        assert photo is not None
        tolerance, erase = self._tolerance, self.erases

        def work() -> tuple[Rect, Pixels]:
            return model.flooded(photo.bgr(), where, tolerance, erase=erase)

        if model.pixels.size < LARGE:
            self._edit(model.put(*work()))
        else:
            self._edit_on_thread(tr("Looking for the color"), work)

    def _move(self, position: QPointF, pressure: float) -> None:
        self._pointer = position
        self._update_mark()
        point = self.to_picture(position)
        if self._stroking and self.mask_model is not None:
            self._show(self.mask_model.extend_stroke(point.x(), point.y(), pressure))
            self._last_end = point
        elif self._outline:
            self._outline.append(point)
            self.update()
        self._tell_pixel(point)

    def _release(self) -> None:
        self._end_stroke()
        outline = [(point.x(), point.y()) for point in self._outline]
        self._drop_outline()
        if self.mask_model is None or len(outline) < 2:
            return
        if self._tool is Tool.LASSO:
            self._edit(self.mask_model.lasso(outline, erase=self.erases))
        else:
            self._edit(self.mask_model.rectangle(outline[0], outline[-1], erase=self.erases))

    def _end_stroke(self) -> None:
        if self._stroking and self.mask_model is not None:
            self._stroking = False
            self._edit(self.mask_model.end_stroke())

    def _drop_outline(self) -> None:
        if self._outline:
            self._outline = []
            self.update()

    def _tell_pixel(self, point: QPointF) -> None:
        if self.photo is None or self.photo.is_quick:
            return
        x, y = int(point.x() // 1), int(point.y() // 1)
        width, height = self.photo.size
        if not (0 <= x < width and 0 <= y < height):
            self.pixel_changed.emit(None)
            return
        blue, green, red, _ = (int(part) for part in self.photo.pyramid.levels[0][y, x])
        self.pixel_changed.emit((x, y, QColor(red, green, blue)))

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self._update_mark()
        self.pixel_changed.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._outline:
            self._drop_outline()
        elif event.key() == Qt.Key.Key_Alt:
            self._set_alt(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Alt:
            self._set_alt(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._set_alt(False)
        super().focusOutEvent(event)

    def _set_alt(self, held: bool) -> None:
        if not self._stroking and not self._outline:
            self._alt = held
            self._update_mark()
