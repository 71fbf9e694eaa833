"""The viewer: two pictures in one place, parted by a slider, flipped, laid over each other or subtracted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from studio.ui.items import compare_marks as marks
from studio.ui.items.compare_model import Mode
from studio.ui.kit import locales
from studio.ui.kit.photo import Photo
from studio.ui.kit.picture_paint import draw_photo, draw_tag, fitted
from studio.ui.kit.picture_view import PictureView
from studio.ui.kit.rect import Rect, Window
from studio.words import tr

_REACH = 14.0
"""How near to the divider, in device-independent pixels, a press takes hold of it."""
_STEP, _LEAP = 0.02, 0.1


class CompareViewer(PictureView):
    """Shows `photo` (the result) alone or against `before` (the reference), which it is fitted to.

    The divider stays at its place in the view while zooming and panning, so that it is always in reach; left
    and right move it (with shift in leaps, home and end to the sides). Drag elsewhere to pan. To take the
    result out as a file, drag the button in the picture's lower right corner, or drag anywhere with ctrl.
    """

    accessible_role = QAccessible.Role.Graphic
    empty_icon = "compare"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Result"))
        self.setAcceptDrops(False)  # the window takes them
        self.empty_title = tr("Nothing to see yet")
        self.empty_hint = tr("Generate something, or choose a picture in the gallery.")
        self.before: Photo | None = None
        self.apart: Photo | None = None
        """The difference of both, once it has been computed."""
        self.labels = ("", "")
        """What stands over the reference and over the result."""
        self._mode = Mode.SLIDER
        self._split = 0.5
        self._opacity = 0.5
        self._gain = 4.0
        self._shows_before = False
        self._holds_divider = False
        self._drag_from: QPointF | None = None
        self.file_to_hand: Callable[[Path], Path] = lambda path: path
        """Gives the file that other programs get for the one that is shown."""

    # What is shown -----------------------------------------------------------------------------------------

    def set_photos(self, before: Photo | None, after: Photo | None) -> None:
        """Shows a result against a reference, or alone. Zoom and place stay if the size does."""
        size = self.content_size
        self.before, self.photo = before, after
        self._was_replaced(size)
        self._describe()

    def clear(self) -> None:
        self.apart = None
        self.set_photos(None, None)

    @property
    def content_size(self) -> tuple[int, int] | None:
        shown = self.before if self.is_comparing else self.photo
        return shown.size if shown is not None else None

    @property
    def is_comparing(self) -> bool:
        return self.photo is not None and self.before is not None

    @property
    def result_path(self) -> Path | None:
        """The file of the result that is shown."""
        return self.photo.path if self.photo else None

    def set_mode(self, mode: Mode) -> None:
        if mode is not self._mode:
            self._mode = mode
            self.update_cursor()
            self.spoil()
            self._describe()

    @property
    def split(self) -> float:
        """Where the divider is in the part of the picture that is seen, 0 (left) to 1."""
        return self._split

    @split.setter
    def split(self, split: float) -> None:
        self._split = min(max(split, 0.0), 1.0)
        self.spoil()
        self._describe()

    @property
    def opacity(self) -> float:
        """How much of the result is seen over the reference in the onion, 0 to 1."""
        return self._opacity

    @opacity.setter
    def opacity(self, opacity: float) -> None:
        self._opacity = min(max(opacity, 0.0), 1.0)
        self.spoil()

    @property
    def gain(self) -> float:
        """How many times as strong differences are shown."""
        return self._gain

    @gain.setter
    def gain(self, gain: float) -> None:
        self._gain = max(gain, 1.0)
        self.spoil()

    @property
    def shows_before(self) -> bool:
        """Whether the flip shows the reference now."""
        return self._shows_before

    @shows_before.setter
    def shows_before(self, on: bool) -> None:
        if on != self._shows_before:
            self._shows_before = on
            self.spoil()
            self._describe()

    def _describe(self) -> None:
        """Where the divider is, or which of two is shown, for those who do not see it."""
        words = ""
        if self.is_comparing and self._mode is Mode.SLIDER:
            words = tr("Divider at {percent}", percent=locales.percent(self._split))
        elif self.is_comparing and self._mode is Mode.FLIP:
            words = self.labels[0 if self._shows_before else 1]
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    # Painting ----------------------------------------------------------------------------------------------

    def paint_picture(self, painter: QPainter, window: Window, device: Rect) -> None:
        assert self.photo is not None
        palette = self.palette()
        if self.before is None:
            draw_photo(painter, self.photo, window, device, palette)
            return
        fitting = fitted(window, self.photo.size, self.before.size)
        if self._mode is Mode.SLIDER:
            at = min(max(round(self._divider() * self.devicePixelRatioF()), device.x), device.right)
            left = Rect(device.x, device.y, at - device.x, device.height)
            right = Rect(at, device.y, device.right - at, device.height)
            draw_photo(painter, self.before, window, left, palette)
            draw_photo(painter, self.photo, fitting, right, palette)
        elif self._mode is Mode.DIFFERENCE:
            if self.apart is not None:
                draw_photo(painter, self.apart, window, device, palette, self._gain)
        elif self._mode is Mode.ONION:
            draw_photo(painter, self.before, window, device, palette)
            painter.setOpacity(self._opacity)
            draw_photo(painter, self.photo, fitting, device, palette)
            painter.setOpacity(1)
        elif self._shows_before:
            draw_photo(painter, self.before, window, device, palette)
        else:
            draw_photo(painter, self.photo, fitting, device, palette)

    def view_changed(self) -> None:
        if self._mode is Mode.SLIDER and self.is_comparing:
            self._ground = None  # the divider does not move along

    def paint_marks(self, painter: QPainter) -> None:
        seen = self._seen()
        if seen.isEmpty():
            return
        if self.is_comparing and self._mode is Mode.SLIDER:
            marks.draw_labels(painter, seen, *self.labels, self._divider())
            ring = self.palette().color(QPalette.ColorRole.Highlight) if self.hasFocus() else None
            marks.draw_divider(painter, seen, self._divider(), ring)
        elif self.is_comparing and self._mode is Mode.ONION:
            marks.draw_labels(painter, seen, *self.labels, seen.center().x())
        elif self.is_comparing and self._mode is Mode.FLIP:
            corner = seen.topLeft() + QPointF(marks.INSET, marks.INSET)
            shown = self.labels[0 if self._shows_before else 1]
            if shown:
                draw_tag(painter, corner, shown, Qt.AlignmentFlag.AlignLeft)
        handle = self._handle()
        if not handle.isEmpty():
            marks.draw_handle(painter, handle, self.devicePixelRatioF())

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
        reach = marks.INSET + marks.HANDLE
        return QRectF(seen.right() - reach, seen.bottom() - reach, marks.HANDLE, marks.HANDLE)

    # Input -------------------------------------------------------------------------------------------------

    def _at_divider(self, position: QPointF) -> bool:
        return (
            self.is_comparing
            and self._mode is Mode.SLIDER
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
            self.setToolTip(
                tr("Drag from here into a folder or another program (or drag anywhere with Ctrl)")
            )
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
        slides = self.is_comparing and self._mode is Mode.SLIDER
        if slides and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.split += step if key == Qt.Key.Key_Right else -step
        elif slides and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.split = 0.0 if key == Qt.Key.Key_Home else 1.0
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
        path = self.result_path
        return marks.file_data(self.file_to_hand(path) if path is not None else None)

    def _drag_out(self) -> None:
        assert self.photo is not None
        marks.drag_out(self, self.photo, self.drag_data(), self.palette())
