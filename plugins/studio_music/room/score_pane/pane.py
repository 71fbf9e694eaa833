"""The score as it is seen: its pages below each other, and the cursor over them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, EmptyState, IconButton, label
from studio_music.core.score.pages import CursorPlace
from studio_music.room.score_pane.sheet import Sheet

SIZES = (24, 30, 36, 44, 54, 66)
"""How large staves are, in percent: see `Engraver`."""
_NEAR = 6.0
"""Pixels around a note that still mean it."""
_OVER = 6.0
"""Pixels that the cursor reaches over its line of music."""
_TINT = 0.3
_SETTLE_MS = 200
_LEAST = 30 * UNIT


class PageView(QWidget):
    """One page."""

    accessible_role = QAccessible.Role.Graphic
    note_pressed = Signal(int, int)
    """(track, place of the note in it)."""
    bar_pressed = Signal(int, float)
    """(number of the bar, share of it, 0 to 1)."""

    def __init__(self, sheet: Sheet, number: int) -> None:
        super().__init__()
        self.sheet = sheet
        self._cursor: QRectF | None = None
        self._marked: list[QRectF] = []
        self.setFixedSize(round(sheet.width), round(sheet.height))
        self.setAccessibleName(tr("Page {number} of the score", number=number))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_cursor(self, place: CursorPlace | None) -> None:
        scale, before = self.sheet.scale, self._cursor
        self._cursor = None
        if place is not None:
            top, bottom = (place.top - _OVER) * scale, (place.bottom + _OVER) * scale
            self._cursor = QRectF(place.x * scale, top, 2, bottom - top)
        for one in (before, self._cursor):
            if one is not None:
                self.update(one.adjusted(-2, -2, 2, 2).toAlignedRect())

    def mark(self, notes: frozenset[tuple[int, int]]) -> None:
        """Lays the color of what is chosen behind these notes."""
        sheet = self.sheet
        marked = [sheet.area_of(one) for one in sheet.page.notes if (one.track, one.note) in notes]
        if marked != self._marked:
            self._marked = marked
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        sheet, at = self.sheet, event.position()
        note = sheet.note_at(at, _NEAR)
        if note is not None:
            self.note_pressed.emit(note.track, note.note)
        elif (bar := sheet.bar_at(at)) is not None:
            share = (at.x() / sheet.scale - bar.left) / max(1.0, bar.right - bar.left)
            self.bar_pressed.emit(bar.number, min(max(share, 0.0), 1.0))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self.palette()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._marked:
                tint = QColor(colors.accent().color())
                tint.setAlphaF(_TINT)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(tint)
                for area in self._marked:
                    painter.drawRoundedRect(area.adjusted(-3, -3, 3, 3), 4, 4)
            painter.drawImage(QPointF(0, 0), self.sheet.picture)
            if self._cursor is not None:
                painter.fillRect(self._cursor, colors.brightText().color())


class ScorePane(QFrame):
    """It knows nothing of how scores are engraved: it says what size is wanted, and shows pages."""

    wanted = Signal()
    """Another width or size of staves: the score is to be drawn anew."""
    note_pressed = Signal(int, int)
    bar_pressed = Signal(int, float)
    close_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAccessibleName(tr("Score"))
        self.views: list[PageView] = []
        self.size_place = 1
        self._line: tuple[int, float] | None = None
        """(page, top) of the line of music that the cursor is in."""
        self._marked: frozenset[tuple[int, int]] = frozenset()
        self.state = label("", "small")
        self.smaller = IconButton("zoom-out", tr("Smaller staves"))
        self.larger = IconButton("zoom-in", tr("Larger staves"))
        close = IconButton("close", tr("Hide the score"))
        self.smaller.clicked.connect(lambda: self.zoom(-1))
        self.larger.clicked.connect(lambda: self.zoom(1))
        close.clicked.connect(lambda: self.close_wanted.emit())
        head = QHBoxLayout()
        head.setContentsMargins(UNIT + 4, UNIT // 2, UNIT // 2, UNIT // 2)
        head.setSpacing(UNIT // 2)
        head.addWidget(label(tr("Score"), "group"))
        head.addWidget(self.state, 1)
        for part in (self.smaller, self.larger, close):
            head.addWidget(part)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(UNIT, 0, UNIT, UNIT)
        self._column.setSpacing(UNIT)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidget(self._inside)
        self.area.setWidgetResizable(True)
        self.area.setAccessibleName(tr("Score"))
        self.empty = EmptyState("", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.area)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self.wanted)

    def sizeHint(self) -> QSize:
        return QSize(60 * UNIT, 30 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, 14 * UNIT)

    @property
    def room(self) -> int:
        """Logical pixels that a page may be wide."""
        bar = self.area.verticalScrollBar().sizeHint().width()
        return max(_LEAST, self.width() - 2 * UNIT - bar)

    @property
    def size_percent(self) -> int:
        return SIZES[self.size_place]

    def zoom(self, step: int) -> None:
        place = min(max(self.size_place + step, 0), len(SIZES) - 1)
        if place != self.size_place:
            self.size_place = place
            self.smaller.setEnabled(place > 0)
            self.larger.setEnabled(place < len(SIZES) - 1)
            self.wanted.emit()

    def say(self, title: str, text: str) -> None:
        """Words in place of the pages: why there are none, and what to do."""
        self.empty.say(title, text)
        self._stack.setCurrentWidget(self.empty)

    def say_state(self, words: str) -> None:
        self.state.setText(words)

    def show_sheets(self, sheets: Sequence[Sheet]) -> None:
        """In place of those before; what is seen stays where it is."""
        at = self.area.verticalScrollBar().value()
        for view in self.views:
            self._column.removeWidget(view)
            view.hide()
            view.deleteLater()
        self.views, self._line = [], None
        for number, sheet in enumerate(sheets):
            view = PageView(sheet, number + 1)
            view.note_pressed.connect(self.note_pressed)
            view.bar_pressed.connect(self.bar_pressed)
            view.mark(self._marked)
            self.views.append(view)
            self._column.insertWidget(number, view)
        self._stack.setCurrentWidget(self.area)
        self._inside.adjustSize()
        self.area.verticalScrollBar().setValue(at)

    def set_cursor(self, place: CursorPlace | None, *, follow: bool) -> None:
        """Where it plays; `follow` scrolls as another line of music begins."""
        for number, view in enumerate(self.views):
            view.set_cursor(place if place is not None and place.page == number else None)
        line = (place.page, place.top) if place is not None else None
        if place is not None and line != self._line and place.page < len(self.views):
            self._line = line
            if follow:
                self._show(self.views[place.page], place)

    def mark(self, notes: frozenset[tuple[int, int]]) -> None:
        """(track, place of the note) of what is chosen in the roll."""
        self._marked = notes
        for view in self.views:
            view.mark(notes)

    def _show(self, view: PageView, place: CursorPlace) -> None:
        scale = view.sheet.scale
        middle = view.y() + (place.top + place.bottom) / 2 * scale
        half = min((place.bottom - place.top) / 2 * scale + 3 * UNIT, self.area.viewport().height() / 2)
        self.area.ensureVisible(0, round(middle), 0, round(half))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._timer.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.zoom(step)
