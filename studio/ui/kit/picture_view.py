"""What the views of pictures share: a photo, files dropped on it, an empty state."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import QWidget

from studio.errors import StudioError
from studio.ui.kit.icons import icon
from studio.ui.kit.local_files import local_files
from studio.ui.kit.photo import Photo, PhotoLoader
from studio.ui.kit.picture_paint import blit, draw_photo, draw_tag
from studio.ui.kit.rect import Rect, Window
from studio.ui.kit.zoom_view import ZoomView
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.kit.scrolled_image import ScrolledImage

_SECONDS_UNTIL_TOLD = 0.2
_EMPTY_ICON, _EMPTY_GAP = 48, 16
_EMPTY_RIM = 36
"""The same above and below them."""
_EMPTY_PADDING = 40
"""Pixels between the words of an empty view and the frame around them."""


class PictureView(ZoomView):
    """Shows `photo`, from a copy in device pixels of which only what a pan brings into view is drawn anew."""

    image_dropped = Signal(object)
    """Path of a file that was dropped on the view."""
    failed = Signal(object)
    """StudioError: a picture could not be read."""

    empty_icon = "photo"
    empty_title = ""
    empty_hint = ""
    empty_room = 0
    """Pixels that are free below these words, for what stands at `empty_place`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAcceptDrops(True)
        self.setMinimumSize(160, 120)
        self.photo: Photo | None = None
        self._ground: ScrolledImage | None = None
        self._ground_of: object = None
        """What was drawn on it."""
        self._drop_over = False
        self._busy = ""
        self._busy_timer = QTimer(self, singleShot=True, interval=int(_SECONDS_UNTIL_TOLD * 1000))
        self._busy_timer.timeout.connect(self.update)
        self._loader = PhotoLoader(self)
        self._loader.quick.connect(self._on_quick)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.failed.connect(self._on_failed)

    @property
    def content_size(self) -> tuple[int, int] | None:
        return self.photo.size if self.photo else None

    # The picture -------------------------------------------------------------------------------------------

    def show_photo(self, photo: Photo | None) -> None:
        """Show this picture; one of the same size as before keeps zoom and position."""
        before = self.content_size
        self.photo = photo
        self._was_replaced(before)

    def _was_replaced(self, before: tuple[int, int] | None) -> None:
        """What is shown is another now; `before` is the size of what was."""
        self._busy = ""
        self._busy_timer.stop()
        size = self.content_size
        if size is not None and (self._fitted or before != size):
            self.fit()
        self.spoil()

    def load(self, path: Path) -> None:
        self.show_busy(tr("Opening {name}", name=path.name))
        self._loader.load(path)

    def show_busy(self, words: str) -> None:
        """Says what is being waited for, if it takes long enough to be noticed, until something is shown."""
        self._busy = words
        self._busy_timer.start()

    def _on_quick(self, photo: Photo) -> None:
        self.show_photo(photo)

    def _on_loaded(self, photo: Photo) -> None:
        self.show_photo(photo)

    def _on_failed(self, error: StudioError) -> None:
        self._busy = ""
        self._busy_timer.stop()
        if self.photo is not None and self.photo.is_quick:
            self.show_photo(None)
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
        ratio = self.devicePixelRatioF()
        backdrop = self._drawn_backdrop()
        whole = Rect(0, 0, backdrop.width(), backdrop.height())
        for exposed in region:  # type: ignore[attr-defined]  # missing from the stubs
            edges = exposed.x(), exposed.y(), exposed.x() + exposed.width(), exposed.y() + exposed.height()
            device = Rect.between(*(edge * ratio for edge in edges)).intersected(whole)
            blit(painter, backdrop, device, device.x, device.y, ratio)
            self.paint_layer(painter, device)
        self.paint_marks(painter)
        if self._busy and not self._busy_timer.isActive():
            anchor = QPointF(self.width() / 2, self.height() - 16)
            draw_tag(painter, anchor, tr("{what} …", what=self._busy), Qt.AlignmentFlag.AlignBottom)

    def paint_layer(self, painter: QPainter, device: Rect) -> None:
        """For subclasses: draw over the picture in this part of the view, device pixels."""

    def paint_marks(self, painter: QPainter) -> None:
        """For subclasses: draw cursors, handles and tags, device-independent pixels."""

    def paint_picture(self, painter: QPainter, window: Window, device: Rect) -> None:
        """Draw the picture's part in `device`, which lies within it, on a painter in device pixels."""
        assert self.photo is not None
        draw_photo(painter, self.photo, window, device, self.palette())

    def spoil(self) -> None:
        """Have the picture drawn anew: something in it has changed."""
        self._ground = None
        self.update()

    def _drawn_backdrop(self) -> QImage:
        """Kept from frame to frame: what a pan leaves in view is shifted, not drawn again."""
        from studio.ui.kit.scrolled_image import ScrolledImage

        colors = self.palette()
        back, line = colors.color(QPalette.ColorRole.Shadow), colors.color(QPalette.ColorRole.Dark)
        what = (self.photo, back.rgb(), line.rgb())
        if self._ground is None or self._ground_of != what:
            self._ground = ScrolledImage(QImage.Format.Format_RGB32, back.rgb())
            self._ground_of = what
        return self._ground.shown(self.view_window, *self._device_size(), self._draw_ground)

    def _draw_ground(self, painter: QPainter, device: Rect) -> None:
        size = self.content_size
        assert size is not None
        window = self.view_window
        frame = window.device_rect(Rect(0, 0, *size))
        seen = frame.intersected(device)
        if not seen.is_empty:
            self.paint_picture(painter, window, seen)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Dark), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame.x - 1, frame.y - 1, frame.width + 1, frame.height + 1)

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return math.ceil(self.width() * ratio), math.ceil(self.height() * ratio)

    def _paint_empty(self, painter: QPainter) -> None:
        palette = self.palette()
        muted = palette.color(QPalette.ColorRole.PlaceholderText)
        busy = bool(self._busy)
        if busy and self._busy_timer.isActive():
            return
        title = tr("{what} …", what=self._busy) if busy else self.empty_title
        hint = "" if busy else self.empty_hint
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        big = self._empty_font()
        side, gap = _EMPTY_ICON, _EMPTY_GAP
        middle = self.rect().center()
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        title_box, hint_box, tall = self._empty_boxes(title, hint, 0 if busy else self.empty_room)
        top = middle.y() - tall // 2
        if not busy:
            wide = max(title_box.width(), hint_box.width(), 200) + 2 * _EMPTY_PADDING
            card = QRectF(middle.x() - wide / 2, top - _EMPTY_RIM, wide, tall + 2 * _EMPTY_RIM)
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

    @property
    def empty_place(self) -> QRect:
        """Below the words of an empty view, as wide as they may be."""
        _, _, tall = self._empty_boxes(self.empty_title, self.empty_hint, self.empty_room)
        bottom = self.rect().center().y() - tall // 2 + tall
        return QRect(0, bottom - self.empty_room, self.width(), self.empty_room)

    def _empty_font(self) -> QFont:
        big = QFont(self.font())
        big.setPixelSize(round(self.fontMetrics().height() * 1.1))
        big.setWeight(QFont.Weight.DemiBold)
        return big

    def _empty_boxes(self, title: str, hint: str, more: int) -> tuple[QRect, QRect, int]:
        """How large the words are, and how high all of it is."""
        room = QRect(0, 0, min(self.width() - 2 * (_EMPTY_PADDING + 16), 420), 1000)
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap)
        title_box = QFontMetrics(self._empty_font()).boundingRect(room, flags, title)
        hint_box = QFontMetrics(self.font()).boundingRect(room, flags, hint) if hint else QRect()
        words = title_box.height() + (8 + hint_box.height() if hint else 0)
        return title_box, hint_box, _EMPTY_ICON + _EMPTY_GAP + words + more

    def _paint_drop(self, painter: QPainter) -> None:
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(accent, 3))
        wash = QColor(accent)
        wash.setAlpha(36)
        painter.setBrush(wash)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 8, 8)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            if self._fitted:
                self.fit()
            self.spoil()
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
    return next(iter(local_files(event.mimeData().urls())), None)
