"""A recent project as a card: its newest picture, its name, where it is, when it was last opened."""

from __future__ import annotations

import time
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QDateTime, QEvent, QLocale, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QToolButton

from studio.project.store import name_of
from studio.ui.kit import locales
from studio.ui.kit.icons import icon
from studio.ui.kit.menu_entries import entry
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.theme import RADIUS, UNIT, Theme
from studio.words import tr, trn

_BUTTON = 28
_PADDING = UNIT + 4


class Recent(Struct, frozen=True):
    folder: Path
    opened: float | None = None
    """Seconds since 1970; None where it is not known."""
    is_pinned: bool = False


class RecentCard(QAbstractButton):
    """A click opens it; arrows go to its neighbors (`step_wanted`)."""

    pin_wanted = Signal(object, bool)
    forget_wanted = Signal(object)
    step_wanted = Signal(int, int)
    """Columns to the end of the line of reading, rows down."""

    def __init__(self, recent: Recent, theme: Theme) -> None:
        super().__init__()
        self.recent = recent
        self._theme = theme
        self._image = QImage()
        self._is_missing = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.pin = self._tool(
            tr("Keep at the front") if not recent.is_pinned else tr("No longer at the front")
        )
        self.pin.clicked.connect(self._toggle_pin)
        self.remove = self._tool(tr("Remove from this list"))
        self.remove.clicked.connect(self._forget)
        self.setToolTip(str(recent.folder))
        self._name()
        self.set_theme(theme)
        self._show_tools(False)

    def _tool(self, words: str) -> QToolButton:
        made = QToolButton(self)
        made.setFixedSize(_BUTTON, _BUTTON)
        made.setToolTip(words)
        made.setAccessibleName(words)
        made.setProperty("role", "on-picture")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the card's own keys and menu do the same
        return made

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.pin.setIcon(icon("star-filled" if self.recent.is_pinned else "star", theme.color("text")))
        self.remove.setIcon(icon("close", theme.color("text")))
        self.updateGeometry()
        self.update()

    def show_picture(self, image: QImage, *, is_missing: bool) -> None:
        """What was found in its folder; a null image where it holds no picture."""
        self._image, self._is_missing = image, is_missing
        self._name()
        self.update()

    @property
    def is_missing(self) -> bool:
        return self._is_missing

    def facts(self) -> str:
        if self._is_missing:
            return tr("Its folder is gone")
        return ago(self.recent.opened) if self.recent.opened is not None else ""

    def _name(self) -> None:
        parts = [name_of(self.recent.folder), short(self.recent.folder.parent), self.facts()]
        if self.recent.is_pinned:
            parts.append(tr("kept at the front"))
        self.setAccessibleName(", ".join(filter(None, parts)))
        self.setAccessibleDescription(
            tr("Opens this project. Delete removes it from the list, P keeps it at the front.")
        )

    def sizeHint(self) -> QSize:
        theme = self._theme
        return QSize(theme.px(26 * UNIT), self._picture_height() + theme.px(9 * UNIT))

    def minimumSizeHint(self) -> QSize:
        return QSize(18 * UNIT, self.sizeHint().height())

    def _picture_height(self) -> int:
        return 15 * UNIT

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            shape = QPainterPath()
            shape.addRoundedRect(frame, RADIUS + 2, RADIUS + 2)
            painter.fillPath(shape, theme.color("hover" if self.underMouse() or self.isDown() else "raised"))
            picture = QRect(0, 0, self.width(), self._picture_height())
            painter.save()
            painter.setClipPath(shape)
            painter.setClipRect(picture, Qt.ClipOperation.IntersectClip)
            painter.fillRect(picture, theme.color("sunken"))
            self._paint_picture(painter, picture)
            painter.restore()
            self._paint_words(painter, picture.bottom() + 1)
            focused = self.hasFocus()
            painter.setPen(theme.color("accent" if focused else "border"))
            if focused:
                pen = painter.pen()
                pen.setWidth(2)
                painter.setPen(pen)
            painter.drawPath(shape)

    def _paint_picture(self, painter: QPainter, place: QRect) -> None:
        if self._image.isNull() or self._is_missing:
            name = "warning" if self._is_missing else "photo"
            mark = QRect(0, 0, 32, 32)
            mark.moveCenter(place.center())
            icon(name, self._theme.color("warning" if self._is_missing else "faint")).paint(painter, mark)
            return
        size = self._image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        where = QRect(QPoint(), size)
        where.moveCenter(place.center())
        painter.drawImage(where, self._image)

    def _paint_words(self, painter: QPainter, top: int) -> None:
        theme, direction = self._theme, self.layoutDirection()
        align = QStyle.visualAlignment(
            direction, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        )
        width = self.width() - 2 * _PADDING
        strong, small = self.font(), self.font()
        strong.setPixelSize(theme.text_px)
        strong.setWeight(strong.Weight.DemiBold)
        small.setPixelSize(theme.small_px)
        lines = (
            (strong, "text", name_of(self.recent.folder), Qt.TextElideMode.ElideRight),
            (small, "muted", short(self.recent.folder.parent), Qt.TextElideMode.ElideMiddle),
            (small, "warning" if self._is_missing else "muted", self.facts(), Qt.TextElideMode.ElideRight),
        )
        height = sum(QFontMetrics(font).height() for font, *_ in lines)
        y = top + (self.height() - top - height) // 2
        for font, role, words, mode in lines:
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(theme.color(role))
            place = QRect(_PADDING, y, width, metrics.height())
            painter.drawText(place, align, metrics.elidedText(words, mode, width))
            y += metrics.height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        y = UNIT // 2
        for place, tool in enumerate((self.remove, self.pin)):
            x = self.width() - (place + 1) * (_BUTTON + UNIT // 2)
            tool.move(
                x if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else self.width() - x - _BUTTON,
                y,
            )

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_tools(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_tools(False)

    def _show_tools(self, on: bool) -> None:
        self.pin.setVisible(on or self.recent.is_pinned)
        self.remove.setVisible(on)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = 1 if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else -1
        steps = {
            Qt.Key.Key_Right: (forward, 0),
            Qt.Key.Key_Left: (-forward, 0),
            Qt.Key.Key_Down: (0, 1),
            Qt.Key.Key_Up: (0, -1),
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.step_wanted.emit(*steps[key])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._forget()
        elif key == Qt.Key.Key_P:
            self._toggle_pin()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = KeyMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entry(menu, tr("Open"), self.click)
        entry(menu, self.pin.toolTip(), self._toggle_pin)
        entry(menu, self.remove.toolTip(), self._forget)
        menu.popup(event.globalPos())

    def _toggle_pin(self) -> None:
        self.pin_wanted.emit(self.recent.folder, not self.recent.is_pinned)

    def _forget(self) -> None:
        self.forget_wanted.emit(self.recent.folder)


def short(folder: Path) -> str:
    """A folder as people write it: with ~ for their home."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)


def ago(seconds: float, now: float | None = None) -> str:
    """When a project was last opened, in words."""
    now = time.time() if now is None else now
    then, today = (QDateTime.fromMSecsSinceEpoch(round(moment * 1000)) for moment in (seconds, now))
    days = then.date().daysTo(today.date())
    if now - seconds < 60:
        return tr("Opened just now")
    if now - seconds < 3600:
        minutes = round((now - seconds) / 60)
        return trn("Opened {count} minute ago", "Opened {count} minutes ago", minutes)
    if days <= 0:
        return tr(
            "Opened today, {clock}", clock=QLocale().toString(then.time(), QLocale.FormatType.ShortFormat)
        )
    if days == 1:
        return tr("Opened yesterday")
    if days < 7:
        return trn("Opened {count} day ago", "Opened {count} days ago", days)
    return tr("Opened on {date}", date=locales.day(seconds))
