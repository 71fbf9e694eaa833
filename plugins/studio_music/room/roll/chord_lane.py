"""The lane of chord names between ruler and field, where they are written."""

from __future__ import annotations

import bisect
from functools import cached_property, partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.api.values import mark, stored, tr
from studio.ui.api import KeyMenu, clear, entry
from studio_music.core.chords import PlacedChord
from studio_music.core.editing.grid import Grid
from studio_music.core.editing.harmony import moved_chord
from studio_music.core.song import Song
from studio_music.room.roll.colors import mix
from studio_music.room.roll.hands import START_PX
from studio_music.room.roll.lane import Lane
from studio_music.room.roll.state import RollState
from studio_music.room.roll.words import chord_name

_LANE_PX = 26
_LEAST_PX = 5
"""Narrower than this a chord is a mark without words."""
_EDITOR_PX = 84


class ChordLane(Lane):
    """A double click on a chord changes it; elsewhere it writes another one."""

    chord_edited = Signal(int, str)
    """(tick, what was typed)."""
    left = Signal()
    """The keyboard is done with the line."""

    def __init__(self, state: RollState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.editor: ChordEditor | None = None
        self._hovered: int | None = None
        self._pressed: tuple[int, float] | None = None
        """(tick of the chord that is dragged, x of the press)."""
        self._moved: Song | None = None
        """The song as it is with the chord where it is dragged to."""
        self.setAccessibleName(tr("Chords"))
        self.setToolTip(tr("Double-click to write a chord, drag to move it"))
        state.view.moved.connect(self._place_editor)
        state.notes_changed.connect(self._drop)

    def sizeHint(self) -> QSize:
        return QSize(400, self.state.ink.theme.px(_LANE_PX))

    # Painting ----------------------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        ink, song = self.state.ink, self._moved or self.state.song
        painter.fillRect(self.rect(), ink.panel)
        if song is not None:
            if song.chords:
                self._paint_chords(painter, song)
            else:
                font = QFont(self.font())
                font.setPixelSize(ink.theme.small_px)
                painter.setFont(font)
                painter.setPen(ink.muted)
                hint = QFontMetricsF(font).elidedText(
                    tr("Double-click to write a chord"), Qt.TextElideMode.ElideRight, self.width() - 16
                )
                painter.drawText(self.rect().adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, hint)
        self.draw_end(painter)

    def _paint_chords(self, painter: QPainter, song: Song) -> None:
        state, ink = self.state, self.state.ink
        font = self._font()
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        begin = max(0, bisect.bisect_right(song.chords, state.view.tick_at(0), key=lambda one: one.start) - 1)
        for place in range(begin, len(song.chords)):
            placed = song.chords[place]
            left, right = self._span(song, place)
            if left > self.width():
                break
            height = self.height() - 6.0
            if right - left < _LEAST_PX:
                color = mix(ink.panel, ink.accent, 0.24 if placed.chord is not None else 0.0)
                painter.fillRect(QRectF(left, 3, max(right - left - 1, 1), height), color)
                continue
            name = self._name(song, placed)
            chip = self._chip(metrics, name, left, right)
            painter.setPen(Qt.PenStyle.NoPen)
            base = mix(ink.panel, ink.text if placed.chord is None else ink.accent, 0.10)
            painter.setBrush(base)
            painter.drawRoundedRect(QRectF(left + 1, 3, max(right - left - 2, 1), height), 4, 4)
            strong = mix(ink.panel, ink.accent, 0.34 if place == self._hovered else 0.24)
            painter.setBrush(strong if placed.chord is not None else base)
            painter.drawRoundedRect(chip, 4, 4)
            painter.setPen(ink.text if placed.chord is not None else ink.muted)
            for words, margin in (
                (name, 6),
                (name, 2),
                (_root(name), 2),
            ):  # as much of it as there is room for
                if metrics.horizontalAdvance(words) + 2 * margin <= chip.width() + 0.5:
                    box = chip.adjusted(margin, 0, 2, 0)
                    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
                    break
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self.state.ink.theme.small_px)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _name(self, song: Song, placed: PlacedChord) -> str:
        if placed.chord is None:
            return tr("N.C.")
        return chord_name(placed.chord.symbol(song.key_at(placed.start)))

    def _span(self, song: Song, place: int) -> tuple[float, float]:
        """From which x to which a chord goes."""
        following = song.chords[place + 1].start if place + 1 < len(song.chords) else song.length
        return self.state.view.x_of(song.chords[place].start), self.state.view.x_of(following)

    def _chip(self, metrics: QFontMetricsF, name: str, left: float, right: float) -> QRectF:
        """Where a chord's name is: it stays in sight while the chord goes on."""
        begin = max(left + 1, 0.0)
        wide = metrics.horizontalAdvance(name) + 12
        return QRectF(begin, 3, max(min(wide, right - begin - 1), 2), self.height() - 6.0)

    # Writing chords ----------------------------------------------------------------------------------------

    def chord_under(self, at: QPointF) -> int | None:
        """Which chord's name is there."""
        song = self.state.song
        if song is None or not song.chords:
            return None
        tick = self.state.view.tick_at(at.x())
        place = bisect.bisect_right(song.chords, tick, key=lambda one: one.start) - 1
        if place < 0:
            return None
        metrics = QFontMetricsF(self._font())
        chip = self._chip(metrics, self._name(song, song.chords[place]), *self._span(song, place))
        return place if chip.left() <= at.x() <= chip.right() else None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        song = self.state.song
        if event.button() != Qt.MouseButton.LeftButton or song is None:
            return
        place = self.chord_under(event.position())
        if place is not None:
            self.edit(song.chords[place].start)
        else:
            tick = self.state.view.tick_at(event.position().x())
            if tick < song.length:
                beats = Grid(song.meter_at(int(tick)).beat_ticks)
                self.edit(beats.snapped(song, tick, "before"))

    def edit(self, tick: int, text: str | None = None) -> None:
        """Opens a line for the chord at a tick; with what it is called, or with a text."""
        song = self.state.song
        if song is None:
            return
        self.close_editor()
        self.state.view.show_tick(tick)
        if text is None:
            there = [placed for placed in song.chords if placed.start == tick]
            text = (
                ""
                if not there
                else "N.C."
                if there[0].chord is None
                else there[0].chord.symbol(song.key_at(tick))
            )
        self.editor = ChordEditor(self, tick, text)
        self._place_editor()
        self.editor.show()
        self.editor.setFocus(Qt.FocusReason.PopupFocusReason)
        self.editor.selectAll()

    def close_editor(self) -> ChordEditor | None:
        """Takes the line away; what was typed does not count."""
        editor, self.editor = self.editor, None
        if editor is not None:
            had_keyboard = editor.hasFocus()
            editor.hide()  # it loses the keyboard, and believes itself finished
            editor.deleteLater()
            if had_keyboard:
                self.left.emit()
        return editor

    def finish(self, *, next_bar: bool = False) -> None:
        """Takes what was typed; then the line of the next bar is opened, if that is wanted."""
        song = self.state.song
        if self.editor is None or song is None:
            return
        editor = self.close_editor()
        assert editor is not None
        if editor.text().strip() != editor.before:
            self.chord_edited.emit(editor.tick, editor.text().strip())
        following = Grid(0).moved(song, editor.tick, 1)
        if next_bar and following < song.length and self.editor is None:
            self.edit(following)

    def _place_editor(self) -> None:
        if self.editor is not None:
            wide = self.state.ink.theme.px(_EDITOR_PX)
            x = min(max(int(self.state.view.x_of(self.editor.tick)), 0), max(self.width() - wide, 0))
            self.editor.setGeometry(x, 0, wide, self.height())

    # The pointer -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        song, place = self.state.song, self.chord_under(event.position())
        if event.button() == Qt.MouseButton.LeftButton and song is not None and place is not None:
            self._pressed = song.chords[place].start, event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        song, x = self.state.song, event.position().x()
        if self._pressed is None or song is None:
            self._hover(self.chord_under(event.position()))
            return
        tick, pressed = self._pressed
        if self._moved is None and abs(x - pressed) <= START_PX:
            return
        free = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        to = tick + (x - pressed) / self.state.view.per_tick
        beats = Grid(song.meter_at(tick).beat_ticks)
        self._moved = moved_chord(song, tick, round(to) if free else beats.snapped(song, to))
        self.renew()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        moved = self._moved
        self._drop()
        if moved is not None and event.button() == Qt.MouseButton.LeftButton:
            self.state.model.change(stored(mark("Moving a chord")), moved)

    def _drop(self) -> None:
        """Lets go what is dragged."""
        self._pressed = self._moved = None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        song, place = self.state.song, self.chord_under(QPointF(event.pos()))
        if song is not None and place is not None:
            self.menu(song.chords[place].start).popup(event.globalPos())

    @cached_property
    def _menu(self) -> KeyMenu:
        return KeyMenu(self)

    def menu(self, tick: int) -> KeyMenu:
        """What can be done with the chord that begins at a tick."""
        clear(self._menu)
        entry(self._menu, tr("&Change"), partial(self.edit, tick))
        entry(self._menu, tr("&Remove"), partial(self.chord_edited.emit, tick, ""))
        return self._menu

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def _hover(self, place: int | None) -> None:
        if place != self._hovered:
            self._hovered = place
            self.setCursor(Qt.CursorShape.IBeamCursor if place is not None else Qt.CursorShape.ArrowCursor)
            self.renew()


def _root(name: str) -> str:
    """The first letter of a chord's name, with its sign."""
    return name[:2] if name[1:2] in ("♯", "♭") else name[:1]


class ChordEditor(QLineEdit):
    """Enter takes what is typed, Tab goes on to the next bar, Escape leaves it as it was."""

    def __init__(self, lane: ChordLane, tick: int, text: str) -> None:
        super().__init__(text, lane)
        self._lane, self.tick, self.before = lane, tick, text
        self.setAccessibleName(tr("Chord"))
        self.setPlaceholderText(tr("Am7"))
        self.setStyleSheet("QLineEdit { padding: 0 4px; }")
        self.editingFinished.connect(lane.finish)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Tab:
                self._lane.finish(next_bar=True)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._lane.close_editor()
                return True
        return super().event(event)
