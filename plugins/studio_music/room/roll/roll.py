"""The piano roll: keyboard, ruler, chords, notes and velocities around one view of the song."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QGridLayout, QScrollBar, QWidget

from studio.api.values import tr
from studio.ui.api import Command, KeyMenu, Theme
from studio_music.room.roll.acts import RollActs
from studio_music.room.roll.chord_lane import ChordLane
from studio_music.room.roll.colors import Ink
from studio_music.room.roll.commands import commands
from studio_music.room.roll.corner import Corner
from studio_music.room.roll.field import NoteField
from studio_music.room.roll.hotkeys import Hotkeys
from studio_music.room.roll.keyboard import Keyboard
from studio_music.room.roll.menus import fill_bars, fill_notes
from studio_music.room.roll.model import SongModel
from studio_music.room.roll.ruler import Ruler
from studio_music.room.roll.state import BEAT, RollState
from studio_music.room.roll.velocity_lane import VelocityLane, VelocityScale
from studio_music.room.roll.wave_lane import WaveLane

_RING = 2
"""Pixels of the focus ring, which are free around everything."""
_WITH_VELOCITIES = 300
"""Pixels of height from which on there is room for the velocities."""
_WITH_WAVE = 400
"""The same for the waveform."""


class Roll(QWidget, RollActs):
    """See `studio_music.room.roll` for what it offers."""

    note_on = Signal(int, int, int)
    note_off = Signal(int, int)
    seek_wanted = Signal(int)
    bars_changed = Signal()
    selection_changed = Signal()
    chord_edited = Signal(int, str)
    loop_wanted = Signal(int, int)
    drag_out_wanted = Signal(object)
    view_moved = Signal()
    tool_changed = Signal()
    snap_changed = Signal()
    steps_changed = Signal()
    wave_changed = Signal()

    def __init__(self, model: SongModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        state = RollState(model, theme, self)
        self._start_acts(state)
        self.follow = True
        """Whether the view turns its page with the cursor."""
        self.shows_wave = True
        """Whether the waveform is wanted where there is room for it."""
        self._fitted = False
        self._ring = False
        self.field = NoteField(state)
        self.keys = Keyboard(state)
        self.ruler = Ruler(state)
        self.wave = WaveLane(state)
        self.chords = ChordLane(state)
        self.velocities = VelocityLane(state)
        self._scale = VelocityScale(state)
        self._corner = Corner(state)
        self._across, self._up = QScrollBar(Qt.Orientation.Horizontal), QScrollBar(Qt.Orientation.Vertical)
        self.hotkeys = Hotkeys(self)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.field)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time goes to the right for all
        self.setAccessibleName(tr("Piano roll"))
        self.set_theme(theme)

    def _lay_out(self) -> None:
        for bar, name in (
            (self._across, tr("Scroll through time")),
            (self._up, tr("Scroll through pitches")),
        ):
            bar.setAccessibleName(name)
            bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        grid = QGridLayout(self)
        grid.setContentsMargins(_RING, _RING, _RING, _RING)
        grid.setSpacing(0)
        grid.addWidget(self._corner, 0, 0, 3, 1)
        for row, lane in enumerate((self.ruler, self.wave, self.chords)):
            grid.addWidget(lane, row, 1)
        grid.addWidget(self.keys, 3, 0)
        grid.addWidget(self.field, 3, 1)
        grid.addWidget(self._up, 3, 2)
        grid.addWidget(self._scale, 4, 0)
        grid.addWidget(self.velocities, 4, 1)
        grid.addWidget(self._across, 5, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(3, 1)

    def _connect(self) -> None:
        state = self.state
        state.view.moved.connect(self._on_moved)
        state.bars_changed.connect(self.bars_changed)
        state.chosen_changed.connect(self.selection_changed)
        state.tool_changed.connect(self.tool_changed)
        state.grid_changed.connect(self.snap_changed)
        state.caret_changed.connect(self.steps_changed)
        state.note_on.connect(self.note_on)
        state.note_off.connect(self.note_off)
        self.model.begun.connect(self._on_begun)
        self.model.activated.connect(self._on_active)
        state.notes_changed.connect(self._fit_keys)
        for lane in (self.ruler, self.wave):
            lane.seek_wanted.connect(self.seek_wanted)
            lane.seek_wanted.connect(self._on_seek)
        state.loop_wanted.connect(self.loop_wanted)
        self.chords.chord_edited.connect(self.chord_edited)
        self.chords.left.connect(self.field.setFocus)
        self.field.drag_out_wanted.connect(self.drag_out_wanted)
        self.field.menu_wanted.connect(lambda at, _note: self.menu().popup(at))
        self.ruler.menu_wanted.connect(lambda at: self.bars_menu().popup(at))
        self.field.key_pressed.connect(self._on_key)
        self.field.pointed_row.connect(self.keys.hover)
        self.field.installEventFilter(self)
        self._across.valueChanged.connect(lambda left: self._scrolled(left=left))
        self._up.valueChanged.connect(lambda top: self._scrolled(top=top))

    # Looks -------------------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        self.state.ink = Ink(theme)
        for part in (self.ruler, self.wave, self.chords, self.velocities):
            part.setFixedHeight(part.sizeHint().height())
        self._scale.setFixedHeight(self.velocities.sizeHint().height())
        self._fit_keys()
        self.state.notes_changed.emit()
        self.update()

    def _fit_keys(self) -> None:
        """Names of drums need more room than piano keys."""
        for widget in (self._corner, self.keys, self._scale):
            widget.setFixedWidth(self.keys.sizeHint().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = self.state.ink
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), ink.panel)
            if self._ring:
                painter.setPen(QPen(ink.accent, _RING))
                inset = _RING / 2
                painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))

    # What the room uses ------------------------------------------------------------------------------------

    def set_cursor(self, tick: float | None) -> None:
        """Where it plays. None: nowhere. Who has scrolled away from it is left there, until it jumps."""
        before, view = self.state.cursor, self.state.view
        self.state.set_cursor(tick)
        if tick is None or not self.follow or self.field.hand is not None:
            return
        if before is None or not 0 <= tick - before < BEAT or 0 <= view.x_of(before) <= view.width:
            view.show_tick(tick)

    def show_wave(self, on: bool) -> None:
        self.shows_wave = on
        self._share_height()
        self.wave_changed.emit()

    def toggle_wave(self) -> None:
        self.show_wave(not self.shows_wave)

    def toggle_steps(self) -> None:
        super().toggle_steps()
        self.field.setFocus()

    def pointer_x(self) -> float | None:
        at = self.field.mapFromGlobal(self.cursor().pos())
        return float(at.x()) if self.field.underMouse() and self.field.rect().contains(at) else None

    def edit_chord(self, tick: int, text: str | None = None) -> None:
        self.chords.edit(tick, text)

    # Commands and keys -------------------------------------------------------------------------------------

    def commands(self) -> list[Command]:
        return commands(self)

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        """The actions that the window made of the commands: their keys, which the user may have changed,
        count from now on."""
        self.hotkeys.attach(actions)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self.hotkeys.act_of(event) is not None:
                event.accept()  # the window's shortcut with the same keys does not mean the notes
                return True
        elif kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            self.steps.released(event)
        elif isinstance(event, QFocusEvent):
            reasons = Qt.FocusReason
            by_key = kind == QEvent.Type.FocusIn and event.reason() in (
                reasons.TabFocusReason,
                reasons.BacktabFocusReason,
                reasons.ShortcutFocusReason,
            )
            if by_key != self._ring:
                self._ring = by_key
                self.update()
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> None:
        if self.steps.is_on and self.steps.pressed(event):
            event.accept()
            return
        act = self.hotkeys.act_of(event)
        if act is not None:
            event.accept()
            act()

    # Menus -------------------------------------------------------------------------------------------------

    @cached_property
    def _notes_menu(self) -> KeyMenu:
        """Made when it is opened first, and kept; Qt loses the order of Tab where a menu is moved along."""
        return KeyMenu(self)

    @cached_property
    def _bars_menu(self) -> KeyMenu:
        return KeyMenu(self)

    def menu(self) -> KeyMenu:
        """What can be done with the selected notes."""
        fill_notes(self._notes_menu, self)
        return self._notes_menu

    def bars_menu(self) -> KeyMenu:
        """What can be done with the selected bars."""
        fill_bars(self._bars_menu, self)
        return self._bars_menu

    # Scrolling ---------------------------------------------------------------------------------------------

    def _on_begun(self) -> None:
        self._fitted = False
        self.field.end_hand()
        self._fit_once()

    def _on_active(self, _track: int) -> None:
        """Shows the notes of a track that is chosen, where none of them is in sight."""
        notes, view = self.state.active, self.state.view
        if not len(notes):
            return
        start, end = view.visible()
        low, high = view.pitch_at(view.height), view.pitch_at(0)
        near = notes.between(start, end)
        near = near if near.any() else notes.between(0, self.state.view.length)
        if not notes.picked(near).between(0, view.length, low, high).any():
            pitches = notes.pitches[near]
            view.show_middle((int(pitches.min()) + int(pitches.max())) / 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()
        self._fit_once()

    def _share_height(self) -> None:
        for part in (self.velocities, self._scale):
            part.setVisible(self.height() >= _WITH_VELOCITIES)
        self.wave.setVisible(self.shows_wave and self.height() >= _WITH_WAVE)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_once()

    def _fit_once(self) -> None:
        """A song is shown whole when it is seen first: as wide as it is then."""
        if not self._fitted and self.isVisible() and self.model.song is not None:
            self._fitted = True
            self.layout().activate()
            self.fit()

    def _on_seek(self, tick: int) -> None:
        self.paste_at(tick)
        if self.steps.is_on:
            self.state.set_caret(tick)

    def _on_moved(self) -> None:
        """The scroll bars follow the view."""
        view = self.state.view
        wide, high = view.content
        for bar, whole, page, at in (
            (self._across, wide, view.width, view.left),
            (self._up, high, view.height, view.top),
        ):
            bar.blockSignals(True)
            bar.setRange(0, max(0, round(whole - page)))
            bar.setPageStep(page)
            bar.setSingleStep(24)
            bar.setValue(round(at))
            bar.blockSignals(False)
        self.view_moved.emit()

    def _scrolled(self, left: int | None = None, top: int | None = None) -> None:
        self.state.view.scroll_to(left, top)
