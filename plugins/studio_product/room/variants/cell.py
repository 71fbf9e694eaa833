"""One variant in the grid: its view, and below it what it is called and what it can do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QStyle, QVBoxLayout

from studio.api.values import tr, trn
from studio.ui.api import UNIT, Item, restyle
from studio_product.room.part.frames import Frames
from studio_product.room.part.looking import Solid
from studio_product.room.part.view import PartView
from studio_product.room.part.words import figure_words
from studio_product.room.variants.variant import Quantity, Variant

_PAD = 6
_BADGE = 22
Role = QPalette.ColorRole


class CellCaption(QAbstractButton):
    """A variant's number, name and stars, and two of its figures. Checked: it is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._variant: Variant | None = None
        self._figures = ""
        self.takes_key: Callable[[QKeyEvent], bool] = lambda _: False
        """For who has many of them: whether a key meant something there."""

    def show_variant(self, variant: Variant, shown: tuple[Quantity, ...]) -> None:
        self._variant = variant
        known = ((one, variant.figure(one.name)) for one in shown)
        self._figures = " · ".join(figure_words(figure, one.unit) for one, figure in known if figure)
        item = variant.item
        self.setText(item.name)
        self.setToolTip("\n".join(part for part in (item.name, self._figures) if part))
        self.setAccessibleName(tr("Variant {number}: {name}", number=variant.number, name=item.name))
        self.setAccessibleDescription(", ".join(part for part in (self._figures, _verdict(item)) if part))
        self.update()

    def say(self, words: str) -> None:
        """In place of the figures."""
        self._figures = words
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.takes_key(event):
            super().keyPressEvent(event)

    def nextCheckState(self) -> None:
        """Whoever shows the grid says which ones are chosen."""

    def sizeHint(self) -> QSize:
        return QSize(18 * UNIT, 2 * self.fontMetrics().lineSpacing() + 2 * _PAD)

    def minimumSizeHint(self) -> QSize:
        return QSize(8 * UNIT, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._variant is None:
            return
        colors = self.palette()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), colors.color(Role.Midlight if self.underMouse() else Role.Base))
            self._paint_badge(painter, self._variant.number)
            self._paint_words(painter, self._variant.item)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colors.color(Role.Highlight), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _placed(self, box: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), box)

    def _paint_badge(self, painter: QPainter, number: int) -> None:
        """Filled: it is chosen."""
        colors, on = self.palette(), self.isChecked()
        badge = QRectF(self._placed(QRect(UNIT, (self.height() - _BADGE) // 2, _BADGE, _BADGE)))
        color = colors.color(Role.Highlight if on else Role.PlaceholderText)
        painter.setPen(QPen(color, 1.25))
        painter.setBrush(color if on else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(badge.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(colors.color(Role.HighlightedText) if on else color)
        painter.setFont(_strong(self.font()))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(number))

    def _paint_words(self, painter: QPainter, item: Item) -> None:
        colors, line = self.palette(), self.fontMetrics().lineSpacing()
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        left = 2 * UNIT + _BADGE
        room = QRect(left, _PAD, self.width() - left - UNIT, line)
        stars = "✕" if item.rejected else "★" * item.stars
        if stars:
            wide = self.fontMetrics().horizontalAdvance(stars)
            painter.setPen(colors.color(Role.WindowText if item.rejected else Role.LinkVisited))
            painter.setFont(self.font())
            painter.drawText(self._placed(QRect(room.right() - wide, _PAD, wide + 1, line)), flags, stars)
            room.setRight(room.right() - wide - UNIT)
        rows = (
            (_strong(self.font()), Role.WindowText, item.name, room),
            (
                self.font(),
                Role.PlaceholderText,
                self._figures,
                QRect(left, _PAD + line, self.width() - left - UNIT, line),
            ),
        )
        for font, role, words, box in rows:
            painter.setFont(font)
            painter.setPen(colors.color(role))
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(self._placed(box), flags, shown)


class Cell(QFrame):
    """`pressed` tells of a click on the view or the caption, with the keys that were held."""

    pressed = Signal(str, object)
    """(uid, Qt.KeyboardModifiers)"""
    opened = Signal(str)
    resized = Signal()

    def __init__(self, frames: Frames) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.uid = ""
        self.solid: Solid | None = None
        self.view = PartView(frames)
        self.view.set_helpers(False)
        self.view.keeps_fit = False
        self.caption = CellCaption()
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.caption)
        self.view.clicked.connect(self._on_click)
        self.view.opened.connect(lambda _: self.opened.emit(self.uid))
        self.caption.clicked.connect(self._on_click)

    def show_variant(self, variant: Variant, shown: tuple[Quantity, ...]) -> None:
        if variant.item.uid != self.uid:
            self.uid, self.solid = variant.item.uid, None
            self.view.clear()
        self.caption.show_variant(variant, shown)
        self.view.setAccessibleName(tr("3D view of variant {number}", number=variant.number))

    def set_chosen(self, chosen: bool, *, current: bool) -> None:
        """The keys turn the view of the current one; all others turn with it."""
        self.caption.setChecked(chosen)
        restyle(self, "chosen", "true" if chosen else "false")
        policy = Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus
        self.view.setFocusPolicy(policy)
        self.caption.setFocusPolicy(Qt.FocusPolicy.TabFocus if current else Qt.FocusPolicy.NoFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def _on_click(self, *_: object) -> None:
        self.pressed.emit(self.uid, QGuiApplication.keyboardModifiers())

    def minimumSizeHint(self) -> QSize:
        return QSize(20 * UNIT, 17 * UNIT)


def _verdict(item: Item) -> str:
    if item.rejected:
        return tr("Rejected")
    return trn("{count} star", "{count} stars", item.stars) if item.stars else ""


def _strong(font: QFont) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made
