"""Rows of facts: a name, and the values of one item or of two side by side, each of which can be used."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QStyle, QVBoxLayout, QWidget

from studio.ui.kit.text_diff import Piece
from studio.ui.kit.theme import UNIT
from studio.words import tr

_PAD_X, _PAD_Y = 6, 3
_GAP = UNIT
_NAME_SHARE = 0.42
"""Of the width, for names, at most."""
_MARK = 2 * UNIT
"""Room before the name for the sign that values differ."""
_ROUND = 5
_TINT = 48


@dataclass(frozen=True)
class Fact:
    """`values` has one text for each item; `pieces`, where given, the words of each."""

    name: str
    values: tuple[str, ...]
    key: str = ""
    differs: bool = False
    pieces: tuple[tuple[Piece, ...], ...] = ()
    strong: bool = False
    """A heading over the values."""


def piece_format(piece: Piece, palette: QPalette) -> QTextCharFormat:
    """Removed words are struck through, added ones underlined; a tint helps those who see it."""
    made = QTextCharFormat()
    if piece.op == "same":
        return made
    role = QPalette.ColorRole.BrightText if piece.op == "removed" else QPalette.ColorRole.Highlight
    tint = QColor(palette.color(role))
    tint.setAlpha(_TINT)
    made.setBackground(tint)
    made.setFontStrikeOut(piece.op == "removed")
    made.setFontUnderline(piece.op == "added")
    return made


class FactRow(QWidget):
    """Painted, since a button cannot wrap its words. Left and right choose the value, Enter uses it.

    A click on a value uses it; dragging over it marks a part, which is copied then instead of the whole.
    """

    used = Signal(str, int)
    """The fact's key, and of which item its value is wanted."""
    menu_wanted = Signal(object, int, object)
    """(Fact, item, where on the screen)."""
    copy_wanted = Signal(str)
    walked = Signal(int)
    """Up (-1) or down (1) was pressed."""

    accessible_role = QAccessible.Role.Button

    def __init__(self, fact: Fact) -> None:
        super().__init__()
        self.fact = fact
        self.name_width = self.least_name_width = 0
        self._column = 0
        self._hovered = -1
        self._pressed = (-1, 0)
        """Which value the left button went down on, and before which letter (of UTF-16)."""
        self._marked = (0, 0, 0)
        """(Value, begin, end) of what is marked; nothing where both are the same."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        values = " / ".join(fact.values)
        self.setAccessibleName(tr("{name}: {value}", name=fact.name, value=values))
        if fact.key:
            self.setToolTip(tr("Use this value"))
            self.setAccessibleDescription(tr("Use this value"))

    # Geometry ----------------------------------------------------------------------------------------------

    def wanted_name_width(self) -> int:
        return self._wide(self.fact.name)

    def widest_word(self) -> int:
        """What the name's column needs at least: no word of a name is broken."""
        return max(map(self._wide, self.fact.name.split()), default=0)

    def _wide(self, text: str) -> int:
        metrics = QFontMetricsF(self._font())
        return math.ceil(metrics.horizontalAdvance(text)) + self._mark_width() + 2

    def _mark_width(self) -> int:
        return _MARK if len(self.fact.values) > 1 else 0

    def _name_width(self, width: int) -> int:
        share = _NAME_SHARE if len(self.fact.values) == 1 else _NAME_SHARE - 0.1
        return max(min(self.name_width, round(width * share)), self.least_name_width)

    def _cells(self, width: int) -> list[QRect]:
        """The name's and each value's rectangle, not mirrored yet; the height is not set."""
        name = self._name_width(width)
        count = len(self.fact.values)
        left = _PAD_X + name + _GAP
        room = max(width - left - _PAD_X - (count - 1) * _GAP, 10 * count)
        each = room // count
        cells = [QRect(_PAD_X, _PAD_Y, name, 0)]
        cells += [QRect(left + n * (each + _GAP), _PAD_Y, each, 0) for n in range(count)]
        return cells

    def cell(self, number: int) -> QRect:
        """Where the value of an item is drawn."""
        box = self._cells(self.width())[number + 1].adjusted(-4, 0, 4, 0)
        box.setHeight(self.height() - 2 * _PAD_Y)
        return QStyle.visualRect(self.layoutDirection(), self.rect(), box)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        name, *values = self._cells(width)
        tall = self._layout(self.fact.name, (), name.width() - self._mark_width()).boundingRect().height()
        for number, box in enumerate(values):
            tall = max(tall, self._value_layout(number, box.width()).boundingRect().height())
        return round(tall) + 2 * _PAD_Y

    def sizeHint(self) -> QSize:
        return QSize(30 * UNIT, self.heightForWidth(self.width() or 30 * UNIT))

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * UNIT, self.fontMetrics().height() + 2 * _PAD_Y)

    def _value_layout(self, number: int, width: int) -> QTextLayout:
        pieces = self.fact.pieces[number] if self.fact.pieces else ()
        return self._layout(self.fact.values[number] or "–", pieces, width)

    def _font(self) -> QFont:
        font = QFont(self.font())
        if self.fact.strong:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _layout(self, text: str, pieces: Sequence[Piece], width: int) -> QTextLayout:
        layout = QTextLayout(text.replace("\n", "\u2028"), self._font())
        # What was typed has a direction of its own; only the side on which it stands follows the window.
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        layout.setTextOption(option)
        ranges, start = [], 0
        for piece in pieces:
            one = QTextLayout.FormatRange()
            one.start, one.length = start, _units(piece.text)
            one.format = piece_format(piece, self.palette())
            ranges.append(one)
            start += _units(piece.text)
        layout.setFormats(ranges)
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 20))
            line.setPosition(QPointF(0, y))
            y += line.height()
        layout.endLayout()
        return layout

    # Painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self.palette()
        name_box, *value_boxes = self._cells(self.width())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            muted = colors.color(QPalette.ColorRole.PlaceholderText)
            if self.fact.key and self._hovered >= 0:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colors.color(QPalette.ColorRole.Midlight))
                box = self.cell(self._hovered) if len(self.fact.values) > 1 else self.rect()
                painter.drawRoundedRect(QRectF(box), _ROUND, _ROUND)
            self._draw(
                painter,
                self._layout(self.fact.name, (), name_box.width() - self._mark_width()),
                name_box.adjusted(self._mark_width(), 0, 0, 0),
                muted,
            )
            if self.fact.differs:
                painter.setPen(colors.color(QPalette.ColorRole.Text))
                mark = QRect(_PAD_X, _PAD_Y, _MARK, self.fontMetrics().height())
                mark = QStyle.visualRect(self.layoutDirection(), self.rect(), mark)
                painter.drawText(mark, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, "≠")
            for number, box in enumerate(value_boxes):
                hot = bool(self.fact.key) and self._hovered == number
                role = QPalette.ColorRole.Link if hot else QPalette.ColorRole.WindowText
                color = colors.color(role)
                self._draw(painter, self._value_layout(number, box.width()), box, color, self._marks(number))
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colors.color(QPalette.ColorRole.Highlight), 1))
                box = self.cell(self._column) if len(self.fact.values) > 1 else self.rect()
                painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)

    def _draw(
        self,
        painter: QPainter,
        layout: QTextLayout,
        box: QRect,
        color: QColor,
        marks: Sequence[QTextLayout.FormatRange] = (),
    ) -> None:
        painter.setPen(color)
        layout.draw(painter, QPointF(self._corner(box)), marks)

    def _corner(self, box: QRect) -> QPoint:
        """Where a cell's text begins, in a mirrored window too."""
        place = QRect(box.x(), box.y(), box.width(), self.height())
        return QStyle.visualRect(self.layoutDirection(), self.rect(), place).topLeft()

    # Marking -----------------------------------------------------------------------------------------------

    def _marks(self, number: int) -> list[QTextLayout.FormatRange]:
        column, begin, end = self._marked
        if column != number or begin == end:
            return []
        made, colors = QTextLayout.FormatRange(), self.palette()
        made.start, made.length = begin, end - begin
        format = QTextCharFormat()
        format.setBackground(colors.color(QPalette.ColorRole.Highlight))
        format.setForeground(colors.color(QPalette.ColorRole.HighlightedText))
        made.format = format
        return [made]

    def _letter_at(self, column: int, point: QPointF) -> int:
        """Before which letter of a value a point lies."""
        box = self._cells(self.width())[column + 1]
        layout, at = self._value_layout(column, box.width()), point - QPointF(self._corner(box))
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            if at.y() < line.y() + line.height() or number == layout.lineCount() - 1:
                return line.xToCursor(at.x())
        return 0

    def marked_text(self) -> str:
        """What is marked; "" where nothing is."""
        column, begin, end = self._marked
        units = self.fact.values[column].encode("utf-16-le")[2 * begin : 2 * end]
        return units.decode("utf-16-le", "ignore")

    def _mark(self, column: int, one: int, other: int) -> None:
        marked = (column, min(one, other), max(one, other))
        if marked != self._marked:
            self._marked = marked
            self.update()

    # Input -------------------------------------------------------------------------------------------------

    def _column_at(self, x: float) -> int:
        """Which value is at x; the name belongs to the only one."""
        if len(self.fact.values) == 1:
            return 0
        for number in range(len(self.fact.values)):
            box = self.cell(number)
            if box.left() <= x <= box.right():
                return number
        return -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            column = self._column_at(event.position().x())
            letter = self._letter_at(column, event.position()) if column >= 0 else 0
            self._pressed = (column, letter)
            self._mark(max(column, 0), letter, letter)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        column, letter = self._pressed
        if event.buttons() & Qt.MouseButton.LeftButton and column >= 0:
            self._mark(column, letter, self._letter_at(column, event.position()))
            return
        self._hover(self._column_at(event.position().x()))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover(self._column_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def _hover(self, column: int) -> None:
        if column != self._hovered:
            self._hovered = column
            hot = column >= 0 and self.fact.key
            self.setCursor(Qt.CursorShape.PointingHandCursor if hot else Qt.CursorShape.IBeamCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        column = self._column_at(event.position().x())
        is_inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and is_inside and not self.marked_text():
            self._use(column)

    def _use(self, column: int) -> None:
        if self.fact.key and column >= 0 and self.fact.values[column]:
            self._column = column
            self.used.emit(self.fact.key, column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ahead = Qt.Key.Key_Left if mirrored else Qt.Key.Key_Right
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._use(self._column)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walked.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and len(self.fact.values) > 1:
            self._column = min(max(self._column + (1 if key == ahead else -1), 0), len(self.fact.values) - 1)
            self.update()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit(self.marked_text() or self.fact.values[self._column])
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        column = self._column_at(event.pos().x()) if by_mouse else self._column
        self.menu_wanted.emit(self.fact, max(column, 0), event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._mark(0, 0, 0)
        self.update()


class FactList(QWidget):
    """Rows whose names share one column. One tab stop; up and down walk through the rows."""

    used = Signal(str, int)
    menu_wanted = Signal(object, int, object)
    copy_wanted = Signal(str)
    reached = Signal(object)
    """The row that the keyboard walked to, to be scrolled into view."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[FactRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        if [row.fact for row in self.rows] == list(facts):
            return
        focused = next((n for n, row in enumerate(self.rows) if row.hasFocus()), None)
        for old in self.rows:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = [FactRow(fact) for fact in facts]
        for number, row in enumerate(self.rows):
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if number == 0 else Qt.FocusPolicy.ClickFocus)
            row.used.connect(self.used)
            row.menu_wanted.connect(self.menu_wanted)
            row.copy_wanted.connect(self.copy_wanted)
            row.walked.connect(self._walk)
            self._column.addWidget(row)
        self._align()
        if focused is not None and self.rows:
            self.rows[min(focused, len(self.rows) - 1)].setFocus()

    def _align(self) -> None:
        for row in self.rows:
            row.ensurePolished()  # the style sheet gives a row its font only when it is shown
        wanted = max((row.wanted_name_width() for row in self.rows), default=0)
        least = max((row.widest_word() for row in self.rows), default=0)
        for row in self.rows:
            row.name_width, row.least_name_width = wanted, least
            row.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._align()

    def showEvent(self, event: QEvent) -> None:
        """The style sheet gives the rows their font when they are shown first."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._align()

    def _walk(self, step: int) -> None:
        sender = self.sender()
        place = next((n for n, row in enumerate(self.rows) if row is sender), None)
        if place is not None and 0 <= place + step < len(self.rows):
            row = self.rows[place + step]
            row.setFocus(Qt.FocusReason.TabFocusReason)
            self.reached.emit(row)


def _units(text: str) -> int:
    """Its length as Qt counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2
