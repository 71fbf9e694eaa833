"""A button that is a picture with words below it: what one may begin with, a project, an item."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle

from studio.ui.kit.icons import icon
from studio.ui.kit.theme import LABELS, RADIUS, UNIT, Theme

PADDING = UNIT + 4
_MARK = 32
"""Side of the icon that stands where there is no picture."""
_HEIGHT = 15 * UNIT


class Line(Struct, frozen=True):
    """Words on a card; what does not fit ends in an ellipsis."""

    words: str
    role: str = "muted"
    strong: bool = False
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    most: int = 1
    """Rows that the words may take."""


class PictureCard(QAbstractButton):
    """A click, Return or Space chooses it; arrows ask for its neighbors (`step_wanted`)."""

    step_wanted = Signal(int, int)
    """Columns to the end of the line of reading, rows down."""

    def __init__(self, theme: Theme, title: str = "", about: str = "", drawing: str = "photo") -> None:
        """`drawing`: the icon that stands in for a picture."""
        super().__init__()
        self._theme = theme
        self._title, self._about, self._drawing = title, about, drawing
        self._image: QImage | QPixmap = QImage()
        self._height = _HEIGHT
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(about)

    def show_image(self, image: QImage | QPixmap) -> None:
        """Fills the card's upper part. One that is transparent in places is shown whole."""
        self._image = image
        self.update()

    def set_picture_height(self, height: int) -> None:
        self._height = height
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def lines(self) -> Sequence[Line]:
        """What is written below the picture."""
        title = Line(self._title, "text", strong=True, most=2)
        return (title, Line(self._about, most=3)) if self._about else (title,)

    def height_for(self, width: int) -> int:
        """What it needs with its picture and all its words."""
        return self._height + sum(self._heights(width)) + 2 * PADDING

    def sizeHint(self) -> QSize:
        width = self._theme.px(26 * UNIT)
        return QSize(width, self.height_for(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(18 * UNIT, self.sizeHint().height())

    # Drawing -----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            shape = QPainterPath()
            shape.addRoundedRect(frame, RADIUS + 2, RADIUS + 2)
            painter.fillPath(shape, theme.color("hover" if self.underMouse() or self.isDown() else "raised"))
            picture = QRect(0, 0, self.width(), self._height)
            painter.save()
            painter.setClipPath(shape)
            painter.setClipRect(picture, Qt.ClipOperation.IntersectClip)
            painter.fillRect(picture, theme.color("sunken"))
            if self._image.isNull():
                self.paint_nothing(painter, picture)
            else:
                self._paint_picture(painter, picture)
            painter.setPen(theme.color("border"))
            painter.drawLine(picture.bottomLeft(), picture.bottomRight())
            painter.restore()
            self._paint_words(painter, picture.bottom() + 1)
            focused = self.hasFocus()
            painter.setPen(theme.color("accent" if focused else "border"))
            if focused:
                pen = painter.pen()
                pen.setWidth(2)
                painter.setPen(pen)
            painter.drawPath(shape)

    def paint_nothing(self, painter: QPainter, place: QRect) -> None:
        """Where there is no picture: the icon, on a color that is always the same for the same title."""
        back, front = tints(self._title, self._theme)
        painter.fillRect(place, back)
        self.paint_mark(painter, place, self._drawing, front, side=_MARK + UNIT)

    def paint_mark(
        self, painter: QPainter, place: QRect, drawing: str, color: QColor, side: int = _MARK
    ) -> None:
        mark = QRect(0, 0, side, side)
        mark.moveCenter(place.center())
        icon(drawing, color).paint(painter, mark)

    def _paint_picture(self, painter: QPainter, place: QRect) -> None:
        image = self._image
        way = Qt.AspectRatioMode
        whole = image.hasAlphaChannel()
        room = place.adjusted(UNIT, UNIT, -UNIT, -UNIT) if whole else place
        size = image.size().scaled(
            room.size(), way.KeepAspectRatio if whole else way.KeepAspectRatioByExpanding
        )
        where = QRect(QPoint(), size)
        where.moveCenter(room.center())
        if isinstance(image, QPixmap):
            painter.drawPixmap(where, image)
        else:
            painter.drawImage(where, image)

    def _paint_words(self, painter: QPainter, top: int) -> None:
        align = QStyle.visualAlignment(
            self.layoutDirection(), Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop
        )
        width, y = self.width() - 2 * PADDING, top + PADDING - 1
        for line, height in zip(self.lines(), self._heights(self.width()), strict=True):
            font = self._font(line)
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(self._theme.color(line.role))
            place = QRect(PADDING, y, width, height)
            if line.most == 1:
                painter.drawText(place, align, metrics.elidedText(line.words, line.elide, width))
            else:
                painter.drawText(place, int(align | Qt.TextFlag.TextWordWrap), _cut(line, metrics, place))
            y += height

    def _heights(self, width: int) -> list[int]:
        """Of all lines, on a card of this width."""
        found = []
        for line in self.lines():
            metrics = QFontMetrics(self._font(line))
            needed = _height(line.words, metrics, width - 2 * PADDING) if line.most > 1 else 0
            found.append(min(max(needed, metrics.height()), line.most * metrics.height()))
        return found

    def _font(self, line: Line) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._theme.text_px if line.strong else self._theme.small_px)
        if line.strong:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    # Keys --------------------------------------------------------------------------------------------------

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
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def picture_for(file: Path, *, is_dark: bool) -> Path:
    """The picture "begin.webp", or the one that lies beside it for dark themes: "begin-dark.webp"."""
    dark = file.with_stem(f"{file.stem}-dark")
    return dark if is_dark and dark.is_file() else file


def tints(name: str, theme: Theme) -> tuple[QColor, QColor]:
    """Behind and of a drawing that has no color of its own: always the same for a name."""
    if theme.high_contrast:
        return theme.color("sunken"), theme.color("text")
    number = hashlib.sha256(name.encode()).digest()[0] % len(LABELS)
    own = theme.color(LABELS[number])
    return _mixed(theme.color("sunken"), own, 0.2), _mixed(theme.color("text"), own, 0.3)


def _mixed(first: QColor, second: QColor, share: float) -> QColor:
    parts = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(one + (other - one) * share) for one, other in parts))


def _cut(line: Line, metrics: QFontMetrics, place: QRect) -> str:
    """As many of the words as fit into the rows."""
    if _height(line.words, metrics, place.width()) <= place.height():
        return line.words
    words = line.words.split(" ")
    while len(words) > 1:
        words.pop()
        cut = " ".join(words) + "…"
        if _height(cut, metrics, place.width()) <= place.height():
            return cut
    return metrics.elidedText(line.words, line.elide, place.width())


def _height(words: str, metrics: QFontMetrics, width: int) -> int:
    """Of wrapped words."""
    return metrics.boundingRect(QRect(0, 0, width, 10_000), int(Qt.TextFlag.TextWordWrap), words).height()
