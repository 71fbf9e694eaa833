"""The family of an item as a small graph of thumbnails: made from (left), made of it (right)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QStyle, QToolTip

from studio.core.item import Item
from studio.core.kind import Kinds
from studio.ui.items.lineage_model import Lineage, Node, Source, build
from studio.ui.kit import locales
from studio.ui.kit.icons import icon
from studio.ui.kit.theme import UNIT
from studio.words import tr

_SIDE = 6 * UNIT
_GAP = UNIT
"""Between two of a column."""
_LANE = 4 * UNIT
"""Between two columns, for the edges."""
_EDGE = 6
"""Around the graph: room for rings."""
_TALLEST = 2
"""Rows in full size that the graph's height is kept to: the values below matter as much."""
_SMALLEST, _LARGEST, _LARGEST_FIT = 0.25, 6.0, 2.5
_LEAST_IN_PANEL = 0.5
"""In the panel a large family is drawn so much smaller before it scrolls."""
_MOST_ROWS = 6
"""That are seen at once when it is drawn smallest: a result and its variants."""
_ZOOM_STEP = 1.25
_FEW_EDGES = 100
_ROUND = 5


class LineageView(QAbstractScrollArea):
    """Arrow keys walk along the edges, Enter goes to what they stand on, a click goes at once.

    A small one fits the width of its place. A large one is zoomed by the wheel, + and -, panned by dragging,
    and fitted by 0 or a double click beside the pictures; it cannot be moved out of view.
    """

    item_chosen = Signal(object)
    """Item."""
    large_wanted = Signal()
    """A double click beside the pictures of a small one."""

    def __init__(
        self, thumbnail: Callable[[Item], QPixmap | None], kinds: Kinds, *, large: bool = False
    ) -> None:
        super().__init__()
        self._large = large
        self._zoom = 1.0
        self._is_fitted = True
        self._pan_from: QPoint | None = None
        self._kinds = kinds
        self._thumbnail = thumbnail
        self._source: Source | None = None
        self._item: Item | None = None
        self._opened: frozenset[str] = frozenset()
        self._at = ""
        """The key of the node that the keyboard is on."""
        self._under = ""
        """The key of the node below the pointer."""
        self.lineage: Lineage | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Lineage"))
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)

    # What is shown -----------------------------------------------------------------------------------------

    def show_family(self, source: Source, item: Item) -> bool:
        """Shows the family of an item; False if it has none."""
        if self._item is None or item.uid != self._item.uid:
            self._opened = frozenset()
        self._source, self._item = source, item
        self._build()
        assert self.lineage is not None
        return len(self.lineage.nodes) > 1

    def clear(self) -> None:
        """Lets go of the project."""
        self._source = self._item = self.lineage = None
        self.viewport().update()

    def _build(self) -> None:
        assert self._source is not None
        assert self._item is not None
        self.lineage = build(self._source, self._item, self._opened)
        if self._at not in self.lineage.by_key:
            self._at = self.lineage.current
        before, beside, after = self.lineage.counts()
        self.setAccessibleDescription(
            tr(
                "Made from {before}, {beside} beside it, {after} made of it.",
                before=locales.number(before),
                beside=locales.number(beside),
                after=locales.number(after),
            )
        )
        self.updateGeometry()
        self._settle()
        self._reveal(self.lineage.current)
        self.viewport().update()

    def thumbnail_ready(self, digest: str) -> None:
        if self.lineage is not None and any(n.item and n.item.digest == digest for n in self.lineage.nodes):
            self.viewport().update()

    def words(self, node: Node) -> str:
        """What a node is, for tool tips and screen readers."""
        if self.lineage is None:
            return ""
        slots = [edge.slot for edge in self.lineage.edges if edge.start == node.key and edge.slot]
        if node.kind == "more":
            return tr("Show {count} more", count=locales.number(node.count))
        if node.kind == "gone" or node.item is None:
            return tr("{slot}: no longer in the project", slot=slots[0] if slots else tr("Input"))
        name = tr("{slot}: {name}", slot=slots[0], name=node.item.name) if slots else node.item.name
        return tr("{name} (in the trash)", name=name) if node.item.trashed is not None else name

    # Geometry ----------------------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        return self._zoom

    def zoom_to(self, zoom: float, around: QPointF | None = None) -> None:
        """What is at `around` (in the viewport; else its middle) stays there."""
        at = QPointF(self.viewport().rect().center()) if around is None else around
        inside = at - self._offset()
        before, self._zoom = self._zoom, min(max(zoom, _SMALLEST), _LARGEST)
        self._is_fitted = False
        self._set_bars()
        moved = inside * (self._zoom / before) - at
        self.horizontalScrollBar().setValue(round(moved.x()))
        self.verticalScrollBar().setValue(round(moved.y()))
        self.viewport().update()

    def zoom_by(self, steps: int) -> None:
        self.zoom_to(self._zoom * _ZOOM_STEP**steps)

    def fit(self) -> None:
        """All of it is seen."""
        whole, room = self._content(1.0), self.maximumViewportSize()
        across, down = room.width() / max(whole.width(), 1), room.height() / max(whole.height(), 1)
        if self._large:
            self._zoom = min(max(min(across, down), _SMALLEST), _LARGEST_FIT)
        else:
            self._zoom = min(max(min(across, self._tallest() / max(whole.height(), 1)), _LEAST_IN_PANEL), 1.0)
        self._is_fitted = True
        self._set_bars()
        self.viewport().update()

    def _settle(self) -> None:
        """The family or the room is another now."""
        if self._is_fitted:
            self.fit()
        self._set_bars()

    def _sizes(self, zoom: float) -> tuple[int, int, int]:
        """Side of a picture, gap in a column, lane between two columns."""
        return round(_SIDE * zoom), round(_GAP * zoom), round(_LANE * zoom)

    def _content(self, zoom: float = 0.0) -> QSize:
        if self.lineage is None:
            return QSize(0, 0)
        side, gap, lane = self._sizes(zoom or self._zoom)
        across, down = len(self.lineage.columns), self.lineage.rows
        return QSize(across * (side + lane) - lane + 2 * _EDGE, down * (side + gap) - gap + 2 * _EDGE)

    def _offset(self) -> QPointF:
        """Where the graph's corner lies in the viewport: centered if it fits."""
        content, room = self._content(), self.viewport().size()
        x = -self.horizontalScrollBar().value() if content.width() > room.width() else 0
        y = -self.verticalScrollBar().value()
        if self._large and content.width() <= room.width():
            x = (room.width() - content.width()) // 2
        if content.height() <= room.height():
            y = (room.height() - content.height()) // 2
        return QPointF(x, y)

    def node_rect(self, node: Node) -> QRect:
        """Where a node is drawn, in the viewport."""
        return self._rect_in(node, self._content(), self._offset().toPoint())

    def _rect_in(self, node: Node, content: QSize, offset: QPoint) -> QRect:
        assert self.lineage is not None
        side, gap, lane = self._sizes(self._zoom)
        left = _EDGE + (node.column - self.lineage.columns.start) * (side + lane)
        top = _EDGE + round((node.y - 0.5) * (side + gap))
        box = QRect(left, top, side, side)
        least = 0 if self._large else self.viewport().width()
        whole = QRect(0, 0, max(content.width(), least), content.height())
        return QStyle.visualRect(self.layoutDirection(), whole, box).translated(offset)

    def node_at(self, position: QPointF) -> Node | None:
        if self.lineage is None:
            return None
        point = position.toPoint()
        return next((node for node in self.lineage.nodes if self.node_rect(node).contains(point)), None)

    def sizeHint(self) -> QSize:
        if self._large:
            return self._content(1.5)
        content = self._content()
        bar = self.horizontalScrollBar().sizeHint().height() if content.width() > self.width() else 0
        return QSize(content.width(), min(content.height(), self._tallest()) + bar)

    def _tallest(self) -> int:
        """Of a small one, in pixels."""
        rows = self.lineage.rows if self.lineage is not None else 0
        if rows <= _TALLEST / _LEAST_IN_PANEL:  # they have room when they are drawn smaller
            return _TALLEST * (_SIDE + _GAP) - _GAP + 2 * _EDGE
        side, gap, _ = self._sizes(_LEAST_IN_PANEL)
        return min(rows, _MOST_ROWS) * (side + gap) - gap + 2 * _EDGE

    def minimumSizeHint(self) -> QSize:
        return QSize(_SIDE + 2 * _EDGE, _SIDE if self._large else self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()
        if self.lineage is not None and event.oldSize().width() != event.size().width():
            self.updateGeometry()
            self._reveal(self._at)

    def _set_bars(self) -> None:
        content, room = self._content(), self.viewport().size()
        for bar, whole, seen in (
            (self.horizontalScrollBar(), content.width(), room.width()),
            (self.verticalScrollBar(), content.height(), room.height()),
        ):
            bar.setRange(0, max(0, whole - seen))
            bar.setPageStep(seen)
            bar.setSingleStep(_SIDE + _GAP)

    def _reveal(self, key: str) -> None:
        assert self.lineage is not None
        box, room = self.node_rect(self.lineage.by_key[key]), self.viewport().rect()
        for bar, low, high, size in (
            (self.horizontalScrollBar(), box.left(), box.right(), room.width()),
            (self.verticalScrollBar(), box.top(), box.bottom(), room.height()),
        ):
            if low < _EDGE:
                bar.setValue(bar.value() + low - _EDGE)
            elif high > size - _EDGE:
                bar.setValue(bar.value() + high - size + _EDGE)

    # Painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.lineage is None:
            return
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            content, offset = self._content(), self._offset().toPoint()
            boxes = {node.key: self._rect_in(node, content, offset) for node in self.lineage.nodes}
            side = self._sizes(self._zoom)[0]
            seen = event.rect().adjusted(-side, -side, side, side)
            self._paint_edges(painter, boxes, seen)
            for node in self.lineage.nodes:
                if boxes[node.key].intersects(seen):
                    self._paint_node(painter, node, boxes[node.key])

    def _paint_edges(self, painter: QPainter, boxes: dict[str, QRect], seen: QRect) -> None:
        """Solid from the main input, dashed from a mask or a reference."""
        assert self.lineage is not None
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for edge in self.lineage.edges:
            start, end = boxes[edge.start], boxes[edge.end]
            # Of a thousand edges that fan out only those whose end is seen tell anything.
            reach = start.united(end) if len(self.lineage.edges) <= _FEW_EDGES else end
            if not reach.intersects(seen):
                continue
            near, far = (start.left(), end.right() + 1) if mirrored else (start.right() + 1, end.left())
            a, b = QPointF(near, start.center().y() + 0.5), QPointF(far, end.center().y() + 0.5)
            bend = (b.x() - a.x()) / 2
            path = QPainterPath(a)
            path.cubicTo(a + QPointF(bend, 0), b - QPointF(bend, 0), b)
            touched = {edge.start, edge.end} & {self._under, self._at if self.hasFocus() else ""}
            role = QPalette.ColorRole.PlaceholderText if touched else QPalette.ColorRole.Dark
            line = Qt.PenStyle.DotLine if edge.slot else Qt.PenStyle.SolidLine
            painter.setPen(QPen(self.palette().color(role), 1.5, line, Qt.PenCapStyle.RoundCap))
            painter.drawPath(path)

    def _paint_node(self, painter: QPainter, node: Node, box: QRect) -> None:
        assert self.lineage is not None
        colors = self.palette()
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(box), _ROUND, _ROUND)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillPath(shape, colors.color(QPalette.ColorRole.Midlight))
        muted = colors.color(QPalette.ColorRole.PlaceholderText)
        if node.kind == "more":
            painter.setPen(muted)
            count = tr("+{count}", count=locales.number(node.count))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, count)
        elif node.item is None:
            self._paint_symbol(painter, box, "remove")
            painter.setPen(QPen(muted, 1, Qt.PenStyle.DashLine))
            painter.drawPath(shape)
        else:
            pixmap = self._thumbnail(node.item)
            if pixmap is not None and not pixmap.isNull():
                self._paint_picture(painter, box, shape, pixmap)
            else:
                painter.setPen(QPen(colors.color(QPalette.ColorRole.Dark), 1))
                painter.drawPath(shape)
                self._paint_symbol(painter, box, self._kinds.get(node.item.kind).icon)
            if node.item.trashed is not None:
                veil = colors.color(QPalette.ColorRole.Window)
                veil.setAlpha(170)
                painter.fillPath(shape, veil)
                self._paint_symbol(painter, box, "trash")
        self._paint_rings(painter, node, box)

    def _paint_picture(self, painter: QPainter, box: QRect, shape: QPainterPath, pixmap: QPixmap) -> None:
        """Fills the square with the picture's middle."""
        wide, tall = pixmap.width(), pixmap.height()
        side = min(wide, tall)
        middle = QRectF((wide - side) / 2, (tall - side) / 2, side, side)
        painter.save()
        painter.setClipPath(shape)
        painter.drawPixmap(QRectF(box), pixmap, middle)
        painter.restore()

    def _paint_symbol(self, painter: QPainter, box: QRect, name: str) -> None:
        side = 20
        color = self.palette().color(QPalette.ColorRole.PlaceholderText)
        drawing = icon(name, color).pixmap(QSize(side, side), self.devicePixelRatioF())
        painter.drawPixmap(box.center().x() - side // 2 + 1, box.center().y() - side // 2 + 1, drawing)

    def _paint_rings(self, painter: QPainter, node: Node, box: QRect) -> None:
        """The current item has a thick ring; what the keyboard is on has a second, thin one."""
        assert self.lineage is not None
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if node.key == self.lineage.current:
            painter.setPen(QPen(accent, 2.5))
            painter.drawRoundedRect(QRectF(box).adjusted(-1, -1, 1, 1), _ROUND + 1, _ROUND + 1)
        elif node.key == self._under:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1))
            painter.drawRoundedRect(QRectF(box).adjusted(-0.5, -0.5, 0.5, 0.5), _ROUND, _ROUND)
        if node.key == self._at and self.hasFocus():
            painter.setPen(QPen(accent, 1))
            painter.drawRoundedRect(QRectF(box).adjusted(-4, -4, 4, 4), _ROUND + 4, _ROUND + 4)

    # Input -------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ahead = -1 if mirrored else 1
        steps = {
            Qt.Key.Key_Left: (-ahead, 0),
            Qt.Key.Key_Right: (ahead, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = Qt.Key(event.key())
        if self.lineage is not None and key in steps:
            self._go(self.lineage.step(self._at, *steps[key]))
        elif self._large and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom_by(-1 if key == Qt.Key.Key_Minus else 1)
        elif self._large and key == Qt.Key.Key_0:
            self.fit()
        elif self.lineage is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.lineage.by_key[self._at])
        else:
            super().keyPressEvent(event)

    def _go(self, key: str) -> None:
        assert self.lineage is not None
        self._at = key
        self._reveal(key)
        self.viewport().update()
        said = QAccessibleAnnouncementEvent(self, self.words(self.lineage.by_key[key]))
        QAccessible.updateAccessibility(said)

    def _choose(self, node: Node) -> None:
        if node.kind == "more" and node.item is not None:
            self._opened |= {node.item.uid}
            self._build()
        elif node.kind == "item" and self.lineage is not None and node.key != self.lineage.current:
            self.item_chosen.emit(node.item)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        node = self.node_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and node is not None:
            self._at = node.key
            self._choose(node)
        elif self._large and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pan_from = event.position().toPoint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pan_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.node_at(event.position()) is None:
            self.fit() if self._large else self.large_wanted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._large:
            self.zoom_to(self._zoom * 2 ** (event.angleDelta().y() / 480), event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            moved = event.position().toPoint() - self._pan_from
            self._pan_from = event.position().toPoint()
            for bar, by in ((self.horizontalScrollBar(), moved.x()), (self.verticalScrollBar(), moved.y())):
                bar.setValue(bar.value() - by)
            return
        self._hover(self.node_at(event.position()))

    def _hover(self, node: Node | None) -> None:
        under = node.key if node is not None else ""
        if under != self._under:
            self._under = under
            usable = node is not None and node.kind != "gone"
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if usable else Qt.CursorShape.ArrowCursor
            )
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            node = self.node_at(QPointF(event.pos()))
            if node is not None:
                QToolTip.showText(event.globalPos(), self.words(node), self.viewport(), self.node_rect(node))
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
