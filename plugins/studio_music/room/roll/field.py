"""The field of notes: what is seen of them, and the pointer's work on them."""

from __future__ import annotations

from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.api.values import mark, stored, tr, trn
from studio_music.core.editing.chosen import Chosen
from studio_music.core.editing.notes import delete
from studio_music.core.song import Note
from studio_music.room.roll.arrays import NoteArrays
from studio_music.room.roll.hands import (
    BandHand,
    DrawHand,
    EraseHand,
    Hand,
    Keys,
    MoveHand,
    OutHand,
    PanHand,
    StretchHand,
)
from studio_music.room.roll.lane import cursor_strip, paint_cursor, turn_wheel
from studio_music.room.roll.picture import FieldPicture
from studio_music.room.roll.state import RollState
from studio_music.room.roll.tool import Tool
from studio_music.room.roll.words import position

_EDGE_PX = 6
"""How near the end of a note the pointer stretches it."""
_NEAR_PX = 3
"""How far beside a note a press still takes it."""
_ROLL_MS, _ROLL_PX = 16, 14
"""How often, and how far, the field scrolls while a drag is held beyond its edge."""


class NoteField(QWidget):
    """Draws notes and lets hands work on them."""

    drag_out_wanted = Signal(object)
    menu_wanted = Signal(object, object)
    """(global position, Note | None)."""
    pointed_row = Signal(object)
    """The pitch that the pointer is at, or None."""
    key_pressed = Signal(object)
    """A QKeyEvent, to be accepted by who uses it."""

    accessible_role = QAccessible.Role.Canvas

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.picture = FieldPicture(state)
        self.hand: Hand | None = None
        self._last: tuple[QPointF, Keys] | None = None
        self._rolling = QTimer(self)
        self._rolling.setInterval(_ROLL_MS)
        self._rolling.timeout.connect(self._roll_on)
        self._keys = Keys.NoModifier
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        self.setAccessibleName(tr("Piano roll"))
        state.notes_changed.connect(self._drop_hand)
        for everything in (state.view.moved, state.notes_changed, state.bars_changed, state.grid_changed):
            everything.connect(self._on_all)
        state.chosen_changed.connect(self._on_notes)
        state.chosen_changed.connect(self._describe)
        state.notes_changed.connect(self._describe)
        state.cursor_moved.connect(self._on_cursor)
        state.caret_changed.connect(self.update)
        state.tool_changed.connect(self._show_pointer)
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(800, 400)

    # Painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        state, view = self.state, self.state.view
        painter.drawImage(QPointF(0, 0), self.picture.paint())
        if self.hand is None and state.track is not None and not state.track.notes:
            self._invite(painter)
        band = self.hand.band() if self.hand is not None else None
        if band is not None:
            painter.setPen(QPen(state.ink.accent, 1))
            painter.setBrush(state.ink.band)
            painter.drawRect(band.adjusted(0.5, 0.5, -0.5, -0.5))
        if state.caret is not None:
            width = 2.0
            painter.fillRect(
                QRectF(view.x_of(state.caret) - width / 2, 0, width, view.height), state.ink.accent
            )
        if state.cursor is not None:
            paint_cursor(painter, state, view.height)

    def _invite(self, painter: QPainter) -> None:
        """What to do with a track that has no notes yet."""
        font = painter.font()
        font.setPixelSize(self.state.ink.theme.text_px)
        painter.setFont(font)
        painter.setPen(self.state.ink.muted)
        painter.drawText(
            self.rect().adjusted(16, 8, -16, -8),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            tr("Double-click to draw a note"),
        )

    def _on_cursor(self, before: float, now: float) -> None:
        for x in (before, now):
            self.update(cursor_strip(x, self.height()))

    def _on_all(self) -> None:
        self.picture.renew(backdrop=True)
        self.update()

    def _on_notes(self) -> None:
        self.picture.renew()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.state.view.resize(self.width(), self.height(), self.devicePixelRatioF())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.state.view.resize(self.width(), self.height(), self.devicePixelRatioF())
        elif (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.state.view.zoom(1 + event.value(), event.position().x())
            return True
        return super().event(event)

    # For hands ---------------------------------------------------------------------------------------------

    def preview(self, notes: NoteArrays | None, *, hidden: np.ndarray | None) -> None:
        """Shows what a hand would do: its notes, and without those of the active track that it takes."""
        self.picture.preview, self.picture.hidden = notes, hidden
        self._on_notes()

    def mark(self, mask: np.ndarray) -> None:
        """Shows notes as if they were chosen."""
        self.picture.marked = mask
        self._on_notes()

    def point_at(self, pitch: int, tick: float) -> None:
        """Says where the pointer or a hand is."""
        song = self.state.song
        if song is not None:
            self.state.pointed.emit(self.state.name_of(pitch, tick), position(song, tick))

    def take_out(self, chosen: Chosen) -> None:
        """Notes are dragged out of the window: that drag takes the pointer until it is dropped."""
        self.end_hand()
        self.drag_out_wanted.emit(chosen)

    def _drop_hand(self) -> None:
        """The song has become another under a hand: what that had hold of may be gone."""
        if self.hand is not None:
            self.end_hand()

    def end_hand(self) -> None:
        """Nothing is in hand any more; what was shown of it goes."""
        self.hand = None
        self._rolling.stop()
        self.picture.preview = self.picture.hidden = self.picture.marked = None
        self.state.silence()
        self._on_notes()
        self._show_pointer()

    # The pointer -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.hand is not None or self.state.song is None or self.state.track is None:
            return
        at, keys = event.position(), event.modifiers()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._take(PanHand(self, at))
        elif event.button() == Qt.MouseButton.LeftButton:
            self._take(self._left_hand(at, keys))

    def _take(self, hand: Hand) -> None:
        self.hand = hand
        self.setCursor(hand.cursor)

    def _left_hand(self, at: QPointF, keys: Keys) -> Hand:
        note, edge = self.under(at)
        if self.state.tool is Tool.ERASER:
            return EraseHand(self, at)
        if note is None:
            return DrawHand(self, at, keys) if self.state.tool is Tool.PENCIL else BandHand(self, at, keys)
        if keys & Keys.ControlModifier and keys & Keys.AltModifier:
            return OutHand(self, at, note)
        if edge is not None and not keys & Keys.ControlModifier:
            return StretchHand(self, at, note, edge, keys)
        return MoveHand(self, at, note, keys)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        song = self.state.song
        if event.button() != Qt.MouseButton.LeftButton or song is None or self.state.track is None:
            return
        note, _ = self.under(event.position())
        if self.state.tool is Tool.ERASER:
            self.mousePressEvent(event)
        elif note is None:
            self._take(DrawHand(self, event.position(), event.modifiers()))
        else:
            chosen = Chosen(self.state.model.active, frozenset([note]))
            self.state.apply(stored(mark("Deleting a note")), delete(song, chosen))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at, keys = event.position(), event.modifiers()
        if self.hand is None:
            self._show_pointer(at)
            pitch = self.state.view.pitch_at(at.y())
            self.point_at(pitch, self.state.view.tick_at(at.x()))
            self.pointed_row.emit(pitch)
            return
        self._last = at, keys
        self.hand.drag(at, keys)
        if self.hand is not None and self.hand.band() is not None:
            self.update()
        beyond = not self.rect().contains(at.toPoint())
        if self.hand is not None and beyond and not isinstance(self.hand, PanHand):
            self._rolling.start()
        else:
            self._rolling.stop()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        wanted = Qt.MouseButton.MiddleButton if isinstance(self.hand, PanHand) else Qt.MouseButton.LeftButton
        if self.hand is not None and event.button() == wanted:
            hand, self.hand = self.hand, None
            hand.let_go(event.modifiers())
            self.end_hand()
            self._show_pointer(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self.state.pointed.emit("", "")
        self.pointed_row.emit(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.hand is None and self.state.song is not None:
            note, _ = self.under(QPointF(event.pos()))
            if note is not None and note not in self.state.chosen.notes:
                self.state.choose(Chosen(self.state.model.active, frozenset([note])))
            self.menu_wanted.emit(event.globalPos(), note)

    def under(self, at: QPointF) -> tuple[Note | None, Literal["start", "end"] | None]:
        """The active track's note at a place, and which of its edges is near."""
        view = self.state.view
        place = self.state.note_at(view.tick_at(at.x()), view.pitch_at(at.y()), _NEAR_PX / view.per_tick)
        if place is None:
            return None, None
        note = self.state.note(place)
        left, right = view.x_of(note.start), view.x_of(note.end)
        near = min(_EDGE_PX, (right - left) / 4)
        if at.x() >= right - near:
            return note, "end"
        return note, "start" if at.x() <= left + near else None

    def _roll_on(self) -> None:
        """A drag is held beyond the edge: the field scrolls there."""
        if self.hand is None or self._last is None:
            return
        at, keys = self._last
        x = -1 if at.x() < 0 else int(at.x() > self.width())
        y = -1 if at.y() < 0 else int(at.y() > self.height())
        self.state.view.scroll_by(x * _ROLL_PX, y * _ROLL_PX / 2)
        self.hand.drag(at, keys)

    def _show_pointer(self, at: QPointF | None = None) -> None:
        if self.hand is not None:
            return
        shape = Qt.CursorShape.ArrowCursor
        if self.state.tool is not Tool.SELECT:
            shape = Qt.CursorShape.CrossCursor
        if at is not None and self.state.tool is not Tool.ERASER:
            note, edge = self.under(at)
            if note is not None:
                shape = (
                    Qt.CursorShape.SizeHorCursor if edge is not None else Qt.CursorShape.PointingHandCursor
                )
        self.setCursor(shape)

    # Wheel and keys ----------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls; with shift sideways; with ctrl it zooms bars at the pointer, with both rows."""
        turn_wheel(self.state, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.hand is not None:
            self.end_hand()
            return
        event.ignore()
        self.key_pressed.emit(event)
        if self.hand is not None and self._last is not None and self._last[1] != event.modifiers():
            self._last = self._last[0], event.modifiers()
            self.hand.drag(*self._last)  # alt, shift and ctrl count at once
        if not event.isAccepted():
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self.hand is None:
            self.state.silence()
        super().focusOutEvent(event)

    # Words -------------------------------------------------------------------------------------------------

    def _describe(self) -> None:
        """For screen readers: how many notes are there and which are selected."""
        track, chosen, song = self.state.track, self.state.chosen, self.state.song
        if track is None or song is None:
            self.setAccessibleDescription(tr("No song."))
            return
        said = [track.name, trn("{count} note", "{count} notes", len(track.notes))]
        if len(chosen.notes) == 1:
            note = next(iter(chosen.notes))
            name = self.state.name_of(note.pitch, note.start)
            said.append(tr("selected: {name} at {place}", name=name, place=position(song, note.start)))
        elif chosen:
            said.append(trn("{count} note selected", "{count} notes selected", len(chosen.notes)))
        self.setAccessibleDescription(", ".join(said))
