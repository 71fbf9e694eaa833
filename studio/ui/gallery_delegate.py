"""How one item of the gallery is drawn."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.core.item import Item, Kind, Origin
from studio.ui.gallery_model import Role
from studio.ui.theme import RADIUS, SMALL_PX, UNIT, Theme

CELL = QSize(136, 174)
"""At least, with its own margin."""
_MARGIN = UNIT // 2


def subtitle(item: Item) -> str:
    """What sort of thing it is, in one word."""
    if item.origin is Origin.ARTIFACT:
        return "Result"
    return {Kind.IMAGE: "Photo", Kind.MASK: "Mask"}.get(item.kind, item.kind.value.capitalize())


class GalleryDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._cell = CELL

    def set_cell(self, cell: QSize) -> None:
        self._cell = cell

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self._cell

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item = index.data(Role.ITEM)
        if item is None:
            return
        theme = self.theme
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        cell = option.rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        card = QRectF(cell).adjusted(1, 1, -1, -1)
        if selected or hovered or focused:
            painter.setPen(theme.color("accent") if selected or focused else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected" if selected else "hover"))
            painter.drawRoundedRect(card, RADIUS + 2, RADIUS + 2)
        inner = cell.adjusted(_MARGIN + 2, _MARGIN + 2, -_MARGIN - 2, -_MARGIN)
        frame = QRect(inner.left(), inner.top(), inner.width(), inner.width())
        self._picture(painter, frame, index.data(Role.THUMBNAIL))
        self._words(painter, inner.adjusted(2, frame.height() + 6, -2, 0), item)
        painter.restore()

    def _picture(self, painter: QPainter, frame: QRect, pixmap: QPixmap | None) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("background"))
        painter.drawRoundedRect(QRectF(frame), 4, 4)
        if pixmap is None:
            return
        if pixmap.isNull():
            painter.setPen(self.theme.color("muted"))
            painter.drawText(QRectF(frame), Qt.AlignmentFlag.AlignCenter, "No picture")
            return
        size = pixmap.deviceIndependentSize().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(QRectF(frame).center())
        path = QPainterPath()
        path.addRoundedRect(QRectF(frame), 4, 4)
        painter.setClipPath(path)
        painter.drawPixmap(place.toRect(), pixmap)
        painter.setClipping(False)

    def _words(self, painter: QPainter, place: QRect, item: Item) -> None:
        font = painter.font()
        font.setPixelSize(SMALL_PX)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        line = metrics.height()
        painter.setPen(self.theme.color("text"))
        name = metrics.elidedText(item.name, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place.left(), place.top() + metrics.ascent(), name)
        painter.setPen(self.theme.color("muted"))
        painter.drawText(place.left(), place.top() + line + 1 + metrics.ascent(), subtitle(item))
        if item.stars:
            stars = "★" * item.stars
            painter.setPen(self.theme.color("warning"))
            painter.drawText(
                place.right() - metrics.horizontalAdvance(stars),
                place.top() + line + 1 + metrics.ascent(),
                stars,
            )
