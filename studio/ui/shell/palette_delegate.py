"""Draws a row of the command palette: title with the typed letters strong, place, shortcut, why it is off."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.ui.kit.theme import RADIUS, UNIT, Theme
from studio.ui.shell.palette_entries import Offer
from studio.words import tr


class Role(IntEnum):
    OFFER = Qt.ItemDataRole.UserRole
    PLACES = Qt.ItemDataRole.UserRole + 1


class PaletteDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = QFont(parent.font())
        self._font.setPixelSize(theme.text_px)
        self._small = QFont(self._font)
        self._small.setPixelSize(theme.small_px)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        lines = QFontMetricsF(self._font).height() + QFontMetricsF(self._small).height()
        return QSize(0, round(lines) + 2 * UNIT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        offer: Offer = index.data(Role.OFFER)
        theme, whole = self._theme, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected"))
            painter.drawRoundedRect(QRectF(whole), RADIUS, RADIUS)
        inner = whole.adjusted(UNIT + 4, UNIT // 2 + 2, -UNIT - 4, -UNIT // 2 - 2)
        right = self._keys(painter, option.direction, inner, offer.keys)
        color = theme.color("faint" if offer.why_off else "text")
        title = QFontMetricsF(self._font)
        top = QRect(inner.left(), inner.top(), inner.width() - right - UNIT, round(title.height()))
        self._title(painter, option.direction, top, inner, offer, index.data(Role.PLACES), color)
        painter.setFont(self._small)
        painter.setPen(theme.color("muted"))
        below = QRect(inner.left(), top.bottom() + 1, inner.width(), inner.bottom() - top.bottom())
        said = " · ".join(part for part in (offer.place, offer.why_off) if part)
        told = QFontMetricsF(self._small).elidedText(said, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, _leading(option.direction), told)
        painter.restore()

    def _keys(self, painter: QPainter, direction: Qt.LayoutDirection, inner: QRect, keys: str) -> int:
        """The shortcut as a key cap at the end of the row; returns its width."""
        if not keys:
            return 0
        painter.setFont(self._small)
        metrics = QFontMetricsF(self._small)
        width, height = round(metrics.horizontalAdvance(keys)) + 2 * UNIT, round(metrics.height()) + 4
        cap = QRect(inner.right() - width + 1, inner.top() + (inner.height() - height) // 2, width, height)
        cap = QStyle.visualRect(direction, inner, cap)
        painter.setPen(self._theme.color("outline"))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(self._theme.color("muted"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, keys)
        return width

    def _title(
        self,
        painter: QPainter,
        direction: Qt.LayoutDirection,
        box: QRect,
        inner: QRect,
        offer: Offer,
        places: Sequence[int],
        color: QColor,
    ) -> None:
        text = offer.title
        if offer.is_on:
            text = tr("{title} (chosen)", title=text)
        box = QStyle.visualRect(direction, inner, box)
        shown = QFontMetricsF(self._font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        layout = QTextLayout(shown, self._font)
        ordering = QTextOption(_leading(direction))
        ordering.setTextDirection(direction)
        ordering.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(ordering)
        strong = QTextCharFormat()
        strong.setFontWeight(QFont.Weight.DemiBold)
        strong.setForeground(self._theme.color("accent") if not offer.why_off else color)
        layout.setFormats([_range(place, strong) for place in places if place < len(shown)])
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(box.width())
        layout.endLayout()
        painter.setPen(color)
        layout.draw(painter, QPointF(box.topLeft()))


def _range(place: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = place, 1, look
    return made


def _leading(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    return QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
