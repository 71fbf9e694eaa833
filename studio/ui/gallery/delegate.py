"""How one item of the gallery is drawn, and the title of a section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QPoint, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QStyle

from studio.core.item import Item, Label
from studio.core.kind import Kind, Kinds
from studio.project.order import Group
from studio.ui.gallery.model import GalleryModel
from studio.ui.items.thumbnails import LARGE, LARGEST, SIDE
from studio.ui.items.words import section_title, subtitle
from studio.ui.kit import locales
from studio.ui.kit.grid_view import CURRENT, HOVERED, SELECTED
from studio.ui.kit.icons import icon
from studio.ui.kit.label_mark import draw_label
from studio.ui.kit.theme import RADIUS, UNIT, Theme

Thumbnail = Callable[[Item, int], QPixmap | None]
_MARGIN = UNIT // 2
_PADDING = 6
"""Between a cell's card and what is on it."""
_ICON = 36
_BADGE = 18
_ALMOST = 4.0
"""Pixels: a picture fills a place that is larger by less, though its proportions are not quite the same."""
_SHEETS = 2
"""Edges of pictures that show beneath the one on top of a stack."""
_SHEET = 3
"""Pixels by which each of them stands out."""
_REJECTED = 0.35
"""Opacity of a rejected picture."""


class GalleryDelegate:
    """Implements `Cells` for the model. `waiting`: by digest, the keys of cells that have no picture yet."""

    def __init__(self, model: GalleryModel, thumbnail: Thumbnail, theme: Theme, kinds: Kinds) -> None:
        self.model = model
        self.theme = theme
        self.direction = Qt.LayoutDirection.LeftToRight
        self.waiting: defaultdict[str, set[Hashable]] = defaultdict(set)
        self._thumbnail = thumbnail
        self._kinds = kinds
        self._words_height = (0, 0)
        """With the size of letters that it belongs to."""

    def cell_width(self, zoom: int) -> int:
        return self.theme.px(zoom)

    def words_height(self) -> int:
        size = self.theme.small_px
        if self._words_height[0] != size:
            self._words_height = size, 2 * QFontMetrics(self._font()).height() + 1 + UNIT
        return self._words_height[1]

    def edge(self) -> int:
        return 2 * (_MARGIN + _PADDING)

    def header_height(self) -> int:
        return QFontMetrics(self._font(strong=True)).height() + 2 * UNIT

    def background(self) -> QColor:
        return self.theme.color("surface")

    def accent(self) -> QColor:
        return self.theme.color("accent")

    def key(self, row: int) -> Hashable:
        return self.model.ids[row]

    def will_show(self, rows: range) -> None:
        if rows:
            self.model.will_show(rows)

    def paint(self, painter: QPainter, rect: QRect, row: int, state: int) -> bool:
        theme = self.theme
        if row < 0:  # hundreds in a frame, where one scrolls fast on a large screen
            inset = self.edge() // 2
            frame = rect.adjusted(inset, inset, -inset, -inset - self.words_height())
            painter.fillRect(frame, theme.color("background"))
            return False
        item = self.model.peek(row)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place, count = self.model.place_at(row), self.model.count_at(row)
        if place is not None:  # the items of an opened stack stand on one ground
            painter.fillRect(rect.adjusted(0, _MARGIN, 0, -_MARGIN), theme.color("sunken"))
        card = rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        if state & (SELECTED | HOVERED):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected" if state & SELECTED else "hover"))
            painter.drawRoundedRect(card, RADIUS + 2, RADIUS + 2)
        inner = card.adjusted(_PADDING, _PADDING, -_PADDING, 0)
        height = rect.height() - self.words_height() - self.edge()
        frame = QRect(inner.left(), inner.top(), inner.width(), height)
        if count > 1:
            frame = self._sheets(painter, frame)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("background"))
        painter.drawRoundedRect(frame, 4, 4)
        if item is not None:
            self._picture(painter, frame, item, row)
            self._badges(painter, frame, item)
            if (badge := self.badge(rect, row)) is not None:
                self._count(
                    painter, badge, place[2] if place is not None else count, opened=place is not None
                )
            words = QRect(inner.left(), frame.bottom() + 6, inner.width(), card.bottom() - frame.bottom() - 6)
            self._words(painter, words.adjusted(2, 0, -2, 0), item, row)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring = QRectF(card).adjusted(0.75, 0.75, -0.75, -0.75)
        if state & SELECTED:
            painter.setPen(theme.color("accent"))
            painter.drawRoundedRect(ring, RADIUS + 2, RADIUS + 2)
        if state & CURRENT:
            pen = painter.pen()
            pen.setColor(theme.color("accent"))
            pen.setWidthF(2.5)
            pen.setStyle(Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.drawRoundedRect(ring, RADIUS + 2, RADIUS + 2)
        return item is not None

    def badge(self, cell: QRect, row: int) -> QRect | None:
        """Where a cell tells how many lie in its stack: a closed one, or the first of an opened one."""
        place, count = self.model.place_at(row), self.model.count_at(row)
        if place is not None:
            before = self.model.place_at(row - 1)
            if before is not None and before[0] == place[0]:
                return None
            count = place[2]
        elif count < 2:
            return None
        inset = self.edge() // 2
        side = self.theme.px(_BADGE)
        wide = side + UNIT + QFontMetrics(self._font()).horizontalAdvance(locales.number(count))
        frame = cell.adjusted(inset, inset, -inset, -inset - self.words_height())
        right = frame.right() - 3 - (_SHEETS * _SHEET if place is None else 0)
        return self._mirrored(cell, QRect(right - wide, frame.bottom() - 3 - side, wide, side))

    def badge_at(self, row: int, cell: QRect, point: QPoint) -> bool:
        badge = self.badge(cell, row)
        return badge is not None and badge.adjusted(-4, -4, 4, 4).contains(point)

    def _sheets(self, painter: QPainter, frame: QRect) -> QRect:
        """The edges of what lies beneath; returns the place of the picture on top."""
        painter.setPen(self.theme.color("outline"))
        painter.setBrush(self.theme.color("raised"))
        most = _SHEETS * _SHEET
        for sheet in range(_SHEETS, -1, -1):
            out = sheet * _SHEET
            place = frame.adjusted(out, most - out, out - most, -out)
            painter.drawRoundedRect(QRectF(self._mirrored(frame, place)).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        return self._mirrored(frame, frame.adjusted(0, most, -most, 0))

    def _count(self, painter: QPainter, badge: QRect, count: int, *, opened: bool) -> None:
        """How many lie in the stack; on the ground of what is pressed where it is opened."""
        theme = self.theme
        painter.setPen(theme.color("outline"))
        painter.setBrush(theme.color("selected" if opened else "raised"))
        painter.drawRoundedRect(QRectF(badge).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        side = badge.height() - 4
        drawn = self._mirrored(badge, QRect(badge.left() + 3, badge.top() + 2, side, side))
        icon("stack", theme.color("text")).paint(painter, drawn)
        painter.setFont(self._font())
        painter.setPen(theme.color("text"))
        words = self._mirrored(badge, badge.adjusted(side + 3, 0, -4, 0))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, locales.number(count))

    def paint_header(self, painter: QPainter, rect: QRect, section: int) -> None:
        if section >= len(self.model.sections):
            return
        told = self.model.sections[section]
        painter.save()
        painter.fillRect(rect, self.background())
        words = rect.adjusted(UNIT + 2, 0, -UNIT - 2, 0)
        strong = self._font(strong=True)
        count = locales.number(told.count)
        room = words.width() - QFontMetrics(self._font()).horizontalAdvance(count) - UNIT
        title = section_title(Group(self.model.arrangement.group), told, self._kinds)
        shown = QFontMetrics(strong).elidedText(title, Qt.TextElideMode.ElideRight, room)
        leading = self._aligned(Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(strong)
        painter.setPen(self.theme.color("text"))
        painter.drawText(words, leading, shown)
        after = QFontMetrics(strong).horizontalAdvance(shown) + UNIT
        painter.setFont(self._font())
        painter.setPen(self.theme.color("muted"))
        painter.drawText(self._mirrored(words, words.adjusted(after, 0, 0, 0)), leading, count)
        painter.restore()

    def _picture(self, painter: QPainter, frame: QRect, item: Item, row: int) -> None:
        side = _side(frame)
        pixmap = self._thumbnail(item, side)
        if pixmap is None:
            self.waiting[item.digest].add(self.key(row))
            return
        if item.rejected:
            painter.setOpacity(_REJECTED)
        if pixmap.isNull():
            self._no_picture(painter, frame, item)
        else:
            size = pixmap.deviceIndependentSize()
            inside = frame if item.kind in (Kind.IMAGE, Kind.MASK) else frame.adjusted(6, 6, -6, -6)
            is_reduced = max(size.width(), size.height()) > side - 1
            if is_reduced or size.width() > inside.width() or size.height() > inside.height():
                size.scale(inside.size(), Qt.AspectRatioMode.KeepAspectRatio)
                if inside.width() - size.width() + inside.height() - size.height() < _ALMOST:
                    size = QSizeF(inside.size())
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(QRectF(frame).center())
            path = QPainterPath()
            path.addRoundedRect(frame, 4, 4)
            painter.setClipPath(path)
            painter.drawPixmap(place.toRect(), pixmap)
            painter.setClipping(False)
        painter.setOpacity(1)

    def _no_picture(self, painter: QPainter, frame: QRect, item: Item) -> None:
        """The sign of its kind, and what sort of file it is."""
        side = self.theme.px(_ICON)
        square = QRect(0, 0, side, side)
        square.moveCenter(frame.center())
        square.translate(0, -UNIT)
        icon(self._kinds.get(item.kind).icon, self.theme.color("muted")).paint(painter, square)
        painter.setFont(self._font())
        painter.setPen(self.theme.color("muted"))
        below = QRect(frame.left(), square.bottom() + 4, frame.width(), frame.bottom() - square.bottom() - 4)
        painter.drawText(
            below,
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop,
            item.extension.removeprefix(".").upper(),
        )

    def _badges(self, painter: QPainter, frame: QRect, item: Item) -> None:
        """The mark of the color label, the cross of what was rejected: in the picture's upper corners."""
        side = self.theme.px(_BADGE)
        if item.label is not Label.NONE:
            square = self._mirrored(frame, QRect(frame.left() + 4, frame.top() + 4, side, side))
            draw_label(painter, QRectF(square), item.label, self.theme)
        if item.rejected:
            square = QRect(frame.right() - 3 - side, frame.top() + 4, side, side)
            square = self._mirrored(frame, square)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("surface"))
            painter.drawEllipse(square)
            icon("close", self.theme.color("danger")).paint(painter, square.adjusted(3, 3, -3, -3))

    def _words(self, painter: QPainter, place: QRect, item: Item, row: int) -> None:
        painter.setFont(self._font())
        metrics = painter.fontMetrics()
        line = QRect(place.left(), place.top(), place.width(), metrics.height())
        leading = self._aligned(Qt.AlignmentFlag.AlignLeft)
        begin = self._mark_new(painter, line) if self.model.is_new_at(row) else line
        painter.setPen(self.theme.color("muted" if item.rejected else "text"))
        told = painter.fontMetrics().elidedText(item.name, Qt.TextElideMode.ElideMiddle, begin.width())
        painter.drawText(begin, leading, told)
        painter.setFont(self._font())
        line.translate(0, metrics.height() + 1)
        stars = "★" * item.stars
        taken = metrics.horizontalAdvance(stars)
        if stars:
            painter.setPen(self.theme.color("warning"))
            painter.drawText(line, self._aligned(Qt.AlignmentFlag.AlignRight), stars)
        room = line.width() - taken - UNIT // 2
        naming = self.model.naming(row) or [subtitle(item, self._kinds)]
        for count in range(len(naming), 0, -1):
            told = " · ".join(naming[:count])
            if metrics.horizontalAdvance(told) <= room:
                painter.setPen(self.theme.color("muted"))
                painter.drawText(line, leading, told)
                break

    def _mark_new(self, painter: QPainter, line: QRect) -> QRect:
        """A dot before the name, which is in bold; returns the room for that."""
        side = UNIT
        dot = QRectF(line.left(), line.center().y() - side / 2 + 1, side, side).toRect()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("accent"))
        painter.drawEllipse(self._mirrored(line, dot))
        font = self._font()
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        return self._mirrored(line, line.adjusted(side + UNIT // 2, 0, 0, 0))

    def _font(self, *, strong: bool = False) -> QFont:
        font = QFont()
        font.setPixelSize(self.theme.text_px if strong else self.theme.small_px)
        if strong:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _aligned(self, alignment: Qt.AlignmentFlag) -> Qt.AlignmentFlag:
        absolute = Qt.AlignmentFlag.AlignAbsolute
        return QStyle.visualAlignment(self.direction, alignment) | absolute

    def _mirrored(self, around: QRect, rect: QRect) -> QRect:
        return QStyle.visualRect(self.direction, around, rect)


def _side(frame: QRect) -> int:
    """Of the thumbnail that is large enough for a place."""
    wanted = max(frame.width(), frame.height())
    return SIDE if wanted <= SIDE else LARGE if wanted <= LARGE else LARGEST
