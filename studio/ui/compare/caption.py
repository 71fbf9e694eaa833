"""The title of a compared item with what is said of it: its letter, its differing values, its stars."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from studio.ui.items.compare_model import Compared
from studio.ui.kit.theme import UNIT
from studio.words import tr, trn

_BADGE = 20
_PAD = 6
_EDGE = UNIT + 4
"""As other panels keep to their sides."""


class Caption(QAbstractButton):
    """Checked: this is the item that is worked on. Two lines: its title, and what differs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._one: Compared | None = None
        self._side = self._detail = ""

    def show_item(self, one: Compared, side: str, title: str, detail: str) -> None:
        """`title` and `detail` as `Comparison` tells them."""
        self._one, self._side, self._detail = one, side, detail
        self.setText(title)
        self.setToolTip("\n".join(part for part in (title, detail) if part))
        self.setAccessibleName(tr("{side}: {name}", side=side, name=title))
        self.setAccessibleDescription(", ".join(part for part in (detail, self.verdict()) if part))
        self.update()

    def verdict(self) -> str:
        """What was decided about the item, in words."""
        if self._one is None:
            return ""
        if self._one.item.rejected:
            return tr("Rejected")
        stars = self._one.item.stars
        return trn("{count} star", "{count} stars", stars) if stars else ""

    def nextCheckState(self) -> None:
        """Whoever shows the comparison says which one is checked."""

    def sizeHint(self) -> QSize:
        return QSize(20 * UNIT, 2 * self.fontMetrics().lineSpacing() + 2 * _PAD)

    def minimumSizeHint(self) -> QSize:
        return QSize(4 * UNIT, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._one is None:
            return
        colors = self.palette()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.underMouse():
                painter.fillRect(self.rect(), colors.color(QPalette.ColorRole.Midlight))
            self._paint_badge(painter)
            self._paint_words(painter, self._one)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colors.color(QPalette.ColorRole.Highlight), 1))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)

    def _placed(self, box: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), box)

    def _paint_badge(self, painter: QPainter) -> None:
        colors = self.palette()
        badge = QRectF(self._placed(QRect(_EDGE, (self.height() - _BADGE) // 2, _BADGE, _BADGE)))
        checked = self.isChecked()
        color = colors.color(QPalette.ColorRole.Highlight if checked else QPalette.ColorRole.PlaceholderText)
        painter.setPen(QPen(color, 1.25))
        painter.setBrush(color if checked else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(badge.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(colors.color(QPalette.ColorRole.HighlightedText) if checked else color)
        painter.setFont(_weighted(self.font(), QFont.Weight.DemiBold))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._side)

    def _paint_words(self, painter: QPainter, one: Compared) -> None:
        colors, line = self.palette(), self.fontMetrics().lineSpacing()
        left = _EDGE + _BADGE + UNIT
        top = _PAD if self._detail else (self.height() - line) // 2
        room = QRect(left, top, self.width() - left - _EDGE, line)
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        muted, text = QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.WindowText
        starry = text if one.item.rejected else QPalette.ColorRole.LinkVisited
        stars = "✕" if one.item.rejected else "★" * one.item.stars
        if stars:
            wide = self.fontMetrics().horizontalAdvance(stars)
            painter.setFont(self.font())
            painter.setPen(colors.color(starry))
            place = self._placed(QRect(room.right() - wide, room.y(), wide + 1, line))
            painter.drawText(place, flags, stars)
            room.setRight(room.right() - wide - UNIT)
        font = _weighted(self.font(), QFont.Weight.DemiBold)
        self._paint_line(painter, room, self.text(), font, colors.color(text), Qt.TextElideMode.ElideMiddle)
        below = QRect(left, _PAD + line, self.width() - left - _EDGE, line)
        color = colors.color(muted)
        self._paint_line(painter, below, self._detail, self.font(), color, Qt.TextElideMode.ElideRight)

    def _paint_line(
        self, painter: QPainter, room: QRect, text: str, font: QFont, color: QColor, mode: Qt.TextElideMode
    ) -> None:
        painter.setFont(font)
        painter.setPen(color)
        shown = QFontMetrics(font).elidedText(text, mode, room.width())
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self._placed(room), flags, shown)


def _weighted(font: QFont, weight: QFont.Weight) -> QFont:
    made = QFont(font)
    made.setWeight(weight)
    return made
