"""What hands do to a grid: keys, clicks, the rubber band, dragging out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication

from studio.ui.kit.grid_select import Ranges, as_selection
from studio.ui.kit.grid_view import Cells, Flag, GridView

_SCROLL_MS = 16
_DRAGGED = 96
"""Height of the picture under the pointer."""
Key = Qt.Key
Modifier = Qt.KeyboardModifier


class ItemGrid(GridView):
    """The grid with keyboard and mouse."""

    drag_data: Callable[[], QMimeData | None]
    """What a drag of the selected rows carries."""
    badge_at: Callable[[int, QRect, QPoint], bool]
    """Whether a point is on the badge of a row, whose cell has this place."""
    badge_pressed = Signal(int)
    """A row."""
    banded = Signal()
    """A rubber band was let go: what it caught is selected."""

    def __init__(self, cells: Cells) -> None:
        super().__init__(cells)
        self.drag_data = lambda: None
        self.badge_at = lambda *_: False
        self.setAcceptDrops(True)
        self._pressed: QPoint | None = None
        """Where the left button went down, in content coordinates."""
        self._pressed_row = -1
        self._select_on_release = False
        self._band: QRect | None = None
        self._before = Ranges()
        """What was selected before the rubber band, where that adds to it."""
        self._scroller = QTimer(self)
        self._scroller.setInterval(_SCROLL_MS)
        self._scroller.timeout.connect(self._scroll_with_band)

    @property
    def is_banding(self) -> bool:
        return self._band is not None

    # Selecting ---------------------------------------------------------------------------------------------

    def choose(
        self, row: int, *, extend: bool = False, toggle: bool = False, move_only: bool = False
    ) -> None:
        """Makes a row the current one. Alone it is selected; `extend`: all from where it began up to it."""
        index, selection = self.model().index(row, 0), self.selectionModel()
        if move_only:
            selection.setCurrentIndex(index, Flag.NoUpdate)
            return
        if extend:
            begin = self.anchor if 0 <= self.anchor < self.grid.count else max(0, self.currentIndex().row())
            rows = Ranges([range(min(begin, row), max(begin, row) + 1)])
            self.anchor = begin
            selection.setCurrentIndex(index, Flag.NoUpdate)
            self._take(rows, Flag.Select if toggle else Flag.ClearAndSelect)
        else:
            self.anchor = row
            selection.setCurrentIndex(index, Flag.Toggle if toggle else Flag.ClearAndSelect)

    def select_all(self) -> None:
        if self.grid.count:
            self._take(Ranges([range(self.grid.count)]), Flag.ClearAndSelect)

    def select_rows(self, rows: Ranges) -> None:
        self._take(rows, Flag.ClearAndSelect)

    def _take(self, rows: Ranges, flag: QItemSelectionModel.SelectionFlag) -> None:
        self.selectionModel().select(as_selection(self.model(), rows), flag)

    # Dropping ----------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._keep_at_home(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._keep_at_home(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._keep_at_home(event)

    def _keep_at_home(self, event: QDropEvent) -> None:
        """What comes from here and is let go here again stays as it is; all else is the window's."""
        if event.source() is self:
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.accept()
        else:
            event.ignore()

    # Keys --------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Modifier.KeypadModifier
        control = bool(modifiers & Modifier.ControlModifier)
        current = self.currentIndex().row()
        target = self._target(Key(event.key()), max(0, current)) if self.grid.count else None
        if target is not None and not modifiers & Modifier.AltModifier:
            shift = bool(modifiers & Modifier.ShiftModifier)
            row = target if 0 <= current < self.grid.count else self._first(Key(event.key()))
            self.choose(row, extend=shift, toggle=shift and control, move_only=control and not shift)
        elif event.key() == Key.Key_Space and control and current >= 0:
            self.choose(current, toggle=True)
        elif event.key() in (Key.Key_Return, Key.Key_Enter, Key.Key_Space) and not modifiers and current >= 0:
            self.looked.emit(current)
        elif event.key() == Key.Key_Escape and self.selected:
            self.clearSelection()
        elif event.text().isprintable() and event.text().strip() and not control:
            self.typed.emit(event.text())
        else:
            event.ignore()

    def _first(self, key: Qt.Key) -> int:
        """Where the keyboard enters: at the first row in view."""
        if key == Key.Key_End:
            return self.grid.count - 1
        return 0 if key == Key.Key_Home else self.first_visible() or 0

    def _target(self, key: Qt.Key, row: int) -> int | None:
        page = self.verticalScrollBar().pageStep()
        match key:
            case Key.Key_Left:
                return self.grid.moved(row, -1, 0)
            case Key.Key_Right:
                return self.grid.moved(row, 1, 0)
            case Key.Key_Up:
                return self.grid.moved(row, 0, -1)
            case Key.Key_Down:
                return self.grid.moved(row, 0, 1)
            case Key.Key_PageUp:
                return self.grid.paged(row, -page)
            case Key.Key_PageDown:
                return self.grid.paged(row, page)
            case Key.Key_Home:
                return 0
            case Key.Key_End:
                return self.grid.count - 1
        return None

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Screen readers and tests move through this."""
        actions = QAbstractItemView.CursorAction
        keys = {
            actions.MoveLeft: Key.Key_Left,
            actions.MoveRight: Key.Key_Right,
            actions.MoveUp: Key.Key_Up,
            actions.MoveDown: Key.Key_Down,
            actions.MovePageUp: Key.Key_PageUp,
            actions.MovePageDown: Key.Key_PageDown,
            actions.MoveHome: Key.Key_Home,
            actions.MoveEnd: Key.Key_End,
            actions.MoveNext: Key.Key_Right,
            actions.MovePrevious: Key.Key_Left,
        }
        row = self._target(keys[action], max(0, self.currentIndex().row())) if self.grid.count else None
        return QModelIndex() if row is None else self.model().index(row, 0)

    # Mouse -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        row = self.indexAt(point).row()
        modifiers = event.modifiers()
        adds = bool(modifiers & (Modifier.ControlModifier | Modifier.ShiftModifier))
        if event.button() == Qt.MouseButton.RightButton:
            if row < 0:
                self.clearSelection()
            elif row not in self.selected:
                self.choose(row)
            else:
                self.choose(row, move_only=True)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if row >= 0 and not adds and self.badge_at(row, self.visualRect(self.model().index(row, 0)), point):
            self.badge_pressed.emit(row)
            return
        self._pressed = point + QPoint(0, self.verticalOffset())
        self._pressed_row, self._select_on_release = row, False
        if row < 0:
            self._before = self.selected if adds else Ranges()
            if not adds:
                self.clearSelection()
        elif modifiers & Modifier.ShiftModifier:
            self.choose(row, extend=True, toggle=bool(modifiers & Modifier.ControlModifier))
        elif modifiers & Modifier.ControlModifier:
            self.choose(row, toggle=True)
        elif row in self.selected:
            self._select_on_release = True  # or it would be impossible to drag several
            self.choose(row, move_only=True)
        else:
            self.choose(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._hover(self.indexAt(point).row())
            return
        moved = point + QPoint(0, self.verticalOffset()) - self._pressed
        is_far = moved.manhattanLength() >= QApplication.startDragDistance()
        if self._pressed_row >= 0:
            if is_far and self._pressed_row in self.selected:
                self._pressed = None
                self._select_on_release = False
                self.startDrag(self.model().supportedDragActions())
        elif is_far or self._band is not None:
            self._stretch(point)
            outside = not self.viewport().rect().contains(QPoint(1, point.y()))
            if outside and not self._scroller.isActive():
                self._scroller.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._select_on_release and self._pressed_row < self.grid.count:
            self.choose(self._pressed_row)
        self._pressed, self._select_on_release = None, False
        self._scroller.stop()
        if self._band is not None:
            self._band = None
            self.viewport().update()
            self.banded.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.indexAt(event.position().toPoint()).row()
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self._pressed = None
            self.looked.emit(row)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """With a small picture of what is dragged; however many they are, it begins at once."""
        data = self.drag_data()
        if data is None:
            return
        drag = QDrag(self)
        drag.setMimeData(data)
        box = self.grid.box(self._pressed_row)
        pixmap = self._cell(self._pressed_row, 0, box.width, box.height)
        if pixmap is not None:
            drag.setPixmap(pixmap.scaledToHeight(round(_DRAGGED * pixmap.devicePixelRatio())))
        drag.exec(actions)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """With the keyboard the menu comes up at the current item."""
        at = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            current = self.currentIndex()
            if current.isValid():
                self.scrollTo(current)
                at = self.visualRect(current).center()
        self.customContextMenuRequested.emit(at)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def _stretch(self, point: QPoint) -> None:
        assert self._pressed is not None
        end = point + QPoint(0, self.verticalOffset())
        self._band = QRect(self._pressed, end).normalized()
        met = self.grid.bands(self._band.left(), self._band.top(), self._band.right(), self._band.bottom())
        self._take(Ranges([*self._before.ranges, *met]), Flag.ClearAndSelect)
        self.viewport().update()

    def _scroll_with_band(self) -> None:
        """Goes on while the pointer is held above or below the view, faster the further."""
        point = self.viewport().mapFromGlobal(self.cursor().pos())
        beyond = min(point.y(), 0) + max(0, point.y() - self.viewport().height())
        if self._band is None or not beyond:
            self._scroller.stop()
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + beyond // 2 + (1 if beyond > 0 else -1))
        self._stretch(point)

    def paint_over(self, painter: QPainter) -> None:
        if self._band is not None:
            accent = self.cells.accent()
            painter.setPen(accent)
            painter.setBrush(QColor(accent.red(), accent.green(), accent.blue(), 40))
            painter.drawRect(self._band.translated(0, -self.verticalOffset()).adjusted(0, 0, -1, -1))

    def sizeHint(self) -> QSize:
        return QSize(2 * self.zoom, 480)
